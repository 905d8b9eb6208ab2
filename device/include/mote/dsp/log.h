// SPDX-License-Identifier: Apache-2.0
#pragma once

// The logarithm of energies, to any base: levels in decibel, a log spectrum, the middle of an MFCC.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// output = saturate(round((log2(input + offset) * factor * 2^7 + bias) / 2^shift)), and `at_zero` where
/// input + offset (saturated) is 0.
///
/// The factor carries the base and the fraction bits, the bias the input's scaling and the reference of a
/// level: mote::features::logarithm() computes them from units (its table too), with 10 fraction bits for the
/// natural logarithm, 10 for log2 and 8 for decibels. Error: at most 2^-13.7 in log2 by the table, half a
/// step of the output, and the rounding of the factor, 2^-15 of the result.
///
/// Any input. No state, no scratch; about 20 instructions a value on Cortex-M4.
struct Log {
  using Input = uint32_t;
  using Output = int16_t;

  int32_t values;         ///< of a frame, 1 ... 2^15
  Flash<uint16_t> table;  ///< kWords values round(2^15 * log2(1 + index / 64)), mote::features::logarithms()
  uint32_t offset;        ///< what is added to the input, in its unit
  int16_t factor;         ///< any
  int32_t bias;           ///< |bias| <= 2^29
  int8_t shift;           ///< 1 ... 28
  int16_t at_zero;

  static constexpr int32_t kWords = 65;

  constexpr int32_t inputs() const { return values; }
  constexpr int32_t outputs() const { return values; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  /// Whether the numbers are in the ranges above: the product is at most 2^27 then, and every sum below 2^31.
  constexpr bool valid() const {
    return values >= 1 && values <= 32768 && bias >= -(INT32_C(1) << 29) && bias <= INT32_C(1) << 29 &&
           shift >= 1 && shift <= 28;
  }

  void restart(void*) const {}

  bool push(const uint32_t* input, int16_t* output, void*, void*) const {
    const Log log = *this;
    for (int32_t index = 0; index < log.values; ++index) output[index] = log.of(input[index]);
    return true;
  }

  /// The same with the logarithm of `reference` (1 ... 2^31, in the input's unit before offset and fraction
  /// bits) subtracted, where the input is not 0: levels relative to a peak that is known at run time only.
  Log relative_to(uint32_t reference) const {
    Log relative = *this;
    relative.bias -= simd32::smulwb(log2_q15(reference) << 8, static_cast<uint16_t>(factor));
    return relative;
  }

  /// The logarithm of one value.
  MOTE_INLINE int16_t of(uint32_t value) const {
    const uint32_t sum = value > ~offset ? UINT32_MAX : value + offset;
    if (sum == 0) return at_zero;
    const int32_t product = simd32::smulwb(log2_q15(sum) << 8, static_cast<uint16_t>(factor));
    return saturate<int16_t>((product + bias + (int32_t{1} << (shift - 1))) >> shift);
  }

  /// log2(value) with 15 fraction bits; value above 0.
  MOTE_INLINE int32_t log2_q15(uint32_t value) const {
    const int32_t zeros = leading_zeros(value);
    const uint32_t mantissa = value << zeros;
    const auto index = static_cast<int32_t>((mantissa >> 25) & 63u);
    const uint32_t low = table[index], step = table[index + 1] - low;
    const uint32_t interpolated = low + ((step * ((mantissa >> 9) & 0xFFFFu) + 0x8000u) >> 16);
    return static_cast<int32_t>((static_cast<uint32_t>(31 - zeros) << 15) + interpolated);
  }
};

}  // namespace dsp
}  // namespace mote
