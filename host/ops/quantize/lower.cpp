// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/quantize_variants.h"
#include "ops/lower_layer.h"
#include "ops/quantize/kernel.h"

namespace mote::ops::quantize {
namespace {

template <class In>
Result<std::vector<Layer>> lower_integers(const graph::Graph& graph, const graph::Node& node,
                                          const LowerOptions& options) {
  MOTE_TRY(const kernels::QuantizeShape shape, integer_layer(graph, node));
  return lower_plain<kernels::QuantizeVariants<In>>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{shape,
              {field("count", shape.count), field("input_zero_point", shape.input_zero_point),
               field("output_zero_point", shape.output_zero_point), field("multiplier", shape.multiplier),
               field("shift", shape.shift)}});
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  const graph::DType from = input(graph, node, 0)->dtype;
  if (from == graph::DType::kInt8) return lower_integers<std::int8_t>(graph, node, options);
  if (from == graph::DType::kInt16) return lower_integers<std::int16_t>(graph, node, options);
  MOTE_TRY(const kernels::QuantizeFloatShape shape, float_layer(graph, node));
  return lower_plain<kernels::QuantizeFloatVariants>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{
          shape,
          {field("count", shape.count), field("scale", shape.scale), field("zero_point", shape.zero_point)}});
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::quantize
