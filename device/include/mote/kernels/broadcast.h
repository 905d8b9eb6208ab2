// SPDX-License-Identifier: Apache-2.0
#pragma once

// Operands of different shapes that are repeated to one shape, as NumPy and TensorFlow do it.
//
// A shape that broadcasts has these members: `int32_t size[kBroadcastAxes]`, the output's axes, outermost
// first, and `int32_t repeats[operands]`, where bit n of an operand says that it has one element along axis n
// and repeats it. Whoever makes the shape merges neighbouring axes that every operand either repeats or not,
// and puts 1 in front: operands of one shape become {1, 1, 1, 1, 1, count}.

#include <stdint.h>

#include "mote/core/config.h"

namespace mote {
namespace kernels {

constexpr int32_t kBroadcastAxes = 6;

namespace detail {

template <class Shape>
MOTE_INLINE constexpr bool repeats(const Shape& shape, int32_t operand, int32_t axis) {
  return ((shape.repeats[operand] >> axis) & 1) != 0;
}

/// Elements of the output.
template <class Shape>
constexpr int64_t broadcast_count(const Shape& shape) {
  int64_t count = 1;
  for (int32_t axis = 0; axis < kBroadcastAxes; ++axis) count *= shape.size[axis];
  return count;
}

/// Whether no size is negative and the output has fewer than 2^28 elements, so that no offset overflows.
template <class Shape>
constexpr bool valid_broadcast(const Shape& shape) {
  const int64_t limit = int64_t{1} << 28;
  int64_t bound = 1;
  for (int32_t axis = 0; axis < kBroadcastAxes; ++axis) {
    if (shape.size[axis] < 0 || shape.size[axis] >= limit) return false;
    bound *= shape.size[axis] > 0 ? shape.size[axis] : 1;
    if (bound >= limit) return false;
  }
  return true;
}

/// input_ahead_bytes of one operand of a kernel that writes outputs in memory order, each after it has read
/// its inputs; of an operand that repeats along the last axis, the element is read before the row's first
/// output.
///
/// An element must still be there when the last output that needs it is computed: that output's index is at
/// its end along the axes that repeat, and each other axis adds as much as output elements are further apart
/// than input ones.
template <class Shape>
constexpr int32_t broadcast_input_ahead(const Shape& shape, int32_t operand, int32_t in_bytes,
                                        int32_t out_bytes) {
  const int32_t last = kBroadcastAxes - 1;
  int32_t in_stride = in_bytes;
  int32_t out_stride = out_bytes;
  int32_t ahead = 0;
  for (int32_t axis = last; axis >= 0; --axis) {
    const bool repeated = repeats(shape, operand, axis);
    const int32_t lead = repeated ? (axis == last ? 0 : out_stride) : out_stride - in_stride;
    if (lead > 0 && shape.size[axis] > 0) ahead += (shape.size[axis] - 1) * lead;
    out_stride *= shape.size[axis];
    if (!repeated) in_stride *= shape.size[axis];
  }
  return ahead;
}

/// The loop over one axis and those behind it; the last one's is the row.
///
/// An operand's elements lie in the order they are used in, so that after a block it stands at the next one,
/// and where it repeats the block it goes back to the block's start.
template <int32_t kOperands, int32_t kAxis>
struct BroadcastLoop {
  template <class Shape, class Row>
  MOTE_INLINE static void run(const Shape& shape, int32_t (&offset)[kOperands], const Row& row) {
    int32_t start[kOperands] = {};
    for (int32_t operand = 0; operand < kOperands; ++operand) start[operand] = offset[operand];
    for (int32_t index = 0; index < shape.size[kAxis]; ++index) {
      for (int32_t operand = 0; operand < kOperands; ++operand)
        if (repeats(shape, operand, kAxis)) offset[operand] = start[operand];
      BroadcastLoop<kOperands, kAxis + 1>::run(shape, offset, row);
    }
  }
};

template <int32_t kOperands>
struct BroadcastLoop<kOperands, kBroadcastAxes - 1> {
  template <class Shape, class Row>
  MOTE_INLINE static void run(const Shape& shape, int32_t (&offset)[kOperands], const Row& row) {
    const int32_t axis = kBroadcastAxes - 1;
    row(static_cast<const int32_t*>(offset));
    for (int32_t operand = 0; operand < kOperands; ++operand)
      offset[operand] += repeats(shape, operand, axis) ? 1 : shape.size[axis];
  }
};

/// Calls `row(offsets)` for each row of the output in memory order, with the element of each operand that the
/// row starts at.
template <int32_t kOperands, class Shape, class Row>
MOTE_INLINE void for_each_row(const Shape& shape, const Row& row) {
  int32_t offset[kOperands] = {};
  if (shape.size[kBroadcastAxes - 1] > 0) BroadcastLoop<kOperands, 0>::run(shape, offset, row);
}

}  // namespace detail
}  // namespace kernels
}  // namespace mote
