// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <limits>

#include "mote/kernels/unary_variants.h"
#include "ops/lower_layer.h"
#include "ops/unary/kernel.h"

namespace mote::ops::unary {
namespace {

namespace functions = kernels::functions;
using graph::DType;
using Layers = Result<std::vector<Layer>>;

std::vector<graph::ValueId> operands(const graph::Node& node) {
  return {node.inputs[0], node.outputs[0]};
}

std::int32_t count_of(const graph::Graph& graph, const graph::Node& node) {
  return static_cast<std::int32_t>(output(graph, node).element_count());
}

template <class Function>
Layers call(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  const kernels::UnaryShape shape = {count_of(graph, node)};
  return lower_plain<kernels::UnaryVariants<Function>>(graph, node, options, operands(node),
                                                       ByValue{shape, {field("count", shape.count)}});
}

Layers clamp_float(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                   float minimum, float maximum) {
  const kernels::ClampFloatShape shape = {count_of(graph, node), minimum, maximum};
  return lower_plain<kernels::UnaryVariants<functions::ClampFloat>>(
      graph, node, options, operands(node),
      ByValue{
          shape,
          {field("count", shape.count), field("minimum", shape.minimum), field("maximum", shape.maximum)}});
}

Layers leaky_relu_float(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                        double slope) {
  const kernels::LeakyReluFloatShape shape = {count_of(graph, node), static_cast<float>(slope)};
  return lower_plain<kernels::UnaryVariants<functions::LeakyReluFloat>>(
      graph, node, options, operands(node),
      ByValue{shape, {field("count", shape.count), field("slope", shape.slope)}});
}

Layers lower_float(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                   const Attributes& attributes) {
  switch (attributes.function) {
    case Function::kAbs:
      return call<functions::AbsFloat>(graph, node, options);
    case Function::kCeil:
      return call<functions::CeilFloat>(graph, node, options);
    case Function::kCos:
      return call<functions::CosFloat>(graph, node, options);
    case Function::kElu:
      return call<functions::EluFloat>(graph, node, options);
    case Function::kExp:
      return call<functions::ExpFloat>(graph, node, options);
    case Function::kFloor:
      return call<functions::FloorFloat>(graph, node, options);
    case Function::kHardSwish:
      return call<functions::HardSwishFloat>(graph, node, options);
    case Function::kLeakyRelu:
      return leaky_relu_float(graph, node, options, attributes.slope);
    case Function::kLog:
      return call<functions::LogFloat>(graph, node, options);
    case Function::kLogistic:
      return call<functions::LogisticFloat>(graph, node, options);
    case Function::kNeg:
      return call<functions::NegateFloat>(graph, node, options);
    case Function::kRelu:
      return clamp_float(graph, node, options, 0.0f, std::numeric_limits<float>::infinity());
    case Function::kRelu0To1:
      return clamp_float(graph, node, options, 0.0f, 1.0f);
    case Function::kRelu6:
      return clamp_float(graph, node, options, 0.0f, 6.0f);
    case Function::kReluN1To1:
      return clamp_float(graph, node, options, -1.0f, 1.0f);
    case Function::kRound:
      return call<functions::RoundFloat>(graph, node, options);
    case Function::kRsqrt:
      return call<functions::RsqrtFloat>(graph, node, options);
    case Function::kSin:
      return call<functions::SinFloat>(graph, node, options);
    case Function::kSqrt:
      return call<functions::SqrtFloat>(graph, node, options);
    case Function::kSquare:
      return call<functions::SquareFloat>(graph, node, options);
    case Function::kTanh:
      return call<functions::TanhFloat>(graph, node, options);
    case Function::kLogicalNot:
      return call<functions::LogicalNot>(graph, node, options);
  }
  return no_exact_kernel(graph, node);
}

Layers lower_int8(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const auto table, int8_table(graph, node, options.rounding));
  TableSet<kernels::LookupTables> tables;
  tables.add("values", &kernels::LookupTables::values, table);
  const kernels::LookupShape shape = {count_of(graph, node)};
  return lower_plain<kernels::LookupVariants>(graph, node, options, operands(node),
                                              ByValue{shape, {field("count", shape.count)}}, tables);
}

Layers relu_int16(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                  Function function) {
  MOTE_TRY(auto shape, int16_relu(graph, node, function));
  shape.rounding = options.rounding;
  return lower_plain<kernels::UnaryVariants<functions::RequantizeFunction<std::int16_t, std::int16_t>>>(
      graph, node, options, operands(node),
      ByValue{shape,
              {field("count", shape.count), field("input_zero_point", shape.input_zero_point),
               field("output_zero_point", shape.output_zero_point), field("multiplier", shape.multiplier),
               field("shift", shape.shift), field("activation_min", shape.activation_min),
               field("activation_max", shape.activation_max), field("rounding", shape.rounding)}});
}

Layers leaky_relu_int16(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                        double slope) {
  MOTE_TRY(auto shape, int16_leaky_relu(graph, node, slope));
  shape.rounding = options.rounding;
  return lower_plain<kernels::UnaryVariants<functions::LeakyReluInt16>>(
      graph, node, options, operands(node),
      ByValue{shape,
              {field("count", shape.count), field("input_zero_point", shape.input_zero_point),
               field("output_zero_point", shape.output_zero_point),
               field("positive_multiplier", shape.positive_multiplier),
               field("positive_shift", shape.positive_shift),
               field("negative_multiplier", shape.negative_multiplier),
               field("negative_shift", shape.negative_shift), field("rounding", shape.rounding)}});
}

Layers abs_int16(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(auto shape, int16_abs(graph, node));
  shape.rounding = options.rounding;
  return lower_plain<kernels::UnaryVariants<functions::AbsInt16>>(
      graph, node, options, operands(node),
      ByValue{
          shape,
          {field("count", shape.count), field("multiplier", shape.multiplier), field("shift", shape.shift),
           field("maximum", shape.maximum), field("rounding", shape.rounding)}});
}

Layers rsqrt_int16(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(auto shape, int16_rsqrt(graph, node));
  shape.rounding = options.rounding;
  return lower_plain<kernels::UnaryVariants<functions::RsqrtInt16>>(
      graph, node, options, operands(node),
      ByValue{shape,
              {field("count", shape.count), field("multiplier", shape.multiplier),
               field("shift", shape.shift), field("rounding", shape.rounding)}});
}

template <class Function>
Layers sigmoid_int16(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                     unary::Function function) {
  MOTE_TRY(const auto shape, int16_sigmoid(graph, node, function));
  TableSet<kernels::SigmoidTables> tables;
  tables.add("sigmoid", &kernels::SigmoidTables::sigmoid, kSigmoidTable);
  return lower_plain<kernels::SigmoidInt16Variants<Function>>(
      graph, node, options, operands(node),
      ByValue{
          shape,
          {field("count", shape.count), field("multiplier", shape.multiplier), field("shift", shape.shift)}},
      tables);
}

Layers lower_int16(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                   const Attributes& attributes) {
  switch (attributes.function) {
    case Function::kAbs:
      return abs_int16(graph, node, options);
    case Function::kLeakyRelu:
      return leaky_relu_int16(graph, node, options, attributes.slope);
    case Function::kLogistic:
      return sigmoid_int16<functions::Logistic>(graph, node, options, attributes.function);
    case Function::kRsqrt:
      return rsqrt_int16(graph, node, options);
    case Function::kTanh:
      return sigmoid_int16<functions::Tanh>(graph, node, options, attributes.function);
    default:
      return relu_int16(graph, node, options, attributes.function);
  }
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, unary::attributes(graph, node));
  const DType type = input(graph, node, 0)->dtype;
  if (type == DType::kInt8) return lower_int8(graph, node, options);
  if (type == DType::kInt16) return lower_int16(graph, node, options, attributes);
  return lower_float(graph, node, options, attributes);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::unary
