// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "ops/attributes.h"

namespace mote::ops::compare {

/// Stored as "equal", "not_equal", "less", "less_equal", "greater", "greater_equal".
enum class Function : std::uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual };

/// out = whether input 0 and input 1 are so, with broadcasting.
struct Attributes {
  Function function = Function::kEqual;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::compare
