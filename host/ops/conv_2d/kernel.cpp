// SPDX-License-Identifier: Apache-2.0
#include "ops/conv_2d/kernel.h"

#include "ops/conv_2d/conv_2d.h"
#include "ops/operands.h"
#include "ops/spatial.h"

namespace mote::ops::conv_2d {
namespace {

kernels::Conv2dShape sizes(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes) {
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& weights = *input(graph, node, 1);
  kernels::Conv2dShape shape = {};
  shape.activation_min = -128;
  shape.activation_max = 127;
  shape.batch = in.shape[0];
  shape.in_height = in.shape[1];
  shape.in_width = in.shape[2];
  shape.in_channels = in.shape[3];
  shape.out_channels = weights.shape[0];
  shape.kernel_height = weights.shape[1];
  shape.kernel_width = weights.shape[2];
  shape.stride_height = attributes.stride_height;
  shape.stride_width = attributes.stride_width;
  shape.dilation_height = attributes.dilation_height;
  shape.dilation_width = attributes.dilation_width;
  const SpatialExtent rows = place_window(
      {shape.in_height, shape.kernel_height, shape.stride_height, shape.dilation_height}, attributes.padding);
  const SpatialExtent cols = place_window(
      {shape.in_width, shape.kernel_width, shape.stride_width, shape.dilation_width}, attributes.padding);
  shape.out_height = rows.out;
  shape.out_width = cols.out;
  shape.pad_top = rows.pad_before;
  shape.pad_left = cols.pad_before;
  return shape;
}

}  // namespace

Result<Int8Layer> int8_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  MOTE_TRY(WeightTables tables, weight_tables(graph, node, Multipliers::kOnePerChannel));
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  const ActivationRange range = activation_range(attributes.activation, out);
  kernels::Conv2dShape shape = sizes(graph, node, attributes);
  shape.input_zero_point = in.zero_point;
  shape.output_zero_point = out.zero_point;
  shape.activation_min = range.least;
  shape.activation_max = range.most;
  return Int8Layer{shape, std::move(tables)};
}

Result<FloatLayer> float_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  return FloatLayer{sizes(graph, node, attributes), float_activation(attributes.activation),
                    float_tables(graph, node)};
}

}  // namespace mote::ops::conv_2d
