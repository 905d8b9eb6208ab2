// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::add_n {

/// Most inputs that there is a kernel for.
inline constexpr std::size_t kMaximumInputs = 8;

/// The sum of all inputs, which have one shape.
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): it has any.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::add_n
