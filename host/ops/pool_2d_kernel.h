// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/pool_2d.h"
#include "ops/kernel.h"
#include "ops/pool_2d.h"

namespace mote::ops {

/// What the float kernels of the pooling operators take.
struct FloatPool2d {
  kernels::Pool2dShape shape;
  kernels::FloatActivation activation;
};

/// The shape of an int8 or int16 pooling node that passed ops::check(). Errors (kInput): input and output
/// differ in scale.
Result<kernels::Pool2dShape> quantized_pool_2d(const graph::Graph& graph, const graph::Node& node);

/// The layer of a float32 pooling node that passed ops::check().
Result<FloatPool2d> float_pool_2d(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops
