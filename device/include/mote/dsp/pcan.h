// SPDX-License-Identifier: Apache-2.0
#pragma once

// Per-channel amplitude normalisation: loud and quiet surroundings give the same picture.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/flash.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// Entries of a table of gains: the gains at 0 and 1, then for n = 2 ... 32 four for estimates of n bits:
/// gain, slope and curvature from 2^(n - 1) on, and one that is not used; the last one has none of that.
constexpr int32_t kPcanGains = 4 * 32 - 3;

namespace detail {

constexpr int32_t kPcanRatioBits = 12;
constexpr int32_t kPcanOutputBits = 6;

/// The gain of a noise estimate: a parabola between powers of two, in units of the table.
MOTE_INLINE int16_t pcan_gain(uint32_t estimate, Flash<int16_t> gains) {
  if (estimate <= 2) return gains[static_cast<int32_t>(estimate)];
  const int32_t bits = 32 - leading_zeros(estimate);
  const int32_t at = 4 * bits - 6;
  const uint32_t aligned = estimate << (32 - bits);  // the highest bit on top
  const auto fraction_q10 = static_cast<int32_t>(aligned >> 21 & 0x3FFu);
  const int32_t curved = (int32_t{gains[at + 2]} * fraction_q10) >> 5;
  const auto sloped = static_cast<int32_t>(static_cast<uint32_t>(curved + int32_t{gains[at + 1]} * 32) *
                                           static_cast<uint32_t>(fraction_q10));
  return static_cast<int16_t>(((sloped + (int32_t{1} << 14)) >> 15) + int32_t{gains[at]});
}

/// x^2 / 4 below 2, x - 1 from there: the ratio of 12 fraction bits as one of 6.
MOTE_INLINE uint32_t pcan_compressed(uint32_t ratio) {
  if (ratio < uint32_t{2} << kPcanRatioBits)
    return (ratio * ratio) >> (2 + 2 * kPcanRatioBits - kPcanOutputBits);
  return (ratio >> (kPcanRatioBits - kPcanOutputBits)) - (uint32_t{1} << kPcanOutputBits);
}

}  // namespace detail

/// output[c] = f(signal[c] * gain(estimate[c]) >> ratio_shift) with f(x) = x^2 / 4 below 2 and x - 1 above;
/// the argument has 12 fraction bits, the result 6.
///
/// Bit for bit TensorFlow Lite Micro's SignalPCAN. `gains` [in]: kPcanGains of a table that the host designs
/// from gain(x) = 2^gain_bits (x + offset)^-strength, which it follows within 2 parts in 1000 and a unit.
/// `ratio_shift` 0 ... 63. `output` [out]: may be `signal`.
MOTE_INLINE void normalize_amplitudes(const uint32_t* signal, const uint32_t* estimates, int32_t channels,
                                      Flash<int16_t> gains, int32_t ratio_shift, uint32_t* output) {
  for (int32_t channel = 0; channel < channels; ++channel) {
    const auto gain =
        static_cast<uint32_t>(static_cast<int32_t>(detail::pcan_gain(estimates[channel], gains)));
    output[channel] =
        detail::pcan_compressed(static_cast<uint32_t>((uint64_t{signal[channel]} * gain) >> ratio_shift));
  }
}

/// normalize_amplitudes() over frames of NoiseReduction with its estimates behind: 2 * channels in, channels
/// out, of 6 fraction bits.
/// Costs 35 instructions on a Cortex-M4 a channel.
struct Pcan {
  using Input = uint32_t;
  using Output = uint32_t;

  int32_t channels;
  int32_t ratio_shift;   ///< 0 ... 63
  Flash<int16_t> gains;  ///< kPcanGains

  constexpr int32_t inputs() const { return 2 * channels; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  constexpr bool valid() const { return channels >= 1 && ratio_shift >= 0 && ratio_shift <= 63; }

  void restart(void*) const {}

  bool push(const uint32_t* input, uint32_t* output, void*, void*) const {
    normalize_amplitudes(input, input + channels, channels, gains, ratio_shift, output);
    return true;
  }
};

}  // namespace dsp
}  // namespace mote
