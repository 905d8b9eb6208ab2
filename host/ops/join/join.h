// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "ops/attributes.h"

namespace mote::ops::join {

/// All inputs side by side along an axis.
struct Attributes {
  bool stacks = false;    ///< the axis is a new one, on which each input is one slice (PACK)
  std::int32_t axis = 0;  ///< of the output; negative: from the end

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::join
