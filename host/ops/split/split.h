// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::split {

/// Stored as "split", "split_sizes", "unpack".
enum class Function : std::uint8_t {
  kSplit,   ///< equal parts of input 1 along the axis in input 0
  kSizes,   ///< parts of input 0, as large as the outputs say, along the axis in input 2
  kUnpack,  ///< slices of input 0, without the axis
};

/// The input cut along an axis into as many parts as there are outputs.
struct Attributes {
  Function function = Function::kSplit;
  std::int32_t axis = 0;  ///< of unpack; negative: from the end

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// Where the input is cut.
struct Cut {
  std::size_t axis;
  std::vector<std::int32_t> extents;  ///< of each output along the axis
};

/// Which operand is cut.
std::size_t data_input(Function function);

/// How the node cuts its input; none while the axis is not constant. Errors (kInput): number of operands; the
/// parts do not make up the input.
Result<std::optional<Cut>> cut_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::split
