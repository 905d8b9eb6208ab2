// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <cmath>

#include "mote/kernels/log_softmax_variants.h"
#include "ops/difference_scale.h"
#include "ops/lower_layer.h"

namespace mote::ops::log_softmax {
namespace {

/// Errors (kInput): the output's scale and zero point are not 1/16 and 127, the only ones that the operator
/// has.
Result<kernels::LogSoftmaxShape> int8_layer(const graph::Graph& graph, const graph::Node& node,
                                            const LowerOptions& options) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_CHECK(check_fixed_scale(graph, node, {1.0f / 16, 127}));
  MOTE_TRY(const DifferenceScale scale, difference_scale(graph, node, static_cast<double>(in.scale)));
  const auto [multiplier, shift] = scale.factor;
  const Requantization reverse = quantized_multiplier(std::ldexp(1.0, 31 - shift) / multiplier);
  const auto [rows, depth] = rows_and_depth(graph, node);
  return kernels::LogSoftmaxShape{
      rows, depth, multiplier, shift, scale.least, reverse.multiplier, reverse.shift, options.rounding};
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    const auto [rows, depth] = rows_and_depth(graph, node);
    return lower_plain<kernels::LogSoftmaxFloatVariants>(
        graph, node, options, operands,
        ByValue{kernels::LogSoftmaxFloatShape{rows, depth}, {field("rows", rows), field("depth", depth)}});
  }
  MOTE_TRY(const kernels::LogSoftmaxShape shape, int8_layer(graph, node, options));
  return lower_plain<kernels::LogSoftmaxVariants>(
      graph, node, options, operands,
      ByValue{shape,
              {field("rows", shape.rows), field("depth", shape.depth),
               field("input_multiplier", shape.input_multiplier),
               field("input_left_shift", shape.input_left_shift), field("diff_min", shape.diff_min),
               field("reverse_multiplier", shape.reverse_multiplier),
               field("reverse_shift", shape.reverse_shift), field("rounding", shape.rounding)}});
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::log_softmax
