// SPDX-License-Identifier: Apache-2.0
#pragma once

// Positive numbers of any size with 32 significant bits, for the few places where sums of very different size
// meet (a variance over a mean square): integer arithmetic alone, the same on every machine.

#include <stdint.h>

#include "mote/core/quotient.h"
#include "mote/core/square_root.h"

namespace mote {

/// significand * 2^exponent; bit 31 of the significand is set, or all of it is 0. Each operation rounds down,
/// by less than 2^-31 of the result (the root: by 2^-32 to either side).
struct Scaled {
  uint32_t significand;
  int32_t exponent;
};

/// value * 2^exponent.
inline Scaled scaled(uint64_t value, int32_t exponent = 0) {
  if (value == 0) return Scaled{0, 0};
  for (; value >> 32 != 0; value >>= 1) ++exponent;
  for (; value >> 31 == 0; value <<= 1) --exponent;
  return Scaled{static_cast<uint32_t>(value), exponent};
}

inline Scaled product(Scaled a, Scaled b) {
  return scaled(static_cast<uint64_t>(a.significand) * b.significand, a.exponent + b.exponent);
}

/// a / b; b is not 0. Some 600 instructions.
inline Scaled quotient(Scaled a, Scaled b) {
  return scaled(wide_quotient(a.significand, b.significand, 32), a.exponent - b.exponent - 32);
}

/// The square root.
inline Scaled square_root(Scaled a) {
  const int32_t odd = a.exponent & 1;
  const uint64_t wide = static_cast<uint64_t>(a.significand) << (32 - odd);
  return scaled(rounded_root_u64(wide), (a.exponent - 32 + odd) / 2);
}

/// The number in `fraction_bits`, rounded to nearest; what does not fit gives INT32_MAX.
inline int32_t to_fixed(Scaled a, int32_t fraction_bits) {
  const int32_t shift = -(a.exponent + fraction_bits);
  if (a.significand == 0 || shift > 32) return 0;
  if (shift < 1) return INT32_MAX;
  const uint64_t rounded = (static_cast<uint64_t>(a.significand) + (uint64_t{1} << (shift - 1))) >> shift;
  return rounded > INT32_MAX ? INT32_MAX : static_cast<int32_t>(rounded);
}

}  // namespace mote
