// SPDX-License-Identifier: Apache-2.0
#pragma once

// Sums of neighbouring bins of a spectrum: overlapping triangles (a mel filter bank) and plain bands.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

namespace detail {
MOTE_INLINE uint32_t saturated_u32(uint64_t value) {
  return value > 0xFFFFFFFFu ? 0xFFFFFFFFu : static_cast<uint32_t>(value);
}

/// value * factor from products of 32 bits.
MOTE_INLINE constexpr uint64_t product_u48_in_parts(uint32_t value, uint16_t factor) {
  const uint32_t high = (value >> 16) * factor, low = (value & 0xFFFFu) * factor;
  return (static_cast<uint64_t>(high) << 16) + low;
}
/// value * factor.
MOTE_INLINE constexpr uint64_t product_u48(uint32_t value, uint16_t factor) {
#if defined(__AVR__) || (defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB < 2)
  return product_u48_in_parts(value, factor);
#else
  return uint64_t{value} * factor;
#endif
}
}  // namespace detail

/// Triangles of which each rises where its predecessor falls, so that one weight for each bin describes them
/// all.
///
/// Bins edges[b] ... edges[b + 1] - 1 belong to the rising side of band b with their weight w, and to the
/// falling side of band b - 1 with 1 - w. A band is floor(sum / 2^15), times its gain / 2^gain_shift rounded
/// down where there are gains; saturated. Input: [channels][bins]; output: [channels][bands], in the input's
/// unit without gains. Exact sums of 64 bits: the error is that of the weights, 2^-16 of the bins of a band,
/// and one step.
///
/// No state, no scratch; about 7 instructions a bin on Cortex-M4.
struct FilterBank {
  using Input = uint32_t;
  using Output = uint32_t;

  int32_t channels;         ///< 1 ... 2^10
  int32_t bins;             ///< of a spectrum, 1 ... 2^14
  int32_t bands;            ///< 1 ... 2^10
  Flash<int16_t> edges;     ///< bands + 2 bins, ascending, 0 ... bins; from mote::features::mel_filters()
  Flash<uint16_t> weights;  ///< of the bins edges[0] ... edges[bands + 1] - 1, 15 fraction bits, 0 ... 2^15
  Flash<uint16_t> gains;    ///< [bands], or null
  int8_t gain_shift;        ///< 0 ... 40

  constexpr int32_t inputs() const { return channels * bins; }
  constexpr int32_t outputs() const { return channels * bands; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  /// Whether the numbers are in the ranges above: sums are below 2^32 * 2^15 * 2^14, and a product with a
  /// gain below 2^46 * 2^16.
  constexpr bool valid() const {
    return channels >= 1 && channels <= 1024 && bins >= 1 && bins <= 16384 && bands >= 1 && bands <= 1024 &&
           gain_shift >= 0 && gain_shift <= 40;
  }

  void restart(void*) const {}

  bool push(const uint32_t* input, uint32_t* output, void*, void*) const {
    for (int32_t channel = 0; channel < channels; ++channel) {
      uint64_t band_sum = 0;
      int32_t bin = edges[0];
      Flash<uint16_t> weight = weights;
      for (int32_t band = 0; band <= bands; ++band) {
        uint64_t rising = 0, all = 0;
        for (const int32_t end = edges[band + 1]; bin < end; ++bin) {
          rising += detail::product_u48(input[bin], weight[0]);
          all += input[bin];
          weight = weight + 1;
        }
        if (band > 0) *output++ = finished(band_sum + ((all << 15) - rising), band - 1);
        band_sum = rising;
      }
      input += bins;
    }
    return true;
  }

 private:
  MOTE_INLINE uint32_t finished(uint64_t sum, int32_t band) const {
    const uint64_t value = sum >> 15;
    return detail::saturated_u32(gains ? (value * gains[band]) >> gain_shift : value);
  }
};

/// Sums of the bins between two frequencies, bands free to overlap or to leave gaps.
///
/// Input: [channels][bins]; output: [channels][bands], floor(sum / 2^shift), saturated. Exact. No state, no
/// scratch; about 5 instructions a bin on Cortex-M4.
struct BandEnergies {
  using Input = uint32_t;
  using Output = uint32_t;

  int32_t channels;  ///< 1 ... 2^10
  int32_t bins;      ///< of a spectrum, 1 ... 2^14
  int32_t bands;     ///< 1 ... 2^10
  Flash<int16_t>
      limits;    ///< [bands][2]: first bin, and the one behind the last; mote::features::band_limits()
  int8_t shift;  ///< 0 ... 31

  constexpr int32_t inputs() const { return channels * bins; }
  constexpr int32_t outputs() const { return channels * bands; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  /// Whether the numbers are in the ranges above.
  constexpr bool valid() const {
    return channels >= 1 && channels <= 1024 && bins >= 1 && bins <= 16384 && bands >= 1 && bands <= 1024 &&
           shift >= 0 && shift <= 31;
  }

  void restart(void*) const {}

  bool push(const uint32_t* input, uint32_t* output, void*, void*) const {
    for (int32_t channel = 0; channel < channels; ++channel) {
      for (int32_t band = 0; band < bands; ++band) {
        uint64_t sum = 0;
        for (int32_t bin = limits[2 * band]; bin < limits[2 * band + 1]; ++bin) sum += input[bin];
        *output++ = detail::saturated_u32(sum >> shift);
      }
      input += bins;
    }
    return true;
  }
};

}  // namespace dsp
}  // namespace mote
