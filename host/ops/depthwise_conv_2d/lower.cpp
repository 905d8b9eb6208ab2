// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/depthwise_conv_2d_variants.h"
#include "ops/conv_2d_lower.h"
#include "ops/depthwise_conv_2d/kernel.h"

namespace mote::ops::depthwise_conv_2d {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  return lower_convolution<kernels::DepthwiseConv2dVariants, kernels::DepthwiseConv2dFloatVariants>(
      graph, node, options, quantized_layer, float_layer);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::depthwise_conv_2d
