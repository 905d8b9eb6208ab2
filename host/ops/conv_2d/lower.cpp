// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/conv_2d_variants.h"
#include "ops/conv_2d/kernel.h"
#include "ops/conv_2d_lower.h"

namespace mote::ops::conv_2d {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  return lower_convolution<kernels::Conv2dVariants, kernels::Conv2dFloatVariants>(
      graph, node, options, quantized_layer, float_layer);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::conv_2d
