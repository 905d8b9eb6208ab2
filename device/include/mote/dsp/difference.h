// SPDX-License-Identifier: Apache-2.0
#pragma once

// Differences of consecutive samples.

#include <stdint.h>

#include "mote/core/fixed_point.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// output[channel] = input[channel] - the input before it, saturated to int16: times the sample rate, the
/// derivative (of acceleration, the jerk). The first sample gives no output. Exact but for saturation.
///
/// State: 8 bytes and 2 for each channel, in whole 8 bytes; no scratch. 50 instructions for
/// three values on Cortex-M4.
struct Difference {
  using Input = int16_t;
  using Output = int16_t;

  int32_t channels;  ///< 1 ... 2^15

  constexpr bool valid() const { return channels >= 1 && channels <= INT32_C(32768); }
  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return 2; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return kHeaderBytes + (2 * channels + 7) / 8 * 8; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  void restart(void* state) const { *part_of<int32_t>(state) = 0; }

  bool push(const Input* input, Output* output, void* state, void*) const {
    int32_t* const started = part_of<int32_t>(state);
    int16_t* const last = part_of<int16_t>(state, kHeaderBytes);
    for (int32_t channel = 0; channel < channels; ++channel) {
      const int16_t value = input[channel];
      if (*started != 0) output[channel] = saturate<int16_t>(int32_t{value} - last[channel]);
      last[channel] = value;
    }
    if (*started != 0) return true;
    *started = 1;
    return false;
  }

 private:
  static constexpr int32_t kHeaderBytes = 8;
};

}  // namespace dsp
}  // namespace mote
