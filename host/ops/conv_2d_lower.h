// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/conv_2d_shape.h"
#include "ops/lower_weights.h"

namespace mote::ops {

/// The shape of the three convolutions, in the order of its members.
inline std::vector<Field> fields(const kernels::Conv2dShape& shape) {
  return {field("batch", shape.batch),
          field("in_height", shape.in_height),
          field("in_width", shape.in_width),
          field("in_channels", shape.in_channels),
          field("out_height", shape.out_height),
          field("out_width", shape.out_width),
          field("out_channels", shape.out_channels),
          field("kernel_height", shape.kernel_height),
          field("kernel_width", shape.kernel_width),
          field("stride_height", shape.stride_height),
          field("stride_width", shape.stride_width),
          field("dilation_height", shape.dilation_height),
          field("dilation_width", shape.dilation_width),
          field("pad_top", shape.pad_top),
          field("pad_left", shape.pad_left),
          field("groups", shape.groups),
          field("input_zero_point", shape.input_zero_point),
          field("output_zero_point", shape.output_zero_point),
          field("activation_min", shape.activation_min),
          field("activation_max", shape.activation_max),
          field("rounding", shape.rounding),
          field("scratch_allowance", shape.scratch_allowance)};
}

/// A convolution's calls from its layers, which `quantized_layer` and `float_layer` read from the node.
template <template <class, class> class Variants, template <class> class FloatVariants, class ReadQuantized,
          class ReadFloat>
Result<std::vector<Layer>> lower_convolution(const graph::Graph& graph, const graph::Node& node,
                                             const LowerOptions& options, ReadQuantized quantized_layer,
                                             ReadFloat float_layer, const WeightOperands& operands = {}) {
  if (input(graph, node, operands.in)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatWeightLayer<kernels::Conv2dShape> layer, float_layer(graph, node));
    return lower_float_weights<FloatVariants>(graph, node, options, layer, fields(layer.shape), operands);
  }
  MOTE_TRY(QuantizedLayer<kernels::Conv2dShape> layer, quantized_layer(graph, node));
  layer.shape.rounding = options.rounding;
  layer.shape.scratch_allowance = options.scratch_allowance;
  return lower_quantized_weights<Variants>(graph, node, options, layer, layer.shape.out_channels,
                                           fields(layer.shape), operands);
}

}  // namespace mote::ops
