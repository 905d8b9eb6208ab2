// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/transpose_conv_variants.h"
#include "ops/conv_2d_lower.h"
#include "ops/transpose_conv/kernel.h"
#include "ops/transpose_conv/transpose_conv.h"

namespace mote::ops::transpose_conv {
namespace {

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  return lower_convolution<kernels::TransposeConvVariants, kernels::TransposeConvFloatVariants>(
      graph, node, options, quantized_layer, float_layer, kOperands);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::transpose_conv
