// SPDX-License-Identifier: Apache-2.0
#pragma once

// Logarithm of softmax over the last axis: out[n] = in[n] - largest - log(sum over m of e^(in[m] - largest)).
//
// int8 is integer arithmetic only and bit-exact to TFLite Micro's reference kernel: differences and the
// logarithm in Q5.26, the sum in Q12.19; the output has scale 1/16 and zero point 127.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/math.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Sizes and input scale: [rows][depth].
struct LogSoftmaxShape {
  int32_t rows;
  int32_t depth;               ///< 1..4095: the sum of exponentials has 12 integer bits
  int32_t input_multiplier;    ///< Q31; input scale * 2^26 = input_multiplier * 2^(input_left_shift - 31)
  int32_t input_left_shift;    ///< 0..30
  int32_t diff_min;            ///< differences below it count as e^-infinity
  int32_t reverse_multiplier;  ///< Q31; its factor leads back from Q5.26 to the input's scale
  int32_t reverse_shift;       ///< -31..0
  Rounding rounding;
};

namespace detail {

/// log(x) of x >= 1 in Q12.19, as Q5.26.
///
/// x = 2^n r with r near sqrt(sqrt(1/2)), where log(r) is a rational function of r. There are two candidates
/// for n, from x and from x sqrt(1/2); the smaller r, which goes with the larger n, is taken. TFLite's steps.
MOTE_INLINE int32_t log_of_at_least_one_q26(int32_t x_q19) {
  const int32_t log_2 = 1488522236;           // Q0.31, as all these
  const int32_t root_half = 1518500250;       // sqrt(1/2)
  const int32_t root_root_half = 1805811301;  // sqrt(sqrt(1/2))
  const int32_t alpha_n = 117049297;          // 11/240 sqrt(sqrt(2))
  const int32_t alpha_d = 127690142;          // 1/20 sqrt(sqrt(2))
  const int32_t alpha_i = 1057819769;         // 2 / sqrt(sqrt(2)) - sqrt(sqrt(2))
  const int32_t alpha_f = 638450708;          // 1/4 sqrt(sqrt(2))
  const int32_t quarter_q25 = int32_t{1} << 23;
  const auto multiply = [](int32_t a, int32_t b) { return saturating_rounding_doubling_high_mul(a, b); };
  const auto shift_left = [](int32_t value, int32_t bits) {
    return bits == 0 ? value : saturating_shift_left(value, bits);
  };

  const int32_t zeros_a = leading_zeros(static_cast<uint32_t>(x_q19));
  const int32_t r_a = saturating_shift_left(multiply(shift_left(x_q19, zeros_a - 1), root_half), 1);
  const int32_t n_a_q25 = wrapping_shift_left(12 - zeros_a, 25) + quarter_q25;
  const int32_t headroom_b = leading_zeros(static_cast<uint32_t>(multiply(x_q19, root_half))) - 1;
  const int32_t r_b = shift_left(x_q19, headroom_b);
  const int32_t n_b_q25 = wrapping_shift_left(12 - headroom_b, 25) - quarter_q25;
  const int32_t r = r_a < r_b ? r_a : r_b;
  const int32_t n_q25 = n_a_q25 > n_b_q25 ? n_a_q25 : n_b_q25;

  const auto p = static_cast<int32_t>((int64_t{r} + root_root_half + 1) / 2);
  const int32_t q = 2 * (r - root_root_half);
  const int32_t squared = multiply(q, q);
  const int32_t numerator = multiply(q, r) + multiply(multiply(q, squared), alpha_n);
  const int32_t denominator_minus_one =
      multiply(p, alpha_i + q + multiply(alpha_d, squared)) + multiply(alpha_f, q);
  const int32_t log_q25 =
      multiply(n_q25, log_2) + multiply(rounding_divide_by_power_of_two(numerator, 6),
                                        reciprocal_of_one_plus_q31(denominator_minus_one));
  return saturating_shift_left(log_q25, 1);
}

}  // namespace detail

/// The int8 operator.
struct LogSoftmaxReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: no scaled difference overflows, no more than 2^12 exponentials are
  /// summed.
  static constexpr bool supports(LogSoftmaxShape shape, Limits) {
    return shape.rows >= 0 && shape.depth >= 1 && shape.depth <= 4095 && shape.input_multiplier >= 0 &&
           shape.input_left_shift >= 0 && shape.input_left_shift <= 30 && shape.diff_min <= 0 &&
           (shape.diff_min < -255 ? 255 : -int64_t{shape.diff_min}) <=
               (int64_t{1} << (31 - shape.input_left_shift)) &&
           shape.reverse_multiplier >= 0 && shape.reverse_shift >= -31 && shape.reverse_shift <= 0;
  }
  static constexpr int32_t scratch_bytes(LogSoftmaxShape) { return 0; }

  /// In place: a row's maximum and sum are known before its first output.
  static constexpr int32_t input_ahead_bytes(LogSoftmaxShape) { return 0; }
  static constexpr int64_t macs(LogSoftmaxShape) { return 0; }

  MOTE_INLINE static void run(LogSoftmaxShape shape, const int8_t* in, int8_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      run_row(shape, in, out);
      in += shape.depth;
      out += shape.depth;
    }
  }

 private:
  /// The shift is to the left, so that both roundings are one and the same.
  MOTE_INLINE static int32_t difference_q26(const LogSoftmaxShape& shape, int32_t difference) {
    return requantize(difference, Requantization{shape.input_multiplier, shape.input_left_shift});
  }

  MOTE_INLINE static void run_row(const LogSoftmaxShape& shape, const int8_t* in, int8_t* out) {
    int32_t largest = -128;
    for (int32_t index = 0; index < shape.depth; ++index)
      if (in[index] > largest) largest = in[index];

    int32_t sum_q19 = 0;
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t difference = in[index] - largest;
      if (difference >= shape.diff_min)
        sum_q19 +=
            rounding_divide_by_power_of_two(exp_of_negative_q31(difference_q26(shape, difference), 5), 12);
    }

    const int32_t log_q26 = detail::log_of_at_least_one_q26(sum_q19);
    // Below this difference, difference - log has no Q5.26.
    const int32_t reachable = requantize(
        INT32_MIN + log_q26, Requantization{shape.reverse_multiplier, shape.reverse_shift}, shape.rounding);
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t difference = in[index] - largest;
      int32_t value = -128;
      if (difference >= shape.diff_min && difference > reachable)
        value = rounding_divide_by_power_of_two(
                    static_cast<int32_t>(static_cast<uint32_t>(difference_q26(shape, difference)) -
                                         static_cast<uint32_t>(log_q26)),
                    22) +
                127;
      out[index] = saturate<int8_t>(value);
    }
  }
};

/// Sizes of the float operator.
struct LogSoftmaxFloatShape {
  int32_t rows;
  int32_t depth;
};

/// The float operator.
///
/// Absolute error at most (1.4 depth + 2.2 |out| + 1) * 2^-24: the sum is at least 1, its terms have rounded
/// exponents (|x| e^x < 0.37) and e^x within 0.53 units, depth - 1 additions; a logarithm within 0.53 units,
/// and two subtractions.
struct LogSoftmaxFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(LogSoftmaxFloatShape shape) { return shape.rows >= 0 && shape.depth >= 1; }
  static constexpr int32_t scratch_bytes(LogSoftmaxFloatShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(LogSoftmaxFloatShape) { return 0; }
  static constexpr int64_t macs(LogSoftmaxFloatShape) { return 0; }

  MOTE_INLINE static void run(LogSoftmaxFloatShape shape, const float* in, float* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      float largest = in[0];
      for (int32_t index = 1; index < shape.depth; ++index)
        if (in[index] > largest) largest = in[index];
      float sum = 0.0f;
      for (int32_t index = 0; index < shape.depth; ++index) sum += exp_f32(in[index] - largest);
      const float log_sum = log_f32(sum);
      for (int32_t index = 0; index < shape.depth; ++index) out[index] = in[index] - largest - log_sum;
      in += shape.depth;
      out += shape.depth;
    }
  }
};

}  // namespace kernels
}  // namespace mote
