// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::cumsum {

/// Running sums of input 0 along the axis in input 1.
struct Attributes {
  bool exclusive = false;  ///< an element's own value is not in its sum
  bool reverse = false;    ///< from the last element to the first

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::cumsum
