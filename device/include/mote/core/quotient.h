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

}  // namespace mote
