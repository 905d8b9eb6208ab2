// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::cast {

/// The input's numbers in the type of the output, without any scale. The output's value says which.
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): it has any.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::cast
