// SPDX-License-Identifier: Apache-2.0
// Counts the instructions of a second of audio through micro_speech's front end, by block.
#include <stdint.h>

#include "mote/core/flash.h"
#include "mote/dsp/frame.h"
#include "mote/dsp/log_scale.h"
#include "mote/dsp/mel_amplitude.h"
#include "mote/dsp/noise_reduction.h"
#include "mote/dsp/pcan.h"
#include "platform.h"
#include "tables.h"

namespace {

using namespace mote::dsp;

constexpr int32_t kSamples = 480, kStep = 320, kChannels = 40, kFft = 512;
constexpr Frame<int16_t> kFrame = {1, kSamples, kStep};
const MelAmplitude kMel = {kSamples, kFft,   kChannels, first_bin, window,
                           twiddles, widths, weights,   unweights};
const NoiseReduction kNoise = {kChannels, true, {even, 16384 - even, odd, 16384 - odd, kept, 10, 14, false}};
const Pcan kPcan = {kChannels, ratio_shift, gains};
const LogScale kLog = {kChannels, 64, 3};

alignas(8) uint8_t frame_state[kFrame.state_bytes()], noise_state[kChannels * 4], scratch[kFft * 2];
alignas(8) uint8_t values[kSamples * 2];  // of a frame: the blocks work in place

#if defined(__riscv)
uint32_t instructions() {
  uint32_t count;
  asm volatile(".option push\n\t.option arch, +zicsr\n\tcsrr %0, minstret\n\t.option pop" : "=r"(count));
  return count;
}
uint32_t counted(uint32_t start, uint32_t end) {
  return end - start;
}
#else
// mps2 in QEMU with `-icount shift=10`: an instruction takes 1,024 ns, 25.6 ticks of the 25 MHz timer.
struct CmsdkTimer {
  volatile uint32_t control, value, reload, interrupt;
};
CmsdkTimer& timer() {
  return *reinterpret_cast<CmsdkTimer*>(0x40000000);
}
uint32_t instructions() {
  return timer().value;
}
uint32_t counted(uint32_t start, uint32_t end) {
  return static_cast<uint32_t>((static_cast<uint64_t>(start - end) * 10u + 128u) / 256u);
}
#endif

template <class Run>
__attribute__((noinline)) uint32_t count(const Run& run) {
  const uint32_t start = instructions();
  run();
  return counted(start, instructions());
}

bool is_ready;
int32_t at;

// Each block in a function of its own, as generated code has it.
__attribute__((noinline)) void frame() {
  is_ready = false;
  while (at < 16000 && !is_ready)
    is_ready = kFrame.push(audio + at++, part_of<int16_t>(values), frame_state, nullptr);
}
__attribute__((noinline)) void mel() {
  kMel.push(part_of<int16_t>(values), part_of<uint32_t>(values), nullptr, scratch);
}
__attribute__((noinline)) void noise() {
  kNoise.push(part_of<uint32_t>(values), part_of<uint32_t>(values), noise_state, nullptr);
}
__attribute__((noinline)) void pcan() {
  kPcan.push(part_of<uint32_t>(values), part_of<uint32_t>(values), nullptr, nullptr);
}
__attribute__((noinline)) void log() {
  kLog.push(part_of<uint32_t>(values), part_of<int16_t>(values), nullptr, nullptr);
}

struct Step {
  const char* name;
  void (*run)();
  uint32_t count;
};

}  // namespace

int main() {
#if !defined(__riscv)
  timer().reload = 0xFFFFFFFF;
  timer().value = 0xFFFFFFFF;
  timer().control = 1;
#endif
  Step steps[] = {{"frame", frame, 0},
                  {"mel_amplitude", mel, 0},
                  {"noise_reduction", noise, 0},
                  {"pcan", pcan, 0},
                  {"log_scale", log, 0}};
  const uint32_t empty = count([] {});
  kFrame.restart(frame_state);
  kNoise.restart(noise_state);
  int32_t frames = 0;
  uint32_t crc = 0;
  while (true) {
    for (Step& step : steps) {
      step.count += count(step.run) - empty;
      if (&step == steps && !is_ready) break;
    }
    if (!is_ready) break;
    ++frames;
    for (int32_t channel = 0; channel < kChannels; ++channel)
      crc = crc * 31 + static_cast<uint16_t>(part_of<int16_t>(values)[channel]);
  }
  uint32_t total = 0;
  for (const Step& step : steps) {
    platform::write(step.name);
    platform::write(" ");
    platform::write(static_cast<int32_t>(step.count));
    platform::write("\n");
    total += step.count;
  }
  platform::write("total ");
  platform::write(static_cast<int32_t>(total));
  platform::write("\nframes ");
  platform::write(frames);
  platform::write("\nram_bytes ");
  platform::write(
      static_cast<int32_t>(sizeof(frame_state) + sizeof(noise_state) + sizeof(scratch) + sizeof(values)));
  platform::write("\nchecksum ");
  platform::write(static_cast<int32_t>(crc >> 1));
  platform::write("\n");
  return 0;
}
