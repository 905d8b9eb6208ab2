// SPDX-License-Identifier: Apache-2.0
#include "ops/binary/kernel.h"

#include <algorithm>
#include <cmath>

#include "ops/operands.h"

namespace mote::ops::binary {
namespace {

/// Scales and zero points of both inputs and the output.
struct Scales {
  TensorScale a;
  TensorScale b;
  TensorScale out;
};

Result<Scales> scales_of(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const TensorScale a, tensor_scale(graph, node, *input(graph, node, 0), "input 0"));
  MOTE_TRY(const TensorScale b, tensor_scale(graph, node, *input(graph, node, 1), "input 1"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  return Scales{a, b, out};
}

template <class Shape>
void set_range(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes,
               const Scales& scales, Shape& shape) {
  const ActivationRange range =
      activation_range(attributes.activation, scales.out, output(graph, node).dtype);
  shape.a_zero_point = scales.a.zero_point;
  shape.b_zero_point = scales.b.zero_point;
  shape.output_zero_point = scales.out.zero_point;
  shape.activation_min = range.least;
  shape.activation_max = range.most;
}

/// The factors to the common scale and from it to the output's; TFLite computes SUB's in float.
struct Factors {
  double a;
  double b;
  double out;
};

Factors factors_of(Function function, const Scales& scales, bool is_int8) {
  if (function == Function::kSubtract) {
    const float common = 2 * std::max(scales.a.scale, scales.b.scale);
    const float extra = is_int8 ? 0x1p20f : 0x1p15f;
    return {static_cast<double>(scales.a.scale / common), static_cast<double>(scales.b.scale / common),
            static_cast<double>(common / (extra * scales.out.scale))};
  }
  const double common = 2 * static_cast<double>(std::max(scales.a.scale, scales.b.scale));
  const auto out = static_cast<double>(scales.out.scale);
  Factors factors = {static_cast<double>(scales.a.scale) / common,
                     static_cast<double>(scales.b.scale) / common, 0};
  if (function == Function::kAdd)
    factors.out = common / ((is_int8 ? 0x1p20 : 0x1p15) * out);
  else
    factors.out = common * common / ((is_int8 ? 0x1p14 : 1.0) * out);
  return factors;
}

}  // namespace

Result<kernels::BinaryQuantizedShape> sum_parameters(const graph::Graph& graph, const graph::Node& node,
                                                     const Attributes& attributes) {
  MOTE_TRY(const Scales scales, scales_of(graph, node));
  const bool is_int8 = output(graph, node).dtype == graph::DType::kInt8;
  const Factors factors = factors_of(attributes.function, scales, is_int8);
  const Requantization a = quantized_multiplier(factors.a);
  const Requantization b = quantized_multiplier(factors.b);
  const Requantization out = quantized_multiplier(factors.out);
  if (attributes.function != Function::kSquaredDifference && out.shift > 0)
    return refuse(graph, node, "the output's scale is too small beside those of the inputs");
  kernels::BinaryQuantizedShape shape = {};
  set_range(graph, node, attributes, scales, shape);
  shape.a_multiplier = a.multiplier;
  shape.a_shift = a.shift;
  shape.b_multiplier = b.multiplier;
  shape.b_shift = b.shift;
  shape.output_multiplier = out.multiplier;
  shape.output_shift = out.shift;
  return shape;
}

Result<kernels::ProductShape> product_parameters(const graph::Graph& graph, const graph::Node& node,
                                                 const Attributes& attributes) {
  MOTE_TRY(const Scales scales, scales_of(graph, node));
  const double factor = attributes.function == Function::kDivide
                            ? static_cast<double>(scales.a.scale / (scales.b.scale * scales.out.scale))
                            : static_cast<double>(scales.a.scale) * static_cast<double>(scales.b.scale) /
                                  static_cast<double>(scales.out.scale);
  if (!std::isfinite(factor)) return refuse(graph, node, "the scales are too far apart");
  const Requantization requantization = quantized_multiplier(factor);
  kernels::ProductShape shape = {};
  set_range(graph, node, attributes, scales, shape);
  shape.multiplier = requantization.multiplier;
  shape.shift = requantization.shift;
  return shape;
}

Result<kernels::PreluShape> prelu_parameters(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Scales scales, scales_of(graph, node));
  const double factor = static_cast<double>(scales.a.scale) / static_cast<double>(scales.out.scale);
  const Requantization positive = quantized_multiplier(factor);
  const Requantization negative =
      quantized_multiplier(static_cast<double>(scales.a.scale) * static_cast<double>(scales.b.scale) /
                           static_cast<double>(scales.out.scale));
  kernels::PreluShape shape = {};
  shape.input_zero_point = scales.a.zero_point;
  shape.slope_zero_point = scales.b.zero_point;
  shape.output_zero_point = scales.out.zero_point;
  shape.positive_multiplier = positive.multiplier;
  shape.positive_shift = positive.shift;
  shape.negative_multiplier = negative.multiplier;
  shape.negative_shift = negative.shift;
  return shape;
}

}  // namespace mote::ops::binary
