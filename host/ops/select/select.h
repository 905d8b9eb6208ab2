// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::select {

/// out = input 1 where input 0 holds, else input 2.
struct Attributes {
  /// All three are repeated to one shape, aligned at their last axes. Else inputs 1 and 2 have one shape, and
  /// input 0 has it too, or is a scalar, or has one element for each index of their first axis.
  bool broadcasts = true;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// The shape of input 0 as it is repeated to the others'.
std::vector<std::int32_t> condition_shape(const graph::Graph& graph, const graph::Node& node,
                                          const Attributes& attributes);

}  // namespace mote::ops::select
