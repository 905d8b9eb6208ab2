// SPDX-License-Identifier: Apache-2.0
// Start-up, serial port and exit for an ATmega328P image in simavr, without avr-libc. The linker's own script
// orders .vectors and .init0 to .init9, one running into the next; libgcc's copying of .data and clearing of
// .bss is .init4.
#include <stdint.h>

#include "platform.h"

int main();

namespace {

volatile uint8_t& at(uint16_t address) {
  return *reinterpret_cast<volatile uint8_t*>(address);
}

constexpr uint16_t kUartStatus = 0xC0;    // UCSR0A
constexpr uint16_t kUartControl = 0xC1;   // UCSR0B
constexpr uint16_t kUartData = 0xC6;      // UDR0
constexpr uint16_t kSleepControl = 0x53;  // SMCR
constexpr uint8_t kDataRegisterEmpty = 1 << 5;
constexpr uint8_t kTransmitterEnable = 1 << 3;

}  // namespace

extern "C" {

__attribute__((naked, used, section(".vectors"))) void reset_vector() {
  asm("jmp start_up");
}

__attribute__((naked, used, section(".init2"))) void start_up() {
  asm("clr r1\n\t"
      "out 0x3f, r1\n\t"   // SREG
      "ldi r28, 0xff\n\t"  // the stack starts at the end of RAM, 0x08ff
      "ldi r29, 0x08\n\t"
      "out 0x3e, r29\n\t"
      "out 0x3d, r28");
}

__attribute__((naked, used, section(".init9"))) void start_main() {
  asm("jmp run_main");
}

__attribute__((used)) void run_main() {
  at(kUartControl) = kTransmitterEnable;
  platform::exit(main());
}

}  // extern "C"

void platform::write(const char* text) {
  for (; *text != '\0'; ++text) {
    while ((at(kUartStatus) & kDataRegisterEmpty) == 0) {
    }
    at(kUartData) = static_cast<uint8_t>(*text);
  }
}

// simavr ends when the core sleeps with interrupts off; the code can only be told in words.
void platform::exit(int32_t code) {
  write("exit ");
  write(code);
  write("\n");
  at(kSleepControl) = 1;
  while (true) asm volatile("cli\n\tsleep");
}
