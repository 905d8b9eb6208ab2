// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where along an axis the largest or smallest element is, the first of equal ones: ARG_MAX, ARG_MIN.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Input [outer][axis][inner], output [outer][inner].
struct ArgMinMaxShape {
  int32_t outer;
  int32_t axis;
  int32_t inner;
};

namespace detail {

/// What the loops outer and inner add to the position read, in bytes.
struct ArgMinMaxRead {
  const ArgMinMaxShape& shape;
  int32_t element_bytes;
  constexpr int64_t operator()(int32_t loop, int32_t coordinate) const {
    return loop == 0   ? int64_t{coordinate} * shape.axis * shape.inner * element_bytes
           : loop == 1 ? int64_t{coordinate} * element_bytes
                       : 0;
  }
};

}  // namespace detail

/// T is the input's type, Position int32_t or int64_t; kLargest: ARG_MAX. Exact. A NaN is never the answer
/// unless it is the first element, and then always, as in TFLite Micro.
template <class T, bool kLargest, class Position = int32_t>
struct ArgMinMax {
  static constexpr const char* kName = kLargest ? "arg_max" : "arg_min";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const ArgMinMaxShape& shape, Limits) {
    return shape.outer >= 1 && shape.axis >= 1 && shape.inner >= 1 &&
           int64_t{shape.outer} * shape.inner <=
               INT32_MAX / static_cast<int32_t>(sizeof(Position)) / shape.axis;
  }
  static constexpr int32_t scratch_bytes(const ArgMinMaxShape&) { return 0; }
  static constexpr int64_t macs(const ArgMinMaxShape&) { return 0; }

  static constexpr int32_t input_ahead_bytes(const ArgMinMaxShape& shape) {
    const int32_t written = static_cast<int32_t>(sizeof(Position));
    return walk_ahead(
        Walk{{shape.outer, shape.inner, 1, 1, 1, 1}, {shape.inner * written, written, 0, 0, 0, 0}}, written,
        detail::ArgMinMaxRead{shape, static_cast<int32_t>(sizeof(T))});
  }

  MOTE_INLINE static void run(const ArgMinMaxShape& shape, const T* in, Position* out, void* /*scratch*/) {
    for (int32_t outer = 0; outer < shape.outer; ++outer)
      for (int32_t inner = 0; inner < shape.inner; ++inner) {
        const T* const first = in + outer * shape.axis * shape.inner + inner;
        T best = first[0];
        int32_t where = 0;
        for (int32_t index = 1; index < shape.axis; ++index) {
          const T value = first[index * shape.inner];
          if (kLargest ? value > best : value < best) {
            best = value;
            where = index;
          }
        }
        out[outer * shape.inner + inner] = where;
      }
  }
};

}  // namespace kernels
}  // namespace mote
