// SPDX-License-Identifier: Apache-2.0
#include "ops/kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/operands.h"

namespace mote::ops {
namespace {

/// The factor from accumulator to output of each channel, or the one of the tensor. TFLite multiplies input
/// and weight scale in float for a whole tensor, in double for channels, and so the last bit may differ.
std::vector<double> output_factors(const TensorScale& in, const TensorScale& out,
                                   const std::vector<float>& weights, Multipliers multipliers,
                                   std::size_t channels) {
  if (weights.size() == 1 && multipliers == Multipliers::kOnePerTensor)
    return {static_cast<double>(in.scale * weights[0]) / static_cast<double>(out.scale)};
  std::vector<double> factors(channels);
  for (std::size_t ch = 0; ch < channels; ++ch) {
    const float weight = weights[weights.size() == 1 ? 0 : ch];
    factors[ch] =
        static_cast<double>(in.scale) * static_cast<double>(weight) / static_cast<double>(out.scale);
  }
  return factors;
}

Result<void> check_weight_scales(const graph::Graph& graph, const graph::Node& node,
                                 const graph::Value& weights) {
  if (!weights.quantization) return refuse(graph, node, "weights have no scale");
  const graph::Quantization& quantization = *weights.quantization;
  if (quantization.per_axis() && quantization.axis != 0)
    return refuse(
        graph, node,
        fmt::format("weights have scales along axis {}, expected 0 (output channels)", quantization.axis));
  for (const std::int64_t zero_point : quantization.zero_point)
    if (zero_point != 0)
      return refuse(graph, node, fmt::format("weights have zero point {}, expected 0", zero_point));
  return {};
}

}  // namespace

Result<TensorScale> tensor_scale(const graph::Graph& graph, const graph::Node& node,
                                 const graph::Value& value, std::string_view role) {
  if (!value.quantization)
    return refuse(graph, node,
                  fmt::format("{} '{}' is {} but has no scale", role, value.name, to_string(value.dtype)));
  if (value.quantization->per_axis())
    return refuse(graph, node,
                  fmt::format("{} '{}' has {} scales, expected one", role, value.name,
                              value.quantization->scale.size()));
  return TensorScale{value.quantization->scale[0],
                     static_cast<std::int32_t>(value.quantization->zero_point[0])};
}

Result<TensorScale> symmetric_scale(const graph::Graph& graph, const graph::Node& node,
                                    const graph::Value& value, std::string_view role) {
  MOTE_TRY(const TensorScale scale, tensor_scale(graph, node, value, role));
  if (scale.zero_point != 0)
    return refuse(graph, node,
                  fmt::format("{} '{}' has zero point {}, expected 0", role, value.name, scale.zero_point));
  return scale;
}

Requantization quantized_multiplier(double factor) {
  int shift = 0;
  const double fraction = std::frexp(factor, &shift);
  auto multiplier = static_cast<std::int64_t>(std::round(std::ldexp(fraction, 31)));
  if (multiplier == std::int64_t{1} << 31) {
    multiplier /= 2;
    ++shift;
  }
  if (shift < -31) return {0, 0};
  if (shift > 30) return {INT32_MAX, 30};
  return {static_cast<std::int32_t>(multiplier), shift};
}

ActivationRange activation_range(Activation activation, TensorScale output) {
  const auto quantized = [&](float real) {
    // Beyond 255 all is saturated.
    const float steps = std::round(std::clamp(real / output.scale, -512.0f, 512.0f));
    return std::clamp(output.zero_point + static_cast<std::int32_t>(steps), -128, 127);
  };
  const kernels::FloatActivation bounds = float_activation(activation);
  ActivationRange range;
  if (std::isfinite(bounds.activation_min)) range.least = quantized(bounds.activation_min);
  if (std::isfinite(bounds.activation_max)) range.most = quantized(bounds.activation_max);
  return range;
}

kernels::FloatActivation float_activation(Activation activation) {
  kernels::FloatActivation bounds = kernels::no_activation();
  if (activation == Activation::kRelu || activation == Activation::kRelu6) bounds.activation_min = 0.0f;
  if (activation == Activation::kRelu6) bounds.activation_max = 6.0f;
  if (activation == Activation::kReluN1To1) bounds = {-1.0f, 1.0f};
  return bounds;
}

Result<WeightTables> weight_tables(const graph::Graph& graph, const graph::Node& node,
                                   Multipliers multipliers) {
  const graph::Value& weights = *input(graph, node, 1);
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  MOTE_CHECK(check_weight_scales(graph, node, weights));

  const std::int32_t channels = weights.shape[0];
  WeightTables tables;
  tables.weights = graph::elements<std::int8_t>(weights);
  if (const graph::Value* bias = input(graph, node, 2)) tables.bias = graph::elements<std::int32_t>(*bias);
  for (const double factor : output_factors(in, out, weights.quantization->scale, multipliers,
                                            static_cast<std::size_t>(channels))) {
    const Requantization requantization = quantized_multiplier(factor);
    tables.multiplier.push_back(requantization.multiplier);
    tables.shift.push_back(static_cast<std::int8_t>(requantization.shift));
  }
  tables.limits =
      kernels::weight_limits(channels, static_cast<std::int32_t>(tables.weights.size()) / channels,
                             tables.weights.data(), tables.bias_or_null(), in.zero_point, tables.shift.data(),
                             static_cast<std::int32_t>(tables.shift.size()));
  return tables;
}

FloatTables float_tables(const graph::Graph& graph, const graph::Node& node) {
  FloatTables tables;
  tables.weights = graph::elements<float>(*input(graph, node, 1));
  if (const graph::Value* bias = input(graph, node, 2)) tables.bias = graph::elements<float>(*bias);
  return tables;
}

}  // namespace mote::ops
