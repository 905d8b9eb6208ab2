// SPDX-License-Identifier: Apache-2.0
#include "ops/operands.h"

#include <fmt/format.h>

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

Result<void> check_weights(const graph::Graph& graph, const graph::Node& node, std::int32_t channels) {
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& weights = *input(graph, node, 1);
  const graph::Value* bias = input(graph, node, 2);
  const bool is_int8 = in.dtype == DType::kInt8;
  if (in.dtype != weights.dtype || (!is_int8 && in.dtype != DType::kFloat32))
    return refuse(graph, node,
                  fmt::format("{} input with {} weights is not supported, expected float32 or int8 for both",
                              to_string(in.dtype), to_string(weights.dtype)));
  if (!weights.is_constant()) return refuse(graph, node, "weights are computed, expected a constant");
  if (bias == nullptr) return {};
  const DType bias_type = is_int8 ? DType::kInt32 : DType::kFloat32;
  if (!bias->is_constant()) return refuse(graph, node, "bias is computed, expected a constant");
  if (bias->dtype != bias_type || bias->element_count() != channels)
    return refuse(graph, node,
                  fmt::format("bias is {} {}, expected {} [{}]", to_string(bias->dtype),
                              graph::shape_text(bias->shape), to_string(bias_type), channels));
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
