// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::log_softmax {

/// out = in - log(sum over the last dimension of exp(in)).
struct Attributes {
  bool operator==(const Attributes&) const = default;
};

/// The node's attributes: none. Errors (kInput): it has some.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::log_softmax
