// SPDX-License-Identifier: Apache-2.0
#pragma once

// The fixed-point steps of TFLite's int8 arithmetic with double rounding, as TFLite Micro's reference kernels
// use them. Bit-exact for every argument, except where a line says which arguments have no meaning there
// either.

#include <stdint.h>

#include "mote/core/config.h"

namespace mote {

/// A real factor as TFLite stores it: multiplier * 2^(shift - 31).
struct Requantization {
  int32_t multiplier;  ///< Q31, 2^30..2^31-1, or 0
  int32_t shift;       ///< -31..30; above 0 is to the left
};

/// `value` clamped to low..high.
template <class T>
MOTE_INLINE constexpr T clamp(T value, T low, T high) {
  return value < low ? low : (value > high ? high : value);
}

/// value * 2^bits modulo 2^32; bits 0..31.
MOTE_INLINE constexpr int32_t wrapping_shift_left(int32_t value, int32_t bits) {
  return static_cast<int32_t>(static_cast<uint32_t>(value) << bits);
}

/// Sum, difference and product modulo 2^32.
MOTE_INLINE constexpr int32_t wrapping_add(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}
MOTE_INLINE constexpr int32_t wrapping_subtract(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) - static_cast<uint32_t>(b));
}
MOTE_INLINE constexpr int32_t wrapping_multiply(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) * static_cast<uint32_t>(b));
}

/// The smallest and the largest value of an integer type of at most 32 bits that fits int32.
template <class T>
struct IntegerRange {
  static constexpr bool kSigned = static_cast<T>(-1) < static_cast<T>(0);
  static constexpr int32_t kBits = static_cast<int32_t>(8 * sizeof(T)) - (kSigned ? 1 : 0);
  static constexpr int32_t kMax = static_cast<int32_t>((uint32_t{1} << kBits) - 1u);
  static constexpr int32_t kMin = kSigned ? -kMax - 1 : 0;
};

/// `value` clamped to the range of T.
template <class T>
MOTE_INLINE constexpr T saturate(int32_t value) {
  return static_cast<T>(clamp(value, int32_t{IntegerRange<T>::kMin}, int32_t{IntegerRange<T>::kMax}));
}

/// a * b / 2^31 rounded to nearest, ties upward; INT32_MIN * INT32_MIN gives INT32_MAX.
///
/// gemmlowp's SaturatingRoundingDoublingHighMul: its two nudges (2^30, or 1 - 2^30 below zero) before a
/// division that truncates are together the same as adding 2^30 before one that floors.
MOTE_INLINE constexpr int32_t saturating_rounding_doubling_high_mul(int32_t a, int32_t b) {
  return a == b && a == INT32_MIN
             ? INT32_MAX
             : static_cast<int32_t>((static_cast<int64_t>(a) * b + (int64_t{1} << 30)) >> 31);
}

/// value / 2^exponent rounded to nearest, ties away from zero; exponent 0..31.
MOTE_INLINE constexpr int32_t rounding_divide_by_power_of_two(int32_t value, int32_t exponent) {
  const int32_t mask = static_cast<int32_t>((uint32_t{1} << exponent) - 1u);
  const int32_t remainder = value & mask;
  const int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

/// value * 2^exponent, saturated to int32; exponent 1..30.
///
/// One step below the exact limit saturates too (-(2^(31-exponent)) itself), as in gemmlowp.
MOTE_INLINE constexpr int32_t saturating_shift_left(int32_t value, int32_t exponent) {
  const int32_t threshold = static_cast<int32_t>((uint32_t{1} << (31 - exponent)) - 1u);
  return value > threshold ? INT32_MAX
                           : (value < -threshold ? INT32_MIN : wrapping_shift_left(value, exponent));
}

/// How a product of accumulator and factor is rounded. TFLite exists in both ways; results differ by one step
/// at most.
enum class Rounding : uint8_t {
  kDouble,  ///< the 32 x 32 product, then the shift: TensorFlow Lite Micro's reference kernels
  kSingle,  ///< the whole product once, ties upward: TensorFlow Lite built with TFLITE_SINGLE_ROUNDING
};

/// acc times the factor, rounded twice: TFLite's MultiplyByQuantizedMultiplier.
///
/// |acc| * 2^max(shift, 0) must be below 2^31: TFLite overflows there, this wraps. The product needs no
/// saturation, because the multiplier is not negative; without it compilers vectorise this.
MOTE_INLINE constexpr int32_t requantize(int32_t acc, Requantization factor) {
  const int32_t left = factor.shift > 0 ? factor.shift : 0;
  const int32_t right = factor.shift > 0 ? 0 : -factor.shift;
  const int64_t product = static_cast<int64_t>(wrapping_shift_left(acc, left)) * factor.multiplier;
  return rounding_divide_by_power_of_two(static_cast<int32_t>((product + (int64_t{1} << 30)) >> 31), right);
}

/// acc times the factor, rounded once; the same bound on acc.
MOTE_INLINE constexpr int32_t requantize_single(int32_t acc, Requantization factor) {
  return static_cast<int32_t>(
      (static_cast<int64_t>(acc) * factor.multiplier + (int64_t{1} << (30 - factor.shift))) >>
      (31 - factor.shift));
}

/// A sum of int16 products times the factor, whose multiplier is reduced to 15 bits first: TFLite's
/// MultiplyByQuantizedMultiplier of an int64, the same with both roundings (one step, ties upward).
///
/// |acc| below 2^47, shift -31..7; what does not fit int32 afterwards wraps, as there.
MOTE_INLINE constexpr int32_t requantize_wide(int64_t acc, Requantization factor) {
  const int32_t reduced = factor.multiplier < 0x7FFF0000 ? (factor.multiplier + (1 << 15)) >> 16 : 0x7FFF;
  return static_cast<int32_t>((acc * reduced + (int64_t{1} << (14 - factor.shift))) >> (15 - factor.shift));
}

/// acc times the factor, rounded as asked for.
MOTE_INLINE constexpr int32_t requantize(int32_t acc, Requantization factor, Rounding rounding) {
  return rounding == Rounding::kSingle ? requantize_single(acc, factor) : requantize(acc, factor);
}

}  // namespace mote
