// SPDX-License-Identifier: Apache-2.0
#include "ops/unary/kernel.h"

#include <algorithm>
#include <cmath>

#include "ops/unary/factors.h"

namespace mote::ops::unary {
namespace {

using graph::DType;

/// A factor of 1, exactly.
constexpr Requantization kIdentity = {1 << 30, 1};

std::int32_t count_of(const graph::Graph& graph, const graph::Node& node) {
  return static_cast<std::int32_t>(output(graph, node).element_count());
}

Result<Scales> symmetric_scales(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Scales scales, scales_of(graph, node));
  if (scales.in.zero_point != 0 || scales.out.zero_point != 0)
    return refuse(graph, node, "int16 has zero points other than 0");
  return scales;
}

/// Whether TFLite Micro takes a scale for a power of two, and the exponent.
bool is_power_of_two(float scale, std::int32_t& exponent) {
  const float logarithm = std::log(scale) * (1.0f / std::log(2.0f));
  exponent = static_cast<std::int32_t>(std::round(logarithm));
  return std::abs(logarithm - std::round(logarithm)) < 1e-3f;
}

}  // namespace

Result<Scales> scales_of(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  return Scales{in, out};
}

Bounds bounds_of(Function rectifier) {
  switch (rectifier) {
    case Function::kRelu6:
      return {0.0f, 6.0f};
    case Function::kReluN1To1:
      return {-1.0f, 1.0f};
    case Function::kRelu0To1:
      return {0.0f, 1.0f};
    default:
      return {};
  }
}

std::int32_t quantized(float real, TensorScale scale, DType type) {
  const auto [least, most] = graph::integer_range(type);
  // Beyond 2^16 all is saturated.
  const float steps = std::round(std::clamp(real / scale.scale, -0x1p17f, 0x1p17f));
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(scale.zero_point + static_cast<std::int64_t>(steps), least, most));
}

LeakyFactors leaky_factors(const Scales& scales, double slope) {
  LeakyFactors factors = {quantized_multiplier(scales.ratio()), {0, 0}};
  const double negative = static_cast<double>(scales.in.scale * static_cast<float>(slope) / scales.out.scale);
  if (negative != 0) factors.negative = quantized_multiplier(std::abs(negative));
  if (negative < 0) factors.negative.multiplier = -factors.negative.multiplier;
  return factors;
}

Result<Requantization> rsqrt_factor(const graph::Graph& graph, const graph::Node& node,
                                    const Scales& scales) {
  const double factor = 1.0 / static_cast<double>(std::sqrt(scales.in.scale) * scales.out.scale);
  if (!std::isfinite(factor)) return refuse(graph, node, "the scales are too small");
  return quantized_multiplier(factor);
}

Result<kernels::RequantizeShape> int16_relu(const graph::Graph& graph, const graph::Node& node,
                                            Function function) {
  MOTE_TRY(const Scales scales, symmetric_scales(graph, node));
  // RELU6 clamps the input's numbers and leaves them as they are.
  const bool rescales = function != Function::kRelu6;
  const Requantization factor = rescales ? quantized_multiplier(scales.ratio()) : kIdentity;
  const TensorScale of_bounds = rescales ? scales.out : scales.in;
  const Bounds bounds = bounds_of(function);
  return kernels::RequantizeShape{count_of(graph, node),
                                  0,
                                  0,
                                  factor.multiplier,
                                  factor.shift,
                                  quantized(bounds.least, of_bounds, DType::kInt16),
                                  quantized(bounds.most, of_bounds, DType::kInt16),
                                  Rounding::kDouble};
}

Result<kernels::LeakyReluInt16Shape> int16_leaky_relu(const graph::Graph& graph, const graph::Node& node,
                                                      double slope) {
  MOTE_TRY(const Scales scales, scales_of(graph, node));
  const LeakyFactors factors = leaky_factors(scales, slope);
  return kernels::LeakyReluInt16Shape{count_of(graph, node),  scales.in.zero_point,
                                      scales.out.zero_point,  factors.positive.multiplier,
                                      factors.positive.shift, factors.negative.multiplier,
                                      factors.negative.shift, Rounding::kDouble};
}

Result<kernels::AbsInt16Shape> int16_abs(const graph::Graph& graph, const graph::Node& node) {
  const std::int32_t count = count_of(graph, node);
  if (!input(graph, node, 0)->quantization)
    return kernels::AbsInt16Shape{count, kIdentity.multiplier, kIdentity.shift, 32768, Rounding::kDouble};
  MOTE_TRY(const Scales scales, symmetric_scales(graph, node));
  const Requantization factor =
      scales.in.scale == scales.out.scale ? kIdentity : quantized_multiplier(scales.ratio());
  return kernels::AbsInt16Shape{count, factor.multiplier, factor.shift, 32767, Rounding::kDouble};
}

Result<kernels::RsqrtInt16Shape> int16_rsqrt(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Scales scales, symmetric_scales(graph, node));
  MOTE_TRY(const Requantization factor, rsqrt_factor(graph, node, scales));
  return kernels::RsqrtInt16Shape{count_of(graph, node), factor.multiplier, factor.shift, Rounding::kDouble};
}

Result<kernels::SigmoidShape> int16_sigmoid(const graph::Graph& graph, const graph::Node& node,
                                            Function function) {
  MOTE_TRY(const Scales scales, symmetric_scales(graph, node));
  std::int32_t exponent = 0;
  if (!is_power_of_two(scales.out.scale, exponent) || exponent != -15)
    return refuse(graph, node, "the output's scale is not 2^-15");
  kernels::SigmoidShape shape = {count_of(graph, node), 0, 0};
  // Of a scale of 2^-12, an input is 1/4096: three units of the table. TANH has 2^-11 likewise.
  const std::int32_t most = function == Function::kTanh ? 1 : 0;
  if (is_power_of_two(scales.in.scale, exponent) && exponent + 12 >= 0 && exponent + 12 <= most) {
    shape.multiplier = 3 << (exponent + 12);
    return shape;
  }
  double multiplier = static_cast<double>(scales.in.scale) * 4096.0 * 3.0;
  for (; multiplier <= 32767.0 / 2.0 && shape.shift <= 30; ++shape.shift) multiplier *= 2.0;
  if (multiplier > 32767.0) return refuse(graph, node, "the input's scale is above 2.66");
  shape.multiplier = static_cast<std::int32_t>(multiplier);
  return shape;
}

}  // namespace mote::ops::unary
