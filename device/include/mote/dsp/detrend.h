// SPDX-License-Identifier: Apache-2.0
#pragma once

// A frame without what changes slowly: its mean, or the straight line that fits it best.

#include <stdint.h>

#include "mote/core/fixed_point.h"
#include "mote/core/quotient.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// What Detrend takes off each channel of a frame.
enum class Trend : uint8_t {
  kMean,  ///< its mean
  kLine,  ///< the line of least squares
};

/// output = input - trend, rounded to nearest and saturated to int16, for each channel of a frame
/// [sample][channel]. int16 in and out, same unit. Exact sums; the line is kept in 32 fraction bits, so that
/// an output is within 0.5 + samples * 2^-31 < 0.50001 of the exact difference, unless saturated.
///
/// With u = 2 sample - (samples - 1), which sums to 0, the line is sum(x) / samples + u * sum(x u) /
/// sum(u^2), sum(u^2) = samples (samples^2 - 1) / 3. Neither state nor scratch.
/// 100 samples take 3,685 instructions (mean) and 5,586 (line) on Cortex-M4, of which divisions are some
/// 1,900 and 3,000.
struct Detrend {
  using Input = int16_t;
  using Output = int16_t;

  int32_t samples;   ///< 2 ... 2^14
  int32_t channels;  ///< 1 ... 256
  Trend trend;

  constexpr bool valid() const {
    return samples >= 2 && samples <= INT32_C(16384) && channels >= 1 && channels <= 256;
  }
  constexpr int32_t inputs() const { return samples * channels; }
  constexpr int32_t outputs() const { return samples * channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  void restart(void*) const {}

  bool push(const Input* input, Output* output, void*, void*) const {
    for (int32_t channel = 0; channel < channels; ++channel) remove(input + channel, output + channel);
    return true;
  }

 private:
  void remove(const Input* input, Output* output) const {
    const int32_t last_u = samples - 1;
    int32_t sum = 0;     // at most 2^29
    int64_t moment = 0;  // at most 2^15 * sum(|u|) < 2^43
    int32_t u = -last_u;
    for (int32_t at = 0; at < inputs(); at += channels) {
      sum += input[at];
      if (trend == Trend::kLine) moment += static_cast<int64_t>(u) * input[at];
      u += 2;
    }
    int64_t slope_q32 = 0;
    if (trend == Trend::kLine) {
      const int64_t squares = static_cast<int64_t>(samples) * samples - 1;
      slope_q32 = signed_ratio_q32(moment, static_cast<uint64_t>(squares * samples / 3));
    }
    int64_t line_q32 =
        signed_ratio_q32(sum, static_cast<uint64_t>(samples)) - last_u * slope_q32 + kAlmostHalf;
    for (int32_t at = 0; at < inputs(); at += channels) {
      output[at] = saturate<int16_t>(input[at] - static_cast<int32_t>(line_q32 >> 32));
      line_q32 += 2 * slope_q32;
    }
  }

  /// Makes the high word of a line in Q32 the whole number next to it, ties downward: the difference's go
  /// upward.
  static constexpr int64_t kAlmostHalf = (INT64_C(1) << 31) - 1;
};

}  // namespace dsp
}  // namespace mote
