// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "ops/copy_layer.h"
#include "ops/fill/fill.h"
#include "ops/fill_layer.h"
#include "ops/operands.h"

namespace mote::ops::fill {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, fill::attributes(graph, node));
  const std::int64_t count = output(graph, node).element_count();
  if (attributes.zeros) {
    MOTE_TRY(Layer layer, fill_layer(graph, node, options, 0, count, 0));  // the number, not the real value
    return std::vector{std::move(layer)};
  }
  const Copy copy = {node.inputs[1], node.outputs[0], {{count, 0, 1}}, 0, 0};
  MOTE_TRY(Layer layer, copy_layer(graph, node, options, copy));
  return std::vector{std::move(layer)};
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::fill
