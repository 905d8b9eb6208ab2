// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "ops/attributes.h"

namespace mote::ops::batch_matmul {

/// Products of the matrices in the last two axes; the axes before them, three at most, are broadcast.
/// Inputs: left [...][rows][depth], right [...][depth][cols], of one type.
struct Attributes {
  bool left_transposed = false;   ///< left is [...][depth][rows]
  bool right_transposed = false;  ///< right is [...][cols][depth]

  bool operator==(const Attributes&) const = default;
};

/// The sizes of a product; missing batch axes are 1.
struct Sizes {
  std::array<std::int32_t, 3> batch;  ///< of the output
  std::array<std::int32_t, 3> left_batch;
  std::array<std::int32_t, 3> right_batch;
  std::int32_t rows;
  std::int32_t depth;
  std::int32_t cols;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// The sizes that two shapes give. Errors (kInput): they have fewer than two or more than five axes, or do
/// not go together.
Result<Sizes> sizes(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes);

}  // namespace mote::ops::batch_matmul
