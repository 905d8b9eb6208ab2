// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "ops/axes.h"
#include "ops/copy_layer.h"
#include "ops/operands.h"
#include "ops/split/split.h"

namespace mote::ops::split {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, split::attributes(graph, node));
  MOTE_TRY(const std::optional<Cut> cut, cut_of(graph, node));
  if (!cut) return refuse(graph, node, "the axis is computed when the model runs, expected a constant");
  const std::size_t from = data_input(attributes.function);
  const std::vector<std::int32_t>& in = input(graph, node, from)->shape;
  const std::int64_t outer = extent_product(in, 0, cut->axis);
  const std::int64_t inner = extent_product(in, cut->axis + 1, in.size());
  std::vector<Layer> layers;
  std::int64_t first = 0;
  for (std::size_t part = 0; part < node.outputs.size(); ++part) {
    const std::int64_t piece = cut->extents[part] * inner;
    const Copy copy = {node.inputs[from],
                       node.outputs[part],
                       {{outer, in[cut->axis] * inner, piece}, {piece, 1, 1}},
                       first,
                       0};
    MOTE_TRY(Layer layer, copy_layer(graph, node, options, copy));
    layers.push_back(std::move(layer));
    first += piece;
  }
  return layers;
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::split
