// SPDX-License-Identifier: Apache-2.0
#pragma once

// Subtraction of what stays the same in a spectrum: the steady noise of a room.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// How fast the estimate of a channel's noise follows, and what is kept of a signal; all of `bits` fraction
/// bits.
struct NoiseFilter {
  uint32_t even_smoothing;            ///< weight of the new frame in channels 0, 2, ...
  uint32_t even_one_minus_smoothing;  ///< weight of the estimate so far
  uint32_t odd_smoothing;             ///< the same for channels 1, 3, ...
  uint32_t odd_one_minus_smoothing;
  uint32_t minimum_kept;   ///< fraction of a signal that is left at least
  int32_t smoothing_bits;  ///< fraction bits of the estimates, 0 ... 31
  int32_t bits;            ///< 0 ... 31
  bool clamped;            ///< whether an estimate above the signal is lowered to it
};

/// For each channel c, with s = signal[c] * 2^smoothing_bits:
///
///   estimate[c] = (s * smoothing + estimate[c] * one_minus_smoothing) >> bits
///   output[c] = max((s - min(estimate[c], s)) >> smoothing_bits, (signal[c] * minimum_kept) >> bits)
///
/// Exact, and bit for bit TensorFlow Lite Micro's SignalFilterBankSpectralSubtraction; values above 2^32 wrap
/// around as there. `output` [out]: may be `signal`. `estimates` [in, out]: 0 at the start.
MOTE_INLINE void subtract_noise(const NoiseFilter& filter, const uint32_t* signal, int32_t channels,
                                uint32_t* estimates, uint32_t* output) {
  for (int32_t channel = 0; channel < channels; ++channel) {
    const bool odd = (channel & 1) != 0;
    const uint32_t value = signal[channel];
    const uint32_t scaled = value << filter.smoothing_bits;
    uint32_t estimate =
        static_cast<uint32_t>((uint64_t{scaled} * (odd ? filter.odd_smoothing : filter.even_smoothing) +
                               uint64_t{estimates[channel]} * (odd ? filter.odd_one_minus_smoothing
                                                                   : filter.even_one_minus_smoothing)) >>
                              filter.bits);
    const uint32_t subtracted = estimate < scaled ? estimate : scaled;
    estimates[channel] = filter.clamped ? subtracted : estimate;
    const uint32_t left = (scaled - subtracted) >> filter.smoothing_bits;
    const auto kept = static_cast<uint32_t>((uint64_t{value} * filter.minimum_kept) >> filter.bits);
    output[channel] = left > kept ? left : kept;
  }
}

/// subtract_noise() over frames of amplitudes: `channels` in, `channels` out in their unit and, if
/// `gives_estimates`, the estimates behind them with smoothing_bits fraction bits, as Pcan wants them.
///
/// Amplitudes are to be below 2^(32 - smoothing_bits). Costs 4 bytes of state and 32
/// instructions on a Cortex-M4 a channel.
struct NoiseReduction {
  using Input = uint32_t;
  using Output = uint32_t;

  int32_t channels;
  bool gives_estimates;
  NoiseFilter filter;

  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return gives_estimates ? 2 * channels : channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return (channels + 1) / 2 * 8; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  /// Whether no estimate can exceed the signals that it is made of.
  constexpr bool valid() const {
    return channels >= 1 && filter.bits >= 0 && filter.bits <= 31 && filter.smoothing_bits >= 0 &&
           filter.smoothing_bits <= 31 &&
           uint64_t{filter.even_smoothing} + filter.even_one_minus_smoothing <= uint64_t{1} << filter.bits &&
           uint64_t{filter.odd_smoothing} + filter.odd_one_minus_smoothing <= uint64_t{1} << filter.bits &&
           filter.minimum_kept <= uint32_t{1} << filter.bits;
  }

  void restart(void* state) const {
    for (int32_t channel = 0; channel < channels; ++channel) part_of<uint32_t>(state)[channel] = 0;
  }

  bool push(const uint32_t* input, uint32_t* output, void* state, void*) const {
    uint32_t* const estimates = part_of<uint32_t>(state);
    subtract_noise(filter, input, channels, estimates, output);
    if (gives_estimates)
      for (int32_t channel = 0; channel < channels; ++channel)
        output[channels + channel] = estimates[channel];
    return true;
  }
};

}  // namespace dsp
}  // namespace mote
