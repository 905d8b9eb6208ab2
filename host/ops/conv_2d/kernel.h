// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/conv_2d.h"
#include "ops/kernel.h"

namespace mote::ops::conv_2d {

/// What the int8 kernels take.
struct Int8Layer {
  kernels::Conv2dShape shape;
  WeightTables tables;
};

/// What the float kernel takes.
struct FloatLayer {
  kernels::Conv2dShape shape;
  kernels::FloatActivation activation;
  FloatTables tables;
};

/// The layer of an int8 node that passed ops::check(). Errors (kInput): see weight_tables().
Result<Int8Layer> int8_layer(const graph::Graph& graph, const graph::Node& node);

/// The layer of a float32 node that passed ops::check().
Result<FloatLayer> float_layer(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::conv_2d
