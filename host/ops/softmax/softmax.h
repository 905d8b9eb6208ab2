// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::softmax {

inline constexpr double kMaximumBeta = 1e6;

/// out = exp(beta * in) / sum over the last dimension of exp(beta * in).
struct Attributes {
  double beta = 1.0;  ///< above 0 ... kMaximumBeta, exact in float32

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::softmax
