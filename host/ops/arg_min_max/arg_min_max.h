// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::arg_min_max {

/// Where along the axis in input 1 the largest or smallest element of input 0 is, the first of equal ones, as
/// int32 or int64, as the output says.
struct Attributes {
  bool largest = true;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::arg_min_max
