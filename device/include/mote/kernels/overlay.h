// SPDX-License-Identifier: Apache-2.0
#pragma once

// How far ahead of its output a kernel's input must start, for kernels that walk over their output with
// nested loops.

#include <stdint.h>

namespace mote {
namespace kernels {

/// Loops that a walk nests at most.
constexpr int32_t kMaxAxes = 6;

/// The loops of a kernel, outermost first; unused ones have extent 1. Positions are sums over the axes of
/// coordinate * stride, in a unit that the caller chooses (bytes, or elements if both types are as large).
struct Walk {
  int32_t extents[kMaxAxes];
  int32_t out_strides[kMaxAxes];
};

/// How far behind the start of the output the input must start at least, in units of the walk's positions.
///
/// At each step of the walk the kernel reads and then writes `written` units. `lowest(axis, coordinate)` is
/// what the axis adds to the lowest position of the input that the step reads. The result is the largest of
/// (end of a write) - (start of a later read), and not below 0. A later step has equal coordinates up to some
/// axis, a larger one there and any behind it, so the largest is found axis by axis.
template <class Lowest>
constexpr int32_t walk_ahead(const Walk& walk, int32_t written, const Lowest& lowest, int64_t offset = 0) {
  int64_t free[kMaxAxes + 1] = {};  // of the axes from this one on, when write and read are independent
  int64_t later[kMaxAxes] = {};     // of this axis, when the read has the larger coordinate
  int64_t together[kMaxAxes] = {};  // of this axis, when both have the same
  for (int32_t axis = kMaxAxes - 1; axis >= 0; --axis) {
    const int64_t stride = walk.out_strides[axis];
    const int32_t last = walk.extents[axis] - 1;
    if (last < 0) return 0;
    int64_t lowest_read = lowest(axis, last);
    int64_t highest_write = last * stride;
    together[axis] = highest_write - lowest_read;
    later[axis] = INT64_MIN / 2;
    for (int32_t coordinate = last - 1; coordinate >= 0; --coordinate) {
      const int64_t write = coordinate * stride;
      const int64_t read = lowest(axis, coordinate);
      if (write - lowest_read > later[axis]) later[axis] = write - lowest_read;
      if (write - read > together[axis]) together[axis] = write - read;
      if (write > highest_write) highest_write = write;
      if (read < lowest_read) lowest_read = read;
    }
    free[axis] = free[axis + 1] + highest_write - lowest_read;
  }
  int64_t largest = 0;
  int64_t before = offset + written;
  for (int32_t axis = 0; axis < kMaxAxes; ++axis) {
    const int64_t lead = before + later[axis] + free[axis + 1];
    if (lead > largest) largest = lead;
    before += together[axis];
  }
  return static_cast<int32_t>(largest);
}

}  // namespace kernels
}  // namespace mote
