// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/fully_connected.h"
#include "ops/kernel.h"

namespace mote::ops::fully_connected {

/// The layer of an int8 or int16 node with constant weights that passed ops::check(). Errors (kInput): see
/// weight_tables().
Result<QuantizedLayer<kernels::FullyConnectedShape>> quantized_layer(const graph::Graph& graph,
                                                                     const graph::Node& node);

/// The layer of a float32 node with constant weights that passed ops::check(). Errors (kInput): see
/// float_tables().
Result<FloatWeightLayer<kernels::FullyConnectedShape>> float_layer(const graph::Graph& graph,
                                                                   const graph::Node& node);

}  // namespace mote::ops::fully_connected
