// SPDX-License-Identifier: Apache-2.0
#pragma once

// Floats to whole numbers and remainders, all exact, without a C library. NaN gives NaN, the infinities and
// -0 themselves.

#include <stdint.h>

#include "mote/core/config.h"

namespace mote {

/// The largest whole number that is not above x.
MOTE_INLINE float floor_f32(float x) {
  // From 2^23 on every float is whole.
  if (!(x > -8388608.0f && x < 8388608.0f)) return x;
  const float truncated = static_cast<float>(static_cast<int32_t>(x));
  if (truncated == x) return x;
  return truncated > x ? truncated - 1.0f : truncated;
}

/// The smallest whole number that is not below x.
MOTE_INLINE float ceil_f32(float x) {
  return -floor_f32(-x);
}

/// The nearest whole number, ties to the even one; 0 below zero is +0.
MOTE_INLINE float round_half_even_f32(float x) {
  const float below = floor_f32(x);
  const float rest = x - below;
  if (rest < 0.5f || (rest == 0.5f && static_cast<int32_t>(below) % 2 == 0)) return below;
  return below + 1.0f;
}

/// The largest whole number that is not above x, of a double (of what the core calls one: a float on AVR).
MOTE_INLINE double floor_f64(double x) {
  if (!(x > -4503599627370496.0 && x < 4503599627370496.0)) return x;
  const double truncated = static_cast<double>(static_cast<int64_t>(x));
  if (truncated == x) return x;
  return truncated > x ? truncated - 1.0 : truncated;
}

/// x - n * y for the whole n that leaves less than |y| and the sign of x; NaN for y = 0 and for an infinite
/// x.
///
/// Long division: |y| doubled as often as it goes into |x|, then taken off and halved; each difference is of
/// numbers within a factor of two and so exact.
inline float truncated_remainder_f32(float x, float y) {
  float rest = x < 0.0f ? -x : x;
  const float step = y < 0.0f ? -y : y;
  if (!(rest < __builtin_inff()) || !(step > 0.0f)) return __builtin_nanf("");
  if (rest < step) return x;
  float part = step;
  while (part <= rest * 0.5f) part *= 2.0f;
  for (; part >= step; part *= 0.5f)
    if (rest >= part) rest -= part;
  return x < 0.0f ? -rest : rest;
}

}  // namespace mote
