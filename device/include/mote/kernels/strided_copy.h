// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one kernel behind nearly all movement of data: out[out_offset + sum k * out_stride] =
// in[in_offset + sum k * in_stride] for all coordinates k. Transposing, slicing (backwards too), splitting,
// stacking, joining, reversing, broadcasting, space to depth and their like are one or several such copies.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Extents, strides and offsets in elements, outermost axis first; unused axes have extent 1.
///
/// A stride of the input may be negative (backwards) or 0 (one element for all); the output's elements are
/// written once each.
struct StridedCopyShape {
  int32_t extents[kMaxAxes];
  int32_t in_strides[kMaxAxes];
  int32_t out_strides[kMaxAxes];
  int32_t in_offset;   ///< of the element with all coordinates 0
  int32_t out_offset;  ///< likewise
};

/// The same copy in as few axes as it can be told, in the last ones; the others have extent 1 and stride 0.
///
/// The generated loops are fewer, and equal copies have equal shapes.
constexpr StridedCopyShape merge_axes(const StridedCopyShape& shape) {
  StridedCopyShape merged = {{1, 1, 1, 1, 1, 1}, {}, {}, shape.in_offset, shape.out_offset};
  int32_t to = kMaxAxes;
  for (int32_t axis = kMaxAxes - 1; axis >= 0; --axis) {
    const int32_t extent = shape.extents[axis];
    if (extent == 1) continue;
    const bool joins = to < kMaxAxes &&
                       shape.in_strides[axis] == merged.extents[to] * merged.in_strides[to] &&
                       shape.out_strides[axis] == merged.extents[to] * merged.out_strides[to];
    if (joins) {
      merged.extents[to] *= extent;
      continue;
    }
    --to;
    merged.extents[to] = extent;
    merged.in_strides[to] = shape.in_strides[axis];
    merged.out_strides[to] = shape.out_strides[axis];
  }
  return merged;
}

/// A copy of neighbouring elements in order, which is nothing at all where the output is laid over the input.
struct ContiguousCopy {
  int32_t in_offset;
  int32_t out_offset;
  int32_t count;  ///< 0 if the copy is not contiguous
};

/// What `shape` copies if that is one contiguous piece.
constexpr ContiguousCopy contiguous_copy(const StridedCopyShape& shape) {
  const StridedCopyShape merged = merge_axes(shape);
  const int32_t last = kMaxAxes - 1;
  const bool one_axis = merged.extents[last - 1] == 1;
  const bool dense =
      merged.extents[last] == 1 || (merged.in_strides[last] == 1 && merged.out_strides[last] == 1);
  return ContiguousCopy{shape.in_offset, shape.out_offset, one_axis && dense ? merged.extents[last] : 0};
}

namespace detail {

/// The lowest or highest position that an access pattern reaches.
constexpr int64_t reach(const int32_t (&extents)[kMaxAxes], const int32_t (&strides)[kMaxAxes],
                        int64_t offset, bool highest) {
  for (int32_t axis = 0; axis < kMaxAxes; ++axis)
    if ((strides[axis] > 0) == highest) offset += (int64_t{extents[axis]} - 1) * strides[axis];
  return offset;
}

/// What an axis adds to the position read.
struct StridedRead {
  const StridedCopyShape& shape;
  constexpr int64_t operator()(int32_t axis, int32_t coordinate) const {
    return int64_t{coordinate} * shape.in_strides[axis];
  }
};

}  // namespace detail

/// Whether the copy stays within 0 ... 2^31 - 1 elements on both sides.
constexpr bool valid(const StridedCopyShape& shape) {
  for (int32_t axis = 0; axis < kMaxAxes; ++axis)
    if (shape.extents[axis] < 1) return false;
  return detail::reach(shape.extents, shape.in_strides, shape.in_offset, false) >= 0 &&
         detail::reach(shape.extents, shape.out_strides, shape.out_offset, false) >= 0 &&
         detail::reach(shape.extents, shape.in_strides, shape.in_offset, true) <= INT32_MAX &&
         detail::reach(shape.extents, shape.out_strides, shape.out_offset, true) <= INT32_MAX;
}

/// The copy of elements of type T, in the order of the axes. Exact: bits are moved.
template <class T>
struct StridedCopy {
  static constexpr const char* kName = "strided";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const StridedCopyShape& shape, Limits) { return valid(shape); }
  static constexpr int32_t scratch_bytes(const StridedCopyShape&) { return 0; }
  static constexpr int64_t macs(const StridedCopyShape&) { return 0; }

  static constexpr int32_t input_ahead_bytes(const StridedCopyShape& shape) {
    Walk walk = {};
    for (int32_t axis = 0; axis < kMaxAxes; ++axis) {
      walk.extents[axis] = shape.extents[axis];
      walk.out_strides[axis] = shape.out_strides[axis];
    }
    return walk_ahead(walk, 1, detail::StridedRead{shape}, int64_t{shape.out_offset} - shape.in_offset) *
           static_cast<int32_t>(sizeof(T));
  }

  MOTE_INLINE static void run(const StridedCopyShape& shape, const T* in, T* out, void* /*scratch*/) {
    const T* const in0 = in + shape.in_offset;
    T* const out0 = out + shape.out_offset;
    for (int32_t axis0 = 0; axis0 < shape.extents[0]; ++axis0)
      for (int32_t axis1 = 0; axis1 < shape.extents[1]; ++axis1)
        for (int32_t axis2 = 0; axis2 < shape.extents[2]; ++axis2) {
          const T* const in2 =
              in0 + axis0 * shape.in_strides[0] + axis1 * shape.in_strides[1] + axis2 * shape.in_strides[2];
          T* const out2 = out0 + axis0 * shape.out_strides[0] + axis1 * shape.out_strides[1] +
                          axis2 * shape.out_strides[2];
          copy_three_axes(shape, in2, out2);
        }
  }

 private:
  MOTE_INLINE static void copy_three_axes(const StridedCopyShape& shape, const T* in, T* out) {
    const int32_t in_stride = shape.in_strides[5];
    const int32_t out_stride = shape.out_strides[5];
    for (int32_t axis3 = 0; axis3 < shape.extents[3]; ++axis3)
      for (int32_t axis4 = 0; axis4 < shape.extents[4]; ++axis4) {
        const T* const from = in + axis3 * shape.in_strides[3] + axis4 * shape.in_strides[4];
        T* const to = out + axis3 * shape.out_strides[3] + axis4 * shape.out_strides[4];
        if (in_stride == 1 && out_stride == 1) {  // a loop of its own, which compilers turn into wide moves
          for (int32_t axis5 = 0; axis5 < shape.extents[5]; ++axis5) to[axis5] = from[axis5];
        } else {
          for (int32_t axis5 = 0; axis5 < shape.extents[5]; ++axis5)
            to[axis5 * out_stride] = from[axis5 * in_stride];
        }
      }
  }
};

}  // namespace kernels
}  // namespace mote
