// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/softmax_variants.h"
#include "ops/lower_layer.h"
#include "ops/softmax/kernel.h"

namespace mote::ops::softmax {
namespace {

using graph::DType;

Result<std::vector<Layer>> lower_int16(const graph::Graph& graph, const graph::Node& node,
                                       const LowerOptions& options) {
  MOTE_TRY(Int16Layer layer, int16_layer(graph, node));
  kernels::SoftmaxInt16Shape& shape = layer.shape;
  shape.rounding = options.rounding;
  using Tables = kernels::SoftmaxInt16Tables;
  TableSet<Tables> tables;
  tables.add("exp", &Tables::exp, layer.exp).add("reciprocal", &Tables::reciprocal, layer.reciprocal);
  return lower_plain<kernels::SoftmaxInt16Variants>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{shape,
              {field("rows", shape.rows), field("depth", shape.depth),
               field("input_multiplier", shape.input_multiplier), field("input_shift", shape.input_shift),
               field("rounding", shape.rounding)}},
      tables);
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  const DType type = input(graph, node, 0)->dtype;
  if (type == DType::kFloat32) {
    MOTE_TRY(const kernels::SoftmaxFloatShape shape, float_layer(graph, node));
    return lower_plain<kernels::SoftmaxFloatVariants>(
        graph, node, options, operands,
        ByValue{shape, {field("rows", shape.rows), field("depth", shape.depth), field("beta", shape.beta)}});
  }
  if (type == DType::kInt16) return lower_int16(graph, node, options);
  MOTE_TRY(const kernels::SoftmaxShape shape, int8_layer(graph, node));
  const ByValue value{shape,
                      {field("rows", shape.rows), field("depth", shape.depth),
                       field("input_multiplier", shape.input_multiplier),
                       field("input_left_shift", shape.input_left_shift), field("diff_min", shape.diff_min)}};
  return output(graph, node).dtype == DType::kInt16
             ? lower_plain<kernels::SoftmaxVariants<std::int16_t>>(graph, node, options, operands, value)
             : lower_plain<kernels::SoftmaxVariants<std::int8_t>>(graph, node, options, operands, value);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::softmax
