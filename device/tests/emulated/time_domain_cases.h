// SPDX-License-Identifier: Apache-2.0
#pragma once

// Blocks of the time domain with seeded input: what the host and an emulated core run alike.

#include <stdint.h>

#include "mote/core/crc.h"
#include "mote/dsp/decimate.h"
#include "mote/dsp/detrend.h"
#include "mote/dsp/difference.h"
#include "mote/dsp/iir.h"
#include "mote/dsp/magnitude.h"
#include "mote/dsp/rectify.h"
#include "mote/dsp/statistics.h"

namespace time_domain {

// As design_low_pass(3, 0.5, 100), design_high_pass(2, 0.5, 100) and design_band_pass(2, 2000, 4000, 16000)
// give them.
const int32_t kLowPass[] MOTE_FLASH_DATA = {0, 0, 33213608, 0, -33727174, 33205540, 521634, 0};
const int32_t kHighPass[] MOTE_FLASH_DATA = {-47179187, 32994219, 518315, 1518500250};
const int32_t kBandPass[] MOTE_FLASH_DATA = {-710997486,  663484972, 306450783, 1954596068,
                                             -1234069527, 819148032, 734610384, 1954596068};
const int16_t kTriangle[] MOTE_FLASH_DATA = {-1024, 0, 2048, 4096, 6144, 8192, 6144, 4096, 2048, 0, -1024};

constexpr int32_t kStateBytes = 160;
constexpr int32_t kInputBytes = 384;
constexpr int32_t kOutputBytes = 384;
alignas(8) uint8_t memory[kStateBytes + kInputBytes + kOutputBytes];

/// Random values; a quarter of them an end of the range, and a quarter small.
class Signal {
 public:
  explicit Signal(uint32_t seed) : state_(seed) {}
  int16_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    const uint32_t kind = state_ >> 29;
    const int16_t value = static_cast<int16_t>(static_cast<uint16_t>(state_ >> 8));
    return kind == 0   ? INT16_MIN
           : kind == 1 ? INT16_MAX
                       : static_cast<int16_t>(kind < 4 ? value / 4096 : value);
  }

 private:
  uint32_t state_;
};

/// CRC-32 of all that a block gives for `frames` input frames, and a restart in the middle.
template <class Block>
uint32_t crc_of(const Block& block, int32_t frames) {
  using Input = typename Block::Input;
  using Output = typename Block::Output;
  void* const state = memory;
  Input* const input = mote::dsp::part_of<Input>(memory, kStateBytes);
  Output* const output = mote::dsp::part_of<Output>(memory, kStateBytes + kInputBytes);
  const int32_t input_bytes = block.inputs() * static_cast<int32_t>(sizeof(Input));
  const int32_t output_bytes = block.outputs() * static_cast<int32_t>(sizeof(Output));
  if (!block.valid() || block.state_bytes() > kStateBytes || input_bytes > kInputBytes ||
      output_bytes > kOutputBytes)
    return 0;
  Signal signal(20240607u);
  uint32_t crc = UINT32_MAX;
  for (int32_t frame = 0; frame < frames; ++frame) {
    if (frame % (frames / 2) == 0) block.restart(state);
    for (int32_t index = 0; index < block.inputs(); ++index) input[index] = signal.next();
    if (block.push(input, output, state, nullptr)) crc = mote::crc32_update(crc, output, output_bytes);
  }
  return mote::crc32_finish(crc);
}

/// Calls `visit` with the name of each block and the CRC of its outputs.
template <class Visit>
void for_each(Visit visit) {
  using namespace mote::dsp;
  visit("iir_low_pass", crc_of(Iir{3, 2, IirBand::kLowPass, 13, 0, kLowPass}, 200));
  visit("iir_high_pass", crc_of(Iir{2, 1, IirBand::kHighPass, 13, 1, kHighPass}, 200));
  visit("iir_band_pass", crc_of(Iir{1, 2, IirBand::kBandPass, 12, 0, kBandPass}, 200));
  visit("rectify", crc_of(Rectify{3}, 50));
  visit("difference", crc_of(Difference{3}, 50));
  visit("magnitude", crc_of(Magnitude{3}, 50));
  visit("decimate", crc_of(Decimate{2, 4, 11, kTriangle}, 100));
  visit("detrend_mean", crc_of(Detrend{64, 3, Trend::kMean}, 2));
  visit("detrend_line", crc_of(Detrend{64, 3, Trend::kLine}, 4));
  visit("statistics", crc_of(Statistics{64, 3, Statistics::kAllStatistics}, 4));
}

}  // namespace time_domain
