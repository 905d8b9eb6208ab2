// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mote::ops {

using Extents = std::vector<std::int32_t>;

/// The shape that operands of these shapes are repeated to, aligned at their last axes, as NumPy and TFLite
/// do it; nothing if two of them differ where neither is 1.
std::optional<Extents> broadcast_shape(std::span<const Extents> shapes);

/// A broadcast without axes of one element, neighbours merged that every operand either repeats or not: the
/// fewest loops that do it.
struct BroadcastAxes {
  Extents size;                        ///< outermost first; empty: one element
  std::vector<std::uint32_t> repeats;  ///< of each operand: bit n says that it repeats along axis n
};

/// The axes of operands that broadcast to `result`, of at most 32 axes.
BroadcastAxes merged_axes(std::span<const Extents> shapes, const Extents& result);

}  // namespace mote::ops
