// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::l2_normalization {

/// out = in / sqrt(sum over the last dimension of in^2).
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes: none. Errors (kInput): it has some.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::l2_normalization
