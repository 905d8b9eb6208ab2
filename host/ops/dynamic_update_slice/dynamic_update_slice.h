// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::dynamic_update_slice {

/// Input 0 with the block of input 1 in the place that input 2 names; one partly outside is moved inside.
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): it has any.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::dynamic_update_slice
