// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/conv_2d.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/kernel.h"

namespace mote::ops::conv_2d {

/// The sizes that come from a kernel's weights.
struct KernelSizes {
  std::int32_t height;
  std::int32_t width;
  std::int32_t out_channels;
  std::int32_t groups;
};

/// Sizes of a (depthwise) convolution of `in`; the quantisation is that of the widest int8 range.
kernels::Conv2dShape sizes(const graph::Value& in, const KernelSizes& kernel, const Attributes& attributes);

/// The layer of an int8 or int16 node that passed ops::check(). Errors (kInput): see weight_tables().
Result<QuantizedLayer<kernels::Conv2dShape>> quantized_layer(const graph::Graph& graph,
                                                             const graph::Node& node);

/// The layer of a float32 node that passed ops::check(). Errors (kInput): see float_tables().
Result<FloatWeightLayer<kernels::Conv2dShape>> float_layer(const graph::Graph& graph,
                                                           const graph::Node& node);

/// The scale of a hybrid layer for each of its output channels; kernels of convolutions want as many.
void spread_scale(FloatTables& tables, std::int32_t channels);

}  // namespace mote::ops::conv_2d
