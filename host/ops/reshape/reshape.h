// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::reshape {

/// The elements of the input, in order, in the shape that the output has; further operands are not asked.
struct Attributes {
  bool expands = false;  ///< input 1 is the axis to insert (EXPAND_DIMS), not a shape

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::reshape
