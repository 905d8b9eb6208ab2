// SPDX-License-Identifier: Apache-2.0
// Counts the instructions of one inference of a generated model on mps2-an386 in QEMU with `-icount
// shift=10`: an instruction then takes 1,024 ns of virtual time, which is 25.6 ticks of the 25 MHz timer.
#include <stdint.h>

#include "mote/core/crc.h"
#include "platform.h"

#include MODEL_HEADER

namespace {

using Model = mote_models::MODEL::Model;

struct CmsdkTimer {
  volatile uint32_t control, value, reload, interrupt;
};

CmsdkTimer& timer() {
  return *reinterpret_cast<CmsdkTimer*>(0x40000000);
}

alignas(16) uint8_t memory[Model::kMemoryBytes];

/// The same pseudo-random input every time (a linear congruential generator's upper bits).
void fill_input() {
  uint32_t state = 1;
  uint8_t* const input = reinterpret_cast<uint8_t*>(Model::input(memory));
  for (int32_t index = 0; index < Model::kInputBytes; ++index) {
    state = state * 1664525u + 1013904223u;
    input[index] = static_cast<uint8_t>(state >> 24);
  }
}

uint32_t ticks_of(void (*run)(uint8_t*)) {
  fill_input();
  const uint32_t start = timer().value;
  run(memory);
  return start - timer().value;
}

void run_nothing(uint8_t*) {}

void write_line(const char* name, int32_t value) {
  platform::write(name);
  platform::write(value);
  platform::write("\n");
}

}  // namespace

int main() {
  timer().reload = 0xFFFFFFFF;
  timer().value = 0xFFFFFFFF;
  timer().control = 1;
  const uint32_t empty = ticks_of(run_nothing);
  const uint32_t ticks = ticks_of(Model::run) - empty;
  const uint16_t crc = mote::crc16_update(mote::kCrc16Initial, Model::output(memory), Model::kOutputBytes);
  write_line("instructions per inference ", static_cast<int32_t>((uint64_t{ticks} * 10u + 128u) / 256u));
  write_line("RAM bytes, input included  ", Model::kMemoryBytes);
  write_line("constant bytes             ", Model::kConstantBytes);
  write_line("constants intact           ", Model::weights_crc32() == Model::kWeightsCrc32 ? 1 : 0);
  write_line("output CRC-16              ", crc);
  return 0;
}
