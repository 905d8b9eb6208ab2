// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/unidirectional_sequence_lstm/unidirectional_sequence_lstm.h"

namespace mote::ops::unidirectional_sequence_lstm {
namespace {

using graph::DType;

Result<void> refuse_variants(const graph::Graph& graph, const graph::Node& node) {
  const auto any = [&](std::size_t first, std::size_t end) {
    for (std::size_t index = first; index < end; ++index)
      if (input(graph, node, index) != nullptr) return true;
    return false;
  };
  const std::string_view hint = "TensorFlow Lite Micro has none either";
  if (any(kPeephole, kBias))
    return refuse(graph, node, "peephole weights are not supported", std::string(hint));
  if (any(kProjection, kHidden))
    return refuse(graph, node, "a projection is not supported", std::string(hint));
  if (any(kLayerNormalization, kInputs))
    return refuse(graph, node, "layer normalisation is not supported", std::string(hint));
  return {};
}

Result<void> check_state(const graph::Graph& graph, const graph::Node& node, Input index,
                         std::string_view role, DType type, std::int64_t elements) {
  const graph::Value* state = input(graph, node, index);
  if (state == nullptr || !state->is_state)
    return refuse(
        graph, node,
        fmt::format("input {} is no variable tensor, expected the {} state", static_cast<int>(index), role));
  if (state->dtype != type || state->element_count() != elements)
    return refuse(graph, node,
                  fmt::format("{} state is {} {}, expected {} of {} elements", role, to_string(state->dtype),
                              graph::shape_text(state->shape), to_string(type), elements));
  return {};
}

/// A constant of each gate.
Result<void> check_gates(const graph::Graph& graph, const graph::Node& node, Input first,
                         std::string_view role, DType type, const std::vector<std::int32_t>& shape) {
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    const graph::Value* value = input(graph, node, first + gate);
    if (value == nullptr)
      return refuse(graph, node,
                    fmt::format("{} of gate {} are left out (input {})", role, gate, first + gate),
                    "a coupled input gate is not supported, in TensorFlow Lite Micro neither");
    if (value->is_constant() && value->dtype == type && value->shape == shape) continue;
    return refuse(graph, node,
                  fmt::format("{} of gate {} are {}{} {}, expected constant {} {}", role, gate,
                              value->is_constant() ? "" : "computed ", to_string(value->dtype),
                              graph::shape_text(value->shape), to_string(type), graph::shape_text(shape)));
  }
  return {};
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, unidirectional_sequence_lstm::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, kInputs));
  MOTE_CHECK(refuse_variants(graph, node));
  const graph::Value& in = *input(graph, node, kIn);
  if (in.shape.size() != 3)
    return refuse(graph, node,
                  fmt::format("input is {}, expected three dimensions", graph::shape_text(in.shape)));
  if (in.dtype != DType::kFloat32 && in.dtype != DType::kInt8 && in.dtype != DType::kInt16)
    return refuse(
        graph, node,
        fmt::format("{} input is not supported, expected float32, int8 or int16", to_string(in.dtype)));
  const bool floats = in.dtype == DType::kFloat32;
  const graph::Value* first = input(graph, node, kWeights);
  const std::int32_t units = first != nullptr && !first->shape.empty() ? first->shape[0] : 0;
  const std::int32_t inputs = in.shape[2];
  const DType weights = floats ? DType::kFloat32 : DType::kInt8;
  const DType bias = floats ? DType::kFloat32 : in.dtype == DType::kInt8 ? DType::kInt32 : DType::kInt64;
  MOTE_CHECK(check_gates(graph, node, kWeights, "weights", weights, {units, inputs}));
  MOTE_CHECK(check_gates(graph, node, kRecurrentWeights, "recurrent weights", weights, {units, units}));
  MOTE_CHECK(check_gates(graph, node, kBias, "biases", bias, {units}));
  const std::int64_t elements = std::int64_t{in.shape[attributes.time_major ? 1 : 0]} * units;
  MOTE_CHECK(check_state(graph, node, kHidden, "hidden", in.dtype, elements));
  MOTE_CHECK(check_state(graph, node, kCell, "cell", floats ? DType::kFloat32 : DType::kInt16, elements));
  return std::vector{ValueType{in.dtype, {in.shape[0], in.shape[1], units}}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::unidirectional_sequence_lstm
