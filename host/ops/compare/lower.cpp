// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <utility>

#include "mote/kernels/compare_variants.h"
#include "ops/broadcast_lower.h"
#include "ops/compare/compare.h"

namespace mote::ops::compare {
namespace {

namespace functions = kernels::functions;
using graph::DType;
using Layers = Result<std::vector<Layer>>;

/// A node whose inputs are the wrong way round is one with the relation turned.
struct Source {
  const graph::Graph& graph;
  graph::Node node;
  const LowerOptions& options;
};

template <class Function>
Layers call(const Source& source, typename Function::Shape shape, std::vector<Field> parameters = {}) {
  MOTE_CHECK(set_broadcast(source.graph, source.node, shape));
  std::vector<Field> fields = broadcast_fields(shape);
  fields.insert(fields.end(), parameters.begin(), parameters.end());
  return lower_plain<kernels::CompareVariants<Function>>(
      source.graph, source.node, source.options,
      {source.node.inputs[0], source.node.inputs[1], source.node.outputs[0]},
      ByValue{shape, std::move(fields)});
}

/// Each operand times its scale, which TFLite has below 1.
template <class Function>
Layers quantized(const Source& source) {
  MOTE_TRY(const TensorScale a,
           tensor_scale(source.graph, source.node, *input(source.graph, source.node, 0), "input 0"));
  MOTE_TRY(const TensorScale b,
           tensor_scale(source.graph, source.node, *input(source.graph, source.node, 1), "input 1"));
  const Requantization factor_a = quantized_multiplier(static_cast<double>(a.scale));
  const Requantization factor_b = quantized_multiplier(static_cast<double>(b.scale));
  if (factor_a.shift > 0 || factor_b.shift > 0)
    return refuse(source.graph, source.node, "the inputs' scales are not below 1");
  kernels::CompareQuantizedShape shape = {};
  shape.a_zero_point = a.zero_point;
  shape.b_zero_point = b.zero_point;
  shape.a_multiplier = factor_a.multiplier;
  shape.a_shift = factor_a.shift;
  shape.b_multiplier = factor_b.multiplier;
  shape.b_shift = factor_b.shift;
  shape.rounding = source.options.rounding;
  return call<Function>(source, shape,
                        {field("a_zero_point", shape.a_zero_point), field("b_zero_point", shape.b_zero_point),
                         field("a_multiplier", shape.a_multiplier), field("a_shift", shape.a_shift),
                         field("b_multiplier", shape.b_multiplier), field("b_shift", shape.b_shift),
                         field("rounding", shape.rounding)});
}

template <class Relation>
Layers compare_numbers(const Source& source) {
  switch (input(source.graph, source.node, 0)->dtype) {
    case DType::kInt8:
      return quantized<functions::CompareQuantized<Relation, std::int8_t>>(source);
    case DType::kInt16:
      return quantized<functions::CompareQuantized<Relation, std::int16_t>>(source);
    case DType::kInt32:
      return call<functions::Compare<Relation, std::int32_t>>(source, {});
    case DType::kInt64:
      return call<functions::Compare<Relation, std::int64_t>>(source, {});
    case DType::kBool:
      return call<functions::CompareBool<Relation>>(source, {});
    default:
      return call<functions::Compare<Relation, float>>(source, {});
  }
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, compare::attributes(graph, node));
  Source source = {graph, node, options};
  if (attributes.function == Function::kGreater || attributes.function == Function::kGreaterEqual)
    std::swap(source.node.inputs[0], source.node.inputs[1]);
  switch (attributes.function) {
    case Function::kEqual:
      return compare_numbers<functions::IsEqual>(source);
    case Function::kNotEqual:
      return compare_numbers<functions::IsNotEqual>(source);
    case Function::kLess:
    case Function::kGreater:
      return compare_numbers<functions::IsLess>(source);
    case Function::kLessEqual:
    case Function::kGreaterEqual:
      return compare_numbers<functions::IsLessEqual>(source);
  }
  return no_exact_kernel(graph, node);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::compare
