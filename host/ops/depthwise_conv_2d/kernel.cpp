// SPDX-License-Identifier: Apache-2.0
#include "ops/depthwise_conv_2d/kernel.h"

#include "ops/conv_2d/kernel.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"

namespace mote::ops::depthwise_conv_2d {
namespace {

constexpr WeightOperands kOperands = {.channel_axis = 3};

kernels::Conv2dShape sizes(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes) {
  const graph::Value& in = *input(graph, node, 0);
  const std::vector<std::int32_t>& weights = input(graph, node, 1)->shape;
  return conv_2d::sizes(in, {weights[1], weights[2], weights[3], in.shape[3]}, attributes);
}

}  // namespace

Result<QuantizedLayer<kernels::Conv2dShape>> quantized_layer(const graph::Graph& graph,
                                                             const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, depthwise_conv_2d::attributes(graph, node));
  MOTE_TRY(WeightTables tables, weight_tables(graph, node, Multipliers::kOnePerChannel, kOperands));
  kernels::Conv2dShape shape = sizes(graph, node, attributes);
  MOTE_CHECK(set_quantization(graph, node, attributes.activation, shape));
  return QuantizedLayer<kernels::Conv2dShape>{shape, std::move(tables)};
}

Result<FloatWeightLayer<kernels::Conv2dShape>> float_layer(const graph::Graph& graph,
                                                           const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, depthwise_conv_2d::attributes(graph, node));
  MOTE_TRY(FloatTables tables, float_tables(graph, node, kOperands));
  const kernels::Conv2dShape shape = sizes(graph, node, attributes);
  conv_2d::spread_scale(tables, shape.out_channels);
  return FloatWeightLayer<kernels::Conv2dShape>{shape, float_activation(attributes.activation),
                                                std::move(tables)};
}

}  // namespace mote::ops::depthwise_conv_2d
