// SPDX-License-Identifier: Apache-2.0
#include "ops/operands.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ops/ops.h"

namespace mote::ops {

using graph::DType;

std::unexpected<Error> refuse(const graph::Graph& graph, const graph::Node& node, const std::string& what,
                              std::string hint) {
  return fail(ErrorKind::kInput, describe(graph, node) + ": " + what, {}, std::move(hint));
}

const graph::Value* input(const graph::Graph& graph, const graph::Node& node, std::size_t index) {
  if (index >= node.inputs.size() || node.inputs[index] == graph::kNone) return nullptr;
  return &graph.value(node.inputs[index]);
}

const graph::Value& output(const graph::Graph& graph, const graph::Node& node) {
  return graph.value(node.outputs.at(0));
}

Result<void> check_arity(const graph::Graph& graph, const graph::Node& node, std::size_t least,
                         std::size_t most) {
  const std::string expected =
      least == most ? fmt::format("{}", least) : fmt::format("{} to {}", least, most);
  if (node.inputs.size() < least || node.inputs.size() > most)
    return refuse(graph, node, fmt::format("has {} inputs, expected {}", node.inputs.size(), expected));
  for (std::size_t index = 0; index < least; ++index)
    if (node.inputs[index] == graph::kNone)
      return refuse(graph, node, fmt::format("input {} is left out", index));
  if (node.outputs.size() != 1 || node.outputs[0] == graph::kNone)
    return refuse(graph, node, fmt::format("has {} outputs, expected 1", node.outputs.size()));
  return {};
}

namespace {

/// The types that the bias may have with such inputs and weights; empty if there is no such layer.
std::vector<DType> bias_types(DType in, DType weights, DType wide_bias) {
  if (in == DType::kFloat32 && (weights == DType::kFloat32 || weights == DType::kInt8))
    return {DType::kFloat32};
  if (in == DType::kInt8 && weights == DType::kInt8) return {DType::kInt32};
  if (in == DType::kInt16 && weights == DType::kInt8) return {DType::kInt64, wide_bias};
  return {};
}

}  // namespace

Result<void> check_weights(const graph::Graph& graph, const graph::Node& node, std::int32_t channels,
                           const WeightOperands& operands) {
  const graph::Value& in = *input(graph, node, operands.in);
  const graph::Value& weights = *input(graph, node, operands.weights);
  const graph::Value* bias = input(graph, node, operands.bias);
  const std::vector<DType> types = bias_types(in.dtype, weights.dtype, operands.wide_bias);
  if (types.empty())
    return refuse(
        graph, node,
        fmt::format("{} input with {} weights is not supported, expected float32, int8 or int16 with int8 "
                    "weights, or float32 for both",
                    to_string(in.dtype), to_string(weights.dtype)));
  if (!weights.is_constant()) return refuse(graph, node, "weights are computed, expected a constant");
  if (in.dtype == DType::kFloat32 && weights.dtype == DType::kInt8 && !weights.quantization)
    return refuse(graph, node, "float32 input with int8 weights that have no scale");
  if (bias == nullptr) return {};
  if (!bias->is_constant()) return refuse(graph, node, "bias is computed, expected a constant");
  if (std::ranges::find(types, bias->dtype) == types.end() || bias->element_count() != channels)
    return refuse(graph, node,
                  fmt::format("bias is {} {}, expected {} [{}]", to_string(bias->dtype),
                              graph::shape_text(bias->shape), to_string(types[0]), channels));
  return {};
}

Result<void> check_float_or_quantized(const graph::Graph& graph, const graph::Node& node) {
  const DType type = input(graph, node, 0)->dtype;
  if (type != DType::kFloat32 && type != DType::kInt8 && type != DType::kInt16)
    return refuse(graph, node,
                  fmt::format("{} input is not supported, expected float32, int8 or int16", to_string(type)));
  return {};
}

Result<void> check_float_or_int8(const graph::Graph& graph, const graph::Node& node) {
  const DType type = input(graph, node, 0)->dtype;
  if (type != DType::kFloat32 && type != DType::kInt8)
    return refuse(graph, node,
                  fmt::format("{} input is not supported, expected float32 or int8", to_string(type)));
  return {};
}

}  // namespace mote::ops
