// SPDX-License-Identifier: Apache-2.0
#include "ops/transpose_conv/kernel.h"

#include "ops/conv_2d/kernel.h"
#include "ops/transpose_conv/transpose_conv.h"

namespace mote::ops::transpose_conv {
namespace {

/// The sizes of the convolution of the output, with the two sides swapped.
kernels::Conv2dShape sizes(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes) {
  const std::vector<std::int32_t>& weights = input(graph, node, kOperands.weights)->shape;
  conv_2d::Attributes convolution;
  convolution.padding = attributes.padding;
  convolution.stride_height = attributes.stride_height;
  convolution.stride_width = attributes.stride_width;
  kernels::Conv2dShape shape =
      conv_2d::sizes(output(graph, node), {weights[1], weights[2], weights[3], 1}, convolution);
  std::swap(shape.in_height, shape.out_height);
  std::swap(shape.in_width, shape.out_width);
  std::swap(shape.in_channels, shape.out_channels);
  return shape;
}

}  // namespace

Result<QuantizedLayer<kernels::Conv2dShape>> quantized_layer(const graph::Graph& graph,
                                                             const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, transpose_conv::attributes(graph, node));
  MOTE_TRY(WeightTables tables, weight_tables(graph, node, Multipliers::kOnePerChannel, kOperands));
  kernels::Conv2dShape shape = sizes(graph, node, attributes);
  MOTE_CHECK(set_quantization(graph, node, attributes.activation, shape, kOperands.in));
  return QuantizedLayer<kernels::Conv2dShape>{shape, std::move(tables)};
}

Result<FloatWeightLayer<kernels::Conv2dShape>> float_layer(const graph::Graph& graph,
                                                           const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, transpose_conv::attributes(graph, node));
  MOTE_TRY(FloatTables tables, float_tables(graph, node, kOperands));
  const kernels::Conv2dShape shape = sizes(graph, node, attributes);
  conv_2d::spread_scale(tables, shape.out_channels);
  return FloatWeightLayer<kernels::Conv2dShape>{shape, float_activation(attributes.activation),
                                                std::move(tables)};
}

}  // namespace mote::ops::transpose_conv
