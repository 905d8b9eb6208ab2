// SPDX-License-Identifier: Apache-2.0
#pragma once

// Softmax over the last axis: out[n] = e^(beta * in[n]) / sum over m of e^(beta * in[m]).
//
// From int8 it is integer arithmetic only and bit-exact to TFLite Micro's reference kernel: differences from
// the row's maximum in Q5.26, exponentials in Q0.31, their sum in Q12.19, its reciprocal by three Newton
// steps; the output has scale 1/256 and zero point -128 (int8), or 1/65536 and -32768 (int16). From int16 to
// int16 two tables give e^x and the reciprocal; the output has scale 1/32768. Bit-exact too.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/flash.h"
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

/// int8 to `Out`, int8_t or int16_t.
template <class Out>
struct SoftmaxReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: no scaled difference overflows, no more than 2^12 exponentials are
  /// summed.
  static constexpr bool supports(SoftmaxShape shape, Limits) { return valid(shape); }
  static constexpr int32_t scratch_bytes(SoftmaxShape) { return 0; }

  /// A row's maximum and sum are known before its first output, and element n is read before it is written:
  /// in place, or, as int16 outputs grow twice as fast, so that they end with the input.
  static constexpr int32_t input_ahead_bytes(SoftmaxShape shape) {
    return sizeof(Out) == 1 || shape.rows == 0 ? 0 : shape.rows * shape.depth - 1;
  }
  static constexpr int64_t macs(SoftmaxShape) { return 0; }

  MOTE_INLINE static void run(SoftmaxShape shape, const int8_t* in, Out* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      run_row(shape, in, out);
      in += shape.depth;
      out += shape.depth;
    }
  }

 private:
  /// The shift is to the left, so that both roundings are one and the same.
  MOTE_INLINE static int32_t exp_of_difference_q31(const SoftmaxShape& shape, int32_t difference) {
    return exp_q31(requantize(difference, Requantization{shape.input_multiplier, shape.input_left_shift}));
  }
  MOTE_SHARED static int32_t exp_q31(int32_t difference_q26) {
    return exp_of_negative_q31(difference_q26, 5);
  }

  MOTE_INLINE static void run_row(const SoftmaxShape& shape, const int8_t* in, Out* out) {
    int32_t largest = -128;
    for (int32_t index = 0; index < shape.depth; ++index)
      if (in[index] > largest) largest = in[index];

    int32_t sum_q19 = 0;
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t difference = in[index] - largest;
      if (difference >= shape.diff_min)
        sum_q19 += rounding_divide_by_power_of_two(exp_of_difference_q31(shape, difference), 12);
    }

    const int32_t zeros = leading_zeros(static_cast<uint32_t>(sum_q19));
    const int32_t reciprocal = reciprocal_of_one_plus_q31(
        static_cast<int32_t>((static_cast<uint32_t>(sum_q19) << zeros) - (uint32_t{1} << 31)));
    const int32_t exponent = 12 - zeros + 31 - 8 * static_cast<int32_t>(sizeof(Out));
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t difference = in[index] - largest;
      int32_t value = 0;
      // Above 512 equal inputs the exponent can pass 31: TFLite Micro stops there; the rounded result is 0.
      if (difference >= shape.diff_min && exponent <= 31)
        value = rounding_divide_by_power_of_two(
            saturating_rounding_doubling_high_mul(reciprocal, exp_of_difference_q31(shape, difference)),
            exponent);
      out[index] = saturate<Out>(value + IntegerRange<Out>::kMin);
    }
  }
};

/// Sizes and input scale of the operator from int16 to int16: [rows][depth].
struct SoftmaxInt16Shape {
  int32_t rows;
  int32_t depth;  ///< 1..65538: the sum of exponentials has 16 integer bits
  int32_t
      input_multiplier;  ///< Q31; beta * input scale * 65535 / 10 = input_multiplier * 2^(input_shift - 31)
  int32_t input_shift;   ///< -31..15
  Rounding rounding;
};

/// Functions at 513 places, the outer ones 2^16 steps of the last place apart, each Q0.15.
struct SoftmaxInt16Tables {
  Flash<int16_t> exp;         ///< e^x of x from -10 to 0
  Flash<int16_t> reciprocal;  ///< 1 / (1 + x) of x from 0 to 1
};

namespace detail {

/// A function between the 513 places of its table, at `place` -32768..32767.
MOTE_INLINE int16_t interpolate_q15(Flash<int16_t> table, int32_t place) {
  const int32_t index = 256 + (place >> 7);
  const int32_t base = table[index];
  const int32_t slope = static_cast<int16_t>(table[index + 1] - base);
  return static_cast<int16_t>(base + ((slope * (place & 127) + 64) >> 7));
}

}  // namespace detail

/// int16 to int16.
struct SoftmaxInt16Reference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(SoftmaxInt16Shape shape, Limits) {
    return shape.rows >= 0 && shape.depth >= 1 && shape.depth <= 65538 && shape.input_multiplier >= 0 &&
           shape.input_shift >= -31 && shape.input_shift <= 15;
  }
  static constexpr int32_t scratch_bytes(SoftmaxInt16Shape) { return 0; }

  /// In place: exponentials take their inputs' place, outputs the exponentials'.
  static constexpr int32_t input_ahead_bytes(SoftmaxInt16Shape) { return 0; }
  static constexpr int64_t macs(SoftmaxInt16Shape) { return 0; }

  MOTE_INLINE static void run(SoftmaxInt16Shape shape, const SoftmaxInt16Tables& tables, const int16_t* in,
                              int16_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      run_row(shape, tables, in, out);
      in += shape.depth;
      out += shape.depth;
    }
  }

 private:
  static constexpr int32_t kHighest = 32767;

  MOTE_INLINE static void run_row(const SoftmaxInt16Shape& shape, const SoftmaxInt16Tables& tables,
                                  const int16_t* in, int16_t* out) {
    int32_t largest = -32768;
    for (int32_t index = 0; index < shape.depth; ++index)
      if (in[index] > largest) largest = in[index];

    uint32_t sum_q15 = 0;
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t scaled = requantize(
          in[index] - largest, Requantization{shape.input_multiplier, shape.input_shift}, shape.rounding);
      const int32_t place = scaled < -65535 ? -32768 : scaled + kHighest;
      out[index] = detail::interpolate_q15(tables.exp, place);
      sum_q15 += static_cast<uint32_t>(out[index]);
    }

    // The sum as 2^n (1 + x), x in 16 bits, rounded.
    const int32_t zeros = leading_zeros(sum_q15);
    const auto fraction =
        static_cast<int32_t>(((uint64_t{sum_q15} << (zeros - 1)) + (uint64_t{1} << 13)) >> 14);
    const int32_t place = clamp(fraction - 3 * 32768, int32_t{-32768}, kHighest);
    const int32_t reciprocal = detail::interpolate_q15(tables.reciprocal, place);
    const int32_t right = 31 - zeros;
    for (int32_t index = 0; index < shape.depth; ++index) {
      const int32_t product = out[index] * reciprocal + (int32_t{1} << (right - 1));
      out[index] = static_cast<int16_t>(clamp(product >> right, int32_t{0}, kHighest));
    }
  }
};

/// Sizes and factor of the float operator.
struct SoftmaxFloatShape {
  int32_t rows;
  int32_t depth;
  float beta;
};

/// The float operator: the row's maximum is taken off first; out = e^(beta * difference) / sum.
///
/// Relative error at most (2 depth + 2 |beta * difference| + 3) * 2^-24: the exponent is rounded twice, e^x
/// within 0.53 units, depth - 1 additions, in whose terms |x| e^x < 0.37 bounds the exponents' share, and a
/// division.
struct SoftmaxFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(SoftmaxFloatShape shape) { return shape.rows >= 0 && shape.depth >= 1; }
  static constexpr int32_t scratch_bytes(SoftmaxFloatShape) { return 0; }

  /// In place, as the integer operators.
  static constexpr int32_t input_ahead_bytes(SoftmaxFloatShape) { return 0; }
  static constexpr int64_t macs(SoftmaxFloatShape) { return 0; }

  MOTE_INLINE static void run(SoftmaxFloatShape shape, const float* in, float* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      float largest = in[0];
      for (int32_t index = 1; index < shape.depth; ++index)
        if (in[index] > largest) largest = in[index];
      float sum = 0.0f;
      for (int32_t index = 0; index < shape.depth; ++index) {
        out[index] = exp_f32((in[index] - largest) * shape.beta);
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
