// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/l2_normalization_variants.h"
#include "ops/difference_scale.h"
#include "ops/lower_layer.h"

namespace mote::ops::l2_normalization {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  const auto [rows, depth] = rows_and_depth(graph, node);
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32)
    return lower_plain<kernels::L2NormalizationFloatVariants>(
        graph, node, options, operands,
        ByValue{kernels::L2NormalizationFloatShape{rows, depth},
                {field("rows", rows), field("depth", depth)}});
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_CHECK(check_fixed_scale(graph, node, {1.0f / 128, 0}));
  const kernels::L2NormalizationShape shape = {rows, depth, in.zero_point, options.rounding};
  return lower_plain<kernels::L2NormalizationVariants>(
      graph, node, options, operands,
      ByValue{shape,
              {field("rows", rows), field("depth", depth), field("input_zero_point", shape.input_zero_point),
               field("rounding", shape.rounding)}});
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::l2_normalization
