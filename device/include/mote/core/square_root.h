// SPDX-License-Identifier: Apache-2.0
#pragma once

// Square roots of whole numbers, rounded to the nearest, without a loop over their bits: the root of the
// upper half and one division give that of the whole.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"

namespace mote {
namespace detail {

/// Floor of the root of a value from 2^14 to 2^16 - 1.
MOTE_INLINE uint32_t root_of_16(uint32_t value) {
  uint32_t root = 0x80;
  for (uint32_t bit = 0x40; bit != 0; bit >>= 1)
    if ((root + bit) * (root + bit) <= value) root += bit;
  return root;
}

/// Floor of the root of a value from 2^30 on. The quotient gives the lower half of the root or one more.
MOTE_INLINE uint32_t root_of_32(uint32_t value) {
  const uint32_t upper = root_of_16(value >> 16);
  const uint32_t rest = (value >> 16) - upper * upper;
  const uint32_t quotient = (rest << 7 | (value >> 9 & 0x7Fu)) / upper;
  const uint32_t root = (upper << 8) + (quotient > 0xFF ? 0xFF : quotient);
  return root * root > value ? root - 1 : root;
}

/// Floor of the root of a value from 2^62 on.
MOTE_INLINE uint32_t root_of_64(uint64_t value) {
  const auto high = static_cast<uint32_t>(value >> 32), low = static_cast<uint32_t>(value);
  const uint32_t upper = root_of_32(high);
  const uint32_t rest = high - upper * upper;
  // Up to 2^17 the rest may be; the quotient of 33 bits then is one more than fits.
  const uint32_t quotient = rest > 2 * upper - 1 ? 0xFFFFu : (rest << 15 | low >> 17) / upper;
  const uint32_t root = (upper << 16) + (quotient > 0xFFFF ? 0xFFFFu : quotient);
  return uint64_t{root} * root > value ? root - 1 : root;
}

}  // namespace detail

/// The root of `value`, rounded to nearest, at most 65535.
MOTE_INLINE uint32_t rounded_root_u32(uint32_t value) {
  if (value == 0) return 0;
  const int32_t pairs = leading_zeros(value) / 2;
  const uint32_t root = detail::root_of_32(value << 2 * pairs);
  if (pairs > 0) return ((root >> (pairs - 1)) + 1) >> 1;
  return value - root * root > root && root != 0xFFFFu ? root + 1 : root;
}

/// The root of `value`, rounded to nearest, at most 2^32 - 1; below 2^32 at most 65535, which TensorFlow Lite
/// Micro makes of its 32-bit root too.
MOTE_INLINE uint32_t rounded_root_u64(uint64_t value) {
  const auto high = static_cast<uint32_t>(value >> 32);
  if (high == 0) return rounded_root_u32(static_cast<uint32_t>(value));
  const int32_t pairs = leading_zeros(high) / 2;
  const uint64_t scaled = value << 2 * pairs;
  const uint32_t root = detail::root_of_64(scaled);
  if (pairs > 0) return ((root >> (pairs - 1)) + 1) >> 1;
  return scaled - uint64_t{root} * root > root && root != 0xFFFFFFFFu ? root + 1 : root;
}

}  // namespace mote
