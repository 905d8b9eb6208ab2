// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/lower_layer.h"
#include "ops/pool_2d_kernel.h"

namespace mote::ops {

inline std::vector<Field> fields(const kernels::Pool2dShape& shape) {
  return {field("batch", shape.batch),
          field("in_height", shape.in_height),
          field("in_width", shape.in_width),
          field("channels", shape.channels),
          field("out_height", shape.out_height),
          field("out_width", shape.out_width),
          field("kernel_height", shape.kernel_height),
          field("kernel_width", shape.kernel_width),
          field("stride_height", shape.stride_height),
          field("stride_width", shape.stride_width),
          field("pad_top", shape.pad_top),
          field("pad_left", shape.pad_left),
          field("activation_min", shape.activation_min),
          field("activation_max", shape.activation_max)};
}

/// The aspect "lower" of a pooling operator that has float kernels alone.
template <class FloatVariants>
Result<std::vector<Layer>> lower_float_pool_2d(const graph::Graph& graph, const graph::Node& node,
                                               const LowerOptions& options) {
  MOTE_TRY(const FloatPool2d layer, float_pool_2d(graph, node));
  return lower_plain<FloatVariants>(graph, node, options, {node.inputs[0], node.outputs[0]},
                                    ByValue{layer.shape, fields(layer.shape)},
                                    activation_value(layer.activation));
}

/// The aspect "lower" of a pooling operator.
template <template <class> class Variants, class FloatVariants>
Result<std::vector<Layer>> lower_pool_2d(const graph::Graph& graph, const graph::Node& node,
                                         const LowerOptions& options) {
  const graph::DType type = input(graph, node, 0)->dtype;
  if (type == graph::DType::kFloat32) return lower_float_pool_2d<FloatVariants>(graph, node, options);
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  MOTE_TRY(const kernels::Pool2dShape shape, quantized_pool_2d(graph, node));
  if (type == graph::DType::kInt16)
    return lower_plain<Variants<std::int16_t>>(graph, node, options, operands, ByValue{shape, fields(shape)});
  return lower_plain<Variants<std::int8_t>>(graph, node, options, operands, ByValue{shape, fields(shape)});
}

}  // namespace mote::ops
