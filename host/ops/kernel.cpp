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
                                 const graph::Value& weights, std::int32_t channel_axis) {
  if (!weights.quantization) return refuse(graph, node, "weights have no scale");
  const graph::Quantization& quantization = *weights.quantization;
  if (quantization.per_axis() && quantization.axis != channel_axis)
    return refuse(graph, node,
                  fmt::format("weights have scales along axis {}, expected {} (output channels)",
                              quantization.axis, channel_axis));
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
  if (!std::isfinite(factor)) return {INT32_MAX, 30};
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

ActivationRange activation_range(Activation activation, TensorScale output, graph::DType type) {
  const auto [least, most] = graph::integer_range(type);
  const auto quantized = [&](float real) {
    // Beyond 2^16 all is saturated.
    const float steps = std::round(std::clamp(real / output.scale, -0x1p17f, 0x1p17f));
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(output.zero_point + static_cast<std::int64_t>(steps), least, most));
  };
  const kernels::FloatActivation bounds = float_activation(activation);
  ActivationRange range{static_cast<std::int32_t>(least), static_cast<std::int32_t>(most)};
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

namespace {

/// Integers of any width.
std::vector<std::int64_t> integers(const graph::Value& value) {
  const auto widened = [](const auto& items) {
    return std::vector<std::int64_t>(items.begin(), items.end());
  };
  if (value.dtype == graph::DType::kInt16) return widened(graph::elements<std::int16_t>(value));
  if (value.dtype == graph::DType::kInt32) return widened(graph::elements<std::int32_t>(value));
  return graph::elements<std::int64_t>(value);
}

kernels::Limits limits_of(const WeightTables& tables, kernels::WeightLayout layout, std::int32_t zero_point,
                          bool int16_input) {
  const std::int64_t* bias = tables.bias.empty() ? nullptr : tables.bias.data();
  const auto shifts = static_cast<std::int32_t>(tables.shift.size());
  return int16_input ? kernels::weight_limits<std::int16_t>(layout, tables.weights.data(), bias, zero_point,
                                                            tables.shift.data(), shifts)
                     : kernels::weight_limits<std::int8_t>(layout, tables.weights.data(), bias, zero_point,
                                                           tables.shift.data(), shifts);
}

}  // namespace

Result<WeightTables> weight_tables(const graph::Graph& graph, const graph::Node& node,
                                   Multipliers multipliers, const WeightOperands& operands) {
  const graph::Value& input_value = *input(graph, node, operands.in);
  const graph::Value& weights = *input(graph, node, operands.weights);
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, input_value, "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  MOTE_CHECK(check_weight_scales(graph, node, weights, operands.channel_axis));

  const bool is_int16 = input_value.dtype == graph::DType::kInt16;
  const std::int32_t channels = weights.shape[static_cast<std::size_t>(operands.channel_axis)];
  WeightTables tables;
  tables.weights = graph::elements<std::int8_t>(weights);
  tables.wide_sums = is_int16;
  if (const graph::Value* bias = input(graph, node, operands.bias)) {
    tables.bias = integers(*bias);
    tables.wide_sums = is_int16 && bias->dtype != graph::DType::kInt32;
  }
  for (const double factor : output_factors(in, out, weights.quantization->scale, multipliers,
                                            static_cast<std::size_t>(channels))) {
    const Requantization requantization = quantized_multiplier(factor);
    tables.multiplier.push_back(requantization.multiplier);
    tables.shift.push_back(static_cast<std::int8_t>(requantization.shift));
  }
  const std::int32_t inputs = static_cast<std::int32_t>(tables.weights.size()) / channels;
  tables.limits = limits_of(tables,
                            operands.channel_axis == 0 ? kernels::weights_by_channel(channels, inputs)
                                                       : kernels::weights_by_input(channels, inputs),
                            in.zero_point, is_int16);
  return tables;
}

Result<FloatTables> float_tables(const graph::Graph& graph, const graph::Node& node,
                                 const WeightOperands& operands) {
  const graph::Value& weights = *input(graph, node, operands.weights);
  FloatTables tables;
  if (weights.dtype == graph::DType::kInt8) {
    MOTE_CHECK(check_weight_scales(graph, node, weights, operands.channel_axis));
    tables.int8_weights = graph::elements<std::int8_t>(weights);
    tables.scale = weights.quantization->scale;
  } else {
    tables.weights = graph::elements<float>(weights);
  }
  if (const graph::Value* bias = input(graph, node, operands.bias))
    tables.bias = graph::elements<float>(*bias);
  return tables;
}

}  // namespace mote::ops
