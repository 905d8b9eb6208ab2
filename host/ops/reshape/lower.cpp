// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "ops/copy_layer.h"

namespace mote::ops::reshape {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(Layer layer, copy_layer(graph, node, options, whole_copy(graph, node.inputs[0], node.outputs[0])));
  return std::vector{std::move(layer)};
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::reshape
