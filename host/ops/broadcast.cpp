// SPDX-License-Identifier: Apache-2.0
#include "ops/broadcast.h"

#include <algorithm>

namespace mote::ops {
namespace {

/// The extent of a shape that is aligned at the last of `rank` axes.
std::int32_t extent(const Extents& shape, std::size_t rank, std::size_t axis) {
  const std::size_t missing = rank - shape.size();
  return axis < missing ? 1 : shape[axis - missing];
}

}  // namespace

std::optional<Extents> broadcast_shape(std::span<const Extents> shapes) {
  std::size_t rank = 0;
  for (const Extents& shape : shapes) rank = std::max(rank, shape.size());
  Extents result(rank, 1);
  for (const Extents& shape : shapes)
    for (std::size_t axis = 0; axis < rank; ++axis) {
      const std::int32_t size = extent(shape, rank, axis);
      if (size == 1) continue;
      if (result[axis] != 1 && result[axis] != size) return std::nullopt;
      result[axis] = size;
    }
  return result;
}

BroadcastAxes merged_axes(std::span<const Extents> shapes, const Extents& result) {
  BroadcastAxes axes;
  axes.repeats.resize(shapes.size());
  std::vector<bool> previous;
  for (std::size_t axis = 0; axis < result.size(); ++axis) {
    if (result[axis] == 1) continue;
    std::vector<bool> repeated;
    for (const Extents& shape : shapes) repeated.push_back(extent(shape, result.size(), axis) == 1);
    if (repeated == previous) {
      axes.size.back() *= result[axis];
      continue;
    }
    for (std::size_t operand = 0; operand < shapes.size(); ++operand)
      if (repeated[operand]) axes.repeats[operand] |= 1u << axes.size.size();
    axes.size.push_back(result[axis]);
    previous = std::move(repeated);
  }
  return axes;
}

}  // namespace mote::ops
