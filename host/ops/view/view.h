// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::view {

/// How the input is looked at. Stored as "broadcast_to" ... "transpose".
enum class Function : std::uint8_t {
  kBroadcastTo,   ///< in the output's shape; the shape operand is not asked
  kDepthToSpace,  ///< blocks of channels become blocks of pixels
  kReverse,       ///< backwards along the axes of input 1
  kSlice,         ///< from the begin of input 1, as much as input 2 says
  kSpaceToDepth,  ///< blocks of pixels become channels
  kStridedSlice,  ///< begin, end and strides in inputs 1 to 3
  kTranspose,     ///< axes in the order of input 1
};

/// Bits of strided_slice, one for each number of its begin.
struct Masks {
  std::int32_t begin = 0;     ///< from the start, whatever begin says
  std::int32_t end = 0;       ///< to the end, whatever end says
  std::int32_t ellipsis = 0;  ///< all axes that no other number speaks of
  std::int32_t new_axis = 0;  ///< an axis with one element that the input does not have
  std::int32_t shrink = 0;    ///< one element, without its axis
  bool offset = false;        ///< end counts from begin

  bool operator==(const Masks&) const = default;
};

/// out[k] = in[some of k]: the elements of the input in another order, some of them left out or repeated.
struct Attributes {
  Function function = Function::kTranspose;
  std::int32_t block = 1;  ///< of depth_to_space and space_to_depth
  Masks masks = {};        ///< of strided_slice

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// The input as the output sees it: the output's elements in order are those at offset + sum k * stride.
struct View {
  struct Axis {
    std::int64_t extent;
    std::int64_t stride;  ///< in elements of the input
  };
  std::vector<Axis> axes;
  std::int64_t offset = 0;
  std::vector<std::int32_t> shape;  ///< the output's
};

/// The view of a node whose operands are present; none while an operand that it depends on is not constant.
/// Errors (kInput): operands of another type or number, positions outside of the input.
Result<std::optional<View>> view_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::view
