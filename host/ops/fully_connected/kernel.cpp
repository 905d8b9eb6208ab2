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

Result<Int8Layer> int8_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  MOTE_TRY(WeightTables tables, weight_tables(graph, node, Multipliers::kOnePerTensor));
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  const ActivationRange range = activation_range(attributes.activation, out);
  kernels::FullyConnectedShape shape = sizes(graph, node);
  shape.input_zero_point = in.zero_point;
  shape.output_zero_point = out.zero_point;
  shape.activation_min = range.least;
  shape.activation_max = range.most;
  shape.per_channel = tables.multiplier.size() > 1;
  return Int8Layer{shape, std::move(tables)};
}

Result<FloatLayer> float_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  return FloatLayer{sizes(graph, node), float_activation(attributes.activation), float_tables(graph, node)};
}

}  // namespace mote::ops::fully_connected
