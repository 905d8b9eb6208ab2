// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/fully_connected/fully_connected.h"
#include "ops/operands.h"

namespace mote::ops::fully_connected {
namespace {

/// Weights that a node computes are of the input's type, and not of 16 bits.
Result<void> check_computed_weights(const graph::Graph& graph, const graph::Node& node,
                                    std::int32_t channels) {
  const graph::DType type = input(graph, node, 0)->dtype;
  const graph::DType weights = input(graph, node, 1)->dtype;
  if (type != weights || (type != graph::DType::kFloat32 && type != graph::DType::kInt8))
    return refuse(
        graph, node,
        fmt::format("{} input with computed {} weights is not supported, expected float32 or int8 for both",
                    to_string(type), to_string(weights)));
  const graph::Value* bias = input(graph, node, 2);
  const graph::DType bias_type = type == graph::DType::kInt8 ? graph::DType::kInt32 : graph::DType::kFloat32;
  if (bias == nullptr) return {};
  if (!bias->is_constant()) return refuse(graph, node, "bias is computed, expected a constant");
  if (bias->dtype != bias_type || bias->element_count() != channels)
    return refuse(graph, node,
                  fmt::format("bias is {} {}, expected {} [{}]", to_string(bias->dtype),
                              graph::shape_text(bias->shape), to_string(bias_type), channels));
  return {};
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 3));
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& weights = *input(graph, node, 1);
  if (weights.shape.size() != 2)
    return refuse(graph, node,
                  fmt::format("weights are {}, expected [out_features, in_features]",
                              graph::shape_text(weights.shape)));
  const std::int32_t out_features = weights.shape[0];
  const std::int32_t in_features = weights.shape[1];
  if (in.element_count() % in_features != 0 ||
      (attributes.keep_dimensions && (in.shape.empty() || in.shape.back() != in_features)))
    return refuse(
        graph, node,
        fmt::format("input is {}, weights expect {} features", graph::shape_text(in.shape), in_features));
  MOTE_CHECK(weights.is_constant() ? check_weights(graph, node, out_features)
                                   : check_computed_weights(graph, node, out_features));
  std::vector<std::int32_t> shape = {static_cast<std::int32_t>(in.element_count() / in_features)};
  if (attributes.keep_dimensions) shape.assign(in.shape.begin(), in.shape.end() - 1);
  shape.push_back(out_features);
  return std::vector{ValueType{in.dtype, std::move(shape)}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::fully_connected
