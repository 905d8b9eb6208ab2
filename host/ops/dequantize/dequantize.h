// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::dequantize {

/// The real numbers that the quantised input stands for, as float32.
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): it has any.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::dequantize
