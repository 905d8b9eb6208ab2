// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mote/kernels/binary_variants.h"
#include "ops/binary/kernel.h"
#include "ops/broadcast_lower.h"

namespace mote::ops::binary {
namespace {

namespace functions = kernels::functions;
using graph::DType;

/// A node on its way to its kernel.
struct Source {
  const graph::Graph& graph;
  const graph::Node& node;
  const LowerOptions& options;
  Attributes attributes;

  DType type() const { return input(graph, node, 0)->dtype; }
};

using Layers = Result<std::vector<Layer>>;

/// `parameters`: the fields behind size and repeats.
template <class Function>
Layers call(const Source& source, typename Function::Shape shape, std::vector<Field> parameters = {}) {
  MOTE_CHECK(set_broadcast(source.graph, source.node, shape));
  std::vector<Field> fields = broadcast_fields(shape);
  fields.insert(fields.end(), parameters.begin(), parameters.end());
  return lower_plain<kernels::BinaryVariants<Function>>(
      source.graph, source.node, source.options,
      {source.node.inputs[0], source.node.inputs[1], source.node.outputs[0]},
      ByValue{shape, std::move(fields)});
}

template <class Shape>
std::vector<Field> activation_fields(const Shape& shape) {
  return {field("activation_min", shape.activation_min), field("activation_max", shape.activation_max)};
}

/// With the bounds of TFLite: without an activation they are the largest floats, and no infinity comes out.
template <template <class, class> class Function>
Layers on_floats(const Source& source) {
  const kernels::FloatActivation bounds = float_activation(source.attributes.activation);
  kernels::BinaryFloatShape shape = {};
  shape.activation_min = std::max(bounds.activation_min, std::numeric_limits<float>::lowest());
  shape.activation_max = std::min(bounds.activation_max, std::numeric_limits<float>::max());
  return call<Function<kernels::BinaryFloatShape, float>>(source, shape, activation_fields(shape));
}

/// TFLite Micro leaves out the activation of an ADD of int32.
template <template <class, class> class Function>
Layers on_int32(const Source& source) {
  for (const graph::ValueId id : source.node.inputs)
    if (source.graph.value(id).quantization && source.attributes.function != binary::Function::kMultiply)
      return refuse(source.graph, source.node, "int32 inputs have scales, expected plain numbers");
  const kernels::FloatActivation bounds =
      float_activation(source.attributes.function == binary::Function::kAdd ? Activation::kNone
                                                                            : source.attributes.activation);
  kernels::BinaryInt32Shape shape = {};
  shape.activation_min = std::isfinite(bounds.activation_min)
                             ? static_cast<std::int32_t>(bounds.activation_min)
                             : std::numeric_limits<std::int32_t>::min();
  shape.activation_max = std::isfinite(bounds.activation_max)
                             ? static_cast<std::int32_t>(bounds.activation_max)
                             : std::numeric_limits<std::int32_t>::max();
  return call<Function<kernels::BinaryInt32Shape, std::int32_t>>(source, shape, activation_fields(shape));
}

template <class Function>
Layers sum(const Source& source) {
  MOTE_TRY(auto shape, sum_parameters(source.graph, source.node, source.attributes));
  shape.rounding = source.options.rounding;
  return call<Function>(
      source, shape,
      {field("a_zero_point", shape.a_zero_point), field("b_zero_point", shape.b_zero_point),
       field("output_zero_point", shape.output_zero_point), field("a_multiplier", shape.a_multiplier),
       field("a_shift", shape.a_shift), field("b_multiplier", shape.b_multiplier),
       field("b_shift", shape.b_shift), field("output_multiplier", shape.output_multiplier),
       field("output_shift", shape.output_shift), field("activation_min", shape.activation_min),
       field("activation_max", shape.activation_max), field("rounding", shape.rounding)});
}

template <class Function>
Layers product(const Source& source) {
  MOTE_TRY(auto shape, product_parameters(source.graph, source.node, source.attributes));
  shape.rounding = source.options.rounding;
  return call<Function>(
      source, shape,
      {field("a_zero_point", shape.a_zero_point), field("b_zero_point", shape.b_zero_point),
       field("output_zero_point", shape.output_zero_point), field("multiplier", shape.multiplier),
       field("shift", shape.shift), field("activation_min", shape.activation_min),
       field("activation_max", shape.activation_max), field("rounding", shape.rounding)});
}

template <class Function>
Layers prelu(const Source& source) {
  MOTE_TRY(auto shape, prelu_parameters(source.graph, source.node));
  shape.rounding = source.options.rounding;
  return call<Function>(
      source, shape,
      {field("input_zero_point", shape.input_zero_point), field("slope_zero_point", shape.slope_zero_point),
       field("output_zero_point", shape.output_zero_point),
       field("positive_multiplier", shape.positive_multiplier), field("positive_shift", shape.positive_shift),
       field("negative_multiplier", shape.negative_multiplier), field("negative_shift", shape.negative_shift),
       field("rounding", shape.rounding)});
}

template <template <class, class> class Plain, template <class> class Quantized>
Layers sums(const Source& source) {
  if (source.type() == DType::kInt8) return sum<Quantized<std::int8_t>>(source);
  if (source.type() == DType::kInt16) return sum<Quantized<std::int16_t>>(source);
  return source.type() == DType::kInt32 ? on_int32<Plain>(source) : on_floats<Plain>(source);
}

Layers products(const Source& source) {
  if (source.type() == DType::kInt8) return product<functions::MultiplyQuantized<std::int8_t>>(source);
  if (source.type() == DType::kInt16) return product<functions::MultiplyQuantized<std::int16_t>>(source);
  return source.type() == DType::kInt32 ? on_int32<functions::Multiply>(source)
                                        : on_floats<functions::Multiply>(source);
}

Layers quotients(const Source& source) {
  if (source.type() == DType::kInt8) return product<functions::DivideQuantized>(source);
  return source.type() == DType::kInt32 ? on_int32<functions::Divide>(source)
                                        : on_floats<functions::Divide>(source);
}

Layers squared_differences(const Source& source) {
  if (source.type() == DType::kInt8) return sum<functions::SquaredDifferenceQuantized<std::int8_t>>(source);
  if (source.type() == DType::kInt16) return sum<functions::SquaredDifferenceQuantized<std::int16_t>>(source);
  return source.type() == DType::kInt32 ? call<functions::SquaredDifference<std::int32_t>>(source, {})
                                        : call<functions::SquaredDifference<float>>(source, {});
}

template <template <class> class Function>
Layers extrema(const Source& source) {
  switch (source.type()) {
    case DType::kInt8:
      return call<Function<std::int8_t>>(source, {});
    case DType::kInt16:
      return call<Function<std::int16_t>>(source, {});
    case DType::kInt32:
      return call<Function<std::int32_t>>(source, {});
    case DType::kInt64:
      return call<Function<std::int64_t>>(source, {});
    default:
      return call<Function<float>>(source, {});
  }
}

Layers prelus(const Source& source) {
  if (source.type() == DType::kInt8) return prelu<functions::PreluQuantized<std::int8_t>>(source);
  if (source.type() == DType::kInt16) return prelu<functions::PreluQuantized<std::int16_t>>(source);
  return call<functions::PreluFloat>(source, {});
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, binary::attributes(graph, node));
  const Source source = {graph, node, options, attributes};
  switch (attributes.function) {
    case Function::kAdd:
      return sums<functions::Add, functions::AddQuantized>(source);
    case Function::kSubtract:
      return sums<functions::Subtract, functions::SubtractQuantized>(source);
    case Function::kMultiply:
      return products(source);
    case Function::kDivide:
      return quotients(source);
    case Function::kMaximum:
      return extrema<functions::Maximum>(source);
    case Function::kMinimum:
      return extrema<functions::Minimum>(source);
    case Function::kSquaredDifference:
      return squared_differences(source);
    case Function::kFloorDivide:
      return call<functions::FloorDivide>(source, {});
    case Function::kFloorModulo:
      return call<functions::FloorModulo>(source, {});
    case Function::kPrelu:
      return prelus(source);
    case Function::kLogicalAnd:
      return call<functions::LogicalAnd>(source, {});
    case Function::kLogicalOr:
      return call<functions::LogicalOr>(source, {});
  }
  return no_exact_kernel(graph, node);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::binary
