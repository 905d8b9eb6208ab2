// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arithmetic of two quantised operands with broadcasting: int8 and int16, bit-exact to TFLite Micro's
// reference kernels.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/kernels/binary.h"
#include "mote/kernels/broadcast.h"

namespace mote {
namespace kernels {

/// ADD, SUB, SQUARED_DIFFERENCE: both operands go to a common scale, twice the larger of the two, with 20
/// bits more (int16: 15; SQUARED_DIFFERENCE: 7 and 0), and the result from there to the output's.
struct BinaryQuantizedShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
  int32_t a_zero_point;
  int32_t b_zero_point;
  int32_t output_zero_point;
  int32_t a_multiplier;  ///< Q31
  int32_t a_shift;       ///< -31..0
  int32_t b_multiplier;
  int32_t b_shift;
  int32_t output_multiplier;
  int32_t output_shift;  ///< -31..0, SQUARED_DIFFERENCE -31..30
  int32_t activation_min;
  int32_t activation_max;
  Rounding rounding;
};

/// MUL and DIV: one factor, scale of a times (MUL) or over (DIV) scale of b over the output's.
struct ProductShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
  int32_t a_zero_point;
  int32_t b_zero_point;
  int32_t output_zero_point;
  int32_t multiplier;  ///< Q31
  int32_t shift;       ///< -31..30; DIV: -31..22
  int32_t activation_min;
  int32_t activation_max;
  Rounding rounding;
};

/// PRELU: a factor each for inputs from 0 on and below.
struct PreluShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
  int32_t input_zero_point;
  int32_t slope_zero_point;
  int32_t output_zero_point;
  int32_t positive_multiplier;  ///< Q31, scale of the input over the output's
  int32_t positive_shift;       ///< -31..14
  int32_t negative_multiplier;  ///< Q31, that times the slope's scale
  int32_t negative_shift;       ///< -31..6
  Rounding rounding;
};

namespace detail {

/// Whether `zero_point` is a value of T.
template <class T>
constexpr bool fits(int32_t zero_point) {
  return static_cast<T>(zero_point) == zero_point;
}

constexpr bool valid_factor(int32_t multiplier, int32_t shift, int32_t max_shift) {
  return multiplier >= 0 && shift >= -31 && shift <= max_shift;
}

}  // namespace detail

constexpr bool valid(const BinaryQuantizedShape& shape) {
  return detail::valid_broadcast(shape) && detail::fits<int16_t>(shape.a_zero_point) &&
         detail::fits<int16_t>(shape.b_zero_point) && detail::fits<int16_t>(shape.output_zero_point) &&
         detail::valid_factor(shape.a_multiplier, shape.a_shift, 0) &&
         detail::valid_factor(shape.b_multiplier, shape.b_shift, 0) &&
         detail::valid_factor(shape.output_multiplier, shape.output_shift, 30) &&
         shape.activation_min <= shape.activation_max;
}

constexpr bool valid(const ProductShape& shape) {
  return detail::valid_broadcast(shape) && detail::fits<int16_t>(shape.a_zero_point) &&
         detail::fits<int16_t>(shape.b_zero_point) && detail::fits<int16_t>(shape.output_zero_point) &&
         detail::valid_factor(shape.multiplier, shape.shift, 30) &&
         shape.activation_min <= shape.activation_max;
}

constexpr bool valid(const PreluShape& shape) {
  return detail::valid_broadcast(shape) && detail::fits<int16_t>(shape.input_zero_point) &&
         detail::fits<int8_t>(shape.slope_zero_point) && detail::fits<int16_t>(shape.output_zero_point) &&
         detail::valid_factor(shape.positive_multiplier, shape.positive_shift, 14) &&
         detail::valid_factor(shape.negative_multiplier, shape.negative_shift, 6);
}

namespace functions {

/// A quantised operand in the scale that it has in common with the other one.
MOTE_INLINE constexpr int32_t to_common_scale(int32_t value, int32_t zero_point, int32_t extra_bits,
                                              Requantization factor, Rounding rounding) {
  return requantize(wrapping_shift_left(value - zero_point, extra_bits), factor, rounding);
}

template <class T, int32_t kExtraBits>
MOTE_INLINE int32_t a_in_common_scale(const BinaryQuantizedShape& shape, T a) {
  return to_common_scale(a, shape.a_zero_point, kExtraBits, {shape.a_multiplier, shape.a_shift},
                         shape.rounding);
}
template <class T, int32_t kExtraBits>
MOTE_INLINE int32_t b_in_common_scale(const BinaryQuantizedShape& shape, T b) {
  return to_common_scale(b, shape.b_zero_point, kExtraBits, {shape.b_multiplier, shape.b_shift},
                         shape.rounding);
}

template <class T>
MOTE_INLINE T to_output(const BinaryQuantizedShape& shape, int32_t value) {
  const int32_t scaled = requantize(value, {shape.output_multiplier, shape.output_shift}, shape.rounding);
  return static_cast<T>(
      clamp(wrapping_add(scaled, shape.output_zero_point), shape.activation_min, shape.activation_max));
}

template <class T>
struct AddQuantized : BinaryTypes<BinaryQuantizedShape, T> {
  static constexpr int32_t kExtraBits = sizeof(T) == 1 ? 20 : 15;
  MOTE_INLINE static T apply(const BinaryQuantizedShape& shape, T a, T b) {
    return to_output<T>(shape, wrapping_add(a_in_common_scale<T, kExtraBits>(shape, a),
                                            b_in_common_scale<T, kExtraBits>(shape, b)));
  }
};

template <class T>
struct SubtractQuantized : BinaryTypes<BinaryQuantizedShape, T> {
  static constexpr int32_t kExtraBits = sizeof(T) == 1 ? 20 : 15;
  MOTE_INLINE static T apply(const BinaryQuantizedShape& shape, T a, T b) {
    return to_output<T>(shape, wrapping_subtract(a_in_common_scale<T, kExtraBits>(shape, a),
                                                 b_in_common_scale<T, kExtraBits>(shape, b)));
  }
};

/// The square wraps for int16 differences beyond 46340, as it does there.
template <class T>
struct SquaredDifferenceQuantized : BinaryTypes<BinaryQuantizedShape, T> {
  static constexpr int32_t kExtraBits = sizeof(T) == 1 ? 7 : 0;
  MOTE_INLINE static T apply(const BinaryQuantizedShape& shape, T a, T b) {
    const int32_t difference = wrapping_subtract(a_in_common_scale<T, kExtraBits>(shape, a),
                                                 b_in_common_scale<T, kExtraBits>(shape, b));
    return to_output<T>(shape, wrapping_multiply(difference, difference));
  }
};

template <class T>
struct MultiplyQuantized : BinaryTypes<ProductShape, T> {
  MOTE_INLINE static T apply(const ProductShape& shape, T a, T b) {
    const int32_t product = wrapping_multiply(a - shape.a_zero_point, b - shape.b_zero_point);
    const int32_t scaled = requantize(product, {shape.multiplier, shape.shift}, shape.rounding);
    return static_cast<T>(
        clamp(wrapping_add(scaled, shape.output_zero_point), shape.activation_min, shape.activation_max));
  }
};

/// The divisor's reciprocal by Newton's iteration, the product with all the bits that the dividend leaves
/// free, then the factor.
///
/// Where TFLite would have to shift right by more than 31 bits, which it does not define, the quotient is the
/// 0 that it rounds to; by 0, the end of the range on the dividend's side.
struct DivideQuantized : BinaryTypes<ProductShape, int8_t> {
  static constexpr bool defined(const ProductShape& shape) { return valid(shape) && shape.shift <= 22; }

  MOTE_INLINE static int8_t apply(const ProductShape& shape, int8_t a, int8_t b) {
    const int32_t sign = b < shape.b_zero_point ? -1 : 1;
    const int32_t dividend = (a - shape.a_zero_point) * sign;
    const int32_t divisor = (b - shape.b_zero_point) * sign;
    return static_cast<int8_t>(
        clamp(wrapping_add(quotient(shape, dividend, divisor), shape.output_zero_point), shape.activation_min,
              shape.activation_max));
  }

 private:
  static constexpr int32_t kBeyondRange = int32_t{1} << 16;

  MOTE_INLINE static int32_t quotient(const ProductShape& shape, int32_t dividend, int32_t divisor) {
    if (dividend == 0) return 0;
    if (divisor == 0) return dividend < 0 ? -kBeyondRange : kBeyondRange;
    const int32_t zeros = leading_zeros(static_cast<uint32_t>(divisor));
    const int32_t reciprocal = reciprocal_of_one_plus_q31(
        static_cast<int32_t>((static_cast<uint32_t>(divisor) << zeros) - (uint32_t{1} << 31)));
    const uint32_t magnitude = static_cast<uint32_t>(dividend < 0 ? ~dividend : dividend);
    const int32_t free_bits = magnitude == 0 ? 31 : leading_zeros(magnitude) - 1;
    const int32_t right = 31 - zeros + free_bits - shape.shift;
    if (right > 31) return 0;
    const int32_t unscaled =
        requantize(wrapping_shift_left(dividend, free_bits), {reciprocal, 0}, Rounding::kDouble);
    return requantize(unscaled, {shape.multiplier, -right}, shape.rounding);
  }
};

template <class T>
struct PreluQuantized {
  using Shape = PreluShape;
  using A = T;
  using B = int8_t;
  using Out = T;
  static constexpr bool defined(const PreluShape& shape) { return valid(shape); }
  MOTE_INLINE static T apply(const PreluShape& shape, T in, int8_t slope) {
    const int32_t value = in - shape.input_zero_point;
    const int32_t scaled =
        value >= 0 ? requantize(value, {shape.positive_multiplier, shape.positive_shift}, shape.rounding)
                   : requantize(wrapping_multiply(value, slope - shape.slope_zero_point),
                                {shape.negative_multiplier, shape.negative_shift}, shape.rounding);
    return saturate<T>(wrapping_add(scaled, shape.output_zero_point));
  }
};

}  // namespace functions

template <class T>
using AddQuantized = Binary<functions::AddQuantized<T>>;
template <class T>
using SubtractQuantized = Binary<functions::SubtractQuantized<T>>;
template <class T>
using SquaredDifferenceQuantized = Binary<functions::SquaredDifferenceQuantized<T>>;
template <class T>
using MultiplyQuantized = Binary<functions::MultiplyQuantized<T>>;
using DivideQuantized = Binary<functions::DivideQuantized>;
template <class T>
using PreluQuantized = Binary<functions::PreluQuantized<T>>;

}  // namespace kernels
}  // namespace mote
