// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/conv_2d_variants.h"
#include "ops/conv_2d/kernel.h"
#include "ops/lower_layer.h"

namespace mote::ops::conv_2d {
namespace {

std::vector<Field> fields(const kernels::Conv2dShape& shape) {
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
          field("input_zero_point", shape.input_zero_point),
          field("output_zero_point", shape.output_zero_point),
          field("activation_min", shape.activation_min),
          field("activation_max", shape.activation_max)};
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatLayer layer, float_layer(graph, node));
    return lower_float_weights<kernels::Conv2dFloatVariants, kernels::Conv2dFloatTables>(
        graph, node, options, layer, fields(layer.shape));
  }
  MOTE_TRY(const Int8Layer layer, int8_layer(graph, node));
  return lower_int8_weights<kernels::Conv2dVariants, kernels::Conv2dTables>(
      graph, node, options, layer, layer.shape.out_channels, fields(layer.shape));
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::conv_2d
