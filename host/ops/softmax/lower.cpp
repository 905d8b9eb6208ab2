// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/softmax_variants.h"
#include "ops/lower_layer.h"
#include "ops/softmax/kernel.h"

namespace mote::ops::softmax {
namespace {

std::vector<Field> fields(const kernels::SoftmaxShape& shape) {
  return {field("rows", shape.rows), field("depth", shape.depth),
          field("input_multiplier", shape.input_multiplier),
          field("input_left_shift", shape.input_left_shift), field("diff_min", shape.diff_min)};
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatLayer layer, float_layer(graph, node));
    return lower_plain<kernels::SoftmaxFloatVariants>(
        graph, node, options, operands, ByValue{layer.shape, fields(layer.shape)},
        ByValue{layer.beta, {field("beta", layer.beta)}, "Beta"});
  }
  MOTE_TRY(const kernels::SoftmaxShape shape, int8_layer(graph, node));
  return lower_plain<kernels::SoftmaxVariants>(graph, node, options, operands, ByValue{shape, fields(shape)});
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::softmax
