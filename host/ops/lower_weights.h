// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the "lower" aspects of operators with weights share: packing constants for the chosen variant.
#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "mote/kernels/weights.h"
#include "ops/lower_layer.h"

namespace mote::ops {

/// Operands of a layer with weights: input number `in`, and the output.
inline std::vector<graph::ValueId> weight_layer_operands(const graph::Node& node,
                                                         const WeightOperands& operands) {
  return {node.inputs[operands.in], node.outputs[0]};
}

/// One call of the best of `Variants`, quantised kernels with weights and biases of type Bias; `channels`:
/// outputs.
template <class Variants, class Bias, class Shape>
Result<std::vector<Layer>> lower_weights_of(const graph::Graph& graph, const graph::Node& node,
                                            const LowerOptions& options, const QuantizedLayer<Shape>& layer,
                                            std::int32_t channels, const std::vector<Field>& fields,
                                            const WeightOperands& operands) {
  using Tables = kernels::WeightTables<Bias>;
  const WeightTables& constants = layer.tables;
  std::vector<Bias> model_bias;
  for (const std::int64_t bias : constants.bias) model_bias.push_back(static_cast<Bias>(bias));
  const auto make = [&](auto variant) {
    using Variant = decltype(variant);
    std::vector<std::int8_t> weights(static_cast<std::size_t>(Variant::packed_bytes(layer.shape)));
    std::vector<Bias> bias(static_cast<std::size_t>(channels));
    Variant::pack(layer.shape, constants.weights.data(), model_bias.empty() ? nullptr : model_bias.data(),
                  weights.data(), bias.data());
    TableSet<Tables> tables;
    tables.add("weights", &Tables::weights, weights)
        .add("bias", &Tables::bias, bias)
        .add("multiplier", &Tables::multiplier, constants.multiplier)
        .add("shift", &Tables::shift, constants.shift);
    return layer_of<Variant>(graph, node, weight_layer_operands(node, operands), ByValue{layer.shape, fields},
                             tables);
  };
  return select_variant<Variants>(graph, node, options, layer.shape, constants.limits, make);
}

/// One call of the best of `Variants<T, Bias>` for the node's types.
template <template <class, class> class Variants, class Shape>
Result<std::vector<Layer>> lower_quantized_weights(const graph::Graph& graph, const graph::Node& node,
                                                   const LowerOptions& options,
                                                   const QuantizedLayer<Shape>& layer, std::int32_t channels,
                                                   const std::vector<Field>& fields,
                                                   const WeightOperands& operands = {}) {
  const bool is_int16 = input(graph, node, operands.in)->dtype == graph::DType::kInt16;
  if (!is_int16)
    return lower_weights_of<Variants<std::int8_t, std::int32_t>, std::int32_t>(graph, node, options, layer,
                                                                               channels, fields, operands);
  if (layer.tables.wide_sums)
    return lower_weights_of<Variants<std::int16_t, std::int64_t>, std::int64_t>(graph, node, options, layer,
                                                                                channels, fields, operands);
  return lower_weights_of<Variants<std::int16_t, std::int32_t>, std::int32_t>(graph, node, options, layer,
                                                                              channels, fields, operands);
}

/// One call of the best of `Variants`, float kernels whose weights are of type Weight.
template <class Variants, class Weight, class Shape>
Result<std::vector<Layer>> lower_float_weights_of(const graph::Graph& graph, const graph::Node& node,
                                                  const LowerOptions& options,
                                                  const FloatWeightLayer<Shape>& layer,
                                                  const std::vector<Weight>& model_weights,
                                                  const std::vector<Field>& fields,
                                                  const WeightOperands& operands) {
  using Tables = kernels::FloatWeightTables<Weight>;
  const auto make = [&](auto variant) {
    using Variant = decltype(variant);
    std::vector<Weight> weights(static_cast<std::size_t>(Variant::packed_bytes(layer.shape)) /
                                sizeof(Weight));
    Variant::pack(layer.shape, model_weights.data(), weights.data());
    TableSet<Tables> tables;
    tables.add("weights", &Tables::weights, weights).add("bias", &Tables::bias, layer.tables.bias);
    if constexpr (std::is_same_v<Weight, std::int8_t>)
      tables.add("scale", &Tables::scale, layer.tables.scale);
    return layer_of<Variant>(graph, node, weight_layer_operands(node, operands), ByValue{layer.shape, fields},
                             activation_value(layer.activation), tables);
  };
  return select_variant<Variants>(graph, node, options, layer.shape, kernels::Limits{}, make);
}

/// One call of the best of `Variants<float>` or, with int8 weights, `Variants<int8_t>`.
template <template <class> class Variants, class Shape>
Result<std::vector<Layer>> lower_float_weights(const graph::Graph& graph, const graph::Node& node,
                                               const LowerOptions& options,
                                               const FloatWeightLayer<Shape>& layer,
                                               const std::vector<Field>& fields,
                                               const WeightOperands& operands = {}) {
  if (layer.tables.weights.empty())
    return lower_float_weights_of<Variants<std::int8_t>, std::int8_t>(
        graph, node, options, layer, layer.tables.int8_weights, fields, operands);
  return lower_float_weights_of<Variants<float>, float>(graph, node, options, layer, layer.tables.weights,
                                                        fields, operands);
}

}  // namespace mote::ops
