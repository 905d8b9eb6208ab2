// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <string_view>
#include <utility>

#include "mote/kernels/svdf_variants.h"
#include "ops/lower_layer.h"
#include "ops/svdf/svdf.h"

namespace mote::ops::svdf {
namespace {

std::vector<graph::ValueId> operands(const graph::Node& node) {
  return {node.inputs[kIn], node.outputs[0], node.inputs[kState]};
}

template <class T>
std::vector<T> elements_or_none(const graph::Value* value) {
  return value == nullptr ? std::vector<T>() : graph::elements<T>(*value);
}

/// The clamp of an activation, none for the others.
kernels::FloatActivation bounds_of(FilterActivation activation) {
  switch (activation) {
    case FilterActivation::kRelu:
      return float_activation(Activation::kRelu);
    case FilterActivation::kRelu6:
      return float_activation(Activation::kRelu6);
    case FilterActivation::kReluN1To1:
      return float_activation(Activation::kReluN1To1);
    default:
      return kernels::no_activation();
  }
}

/// The function of an activation, and how C++ spells it.
std::pair<kernels::SvdfActivation, std::string_view> function_of(FilterActivation activation) {
  using kernels::SvdfActivation;
  if (activation == FilterActivation::kTanh)
    return {SvdfActivation::kTanh, "mote::kernels::SvdfActivation::kTanh"};
  if (activation == FilterActivation::kSignBit)
    return {SvdfActivation::kSignBit, "mote::kernels::SvdfActivation::kSignBit"};
  return {SvdfActivation::kClamp, "mote::kernels::SvdfActivation::kClamp"};
}

Result<std::vector<Layer>> lower_float(const graph::Graph& graph, const graph::Node& node,
                                       const LowerOptions& options, const Attributes& attributes) {
  using Tables = kernels::SvdfFloatTables;
  const graph::Value& in = *input(graph, node, kIn);
  const auto [function, function_text] = function_of(attributes.activation);
  const kernels::FloatActivation bounds = bounds_of(attributes.activation);
  const kernels::SvdfFloatShape shape = {in.shape[0],
                                         in.shape[1],
                                         input(graph, node, kFeature)->shape[0],
                                         attributes.rank,
                                         input(graph, node, kTime)->shape[1],
                                         function,
                                         bounds.activation_min,
                                         bounds.activation_max};
  TableSet<Tables> tables;
  tables.add("feature", &Tables::feature, graph::elements<float>(*input(graph, node, kFeature)))
      .add("time", &Tables::time, graph::elements<float>(*input(graph, node, kTime)))
      .add("bias", &Tables::bias, elements_or_none<float>(input(graph, node, kBias)));
  return lower_plain<kernels::SvdfFloatVariants>(
      graph, node, options, operands(node),
      ByValue{shape,
              {field("batch", shape.batch), field("inputs", shape.inputs), field("filters", shape.filters),
               field("rank", shape.rank), field("memory", shape.memory),
               Field{"activation", std::string(function_text)}, field("activation_min", shape.activation_min),
               field("activation_max", shape.activation_max)}},
      tables);
}

/// TFLite divides and multiplies scales in float.
Result<kernels::SvdfShape> integer_layer(const graph::Graph& graph, const graph::Node& node,
                                         std::int32_t rank, Rounding rounding) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, kIn), "input"));
  MOTE_TRY(const TensorScale feature,
           symmetric_scale(graph, node, *input(graph, node, kFeature), "feature weights"));
  MOTE_TRY(const TensorScale time, symmetric_scale(graph, node, *input(graph, node, kTime), "time weights"));
  MOTE_TRY(const TensorScale state, tensor_scale(graph, node, *input(graph, node, kState), "state"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  const Requantization to_state =
      quantized_multiplier(static_cast<double>(in.scale * feature.scale / state.scale));
  const Requantization to_output =
      quantized_multiplier(static_cast<double>(state.scale * time.scale / out.scale));
  kernels::SvdfShape shape = {};
  shape.batch = input(graph, node, kIn)->shape[0];
  shape.inputs = input(graph, node, kIn)->shape[1];
  shape.filters = input(graph, node, kFeature)->shape[0];
  shape.rank = rank;
  shape.memory = input(graph, node, kTime)->shape[1];
  shape.input_zero_point = in.zero_point;
  shape.state_zero_point = state.zero_point;
  shape.output_zero_point = out.zero_point;
  shape.state_multiplier = to_state.multiplier;
  shape.state_shift = to_state.shift;
  shape.output_multiplier = to_output.multiplier;
  shape.output_shift = to_output.shift;
  shape.rounding = rounding;
  return shape;
}

template <class State>
Result<std::vector<Layer>> lower_integers(const graph::Graph& graph, const graph::Node& node,
                                          const LowerOptions& options, std::int32_t rank) {
  MOTE_TRY(const kernels::SvdfShape shape, integer_layer(graph, node, rank, options.rounding));
  const auto feature = graph::elements<std::int8_t>(*input(graph, node, kFeature));
  const auto shift = static_cast<std::int8_t>(shape.state_shift);
  const kernels::Limits limits = kernels::weight_limits(shape.filters, shape.inputs, feature.data(), nullptr,
                                                        shape.input_zero_point, &shift, 1);
  using Tables = kernels::SvdfTables<State>;
  TableSet<Tables> tables;
  tables.add("feature", &Tables::feature, feature)
      .add("time", &Tables::time, graph::elements<State>(*input(graph, node, kTime)))
      .add("bias", &Tables::bias, elements_or_none<std::int32_t>(input(graph, node, kBias)));
  const ByValue value{
      shape,
      {field("batch", shape.batch), field("inputs", shape.inputs), field("filters", shape.filters),
       field("rank", shape.rank), field("memory", shape.memory),
       field("input_zero_point", shape.input_zero_point), field("state_zero_point", shape.state_zero_point),
       field("output_zero_point", shape.output_zero_point), field("state_multiplier", shape.state_multiplier),
       field("state_shift", shape.state_shift), field("output_multiplier", shape.output_multiplier),
       field("output_shift", shape.output_shift), field("rounding", shape.rounding)}};
  return select_variant<kernels::SvdfVariants<State>>(graph, node, options, shape, limits, [&](auto variant) {
    return layer_of<decltype(variant)>(graph, node, operands(node), value, tables);
  });
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, svdf::attributes(graph, node));
  switch (input(graph, node, kTime)->dtype) {
    case graph::DType::kFloat32:
      return lower_float(graph, node, options, attributes);
    case graph::DType::kInt8:
      return lower_integers<std::int8_t>(graph, node, options, attributes.rank);
    default:
      return lower_integers<std::int16_t>(graph, node, options, attributes.rank);
  }
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::svdf
