// SPDX-License-Identifier: Apache-2.0
#pragma once

// The few real functions that float models need, so that no two C libraries can disagree about them.

#include <stdint.h>

#include "mote/core/config.h"

namespace mote {

/// e^x. Within 1.5 units in the last place wherever the result is a normal number; 0 below -87.33654,
/// infinity above 88.72283; NaN gives NaN.
///
/// x = n ln2 + r with |r| <= ln2 / 2, ln2 split so that n times its upper part is exact (Cody and Waite,
/// Software Manual for the Elementary Functions, chapter 6); e^r by its Taylor series to r^7 / 7!, which
/// leaves less than r^8 / 8! < 2^-27.
inline float exp_f32(float x) {
  if (!(x >= -87.33654f)) return x != x ? x : 0.0f;
  if (x > 88.72283f) return __builtin_inff();
  const float scaled = x * 1.44269504f;
  const int32_t n = static_cast<int32_t>(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
  const float whole = static_cast<float>(n);
  const float r = (x - whole * 0.693145752f) - whole * 1.42860677e-6f;
  float series = 1.0f / 5040.0f;
  series = series * r + 1.0f / 720.0f;
  series = series * r + 1.0f / 120.0f;
  series = series * r + 1.0f / 24.0f;
  series = series * r + 1.0f / 6.0f;
  series = series * r + 0.5f;
  const float power = series * r * r + r + 1.0f;
  // Two factors of a power of two each, because 2^128 is no float while e^88.7 is.
  const int32_t half = n / 2;
  const uint32_t bits[2] = {static_cast<uint32_t>(half + 127) << 23, static_cast<uint32_t>(n - half + 127)
                                                                         << 23};
  float factors[2];
  __builtin_memcpy(factors, bits, sizeof(bits));
  return power * factors[0] * factors[1];
}

}  // namespace mote
