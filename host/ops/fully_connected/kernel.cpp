// SPDX-License-Identifier: Apache-2.0
#include "ops/fully_connected/kernel.h"

#include "ops/fully_connected/fully_connected.h"
#include "ops/operands.h"

namespace mote::ops::fully_connected {
namespace {

kernels::FullyConnectedShape sizes(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& weights = *input(graph, node, 1);
  kernels::FullyConnectedShape shape = {};
  shape.activation_min = -128;
  shape.activation_max = 127;
  shape.out_features = weights.shape[0];
  shape.in_features = weights.shape[1];
  shape.batch = static_cast<std::int32_t>(input(graph, node, 0)->element_count() / shape.in_features);
  return shape;
}

}  // namespace

Result<QuantizedLayer<kernels::FullyConnectedShape>> quantized_layer(const graph::Graph& graph,
                                                                     const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  MOTE_TRY(WeightTables tables, weight_tables(graph, node, Multipliers::kOnePerTensor));
  kernels::FullyConnectedShape shape = sizes(graph, node);
  MOTE_CHECK(set_quantization(graph, node, attributes.activation, shape));
  shape.per_channel = tables.multiplier.size() > 1;
  return QuantizedLayer<kernels::FullyConnectedShape>{shape, std::move(tables)};
}

Result<FloatWeightLayer<kernels::FullyConnectedShape>> float_layer(const graph::Graph& graph,
                                                                   const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  MOTE_TRY(FloatTables tables, float_tables(graph, node));
  kernels::FullyConnectedShape shape = sizes(graph, node);
  shape.per_channel = tables.scale.size() > 1;
  return FloatWeightLayer<kernels::FullyConnectedShape>{shape, float_activation(attributes.activation),
                                                        std::move(tables)};
}

}  // namespace mote::ops::fully_connected
