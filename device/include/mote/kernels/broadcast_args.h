// SPDX-License-Identifier: Apache-2.0
#pragma once

// The shape that two shapes broadcast to: BROADCAST_ARGS.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// How many extents the two shapes have; the result has as many as the longer one.
struct BroadcastArgsShape {
  int32_t first;
  int32_t second;
};

/// T is int32_t or int64_t. Where TFLite would stop because two extents do not fit together, the first one's
/// is taken.
template <class T>
struct BroadcastArgs {
  static constexpr const char* kName = "broadcast_args";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const BroadcastArgsShape& shape, Limits) {
    return shape.first >= 0 && shape.second >= 0;
  }
  static constexpr int32_t scratch_bytes(const BroadcastArgsShape&) { return 0; }
  static constexpr int64_t macs(const BroadcastArgsShape&) { return 0; }

  /// The shorter shape is read that many elements later than it would be in place.
  static constexpr int32_t input_ahead_bytes(const BroadcastArgsShape& shape, int32_t input) {
    const int32_t count = input == 0 ? shape.first : shape.second;
    return count == 0 ? 0 : (rank(shape) - count) * static_cast<int32_t>(sizeof(T));
  }

  MOTE_INLINE static void run(const BroadcastArgsShape& shape, const T* first, const T* second, T* out,
                              void* /*scratch*/) {
    for (int32_t axis = 0; axis < rank(shape); ++axis) {
      const int32_t in_first = axis - (rank(shape) - shape.first);
      const int32_t in_second = axis - (rank(shape) - shape.second);
      const T one = in_first < 0 ? T{1} : first[in_first];
      const T other = in_second < 0 ? T{1} : second[in_second];
      out[axis] = one == 1 ? other : one;
    }
  }

 private:
  MOTE_INLINE static constexpr int32_t rank(const BroadcastArgsShape& shape) {
    return shape.first > shape.second ? shape.first : shape.second;
  }
};

}  // namespace kernels
}  // namespace mote
