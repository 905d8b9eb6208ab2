// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::quantize {

/// The input in the type, scale and zero point of the output: float32 or
/// integers to integers. The output's value says all there is to know.
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): it has any.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::quantize
