// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::fully_connected {

/// out[row][n] = activation(sum over k of weights[n][k] * in[row][k] + bias[n]).
/// Inputs: in [...] with a multiple of in_features elements, weights [out_features][in_features], bias
/// [out_features] or kNone. Output: [rows][out_features]; with keep_dimensions the shape of the input but for
/// its last dimension.
struct Attributes {
  Activation activation = Activation::kNone;
  bool keep_dimensions = false;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::fully_connected
