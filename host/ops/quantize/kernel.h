// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/quantize.h"
#include "ops/kernel.h"

namespace mote::ops::quantize {

/// The shape that brings `count` elements of int16 and scale `from` to int8 and scale `to`; what the device
/// does with a window of features before the model. Errors (kInput): the scales are more than 2^14 apart.
Result<kernels::RequantizeShape> quantize_shape(std::int32_t count, TensorScale from, TensorScale to);

/// The shape of a node between integers that passed ops::check(), rounded twice. Errors (kInput): a scale is
/// missing.
Result<kernels::RequantizeShape> integer_layer(const graph::Graph& graph, const graph::Node& node);

/// The shape of a node from float32 that passed ops::check(). Errors (kInput): the output has no scale.
Result<kernels::AffineShape> float_layer(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::quantize
