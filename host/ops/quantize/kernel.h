// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/quantize.h"
#include "ops/kernel.h"

namespace mote::ops::quantize {

/// The shape that brings `count` elements of scale `from` to scale `to`; what the device does with a window
/// of features before the model. Errors (kInput): the scales are more than 2^14 apart.
Result<kernels::QuantizeShape> quantize_shape(std::int32_t count, TensorScale from, TensorScale to);

/// The shape of a node from int8 or int16 that passed ops::check(). Errors (kInput): a scale is missing, as
/// above.
Result<kernels::QuantizeShape> integer_layer(const graph::Graph& graph, const graph::Node& node);

/// The shape of a node from float32 that passed ops::check(). Errors (kInput): the output has no scale.
Result<kernels::QuantizeFloatShape> float_layer(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::quantize
