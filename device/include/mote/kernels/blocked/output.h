// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last step of the blocked kernels: from a sum to an output.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/simd32.h"

namespace mote {
namespace kernels {
namespace detail {

/// A requantisation by a right shift of 1..22 with double rounding, and the output's zero point, which is
/// added before the shift: 2^7 * 2^22, half of 2^22 and a product below 2^30 do not overflow.
struct ShiftedFactor {
  int32_t multiplier;
  int32_t exponent;  ///< of the right shift
  int32_t rounding;  ///< half of 2^exponent, and the zero point times 2^exponent
};

MOTE_INLINE ShiftedFactor shifted_factor(Requantization factor, int32_t output_zero_point) {
  const int32_t exponent = -factor.shift;
  return {factor.multiplier, exponent, wrapping_shift_left(2 * output_zero_point + 1, exponent - 1)};
}

/// The output for a sum below 2^30 in magnitude, saturated to int8; exact for the reasons of
/// FullyConnectedDsp::supports().
MOTE_INLINE int8_t shifted_output(const ShiftedFactor& factor, int32_t sum) {
  const int32_t doubled = sum * 2;
  const int32_t rounded = simd32::smmlar(doubled, factor.multiplier, factor.rounding) + (doubled >> 31);
  return static_cast<int8_t>(simd32::ssat8(rounded >> factor.exponent));
}

}  // namespace detail
}  // namespace kernels
}  // namespace mote
