// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/softmax.h"
#include "ops/kernel.h"

namespace mote::ops::softmax {

/// What the float kernel takes.
struct FloatLayer {
  kernels::SoftmaxShape shape;  ///< rows and depth only
  float beta;
};

/// The shape of an int8 node that passed ops::check(). Errors (kInput): the output's scale is not 1/256 or
/// its zero point not -128, the only ones that the operator has.
Result<kernels::SoftmaxShape> int8_layer(const graph::Graph& graph, const graph::Node& node);

/// The layer of a float32 node that passed ops::check().
Result<FloatLayer> float_layer(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::softmax
