// SPDX-License-Identifier: Apache-2.0
#pragma once

// Square roots of integers.

#include <stdint.h>

namespace mote {

/// The root of `value`, rounded to nearest, in the same bits as half of those of T: uint32_t or uint64_t.
/// About 9 instructions for each bit of the root. Exact: r with (r - 1/2)^2 < value < (r + 1/2)^2.
template <class T>
inline T rounded_square_root(T value) {
  T root = 0;
  for (T bit = static_cast<T>(T{1} << (8 * sizeof(T) - 2)); bit != 0; bit = static_cast<T>(bit >> 2)) {
    if (value >= root + bit) {
      value = static_cast<T>(value - (root + bit));
      root = static_cast<T>((root >> 1) + bit);
    } else {
      root = static_cast<T>(root >> 1);
    }
  }
  return value > root ? static_cast<T>(root + 1) : root;  // (r + 1/2)^2 = r^2 + r + 1/4
}

}  // namespace mote
