// SPDX-License-Identifier: Apache-2.0
#pragma once

// The real functions that float models need, so that no two C libraries can disagree about them.
//
// They are made of 32-bit integers and 32 x 32 -> 64-bit products alone: a float is taken apart, the function
// is computed in fixed point with at least 30 good bits, and one rounding packs the result. Therefore every
// machine, compiler and flag gives the same bits (no contraction into fused multiply-adds, no wider
// intermediate, no flushing of subnormals can touch them), a core without FPU needs no soft float, and the
// error is little more than that one rounding. The bounds hold for all 2^32 floats (for cos, every 257th was
// run) by device/tests/core/math_test.cpp. The unit in the last place of a result is the distance of the
// floats around the exact value (2^-149 below 2^-126); results overflow to infinity and underflow through the
// subnormals as IEEE 754 rounds them. A NaN gives a NaN.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"

namespace mote {
namespace math {

/// |x| = significand * 2^(exponent - 31), the significand's bit 31 set; meaningless for 0, infinity and NaN.
struct Binary {
  bool negative;
  uint32_t significand;
  int32_t exponent;
};

MOTE_INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof(bits));
  return bits;
}

MOTE_INLINE float float_of(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof(x));
  return x;
}

constexpr uint32_t kSignBit = 0x80000000u;
constexpr uint32_t kInfinityBits = 0x7F800000u;

MOTE_INLINE bool is_nan(float x) {
  return (bits_of(x) & ~kSignBit) > kInfinityBits;
}

MOTE_INLINE float infinity() {
  return float_of(kInfinityBits);
}

MOTE_INLINE float nan() {
  return float_of(0x7FC00000u);
}

/// a * b / 2^32, rounded down.
MOTE_INLINE uint32_t high(uint32_t a, uint32_t b) {
  return static_cast<uint32_t>((uint64_t{a} * b) >> 32);
}

MOTE_INLINE int32_t high(int32_t a, int32_t b) {
  return static_cast<int32_t>((int64_t{a} * b) >> 32);
}

MOTE_INLINE Binary unpack(float x) {
  const uint32_t bits = bits_of(x);
  const uint32_t mantissa = bits & 0x7FFFFFu;
  const auto biased = static_cast<int32_t>((bits >> 23) & 0xFFu);
  const bool negative = (bits & kSignBit) != 0;
  if (biased != 0) return {negative, kSignBit | mantissa << 8, biased - 127};
  if (mantissa == 0) return {negative, 0, -150};
  const int32_t zeros = leading_zeros(mantissa);
  return {negative, mantissa << zeros, -118 - zeros};
}

/// significand * 2^(exponent - 31) to the nearest float, ties to even; the significand's bit 31 is set.
inline float pack(bool negative, uint32_t significand, int32_t exponent) {
  const uint32_t sign = negative ? kSignBit : 0;
  if (exponent > 127) return float_of(sign | kInfinityBits);
  if (exponent < -150) return float_of(sign);
  const bool normal = exponent >= -126;
  const int32_t dropped = normal ? 8 : -118 - exponent;  // 8..32 bits
  const uint32_t kept = dropped == 32 ? 0 : significand >> dropped;
  const uint32_t rest = significand << (32 - dropped);  // as a fraction of 2^32
  const uint32_t up = rest > kSignBit || (rest == kSignBit && (kept & 1) != 0) ? 1 : 0;
  // A kept bit 23 adds one to the exponent's field, as does a carry out of the mantissa.
  return float_of(sign | ((normal ? static_cast<uint32_t>(exponent + 126) << 23 : 0) + kept + up));
}

/// magnitude * 2^exponent to the nearest float but for bits below the first 32; 0 gives 0.
MOTE_INLINE float pack_wide(bool negative, uint64_t magnitude, int32_t exponent) {
  const auto upper = static_cast<uint32_t>(magnitude >> 32);
  const auto lower = static_cast<uint32_t>(magnitude);
  if (upper == 0) {
    if (lower == 0) return float_of(negative ? kSignBit : 0);
    const int32_t zeros = leading_zeros(lower);
    return pack(negative, lower << zeros, exponent + 31 - zeros);
  }
  const int32_t zeros = leading_zeros(upper);
  return pack(negative, static_cast<uint32_t>((magnitude << zeros) >> 32), exponent + 63 - zeros);
}

/// 1 + x (c0 + c1 x + c2 x^2 + ...) in Q31; x in Q32 from -1/2 to 1/2, coefficients in Q31.
template <int kCount>
MOTE_INLINE uint32_t one_plus_series_q31(int32_t x_q32, const int32_t (&coefficients)[kCount]) {
  int32_t sum = coefficients[kCount - 1];
  for (int index = kCount - 2; index >= 0; --index) sum = coefficients[index] + high(sum, x_q32);
  return 0x80000000u + static_cast<uint32_t>(high(sum, x_q32));
}

/// x^2 * 2^doublings in Q32 for |x| below 1 / 2^(doublings / 2), rounded down.
MOTE_INLINE uint32_t square_q32(const Binary& x, int32_t doublings) {
  const int32_t right = -2 - 2 * x.exponent - doublings;
  return right > 31 ? 0 : high(x.significand, x.significand) >> right;
}

/// e^x of 2^-25 <= |x| < 128, as significand * 2^(exponent - 31) with the significand in 0.7..1.42 times
/// 2^31.
///
/// x log2(e) = n + f with |f| <= 1/2; 2^f by interpolation at the 7 Chebyshev nodes, error 2^-33.
MOTE_INLINE Binary exp_of(const Binary& x) {
  const uint64_t log2_e_q38 = 396564993198u;
  const auto magnitude_q32 =
      static_cast<int64_t>((uint64_t{x.significand >> 8} * log2_e_q38) >> (29 - x.exponent));
  const int64_t scaled_q32 = x.negative ? -magnitude_q32 : magnitude_q32;
  const auto n = static_cast<int32_t>((scaled_q32 + (int64_t{1} << 31)) >> 32);
  const auto f_q32 = static_cast<int32_t>(static_cast<uint32_t>(scaled_q32));
  const int32_t coefficients[] = {1488522236, 515882500, 119194166, 20654619, 2863348, 332032, 32851};
  return {false, one_plus_series_q31(f_q32, coefficients), n};
}

/// 1 / (1 + t) in Q32 of t in Q31 below 1, never above the exact value: Newton's iteration from 24/17 - 8/17
/// d for d = 1 + t, off by at most 1/17, whose error three steps square to 17^-8 < 2^-32.
MOTE_INLINE uint32_t reciprocal_of_one_plus_q32(uint32_t t_q31) {
  const uint32_t d_q31 = 0x80000000u + t_q31;
  const uint64_t start_q32 = 6063483241u;  // 24/17
  const uint32_t slope_q32 = 2021161081u;  // 8/17
  auto r_q32 = static_cast<uint32_t>(start_q32 - ((uint64_t{d_q31} * slope_q32) >> 31) - 1);
  for (int step = 0; step < 3; ++step) {
    const auto error_q31 = static_cast<int32_t>(0x80000000u - high(d_q31, r_q32) - 1u);
    r_q32 += static_cast<uint32_t>(static_cast<int32_t>((int64_t{r_q32} * error_q31) >> 31));
  }
  return r_q32;
}

/// x - n pi/2 for the nearest n: what is left, |left| <= pi/4, and n modulo 4. x is finite.
struct Reduced {
  Binary left;
  uint32_t quadrant;
};

/// Payne and Hanek: the 96 bits of 2/pi that matter for the quadrant and the next 92 bits are multiplied
/// exactly. No float is nearer to a multiple of pi/2 than 2^-30, so that more than 30 good bits are left.
inline Reduced reduce_by_half_pi(const Binary& x) {
  if (x.exponent < -1 || (x.exponent == -1 && x.significand <= 0xC90FDA00u)) return {x, 0};
  // 32 zeros, then 2/pi.
  const uint32_t two_over_pi[] = {0,           0xA2F9836Eu, 0x4E441529u, 0xFC2757D1u,
                                  0xF534DDC0u, 0xDB629599u, 0x3C439041u, 0xFE5163ABu};
  const int32_t first_bit =
      x.exponent + 7;  // of weight 2 once multiplied; what is before it adds whole turns
  const int32_t word = first_bit / 32;
  const int32_t shift = first_bit % 32;
  uint32_t window[3];
  for (int32_t index = 0; index < 3; ++index) {
    const uint64_t pair = uint64_t{two_over_pi[word + index]} << 32 | two_over_pi[word + index + 1];
    window[index] = static_cast<uint32_t>((pair << shift) >> 32);
  }
  const uint32_t mantissa = x.significand >> 8;
  const uint64_t lowest = uint64_t{mantissa} * window[2];
  const uint64_t middle = uint64_t{mantissa} * window[1] + (lowest >> 32);
  const uint32_t highest = mantissa * window[0] + static_cast<uint32_t>(middle >> 32);
  const uint64_t turns_q62 = uint64_t{highest} << 32 | static_cast<uint32_t>(middle);  // x 2/pi modulo 4
  const auto quadrant = static_cast<uint32_t>((turns_q62 + (uint64_t{1} << 61)) >> 62);
  const auto fraction_q62 = static_cast<int64_t>(turns_q62 - (uint64_t{quadrant} << 62));
  const bool below = fraction_q62 < 0;
  const uint64_t magnitude =
      below ? uint64_t{0} - static_cast<uint64_t>(fraction_q62) : static_cast<uint64_t>(fraction_q62);
  const auto upper = static_cast<uint32_t>(magnitude >> 32);
  const int32_t zeros =
      upper != 0 ? leading_zeros(upper) : 32 + leading_zeros(static_cast<uint32_t>(magnitude));
  const uint64_t product =
      ((magnitude << zeros) >> 32) * uint64_t{0xC90FDAA2u};  // pi/2 in Q31: 2^62 or more, below 2^64
  const bool top = (product >> 63) != 0;
  const auto significand = static_cast<uint32_t>(top ? product >> 32 : product >> 31);
  return {{below != x.negative, significand, (top ? 2 : 1) - zeros}, x.negative ? 0u - quadrant : quadrant};
}

/// sin of |x| <= pi/4: x times a polynomial in x^2 / 2, error 2^-35.
MOTE_INLINE float sin_of_reduced(const Binary& x, bool negate) {
  const int32_t coefficients[] = {-715827883, 71582776, -3408501, 93630};
  const uint32_t ratio_q31 = one_plus_series_q31(static_cast<int32_t>(square_q32(x, -1)), coefficients);
  return pack_wide(x.negative != negate, uint64_t{x.significand} * ratio_q31, x.exponent - 62);
}

/// cos of |x| <= pi/4: a polynomial in x^2 / 2, error 2^-32.
MOTE_INLINE float cos_of_reduced(const Binary& x, bool negate) {
  const int32_t coefficients[] = {-2147483647, 357913804, -23858696, 840569};
  return pack_wide(negate, one_plus_series_q31(static_cast<int32_t>(square_q32(x, -1)), coefficients), -31);
}

}  // namespace math

/// e^x, within 0.53 units in the last place.
inline float exp_f32(float x) {
  if (math::is_nan(x)) return x;
  const math::Binary parts = math::unpack(x);
  if (parts.exponent > 6) return parts.negative ? 0.0f : math::infinity();
  if (parts.exponent < -25) return 1.0f;
  const math::Binary power = math::exp_of(parts);
  return math::pack_wide(false, power.significand, power.exponent - 31);
}

/// Natural logarithm, within 0.53 units in the last place; log(+-0) = -infinity, below 0 NaN.
///
/// x = 2^n (1 + d) with sqrt(1/2) <= 1 + d < sqrt(2); log(1 + d) / d by interpolation at 13 Chebyshev nodes,
/// error 2^-34.
inline float log_f32(float x) {
  const uint32_t bits = math::bits_of(x);
  if ((bits & ~math::kSignBit) == 0) return -math::infinity();
  if (math::is_nan(x) || bits == math::kInfinityBits) return x;
  const math::Binary parts = math::unpack(x);
  if (parts.negative) return math::nan();
  const bool upper = parts.significand >= 0xB504F334u;  // sqrt(2) in Q31
  const int32_t n = parts.exponent + (upper ? 1 : 0);
  const auto d_q32 = upper ? static_cast<int32_t>(parts.significand)  // - 2^32, which is 1 for the halved one
                           : static_cast<int32_t>((parts.significand - 0x80000000u) << 1);
  const int32_t coefficients[] = {-1073741824, 715827889, -536870862, 429495465, -357917316, 306857478,
                                  -268397635,  236833158, -213377011, 213113696, -209840277, 115816576};
  const auto ratio_q31 = static_cast<int64_t>(math::one_plus_series_q31(d_q32, coefficients));
  const int64_t ln2_q55 = 0x58B90BFBE8E7BD;
  const int64_t log_q55 = ((d_q32 * ratio_q31) >> 8) + n * ln2_q55;
  return math::pack_wide(log_q55 < 0, static_cast<uint64_t>(log_q55 < 0 ? -log_q55 : log_q55), -55);
}

/// Square root, correctly rounded; sqrt(-0) = -0, below 0 NaN.
///
/// Digit by digit: 25 bits, of which the last one rounds: no root of a float lies halfway between two floats.
inline float sqrt_f32(float x) {
  const uint32_t bits = math::bits_of(x);
  if (math::is_nan(x) || (bits & ~math::kSignBit) == 0 || bits == math::kInfinityBits) return x;
  const math::Binary parts = math::unpack(x);
  if (parts.negative) return math::nan();
  const bool odd = (parts.exponent & 1) != 0;
  uint32_t rest = parts.significand >> (odd ? 6 : 7);  // x / 4^n in 1..4, Q24
  uint32_t root = 0;                                   // Q24
  uint32_t doubled = 0;
  for (uint32_t bit = uint32_t{1} << 24; bit != 0; bit >>= 1) {
    if (doubled + bit <= rest) {
      rest -= doubled + bit;
      doubled += bit << 1;
      root += bit;
    }
    rest <<= 1;
  }
  return math::pack(false, root << 7 | 1u, (parts.exponent - (odd ? 1 : 0)) / 2);
}

/// 1 / (1 + e^-x), within 0.53 units in the last place.
inline float logistic_f32(float x) {
  if (math::is_nan(x)) return x;
  math::Binary parts = math::unpack(x);
  if (parts.exponent > 6) return parts.negative ? 0.0f : 1.0f;
  if (parts.exponent < -25) return 0.5f;
  const bool negative = parts.negative;
  parts.negative = true;
  const math::Binary t = math::exp_of(parts);  // e^-|x|
  const uint32_t t_q31 = t.exponent < -31 ? 0 : t.significand >> -t.exponent;
  const uint32_t one_q32 = math::reciprocal_of_one_plus_q32(t_q31);
  if (!negative) return math::pack_wide(false, one_q32, -32);
  return math::pack_wide(false, uint64_t{one_q32} * t.significand, t.exponent - 63);
}

/// Hyperbolic tangent, within 0.53 units in the last place.
///
/// Below 1/2 x times a polynomial in x^2, error 2^-35; from there (1 - u) / (1 + u) with u = e^(-2 |x|).
inline float tanh_f32(float x) {
  if (math::is_nan(x)) return x;
  math::Binary parts = math::unpack(x);
  if (parts.exponent < -1) {
    const int32_t coefficients[] = {-715827882, 286331073, -115892174, 46899068, -18515220, 5754703};
    const auto square = static_cast<int32_t>(math::square_q32(parts, 0));
    const uint32_t ratio_q31 = math::one_plus_series_q31(square, coefficients);
    return math::pack_wide(parts.negative, uint64_t{parts.significand} * ratio_q31, parts.exponent - 62);
  }
  const bool negative = parts.negative;
  if (parts.exponent > 3) return negative ? -1.0f : 1.0f;
  parts.negative = true;
  ++parts.exponent;
  const math::Binary u = math::exp_of(parts);
  const uint32_t u_q31 = u.exponent < -31 ? 0 : u.significand >> -u.exponent;
  const uint32_t one_q32 = math::reciprocal_of_one_plus_q32(u_q31);
  return math::pack_wide(negative, uint64_t{one_q32} * (0x80000000u - u_q31), -63);
}

/// Sine, within 0.53 units in the last place; of an infinity NaN.
inline float sin_f32(float x) {
  if ((math::bits_of(x) & ~math::kSignBit) >= math::kInfinityBits) return math::nan();
  const math::Reduced reduced = math::reduce_by_half_pi(math::unpack(x));
  const bool negate = (reduced.quadrant & 2u) != 0;
  return (reduced.quadrant & 1u) != 0 ? math::cos_of_reduced(reduced.left, negate)
                                      : math::sin_of_reduced(reduced.left, negate);
}

/// Cosine, within 0.53 units in the last place; of an infinity NaN.
inline float cos_f32(float x) {
  if ((math::bits_of(x) & ~math::kSignBit) >= math::kInfinityBits) return math::nan();
  const math::Reduced reduced = math::reduce_by_half_pi(math::unpack(x));
  const uint32_t quadrant = reduced.quadrant + 1;
  const bool negate = (quadrant & 2u) != 0;
  return (quadrant & 1u) != 0 ? math::cos_of_reduced(reduced.left, negate)
                              : math::sin_of_reduced(reduced.left, negate);
}

}  // namespace mote
