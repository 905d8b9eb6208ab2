// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/svdf/svdf.h"

namespace mote::ops::svdf {
namespace {

using graph::DType;

/// Types of the operands, in the order of the inputs.
Result<void> check_types(const graph::Graph& graph, const graph::Node& node) {
  const DType in = input(graph, node, kIn)->dtype;
  const DType feature = input(graph, node, kFeature)->dtype;
  const DType time = input(graph, node, kTime)->dtype;
  const DType state = input(graph, node, kState)->dtype;
  const bool floats = in == DType::kFloat32 && time == DType::kFloat32;
  const bool integers = in == DType::kInt8 && (time == DType::kInt8 || time == DType::kInt16);
  if ((!floats && !integers) || feature != in || state != time)
    return refuse(
        graph, node,
        fmt::format("{} input, {} and {} weights and {} state are not supported, expected float32 for all, "
                    "or int8 with time weights and state both int8 or both int16",
                    to_string(in), to_string(feature), to_string(time), to_string(state)));
  const graph::Value* bias = input(graph, node, kBias);
  const DType bias_type = floats ? DType::kFloat32 : DType::kInt32;
  if (bias != nullptr && bias->dtype != bias_type)
    return refuse(graph, node,
                  fmt::format("bias is {}, expected {}", to_string(bias->dtype), to_string(bias_type)));
  return {};
}

Result<void> check_shape(const graph::Graph& graph, const graph::Node& node, Input index,
                         std::string_view role, const std::vector<std::int32_t>& expected) {
  const graph::Value* value = input(graph, node, index);
  if (value == nullptr || value->shape == expected) return {};
  return refuse(graph, node,
                fmt::format("{} is {}, expected {}", role, graph::shape_text(value->shape),
                            graph::shape_text(expected)));
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, svdf::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, kBias, kInputs));
  if (input(graph, node, kState) == nullptr || !input(graph, node, kState)->is_state)
    return refuse(graph, node,
                  fmt::format("input {} is no variable tensor, expected the state", int{kState}));
  MOTE_CHECK(check_types(graph, node));
  for (const Input weights : {kFeature, kTime, kBias})
    if (const graph::Value* value = input(graph, node, weights); value != nullptr && !value->is_constant())
      return refuse(graph, node, "weights are computed, expected a constant");
  const std::vector<std::int32_t>& in = input(graph, node, kIn)->shape;
  const std::vector<std::int32_t>& feature = input(graph, node, kFeature)->shape;
  const std::vector<std::int32_t>& time = input(graph, node, kTime)->shape;
  if (in.size() != 2 || feature.size() != 2 || time.size() != 2)
    return refuse(graph, node,
                  fmt::format("input is {}, weights are {} and {}, expected two dimensions each",
                              graph::shape_text(in), graph::shape_text(feature), graph::shape_text(time)));
  const std::int32_t filters = feature[0];
  if (filters % attributes.rank != 0)
    return refuse(graph, node,
                  fmt::format("{} filters are no multiple of rank {}", filters, attributes.rank));
  const std::int32_t units = filters / attributes.rank;
  MOTE_CHECK(check_shape(graph, node, kFeature, "feature weights", {filters, in[1]}));
  MOTE_CHECK(check_shape(graph, node, kTime, "time weights", {filters, time[1]}));
  MOTE_CHECK(check_shape(graph, node, kBias, "bias", {units}));
  MOTE_CHECK(check_shape(graph, node, kState, "state", {in[0], filters * time[1]}));
  return std::vector{ValueType{input(graph, node, kIn)->dtype, {in[0], units}}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::svdf
