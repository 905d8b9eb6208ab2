// SPDX-License-Identifier: Apache-2.0
#pragma once

// Magnitude or power of the frequencies in a frame of samples.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/dsp/block.h"
#include "mote/dsp/real_fft.h"

namespace mote {
namespace dsp {

/// The magnitude of a complex number by a table of square roots.
struct ComplexMagnitude {
  /// kWords values round(2^12 * sqrt(16 + index)), from mote::features::square_roots().
  Flash<uint16_t> roots;

  static constexpr int32_t kWords = 114;

  /// sqrt(real^2 + imaginary^2), parts above -2^31; error at most 2^-12 of it, and one step.
  ///
  /// Both parts are shifted up together until the larger has 15 bits, the root of the sum of their squares is
  /// interpolated between table entries 1/16 of its range's start apart, and shifted back. About 22
  /// instructions on Cortex-M4. (0, 0) gives 0.
  MOTE_INLINE uint32_t operator()(int32_t real, int32_t imaginary) const {
    const uint32_t larger = static_cast<uint32_t>((real ^ (real >> 31)) | (imaginary ^ (imaginary >> 31)));
    if (larger == 0) return static_cast<uint32_t>(-(real | imaginary));
    const int32_t up = leading_zeros(larger) - 1;
    const int32_t x = wrapping_shift_left(real, up) >> 16, y = wrapping_shift_left(imaginary, up) >> 16;
    const uint32_t square = static_cast<uint32_t>(x * x) + static_cast<uint32_t>(y * y);  // 2^28 ... 2^31
    const int32_t index = static_cast<int32_t>(square >> 24) - 16;
    const uint32_t low = roots[index], step = roots[index + 1] - low;
    return ((low << 16) + step * ((square >> 8) & 0xFFFFu)) >> up;
  }
};

/// The spectrum of each channel of a frame: |X[k]| or |X[k]|^2 of X[k] = sum over n of window[n] x[n]
/// e^(-2 pi i k n / size), for `bins` bins from `first_bin` on; a frame shorter than `size` is followed by
/// zeros.
///
/// Input: [length][channels], any int16. Output: [channels][bins], below 2^31, in fraction_bits(): 15 -
/// log2(size) of a magnitude, 2 * (15 - log2(size)) - power_shift of a power, which saturates at 2^31 - 1. A
/// sine of amplitude a in a bin's middle has the magnitude a * sum(window) / 2. Error of a magnitude m:
/// RealFft's and length / 2 units by the rounding of what enters it, 2^-15 of the sum of |x| by the window's
/// factors, 2^-12 of m by the root and one step; of a power p: the same without the root's, times 2 sqrt(p),
/// and one step. Zeros give exactly zeros.
///
/// No state; RealFft's scratch. Cortex-M4, 480 samples of one channel, size 512, 127 bins, magnitude: 20716
/// instructions.
struct PowerSpectrum {
  using Input = int16_t;
  using Output = uint32_t;

  enum class Measure : uint8_t { kMagnitude, kPower };

  int32_t channels;          ///< 1 ... 2^10
  int32_t length;            ///< samples of a frame, even, 2 ... size
  int32_t size;              ///< of the transform, 16 ... 2048, a power of two
  Flash<uint32_t> twiddles;  ///< RealFft's
  Flash<uint32_t> window;    ///< two factors of 15 fraction bits a word, the earlier low; null: all of them 1
  int32_t first_bin;         ///< 0 ... size / 2
  int32_t bins;              ///< 1 ... size / 2 + 1 - first_bin
  Measure measure;
  int8_t power_shift;     ///< 0 ... 62, by which a power is shifted to the right; 0 with kMagnitude
  Flash<uint16_t> roots;  ///< ComplexMagnitude's; may be null with kPower

  constexpr int32_t inputs() const { return length * channels; }
  constexpr int32_t outputs() const { return channels * bins; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return RealFft{size, twiddles}.scratch_bytes(); }
  static constexpr bool kInPlace = false;

  /// Of the output; below 0 where a power is coarser than 1.
  constexpr int32_t fraction_bits() const {
    return measure == Measure::kMagnitude ? RealFft{size, twiddles}.fraction_bits()
                                          : 2 * RealFft{size, twiddles}.fraction_bits() - power_shift;
  }

  /// Whether the numbers are in the ranges above; nothing can overflow then.
  constexpr bool valid() const {
    return RealFft{size, twiddles}.valid() && channels >= 1 && channels <= 1024 && length >= 2 &&
           length <= size && length % 2 == 0 && first_bin >= 0 && first_bin <= size / 2 && bins >= 1 &&
           bins <= size / 2 + 1 - first_bin && power_shift >= 0 && power_shift <= 62 &&
           (measure == Measure::kPower || power_shift == 0);
  }

  void restart(void*) const {}

  bool push(const int16_t* input, uint32_t* output, void*, void* scratch) const {
    int32_t* const transform = part_of<int32_t>(scratch);
    const RealFft fft{size, twiddles};
    for (int32_t channel = 0; channel < channels; ++channel) {
      if (channels == 1 && window)
        fft.run(WindowedChannel{input, length / 2, window, fft.bits()}, transform);
      else
        fft.run(AnyChannel{input + channel, channels, length / 2, window, fft.bits()}, transform);
      if (measure == Measure::kMagnitude) {
        const ComplexMagnitude of{roots};
        fft.bins(transform, first_bin, bins,
                 [&](ComplexBin bin) { *output++ = of(bin.real, bin.imaginary); });
      } else {
        const int32_t shift = power_shift;
        fft.bins(transform, first_bin, bins, [&](ComplexBin bin) { *output++ = power(bin, shift); });
      }
    }
    return true;
  }

 private:
  /// value * factor / 2^(bits), of two pairs of halfwords, rounded to nearest.
  MOTE_INLINE static void weighted(uint32_t values, uint32_t factors, int32_t bits, int32_t& even,
                                   int32_t& odd) {
    const int32_t half = int32_t{1} << (bits - 1);
    even = (simd32::detail::halfword(values, 0) * simd32::detail::halfword(factors, 0) + half) >> bits;
    odd = ((static_cast<int32_t>(values) >> 16) * (static_cast<int32_t>(factors) >> 16) + half) >> bits;
  }

  /// The windowed samples of the only channel, in pairs.
  struct WindowedChannel {
    const int16_t* samples;
    int32_t pairs;
    Flash<uint32_t> window;
    int32_t bits;

    MOTE_INLINE void operator()(int32_t pair, int32_t& even, int32_t& odd) const {
      if (pair < pairs) {
        const int32_t at = 2 * pair;
        weighted(simd32::load_halfword_pair(samples + at), window[pair], bits, even, odd);
      } else {
        even = odd = 0;
      }
    }
  };

  /// The samples of any channel, with a window or without.
  struct AnyChannel {
    const int16_t* samples;
    int32_t stride;
    int32_t pairs;
    Flash<uint32_t> window;
    int32_t bits;

    MOTE_INLINE void operator()(int32_t pair, int32_t& even, int32_t& odd) const {
      even = odd = 0;
      if (pair >= pairs) return;
      const int32_t at = 2 * pair * stride, behind = at + stride;
      const int16_t first = samples[at], second = samples[behind];
      if (window) {
        weighted(simd32::detail::halfword_pair(first, second), window[pair], bits, even, odd);
      } else {
        even = first * (int32_t{1} << (15 - bits));
        odd = second * (int32_t{1} << (15 - bits));
      }
    }
  };

  MOTE_INLINE static uint32_t power(ComplexBin bin, int32_t shift) {
    const uint64_t square = static_cast<uint64_t>(int64_t{bin.real} * bin.real) +
                            static_cast<uint64_t>(int64_t{bin.imaginary} * bin.imaginary);
    const uint64_t shifted = square >> shift;
    return shifted > 0x7FFFFFFFu ? 0x7FFFFFFFu : static_cast<uint32_t>(shifted);
  }
};

}  // namespace dsp
}  // namespace mote
