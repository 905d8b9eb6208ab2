// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/quantize_variants.h"
#include "ops/lower_layer.h"
#include "ops/quantize/kernel.h"

namespace mote::ops::quantize {
namespace {

using graph::DType;
using Layers = Result<std::vector<Layer>>;

template <class From, class To>
Layers lower_integers(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(kernels::RequantizeShape shape, integer_layer(graph, node));
  shape.rounding = options.rounding;
  return lower_plain<kernels::RequantizeVariants<From, To>>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{shape,
              {field("count", shape.count), field("input_zero_point", shape.input_zero_point),
               field("output_zero_point", shape.output_zero_point), field("multiplier", shape.multiplier),
               field("shift", shape.shift), field("activation_min", shape.activation_min),
               field("activation_max", shape.activation_max), field("rounding", shape.rounding)}});
}

template <class To>
Layers lower_floats(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const kernels::AffineShape shape, float_layer(graph, node));
  return lower_plain<kernels::QuantizeVariants<To>>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{
          shape,
          {field("count", shape.count), field("scale", shape.scale), field("zero_point", shape.zero_point)}});
}

/// From `From`, an integer type of which the output's type is another.
template <class From>
Layers lower_from(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  switch (output(graph, node).dtype) {
    case DType::kInt8:
      return lower_integers<From, std::int8_t>(graph, node, options);
    case DType::kUInt8:
      return lower_integers<From, std::uint8_t>(graph, node, options);
    case DType::kInt16:
      return lower_integers<From, std::int16_t>(graph, node, options);
    default:
      return lower_integers<From, std::int32_t>(graph, node, options);
  }
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  switch (input(graph, node, 0)->dtype) {
    case DType::kInt8:
      return lower_from<std::int8_t>(graph, node, options);
    case DType::kUInt8:
      return lower_from<std::uint8_t>(graph, node, options);
    case DType::kInt16:
      return lower_from<std::int16_t>(graph, node, options);
    case DType::kInt32:
      return lower_from<std::int32_t>(graph, node, options);
    default:
      return output(graph, node).dtype == DType::kInt8 ? lower_floats<std::int8_t>(graph, node, options)
                                                       : lower_floats<std::int16_t>(graph, node, options);
  }
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::quantize
