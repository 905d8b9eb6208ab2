// SPDX-License-Identifier: Apache-2.0
// Counts the instructions of one inference on mps2-an386 in QEMU with `-icount shift=10`: an instruction then
// takes 1,024 ns of virtual time, which is 25.6 ticks of the 25 MHz timer.
#include <stdint.h>

#include "platform.h"

extern const int8_t* const bench_input;
void run_model(uint8_t* memory);

namespace {

struct CmsdkTimer {
  volatile uint32_t control, value, reload, interrupt;
};

CmsdkTimer& timer() {
  return *reinterpret_cast<CmsdkTimer*>(0x40000000);
}

alignas(16) uint8_t memory[332];

uint32_t ticks_of(void (*run)(uint8_t*)) {
  for (int32_t index = 0; index < 300; ++index) memory[32 + index] = static_cast<uint8_t>(bench_input[index]);
  const uint32_t start = timer().value;
  run(memory);
  return start - timer().value;
}

void run_nothing(uint8_t*) {}

}  // namespace

int main() {
  timer().reload = 0xFFFFFFFF;
  timer().value = 0xFFFFFFFF;
  timer().control = 1;
  const uint32_t empty = ticks_of(run_nothing);
  const uint32_t ticks = ticks_of(run_model) - empty;
  platform::write("instructions ");
  platform::write(static_cast<int32_t>((ticks * 10u + 128u) / 256u));
  platform::write(" outputs ");
  for (int32_t index = 0; index < 3; ++index) {
    platform::write(static_cast<int32_t>(static_cast<int8_t>(memory[index])));
    platform::write(" ");
  }
  platform::write("\n");
  return 0;
}
