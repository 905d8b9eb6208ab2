// SPDX-License-Identifier: Apache-2.0
// Start-up and semihosting for the virtual RISC-V machine of QEMU, without a C library.
#include <stdint.h>

#include "platform.h"

int main();

extern "C" {
// QEMU loads the image into RAM, zeros included.
__attribute__((naked, noreturn, used, section(".reset"))) void reset_handler() {
  asm volatile(
      ".option push\n\t"
      ".option arch, +zicsr\n\t"
      "la sp, __stack_top\n\t"
      "la t0, fault_handler\n\t"
      "csrw mtvec, t0\n\t"
      "j run_main\n\t"
      ".option pop");
}

[[noreturn]] __attribute__((used)) void run_main() {
  platform::exit(main());
}

[[noreturn]] __attribute__((used, aligned(4))) void fault_handler() {
  platform::write("fault\n");
  platform::exit(99);
}
}

namespace {

constexpr int32_t kSemihostingWrite0 = 0x04;
constexpr uint32_t kFinisher = 0x00100000;
constexpr uint32_t kFinisherPass = 0x5555;
constexpr uint32_t kFinisherFail = 0x3333;  // and the code in the upper half

/// Aligned because the three instructions may not lie on two pages.
__attribute__((naked, noinline, aligned(16))) void semihosting(int32_t /*operation*/,
                                                               const void* /*argument*/) {
  asm volatile(
      ".option push\n\t"
      ".option norvc\n\t"
      "slli zero, zero, 0x1f\n\t"
      "ebreak\n\t"
      "srai zero, zero, 7\n\t"
      ".option pop\n\t"
      "ret");
}

}  // namespace

void platform::write(const char* text) {
  semihosting(kSemihostingWrite0, text);
}

void platform::exit(int32_t code) {
  *reinterpret_cast<volatile uint32_t*>(kFinisher) =
      code == 0 ? kFinisherPass : static_cast<uint32_t>(code) << 16 | kFinisherFail;
  while (true) {
  }
}
