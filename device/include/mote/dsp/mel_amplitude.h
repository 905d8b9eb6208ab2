// SPDX-License-Identifier: Apache-2.0
#pragma once

// Amplitudes in mel bands of a frame of audio: what TensorFlow Lite Micro's front end computes from its
// window to its square root, in one buffer of one word for two samples.

#include <stdint.h>

#include "mote/core/complex16.h"
#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/dsp/block.h"
#include "mote/dsp/fft16.h"
#include "mote/dsp/spectrum.h"

namespace mote {
namespace dsp {

/// For each channel c the root of the sum of w |X[k]|^2 over the bins k of its triangle, with w of 12
/// fraction bits and X the spectrum of mote/dsp/fft16.h of the windowed samples, shifted left by their
/// headroom h:
///
///   output[c] = round(sqrt(sum)) >> h
///
/// A full-scale sine gives about 2^15 / 4 * 64 for a Hann window, silence 0. Bit for bit what the operators
/// SignalWindow, SignalFftAutoScale, SignalRfft, SignalEnergy, SignalFilterBank and
/// SignalFilterBankSquareRoot of TensorFlow Lite Micro give one behind the other.
///
/// Error against the formula in 64-bit floats: that of X, at most fft16_error() / 2^h + sqrt(2) / 2^h for the
/// window's rounding down, times 64 times the root of the sum of w, and 1 for the root.
///
/// Costs fft_length * 2 bytes of scratch and no state; 29,300 instructions on a Cortex-M4 for 480 samples, an
/// FFT of 512 and 40 channels.
struct MelAmplitude {
  using Input = int16_t;
  using Output = uint32_t;

  int32_t samples;          ///< of a frame, even, 2 ... fft_length
  int32_t fft_length;       ///< valid_fft16() holds
  int32_t channels;         ///< 1 ... 256
  int32_t first_bin;        ///< of the spectrum, the first that belongs to a channel
  Flash<int16_t> window;    ///< `samples` weights of 12 fraction bits, 0 ... 4096
  Flash<int16_t> twiddles;  ///< fft16_twiddles(fft_length) complex numbers
  Flash<int16_t> widths;  ///< channels + 1: bins of each slope, one slope behind the other from first_bin on
  Flash<int16_t>
      weights;  ///< per bin, for the channel that ends in its slope, 12 fraction bits, not negative
  Flash<int16_t> unweights;  ///< per bin, for the channel that begins in its slope

  constexpr int32_t inputs() const { return samples; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return fft_length * 2; }
  static constexpr bool kInPlace = true;

  /// Whether the parameters fit together; that the slopes end at bin fft_length / 2 - 1 or before is the
  /// design's.
  constexpr bool valid() const {
    return valid_fft16(fft_length) && samples >= 2 && samples % 2 == 0 && samples <= fft_length &&
           channels >= 1 && channels <= 256 && first_bin >= 0 && first_bin < fft_length / 2;
  }

  void restart(void*) const {}

  bool push(const int16_t* input, uint32_t* output, void*, void* scratch) const {
    int16_t* const data = part_of<int16_t>(scratch);
    Windowed windowed = {input, window, Complex16::of(0, 0), Complex16::of(0, 0)};
    fft16_place<Complex16>(data, fft_length / 2, samples / 2, windowed);
    int32_t left = 0, applied = 0;
    if (windowed.least() == INT16_MIN) {
      left = applied = headroom(samples, Sample{input, window});
      for (int32_t index = 0; index < fft_length; ++index)
        data[index] = static_cast<int16_t>(
            static_cast<uint16_t>(static_cast<uint32_t>(static_cast<int32_t>(data[index])) << left));
    } else if (windowed.peak() != 0) {
      left = leading_zeros(static_cast<uint32_t>(windowed.peak())) - 17;
    }
    fft16_passes<Complex16>(data, fft_length, left - applied, twiddles);
    PutEnergy put = {part_of<uint32_t>(scratch), fft_length / 2};
    fft16_finish<Complex16>(data, fft_length, twiddles, put);
    const uint32_t* energies = part_of<uint32_t>(scratch) + first_bin;
    int32_t bin = 0;
    BandSums sums = {0, 0};
    for (int32_t slope = 0; slope <= channels; ++slope) {
      const int32_t width = widths[slope];
      add_bins(energies + bin, weights + bin, unweights + bin, width, sums);
      bin += width;
      if (slope > 0) output[slope - 1] = rounded_root_u64(sums.band) >> left;
      sums = {sums.next, 0};
    }
    return true;
  }

 private:
  static constexpr int kWindowBits = 12;

  /// Pairs of samples times the window, and the extremes of what was given away.
  struct Windowed {
    const int16_t* samples;
    Flash<int16_t> window;
    Complex16 greatest_parts, least_parts;

    MOTE_INLINE Complex16 operator()(int32_t pair) {
      const Complex16 product = Complex16::load(detail::complex_at(samples, pair))
                                    .template parts_times<kWindowBits>(Complex16::load(window, pair));
      greatest_parts = greatest_parts.greater(product);
      least_parts = least_parts.lesser(product);
      return product;
    }
    MOTE_INLINE int32_t greatest() const {
      return greatest_parts.re() > greatest_parts.im() ? greatest_parts.re() : greatest_parts.im();
    }
    MOTE_INLINE int32_t least() const {
      return least_parts.re() < least_parts.im() ? least_parts.re() : least_parts.im();
    }
    MOTE_INLINE int32_t peak() const { return greatest() > -least() ? greatest() : -least(); }
  };

  /// One sample times the window.
  struct Sample {
    const int16_t* samples;
    Flash<int16_t> window;
    MOTE_INLINE int32_t operator()(int32_t index) const {
      return (int32_t{samples[index]} * window[index]) >> kWindowBits;
    }
  };

  /// The energies take the places of the complex numbers; that of the highest bin has none and is in no
  /// channel.
  struct PutEnergy {
    uint32_t* energies;
    int32_t bins;
    MOTE_INLINE void operator()(int32_t k, Complex16 value) const {
      const uint32_t energy = value.energy();
      if (k != bins) __builtin_memcpy(energies + k, &energy, sizeof(energy));
    }
  };
};

}  // namespace dsp
}  // namespace mote
