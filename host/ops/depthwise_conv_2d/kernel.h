// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/depthwise_conv_2d.h"
#include "ops/kernel.h"

namespace mote::ops::depthwise_conv_2d {

/// The layer of an int8 or int16 node that passed ops::check(). Errors (kInput): see weight_tables().
Result<QuantizedLayer<kernels::Conv2dShape>> quantized_layer(const graph::Graph& graph,
                                                             const graph::Node& node);

/// The layer of a float32 node that passed ops::check(). Errors (kInput): see float_tables().
Result<FloatWeightLayer<kernels::Conv2dShape>> float_layer(const graph::Graph& graph,
                                                           const graph::Node& node);

}  // namespace mote::ops::depthwise_conv_2d
