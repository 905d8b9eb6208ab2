// SPDX-License-Identifier: Apache-2.0
#pragma once

// A division for where one is needed now and then, and the library's 0.7 KB would be a waste.

#include <stdint.h>

namespace mote {

/// numerator / denominator rounded down, modulo 2^32; `denominator` is not 0. Some 500 instructions.
inline uint32_t quotient(uint64_t numerator, uint32_t denominator) {
  uint64_t rest = 0;
  uint32_t result = 0;
  for (int32_t bit = 0; bit < 64; ++bit) {
    rest = rest << 1 | numerator >> 63;
    numerator <<= 1;
    result <<= 1;
    if (rest < denominator) continue;
    rest -= denominator;
    result |= 1;
  }
  return result;
}

/// numerator * 2^fraction_bits / denominator rounded down, modulo 2^64; 0 < denominator < 2^63, fraction_bits
/// 0 ... 64. Some 12 instructions for each bit of numerator and fraction.
inline uint64_t wide_quotient(uint64_t numerator, uint64_t denominator, int32_t fraction_bits) {
  uint64_t rest = 0;
  uint64_t result = 0;
  int32_t bit = 0;
  for (; bit < 64 && numerator >> 63 == 0; ++bit) numerator <<= 1;
  for (; bit < 64 + fraction_bits; ++bit) {
    rest = rest << 1 | numerator >> 63;
    numerator <<= 1;
    result <<= 1;
    if (rest < denominator) continue;
    rest -= denominator;
    result |= 1;
  }
  return result;
}

/// numerator / denominator in 32 fraction bits, rounded towards zero; 0 < denominator < 2^63, the quotient's
/// magnitude below 2^31.
inline int64_t signed_ratio_q32(int64_t numerator, uint64_t denominator) {
  const bool negative = numerator < 0;
  const uint64_t magnitude =
      negative ? uint64_t{0} - static_cast<uint64_t>(numerator) : static_cast<uint64_t>(numerator);
  const int64_t ratio = static_cast<int64_t>(wide_quotient(magnitude, denominator, 32));
  return negative ? -ratio : ratio;
}

}  // namespace mote
