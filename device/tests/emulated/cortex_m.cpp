// SPDX-License-Identifier: Apache-2.0
// Start-up and semihosting for Cortex-M images in QEMU, without a C library.
#include <stddef.h>
#include <stdint.h>

#include "platform.h"

int main();

extern "C" {
extern uint32_t __data_load, __data_start, __data_end, __bss_start, __bss_end, __stack_top;

// The compiler may call these four even in freestanding code.
void* memcpy(void* to, const void* from, size_t count) {
  for (size_t index = 0; index < count; ++index)
    static_cast<volatile uint8_t*>(to)[index] = static_cast<const uint8_t*>(from)[index];
  return to;
}
void* memset(void* to, int value, size_t count) {
  for (size_t index = 0; index < count; ++index)
    static_cast<volatile uint8_t*>(to)[index] = static_cast<uint8_t>(value);
  return to;
}
void* memmove(void* to, const void* from, size_t count) {
  if (to <= from) return memcpy(to, from, count);
  while (count-- > 0) static_cast<volatile uint8_t*>(to)[count] = static_cast<const uint8_t*>(from)[count];
  return to;
}
int memcmp(const void* left, const void* right, size_t count) {
  for (size_t index = 0; index < count; ++index) {
    const int difference =
        static_cast<const volatile uint8_t*>(left)[index] - static_cast<const uint8_t*>(right)[index];
    if (difference != 0) return difference;
  }
  return 0;
}

[[noreturn]] void reset_handler() {
#if defined(__ARM_FEATURE_MVE)
  // Vectors must be allowed first: CPACR, coprocessors 10 and 11.
  volatile uint32_t& access = *reinterpret_cast<volatile uint32_t*>(0xE000ED88);
  access = access | 0xFu << 20;
  asm volatile("dsb\n\tisb" ::: "memory");
#endif
  for (uint32_t *to = &__data_start, *from = &__data_load; to < &__data_end;) *to++ = *from++;
  for (uint32_t* to = &__bss_start; to < &__bss_end;) *to++ = 0;
  platform::exit(main());
}

[[noreturn]] void fault_handler() {
  platform::write("fault\n");
  platform::exit(99);
}
}

namespace {

constexpr int32_t kSemihostingWrite0 = 0x04;
constexpr int32_t kSemihostingExitExtended = 0x20;
constexpr uint32_t kStoppedByApplicationExit = 0x20026;

void semihosting(int32_t operation, const void* argument) {
  register int32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

struct VectorTable {
  const void* stack_top;
  void (*handlers[15])();
};

__attribute__((section(".vectors"), used)) const VectorTable kVectors = {
    &__stack_top, {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler}};

}  // namespace

void platform::write(const char* text) {
  semihosting(kSemihostingWrite0, text);
}

void platform::exit(int32_t code) {
  const uint32_t block[2] = {kStoppedByApplicationExit, static_cast<uint32_t>(code)};
  semihosting(kSemihostingExitExtended, block);
  while (true) {
  }
}
