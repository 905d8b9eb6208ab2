// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "ops/axes.h"
#include "ops/copy_layer.h"
#include "ops/join/join.h"
#include "ops/operands.h"

namespace mote::ops::join {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, join::attributes(graph, node));
  const std::vector<std::int32_t>& out = output(graph, node).shape;
  MOTE_TRY(const std::size_t axis, axis_index(graph, node, attributes.axis, out.size()));
  const std::int64_t outer = extent_product(out, 0, axis);
  const std::int64_t row = extent_product(out, axis, out.size());
  std::vector<Layer> layers;
  std::int64_t first = 0;
  for (const graph::ValueId id : node.inputs) {
    const std::int64_t piece = graph.value(id).element_count() / outer;
    const Copy copy = {id, node.outputs[0], {{outer, piece, row}, {piece, 1, 1}}, 0, first};
    MOTE_TRY(Layer layer, copy_layer(graph, node, options, copy));
    layers.push_back(std::move(layer));
    first += piece;
  }
  return layers;
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::join
