// SPDX-License-Identifier: Apache-2.0
#include "ops/softmax/kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/operands.h"
#include "ops/softmax/softmax.h"

namespace mote::ops::softmax {
namespace {

/// Differences from the row's maximum are held with five integer bits.
constexpr int kIntegerBits = 5;

kernels::SoftmaxShape sizes(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& in = *input(graph, node, 0);
  kernels::SoftmaxShape shape = {};
  shape.depth = in.shape.back();
  shape.rows = static_cast<std::int32_t>(in.element_count() / shape.depth);
  return shape;
}

}  // namespace

Result<kernels::SoftmaxShape> int8_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, softmax::attributes(graph, node));
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  if (out.scale != 1.0f / 256 || out.zero_point != -128)
    return refuse(graph, node,
                  fmt::format("output has scale {} and zero point {}, expected 1/256 and -128", out.scale,
                              out.zero_point));
  // The factor that brings a quantised difference to Q5.26, at least 1 by TFLite's rule.
  const double factor =
      std::min(attributes.beta * static_cast<double>(in.scale) * (1 << (31 - kIntegerBits)), 2147483647.0);
  if (factor < 1.0)
    return refuse(graph, node,
                  fmt::format("beta * input scale is {}, expected at least 2^-26",
                              attributes.beta * static_cast<double>(in.scale)));
  const Requantization requantization = quantized_multiplier(factor);
  kernels::SoftmaxShape shape = sizes(graph, node);
  shape.input_multiplier = requantization.multiplier;
  shape.input_left_shift = requantization.shift;
  const double widest = std::ldexp((1 << kIntegerBits) - 1, 31 - kIntegerBits - requantization.shift);
  shape.diff_min = -static_cast<std::int32_t>(std::floor(widest));
  return shape;
}

Result<FloatLayer> float_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, softmax::attributes(graph, node));
  return FloatLayer{sizes(graph, node), static_cast<float>(attributes.beta)};
}

}  // namespace mote::ops::softmax
