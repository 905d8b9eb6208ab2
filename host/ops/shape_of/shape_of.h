// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::shape_of {

/// Shapes as numbers, int32 or int64 as the output says: that of the input, or the one that two shapes in
/// inputs 0 and 1 broadcast to.
struct Attributes {
  bool broadcasts = false;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::shape_of
