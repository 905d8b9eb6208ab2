// SPDX-License-Identifier: Apache-2.0
#pragma once

// A border around a tensor: a constant (PAD, PADV2) or the tensor mirrored (MIRROR_PAD).

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/fill.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Extents of the input, and how many elements the output has before and after them; unused axes, the first
/// ones, have extent 1 and no border.
struct PadShape {
  int32_t extents[kMaxAxes];
  int32_t before[kMaxAxes];
  int32_t after[kMaxAxes];
  int32_t value_bits;  ///< the border: an integer's value, or the bits of a float; unused by mirrors
};

namespace detail {

MOTE_INLINE constexpr int32_t padded(const PadShape& shape, int32_t axis) {
  return shape.before[axis] + shape.extents[axis] + shape.after[axis];
}

/// Whether a coordinate of the output lies in the input.
MOTE_INLINE constexpr bool inside(const PadShape& shape, int32_t axis, int32_t coordinate) {
  return coordinate >= shape.before[axis] && coordinate - shape.before[axis] < shape.extents[axis];
}

/// Whether input and output have sizes that fit into int32, and no border is negative.
constexpr bool valid_borders(const PadShape& shape) {
  int64_t outputs = 1;
  for (int32_t axis = 0; axis < kMaxAxes; ++axis) {
    if (shape.extents[axis] < 1 || shape.before[axis] < 0 || shape.after[axis] < 0) return false;
    outputs *= int64_t{shape.before[axis]} + shape.extents[axis] + shape.after[axis];
    if (outputs > INT32_MAX) return false;
  }
  return true;
}

/// Where a mirrored coordinate comes from. `edge` is 1 where the outermost elements are not repeated.
MOTE_INLINE constexpr int32_t mirrored(int32_t position, int32_t extent, int32_t edge) {
  return position < 0 ? -position - 1 + edge
                      : (position >= extent ? 2 * extent - 1 - position - edge : position);
}

}  // namespace detail

/// A border of one value. Exact.
template <class T>
struct Pad {
  static constexpr const char* kName = "pad";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const PadShape& shape, Limits) { return detail::valid_borders(shape); }
  static constexpr int32_t scratch_bytes(const PadShape&) { return 0; }
  static constexpr int64_t macs(const PadShape&) { return 0; }

  /// The output is written in order and the input read in order, so that the last element read has the
  /// largest lead: as many elements are in front of it in the output more than in the input.
  static constexpr int32_t input_ahead_bytes(const PadShape& shape) {
    int64_t last_in = 0;
    int64_t last_out = 0;
    for (int32_t axis = 0; axis < kMaxAxes; ++axis) {
      last_in = last_in * shape.extents[axis] + shape.extents[axis] - 1;
      last_out = last_out * detail::padded(shape, axis) + shape.before[axis] + shape.extents[axis] - 1;
    }
    return static_cast<int32_t>((last_out - last_in) * static_cast<int32_t>(sizeof(T)));
  }

  MOTE_INLINE static void run(const PadShape& shape, const T* in, T* out, void* /*scratch*/) {
    const T value = detail::from_bits<T>(shape.value_bits);
    for (int32_t axis0 = 0; axis0 < detail::padded(shape, 0); ++axis0)
      for (int32_t axis1 = 0; axis1 < detail::padded(shape, 1); ++axis1)
        for (int32_t axis2 = 0; axis2 < detail::padded(shape, 2); ++axis2) {
          const bool inside = detail::inside(shape, 0, axis0) && detail::inside(shape, 1, axis1) &&
                              detail::inside(shape, 2, axis2);
          pad_three_axes(shape, inside, value, in, out);
        }
  }

 private:
  /// Writes the last three axes and leaves both pointers behind what was read and written.
  MOTE_INLINE static void pad_three_axes(const PadShape& shape, bool inside, T value, const T*& in, T*& out) {
    for (int32_t axis3 = 0; axis3 < detail::padded(shape, 3); ++axis3)
      for (int32_t axis4 = 0; axis4 < detail::padded(shape, 4); ++axis4) {
        if (!inside || !detail::inside(shape, 3, axis3) || !detail::inside(shape, 4, axis4)) {
          for (int32_t axis5 = 0; axis5 < detail::padded(shape, 5); ++axis5) *out++ = value;
          continue;
        }
        for (int32_t axis5 = 0; axis5 < shape.before[5]; ++axis5) *out++ = value;
        for (int32_t axis5 = 0; axis5 < shape.extents[5]; ++axis5) *out++ = *in++;
        for (int32_t axis5 = 0; axis5 < shape.after[5]; ++axis5) *out++ = value;
      }
  }
};

namespace detail {

/// What an axis adds to the position that a mirror reads.
struct MirrorRead {
  const PadShape& shape;
  int32_t edge;
  constexpr int64_t operator()(int32_t axis, int32_t coordinate) const {
    int64_t stride = 1;
    for (int32_t inner = axis + 1; inner < kMaxAxes; ++inner) stride *= shape.extents[inner];
    return mirrored(coordinate - shape.before[axis], shape.extents[axis], edge) * stride;
  }
};

}  // namespace detail

/// A border that mirrors the input. kEdge 1: without the outermost elements (REFLECT); 0: with them
/// (SYMMETRIC). Exact.
template <class T, int32_t kEdge>
struct MirrorPad {
  static constexpr const char* kName = kEdge == 1 ? "reflect" : "symmetric";
  static constexpr bool available(Isa) { return true; }

  /// A border is at most as wide as what there is to mirror.
  static constexpr bool supports(const PadShape& shape, Limits) {
    for (int32_t axis = 0; axis < kMaxAxes; ++axis)
      if (shape.before[axis] > shape.extents[axis] - kEdge || shape.after[axis] > shape.extents[axis] - kEdge)
        return false;
    return detail::valid_borders(shape);
  }
  static constexpr int32_t scratch_bytes(const PadShape&) { return 0; }
  static constexpr int64_t macs(const PadShape&) { return 0; }

  static constexpr int32_t input_ahead_bytes(const PadShape& shape) {
    Walk walk = {};
    int32_t stride = 1;
    for (int32_t axis = kMaxAxes - 1; axis >= 0; --axis) {
      walk.extents[axis] = detail::padded(shape, axis);
      walk.out_strides[axis] = stride;
      stride *= walk.extents[axis];
    }
    return walk_ahead(walk, 1, detail::MirrorRead{shape, kEdge}) * static_cast<int32_t>(sizeof(T));
  }

  MOTE_INLINE static void run(const PadShape& shape, const T* in, T* out, void* /*scratch*/) {
    for (int32_t axis0 = 0; axis0 < detail::padded(shape, 0); ++axis0)
      for (int32_t axis1 = 0; axis1 < detail::padded(shape, 1); ++axis1)
        for (int32_t axis2 = 0; axis2 < detail::padded(shape, 2); ++axis2) {
          const int32_t outer = source(shape, 0, axis0) * shape.extents[1] + source(shape, 1, axis1);
          const int32_t row = outer * shape.extents[2] + source(shape, 2, axis2);
          mirror_three_axes(shape, row, in, out);
        }
  }

 private:
  MOTE_INLINE static constexpr int32_t source(const PadShape& shape, int32_t axis, int32_t coordinate) {
    return detail::mirrored(coordinate - shape.before[axis], shape.extents[axis], kEdge);
  }

  MOTE_INLINE static void mirror_three_axes(const PadShape& shape, int32_t outer, const T* in, T*& out) {
    for (int32_t axis3 = 0; axis3 < detail::padded(shape, 3); ++axis3)
      for (int32_t axis4 = 0; axis4 < detail::padded(shape, 4); ++axis4) {
        const int32_t middle = (outer * shape.extents[3] + source(shape, 3, axis3)) * shape.extents[4];
        const T* const from = in + (middle + source(shape, 4, axis4)) * shape.extents[5];
        for (int32_t axis5 = 0; axis5 < detail::padded(shape, 5); ++axis5)
          *out++ = from[source(shape, 5, axis5)];
      }
  }
};

}  // namespace kernels
}  // namespace mote
