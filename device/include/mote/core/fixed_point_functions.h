// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions of fixed-point numbers, in the steps of the arithmetic that TensorFlow Lite's integer kernels
// stand on, and therefore bit-exact to it: Qm.n has m integer bits and n fractional ones beside the sign.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"

namespace mote {

/// Zeros above the highest set bit of `value`, which is not 0.
MOTE_INLINE int32_t leading_zeros(uint32_t value) {
  return static_cast<int32_t>(sizeof(unsigned) == 4 ? __builtin_clz(static_cast<unsigned>(value))
                                                    : __builtin_clzl(value));
}

namespace detail {

/// e^x of x in [-1/4, 0), both Q0.31: Taylor series around -1/8 to the fourth power.
MOTE_INLINE int32_t exp_of_last_quarter_q31(int32_t x) {
  const int32_t centred = x + (int32_t{1} << 28);
  const int32_t squared = saturating_rounding_doubling_high_mul(centred, centred);
  const int32_t cubed = saturating_rounding_doubling_high_mul(squared, centred);
  const int32_t fourth = saturating_rounding_doubling_high_mul(squared, squared);
  const int32_t third_q31 = 715827883;          // 1/3
  const int32_t exp_minus_eighth = 1895147668;  // e^(-1/8)
  const int32_t upper_terms = rounding_divide_by_power_of_two(
      saturating_rounding_doubling_high_mul(rounding_divide_by_power_of_two(fourth, 2) + cubed, third_q31) +
          squared,
      1);
  return exp_minus_eighth + saturating_rounding_doubling_high_mul(exp_minus_eighth, centred + upper_terms);
}

/// 2 / (1 + x) of x in [0, 1], x Q0.31, result Q2.29: Newton's iteration for the half denominator.
MOTE_INLINE int32_t double_reciprocal_of_one_plus_q29(int32_t x) {
  const int32_t half_denominator = static_cast<int32_t>((int64_t{x} + INT32_MAX + 1) / 2);
  const int32_t start_q29 = 1515870810;   // 48/17
  const int32_t slope_q29 = -1010580540;  // -32/17
  const int32_t one_q29 = int32_t{1} << 29;
  int32_t estimate = start_q29 + saturating_rounding_doubling_high_mul(half_denominator, slope_q29);
  for (int32_t step = 0; step < 3; ++step) {
    const int32_t error = one_q29 - saturating_rounding_doubling_high_mul(half_denominator, estimate);
    estimate += saturating_shift_left(saturating_rounding_doubling_high_mul(estimate, error), 2);
  }
  return estimate;
}

}  // namespace detail

/// e^x of x <= 0, as Q0.31; x has `integer_bits` (2..5) integer bits.
///
/// The last quarter by series, then a factor e^(-2^n) for each bit above it.
MOTE_INLINE int32_t exp_of_negative_q31(int32_t x, int32_t integer_bits) {
  if (x == 0) return INT32_MAX;
  const int32_t quarter = int32_t{1} << (29 - integer_bits);
  const int32_t last = (x & (quarter - 1)) - quarter;
  const int32_t whole_quarters = last - x;
  int32_t result = detail::exp_of_last_quarter_q31(wrapping_shift_left(last, integer_bits));
  const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  for (int32_t bit = 0; bit < integer_bits + 2; ++bit)
    if ((whole_quarters & wrapping_shift_left(quarter, bit)) != 0)
      result = saturating_rounding_doubling_high_mul(result, factors[bit]);
  return result;
}

/// 1 / (1 + x) of x in [0, 1], both Q0.31.
MOTE_INLINE int32_t reciprocal_of_one_plus_q31(int32_t x) {
  return saturating_shift_left(detail::double_reciprocal_of_one_plus_q29(x), 1);
}

/// (1 - x) / (1 + x) of x in [0, 1], both Q0.31.
MOTE_INLINE int32_t one_minus_over_one_plus_q31(int32_t x) {
  return saturating_shift_left(detail::double_reciprocal_of_one_plus_q29(x) - (int32_t{1} << 29), 2);
}

/// 1 / (1 + e^-x) of x in Q4.27, as Q0.31.
MOTE_INLINE int32_t logistic_q31(int32_t x) {
  if (x == 0) return int32_t{1} << 30;
  const int32_t positive = reciprocal_of_one_plus_q31(exp_of_negative_q31(x < 0 ? x : -x, 4));
  return x > 0 ? positive : INT32_MAX - positive;
}

/// tanh(x) of x in Q4.27, as Q0.31.
MOTE_INLINE int32_t tanh_q31(int32_t x) {
  if (x == 0) return 0;
  // The bits of x are those of 2x in Q5.26.
  const int32_t positive = one_minus_over_one_plus_q31(exp_of_negative_q31(x < 0 ? x : -x, 5));
  return x > 0 ? positive : -positive;
}

/// 1 / sqrt(value) as a factor; value >= 0, and 0 counts as 1.
///
/// Five Newton steps in Q3.28 from 1, for the value scaled by a power of four into [1/2, 2); the result's
/// shift is at most 0.
MOTE_INLINE Requantization inverse_square_root(int32_t value) {
  if (value <= 1) return Requantization{INT32_MAX, 0};
  int32_t right = 11;
  for (; value >= (int32_t{1} << 29); value /= 4) ++right;
  const int32_t pairs = (leading_zeros(static_cast<uint32_t>(value)) - 1) / 2 - 1;
  right -= pairs;
  const int32_t scaled_q28 = wrapping_shift_left(value, 2 * pairs) >> 1;
  const int32_t half_q28 = rounding_divide_by_power_of_two(scaled_q28, 1);
  const int32_t three_halves_q28 = (int32_t{1} << 28) + (int32_t{1} << 27);
  int32_t x = int32_t{1} << 28;
  for (int32_t step = 0; step < 5; ++step) {
    const int32_t squared_q25 = saturating_rounding_doubling_high_mul(x, x);
    const int32_t cubed_q28 = saturating_shift_left(saturating_rounding_doubling_high_mul(squared_q25, x), 6);
    x = saturating_shift_left(saturating_rounding_doubling_high_mul(three_halves_q28, x) -
                                  saturating_rounding_doubling_high_mul(half_q28, cubed_q28),
                              3);
  }
  x = saturating_rounding_doubling_high_mul(x, 1518500250);  // sqrt(1/2)
  return right < 0 ? Requantization{wrapping_shift_left(x, -right), 0} : Requantization{x, -right};
}

/// 1 / sqrt(value) times a factor; value >= 1, the factor's shift -11..30.
///
/// RSQRT's steps: the root with 20 bits more as a whole number, then the factor with 20 bits less. TFLite has
/// no meaning where a shift leaves -31..30; the factor's lower bound keeps it in.
MOTE_INLINE int32_t inverse_square_root_scaled(int32_t value, Requantization factor, Rounding rounding) {
  const int32_t extra_bits = 20;
  const Requantization root = inverse_square_root(value);
  const int32_t fixed = requantize(1, {root.multiplier, root.shift + extra_bits}, rounding);
  return requantize(fixed, {factor.multiplier, factor.shift - extra_bits}, rounding);
}

}  // namespace mote
