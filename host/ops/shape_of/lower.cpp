// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/broadcast_args_variants.h"
#include "ops/fill_layer.h"
#include "ops/lower_layer.h"
#include "ops/shape_of/shape_of.h"

namespace mote::ops::shape_of {
namespace {

template <class T>
Result<std::vector<Layer>> lower_broadcast(const graph::Graph& graph, const graph::Node& node,
                                           const LowerOptions& options) {
  const kernels::BroadcastArgsShape shape = {input(graph, node, 0)->shape.at(0),
                                             input(graph, node, 1)->shape.at(0)};
  MOTE_TRY(auto layers, lower_plain<kernels::BroadcastArgsVariants<T>>(
                            graph, node, options, {node.inputs[0], node.inputs[1], node.outputs[0]},
                            ByValue{shape, {field("first", shape.first), field("second", shape.second)}}));
  layers.front().header = "mote/kernels/broadcast_args_variants.h";
  return layers;
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, shape_of::attributes(graph, node));
  if (attributes.broadcasts) {
    if (output(graph, node).dtype == graph::DType::kInt32)
      return lower_broadcast<std::int32_t>(graph, node, options);
    return lower_broadcast<std::int64_t>(graph, node, options);
  }
  // Folded as a rule, so that a layer for each extent costs nothing.
  std::vector<Layer> layers;
  for (const std::int32_t extent : input(graph, node, 0)->shape) {
    MOTE_TRY(Layer layer,
             fill_layer(graph, node, options, static_cast<std::int64_t>(layers.size()), 1, extent));
    layers.push_back(std::move(layer));
  }
  return layers;
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::shape_of
