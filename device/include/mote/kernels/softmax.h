// SPDX-License-Identifier: Apache-2.0
#pragma once

// Softmax over the last axis: out[n] = e^(beta * in[n]) / sum over m of e^(beta * in[m]).
//
// int8 is integer arithmetic only and bit-exact to TFLite Micro's reference kernel: differences from the
// row's maximum in Q5.26, exponentials in Q0.31, their sum in Q12.19, its reciprocal by three Newton steps;
// the output has scale 1/256 and zero point -128.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/math.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Sizes and input scale: [rows][depth], as TFLite prepares it from beta * input scale.
struct SoftmaxShape {
  int32_t rows;
  int32_t depth;  ///< 1..4095: the sum of exponentials has 12 integer bits
  int32_t
      input_multiplier;  ///< Q31; beta * input scale * 2^26 = input_multiplier * 2^(input_left_shift - 31)
  int32_t input_left_shift;  ///< 0..30
  int32_t diff_min;          ///< differences below it count as e^-infinity
};

/// Whether `shape` has a meaning, and no difference from the maximum overflows when it is scaled.
constexpr bool valid(const SoftmaxShape& shape) {
  return shape.rows >= 0 && shape.depth >= 1 && shape.depth <= 4095 && shape.input_multiplier >= 0 &&
         shape.input_left_shift >= 0 && shape.input_left_shift <= 30 && shape.diff_min <= 0 &&
         (shape.diff_min < -255 ? 255 : -int64_t{shape.diff_min}) <=
             (int64_t{1} << (31 - shape.input_left_shift));
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

/// e^x of x <= 0 in Q5.26, as Q0.31: the last quarter by series, then a factor e^(-2^n) for each bit above
/// it.
MOTE_INLINE int32_t exp_of_negative_q31(int32_t x) {
  if (x == 0) return INT32_MAX;
  const int32_t quarter = int32_t{1} << 24;
  const int32_t last = (x & (quarter - 1)) - quarter;
  const int32_t whole_quarters = last - x;
  int32_t result = exp_of_last_quarter_q31(wrapping_shift_left(last, 5));
  const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  for (int32_t bit = 0; bit < 7; ++bit)
    if ((whole_quarters & wrapping_shift_left(quarter, bit)) != 0)
      result = saturating_rounding_doubling_high_mul(result, factors[bit]);
  return result;
}

/// 1 / (1 + x) of x in [0, 1), both Q0.31: Newton's iteration for the half denominator, in Q2.29.
MOTE_INLINE int32_t reciprocal_of_one_plus_q31(int32_t x) {
  const int32_t half_denominator = static_cast<int32_t>((int64_t{x} + INT32_MAX + 1) / 2);
  const int32_t start_q29 = 1515870810;   // 48/17
  const int32_t slope_q29 = -1010580540;  // -32/17
  const int32_t one_q29 = int32_t{1} << 29;
  int32_t estimate = start_q29 + saturating_rounding_doubling_high_mul(half_denominator, slope_q29);
  for (int32_t step = 0; step < 3; ++step) {
    const int32_t error = one_q29 - saturating_rounding_doubling_high_mul(half_denominator, estimate);
    estimate += saturating_shift_left(saturating_rounding_doubling_high_mul(estimate, error), 2);
  }
  return saturating_shift_left(estimate, 1);
}

/// Zeros above the highest set bit of `value`, which is not 0.
MOTE_INLINE int32_t leading_zeros(uint32_t value) {
  return static_cast<int32_t>(sizeof(unsigned) == 4 ? __builtin_clz(static_cast<unsigned>(value))
                                                    : __builtin_clzl(value));
}

}  // namespace detail

/// The int8 operator.
struct SoftmaxReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: no scaled difference overflows, no more than 2^12 exponentials are
  /// summed.
  static constexpr bool supports(SoftmaxShape shape, Limits) { return valid(shape); }
  static constexpr int32_t scratch_bytes(SoftmaxShape) { return 0; }

  /// In place: a row's maximum and sum are known before its first output, and element n is read before it is
  /// written.
  static constexpr int32_t input_ahead_bytes(SoftmaxShape) { return 0; }
  static constexpr int64_t macs(SoftmaxShape) { return 0; }

  MOTE_INLINE static void run(SoftmaxShape shape, const int8_t* in, int8_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      run_row(shape, in, out);
      in += shape.depth;
      out += shape.depth;
    }
  }

 private:
  MOTE_INLINE static int32_t exp_of_difference_q31(const SoftmaxShape& shape, int32_t difference) {
    return detail::exp_of_negative_q31(saturating_rounding_doubling_high_mul(
        wrapping_shift_left(difference, shape.input_left_shift), shape.input_multiplier));
  }

  MOTE_INLINE static void run_row(const SoftmaxShape& shape, const int8_t* in, int8_t* out) {
    int32_t largest = -128;
    for (int32_t index = 0; index < shape.depth; ++index)
      if (in[index] > largest) largest = in[index];

    int32_t sum_q19 = 0;
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t difference = in[index] - largest;
      if (difference >= shape.diff_min)
        sum_q19 += rounding_divide_by_power_of_two(exp_of_difference_q31(shape, difference), 12);
    }

    const int32_t zeros = detail::leading_zeros(static_cast<uint32_t>(sum_q19));
    const int32_t reciprocal = detail::reciprocal_of_one_plus_q31(
        static_cast<int32_t>((static_cast<uint32_t>(sum_q19) << zeros) - (uint32_t{1} << 31)));
    const int32_t exponent = 12 - zeros + 31 - 8;
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t difference = in[index] - largest;
      int32_t value = 0;
      // Above 512 equal inputs the exponent can pass 31: TFLite Micro stops there; the rounded result is 0.
      if (difference >= shape.diff_min && exponent <= 31)
        value = rounding_divide_by_power_of_two(
            saturating_rounding_doubling_high_mul(reciprocal, exp_of_difference_q31(shape, difference)),
            exponent);
      out[index] = static_cast<int8_t>(clamp(value - 128, int32_t{-128}, int32_t{127}));
    }
  }
};

/// The float operator: the row's maximum is taken off first; out = e^(beta * difference) / sum.
///
/// Relative error at most (depth + 6) * 2^-23: the units of exp_f32 above and below the line, the sum, one
/// division.
struct SoftmaxFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(SoftmaxShape shape) { return shape.rows >= 0 && shape.depth >= 1; }
  static constexpr int32_t scratch_bytes(SoftmaxShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(SoftmaxShape) { return 0; }
  static constexpr int64_t macs(SoftmaxShape) { return 0; }

  /// `shape`: only rows and depth count. In place as the int8 operator.
  MOTE_INLINE static void run(SoftmaxShape shape, float beta, const float* in, float* out,
                              void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      float largest = in[0];
      for (int32_t index = 1; index < shape.depth; ++index)
        if (in[index] > largest) largest = in[index];
      float sum = 0.0f;
      for (int32_t index = 0; index < shape.depth; ++index) {
        out[index] = exp_f32((in[index] - largest) * beta);
        sum += out[index];
      }
      for (int32_t index = 0; index < shape.depth; ++index) out[index] = out[index] / sum;
      in += shape.depth;
      out += shape.depth;
    }
  }
};

}  // namespace kernels
}  // namespace mote
