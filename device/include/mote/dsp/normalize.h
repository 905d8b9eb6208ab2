// SPDX-License-Identifier: Apache-2.0
#pragma once

// Normalisation of raw sensor counts in integers: the first step from a sample to the model's input, computed
// by the same lines for training on the host and on the device.

#include <stdint.h>

namespace mote {
namespace dsp {

/// Fraction bits of a normalised feature: 2048 is one standard deviation above the mean.
constexpr int32_t kFeatureFractionBits = 11;

/// feature = saturate((counts * multiplier + bias + half) >> shift), half = 2^(shift - 1), or 0 if shift is
/// 0.
struct AxisNormalization {
  int32_t multiplier;  ///< |multiplier| < 2^15
  int32_t bias;        ///< in units of 2^-(11 + shift) standard deviations
  int8_t shift;        ///< 0 ... 30
};

/// What is added before the shift, so that the result is rounded to nearest, ties upward.
constexpr int32_t normalization_half(int8_t shift) {
  return shift > 0 ? static_cast<int32_t>(int32_t{1} << (shift - 1)) : 0;
}

/// Whether no count can overflow the 32-bit sum: 32768 * |multiplier| + |bias| + half < 2^31.
///
/// To be proved on the host (static_assert in generated code); normalize() does not check.
constexpr bool valid(AxisNormalization axis) {
  return axis.shift >= 0 && axis.shift <= 30 && axis.multiplier > -32768 && axis.multiplier < 32768 &&
         INT64_C(32768) * (axis.multiplier < 0 ? -int64_t{axis.multiplier} : int64_t{axis.multiplier}) +
                 (axis.bias < 0 ? -int64_t{axis.bias} : int64_t{axis.bias}) + normalization_half(axis.shift) <
             (INT64_C(1) << 31);
}

/// One raw count as a feature with 11 fraction bits, saturated to int16.
///
/// `counts` [in]: any. `axis` [in]: valid(axis) holds. Exact: the same on every machine. About 6
/// instructions.
constexpr int16_t normalize(int16_t counts, AxisNormalization axis) {
  const int32_t scaled =
      static_cast<int32_t>(counts * axis.multiplier + axis.bias + normalization_half(axis.shift)) >>
      axis.shift;
  return static_cast<int16_t>(scaled > INT16_MAX ? INT16_MAX : (scaled < INT16_MIN ? INT16_MIN : scaled));
}

}  // namespace dsp
}  // namespace mote
