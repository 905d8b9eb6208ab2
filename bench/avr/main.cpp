// SPDX-License-Identifier: Apache-2.0
// Cycles, stack and outputs of one inference: on an ATmega328P by its 16-bit timer, with the finest prescaler
// that lasts; elsewhere the outputs alone, to compare with.
#include <stdint.h>

#include MODEL_HEADER

#ifdef __AVR__
#include "platform.h"
#else
#include <stdio.h>
#endif

namespace {

alignas(8) uint8_t memory[Model::kMemoryBytes];

/// The upper bits of a linear congruential generator.
void fill_input() {
  uint32_t random = 1;
  for (int32_t at = 0; at < Model::kInputBytes; ++at) {
    random = random * 1664525u + 1013904223u;
    reinterpret_cast<uint8_t*>(Model::input(memory))[at] = static_cast<uint8_t>(random >> 24);
  }
}

void print(const char* name, int32_t number) {
#ifdef __AVR__
  platform::write(name);
  platform::write(" ");
  platform::write(number);
  platform::write("\n");
#else
  printf("%s %d\n", name, static_cast<int>(number));
#endif
}

#ifdef __AVR__

volatile uint8_t& at(uint16_t address) {
  return *reinterpret_cast<volatile uint8_t*>(address);
}

constexpr uint16_t kOverflow = 0x36;  // TIFR1, bit 0
constexpr uint16_t kControl = 0x81;   // TCCR1B
constexpr uint16_t kCountLow = 0x84, kCountHigh = 0x85;

/// Cycles of one inference; 0 if the timer runs over.
uint32_t cycles_with(uint8_t clock, uint32_t prescaler) {
  fill_input();
  at(kControl) = 0;
  at(kCountHigh) = 0;
  at(kCountLow) = 0;
  at(kOverflow) = 1;
  at(kControl) = clock;
  Model::run(memory);
  const uint32_t low = at(kCountLow);  // holds the high byte as of now
  const uint32_t count = low + 256u * at(kCountHigh);
  return (at(kOverflow) & 1) != 0 ? 0 : count * prescaler;
}

uint32_t cycles() {
  constexpr uint16_t kPrescalers[] = {1, 8, 64, 256, 1024};
  for (uint8_t index = 0; index < 5; ++index) {
    const uint32_t count = cycles_with(static_cast<uint8_t>(index + 1), kPrescalers[index]);
    if (count > 0) return count;
  }
  return 0;
}

constexpr uint8_t kPaint = 0xA5;
extern "C" uint8_t __heap_start;  // where the linker's own script ends .bss

/// Bytes below `top` that were written.
int32_t stack_below(const volatile uint8_t* top) {
  const volatile uint8_t* lowest = &__heap_start;
  while (lowest < top && *lowest == kPaint) ++lowest;
  return static_cast<int32_t>(top - lowest);
}

#endif

}  // namespace

int main() {
#ifdef __AVR__
  volatile uint8_t* const top = static_cast<uint8_t*>(__builtin_frame_address(0)) - 24;
  for (volatile uint8_t* byte = &__heap_start; byte < top; ++byte) *byte = kPaint;
  print("cycles", static_cast<int32_t>(cycles()));
  print("stack", stack_below(top));
#else
  fill_input();
  Model::run(memory);
#endif
  for (int32_t at = 0; at < Model::kOutputBytes; ++at)
    print("output", static_cast<int8_t>(reinterpret_cast<const uint8_t*>(Model::output(memory))[at]));
  return 0;
}
