// SPDX-License-Identifier: Apache-2.0
#include "ops/pool_2d_kernel.h"

#include <fmt/format.h>

#include <cmath>

#include "ops/operands.h"
#include "ops/spatial.h"

namespace mote::ops {
namespace {

/// How far the scales of input and output may be apart; TFLite's own bound.
constexpr float kScaleTolerance = 1e-6f;

kernels::Pool2dShape sizes(const graph::Graph& graph, const graph::Node& node,
                           const Pool2dAttributes& attributes) {
  const graph::Value& in = *input(graph, node, 0);
  const SpatialExtent rows =
      place_window({in.shape[1], attributes.window_height, attributes.stride_height}, attributes.padding);
  const SpatialExtent cols =
      place_window({in.shape[2], attributes.window_width, attributes.stride_width}, attributes.padding);
  kernels::Pool2dShape shape = {};
  shape.batch = in.shape[0];
  shape.in_height = in.shape[1];
  shape.in_width = in.shape[2];
  shape.channels = in.shape[3];
  shape.out_height = rows.out;
  shape.out_width = cols.out;
  shape.kernel_height = attributes.window_height;
  shape.kernel_width = attributes.window_width;
  shape.stride_height = attributes.stride_height;
  shape.stride_width = attributes.stride_width;
  shape.pad_top = rows.pad_before;
  shape.pad_left = cols.pad_before;
  shape.activation_min = -128;
  shape.activation_max = 127;
  return shape;
}

}  // namespace

Result<kernels::Pool2dShape> quantized_pool_2d(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Pool2dAttributes attributes, pool_2d_attributes(graph, node));
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  if (std::fabs(in.scale - out.scale) > kScaleTolerance || in.zero_point != out.zero_point)
    return refuse(graph, node,
                  fmt::format("input has scale {} and zero point {}, output {} and {}, expected the same",
                              in.scale, in.zero_point, out.scale, out.zero_point));
  const ActivationRange range = activation_range(attributes.activation, out, output(graph, node).dtype);
  kernels::Pool2dShape shape = sizes(graph, node, attributes);
  shape.activation_min = range.least;
  shape.activation_max = range.most;
  return shape;
}

Result<FloatPool2d> float_pool_2d(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Pool2dAttributes attributes, pool_2d_attributes(graph, node));
  return FloatPool2d{sizes(graph, node, attributes), float_activation(attributes.activation)};
}

}  // namespace mote::ops
