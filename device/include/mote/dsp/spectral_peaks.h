// SPDX-License-Identifier: Apache-2.0
#pragma once

// The strongest lines of a spectrum: rotation speeds, tones.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// The largest local maxima of each channel's spectrum, the largest first (of equal ones the lower
/// frequency).
///
/// A bin is a local maximum if it is above its left neighbour and not below its right one; the first and the
/// last bin have but one neighbour and are none. Input: [channels][bins]. Output: [channels][peaks][2]: the
/// frequency in millihertz and the bin's value; zeros where there are fewer. The frequency is that of the
/// vertex of the parabola through the bin and its neighbours, which lie `left` and `right` below it: (left -
/// right) / (2 * (left + right)) bins from it, in steps of 1/512. For a sine in magnitudes of a Hann window
/// of the full length that is within 0.06 bins (without interpolation 0.5).
///
/// No state, no scratch; one division for each peak of the output, about 6 instructions a bin on Cortex-M4.
struct SpectralPeaks {
  using Input = uint32_t;
  using Output = uint32_t;

  int32_t channels;                 ///< 1 ... 2^10
  int32_t bins;                     ///< of a spectrum, 3 ... 2^14
  int32_t first_bin;                ///< of the transform, that the spectrum's first one is; 0 ... 2^14
  int32_t peaks;                    ///< 1 ... 32
  uint32_t sample_rate_millihertz;  ///< of the samples that were transformed, 1 ... 2^30
  int8_t fft_bits;                  ///< log2 of the transform's size, 1 ... 16

  constexpr int32_t inputs() const { return channels * bins; }
  constexpr int32_t outputs() const { return channels * peaks * 2; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  /// Whether the numbers are in the ranges above, and the last bin's frequency is at most half the sample
  /// rate.
  constexpr bool valid() const {
    return channels >= 1 && channels <= 1024 && bins >= 3 && bins <= 16384 && first_bin >= 0 &&
           first_bin <= 16384 && peaks >= 1 && peaks <= 32 && sample_rate_millihertz >= 1 &&
           sample_rate_millihertz <= UINT32_C(1) << 30 && fft_bits >= 1 && fft_bits <= 16 &&
           2 * (first_bin + bins - 1) <= INT32_C(1) << fft_bits;
  }

  void restart(void*) const {}

  bool push(const uint32_t* input, uint32_t* output, void*, void*) const {
    const int32_t values = 2 * peaks;
    for (int32_t channel = 0; channel < channels; ++channel) {
      for (int32_t index = 0; index < values; ++index) output[index] = 0;
      for (int32_t bin = 1; bin < bins - 1; ++bin)
        if (input[bin] > input[bin - 1] && input[bin] >= input[bin + 1]) insert(input, bin, output);
      uint32_t* const end = output + values;
      for (uint32_t* peak = output; peak < end && peak[1] != 0; peak += 2)
        peak[0] = frequency_millihertz(input + peak[0], peak[0]);
      input += bins;
      output = end;
    }
    return true;
  }

 private:
  /// Puts a bin behind those that are at least as large; the last one falls out.
  void insert(const uint32_t* input, int32_t bin, uint32_t* output) const {
    const uint32_t value = input[bin];
    if (output[2 * peaks - 1] >= value) return;
    int32_t at = 2 * peaks - 2;
    for (; at > 0 && output[at - 1] < value; at -= 2) {
      output[at] = output[at - 2];
      output[at + 1] = output[at - 1];
    }
    output[at] = static_cast<uint32_t>(bin);
    output[at + 1] = value;
  }

  uint32_t frequency_millihertz(const uint32_t* middle, uint32_t bin) const {
    // Both differences fit 22 bits after the shift: 256 times that fits int32.
    const uint32_t left = middle[0] - middle[-1], right = middle[0] - middle[1];
    const uint32_t larger = left > right ? left : right;  // above 0
    const int32_t zeros = leading_zeros(larger);
    const int32_t down = zeros < 10 ? 10 - zeros : 0;
    const auto rise = static_cast<int32_t>(left >> down), fall = static_cast<int32_t>(right >> down);
    const int32_t twice_q8 =
        256 * (rise - fall) / (rise + fall);  // -256 ... 256: twice the way to the vertex
    const int64_t position_q9 =
        (static_cast<int64_t>(first_bin) + bin) * 512 + (twice_q8 < -256 ? -256 : twice_q8);
    return static_cast<uint32_t>((position_q9 * sample_rate_millihertz) >> (fft_bits + 9));
  }
};

}  // namespace dsp
}  // namespace mote
