// SPDX-License-Identifier: Apache-2.0
#include "ops/conv_2d/kernel.h"

#include "ops/operands.h"
#include "ops/spatial.h"

namespace mote::ops::conv_2d {
namespace {

KernelSizes kernel_sizes(const graph::Graph& graph, const graph::Node& node) {
  const std::vector<std::int32_t>& weights = input(graph, node, 1)->shape;
  return {weights[1], weights[2], weights[0], input(graph, node, 0)->shape[3] / weights[3]};
}

}  // namespace

kernels::Conv2dShape sizes(const graph::Value& in, const KernelSizes& kernel, const Attributes& attributes) {
  kernels::Conv2dShape shape = {};
  shape.batch = in.shape[0];
  shape.in_height = in.shape[1];
  shape.in_width = in.shape[2];
  shape.in_channels = in.shape[3];
  shape.out_channels = kernel.out_channels;
  shape.kernel_height = kernel.height;
  shape.kernel_width = kernel.width;
  shape.stride_height = attributes.stride_height;
  shape.stride_width = attributes.stride_width;
  shape.dilation_height = attributes.dilation_height;
  shape.dilation_width = attributes.dilation_width;
  shape.groups = kernel.groups;
  const SpatialExtent rows = place_window(
      {shape.in_height, shape.kernel_height, shape.stride_height, shape.dilation_height}, attributes.padding);
  const SpatialExtent cols = place_window(
      {shape.in_width, shape.kernel_width, shape.stride_width, shape.dilation_width}, attributes.padding);
  shape.out_height = rows.out;
  shape.out_width = cols.out;
  shape.pad_top = rows.pad_before;
  shape.pad_left = cols.pad_before;
  shape.activation_min = -128;
  shape.activation_max = 127;
  return shape;
}

void spread_scale(FloatTables& tables, std::int32_t channels) {
  if (tables.scale.size() == 1) tables.scale.resize(static_cast<std::size_t>(channels), tables.scale[0]);
}

Result<QuantizedLayer<kernels::Conv2dShape>> quantized_layer(const graph::Graph& graph,
                                                             const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  MOTE_TRY(WeightTables tables, weight_tables(graph, node, Multipliers::kOnePerChannel));
  kernels::Conv2dShape shape = sizes(*input(graph, node, 0), kernel_sizes(graph, node), attributes);
  MOTE_CHECK(set_quantization(graph, node, attributes.activation, shape));
  return QuantizedLayer<kernels::Conv2dShape>{shape, std::move(tables)};
}

Result<FloatWeightLayer<kernels::Conv2dShape>> float_layer(const graph::Graph& graph,
                                                           const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  MOTE_TRY(FloatTables tables, float_tables(graph, node));
  const KernelSizes kernel = kernel_sizes(graph, node);
  spread_scale(tables, kernel.out_channels);
  return FloatWeightLayer<kernels::Conv2dShape>{sizes(*input(graph, node, 0), kernel, attributes),
                                                float_activation(attributes.activation), std::move(tables)};
}

}  // namespace mote::ops::conv_2d
