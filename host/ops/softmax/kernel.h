// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/softmax.h"
#include "ops/kernel.h"

namespace mote::ops::softmax {

/// What the kernel from int16 to int16 takes.
struct Int16Layer {
  kernels::SoftmaxInt16Shape shape;
  std::vector<std::int16_t> exp;         ///< see kernels::SoftmaxInt16Tables
  std::vector<std::int16_t> reciprocal;  ///< likewise
};

/// The shape of a node from int8 that passed ops::check(). Errors (kInput): output scale and zero point are
/// not 1/256 and -128 (int8) or about 1/65536 and -32768 (int16), the only ones that the operator has; beta *
/// input scale is below 2^-26.
Result<kernels::SoftmaxShape> int8_layer(const graph::Graph& graph, const graph::Node& node);

/// The layer of an int16 node that passed ops::check(). Errors (kInput): output scale and zero point are not
/// about 1/32768 and 0, or the input's zero point is not 0.
Result<Int16Layer> int16_layer(const graph::Graph& graph, const graph::Node& node);

/// The shape of a float32 node that passed ops::check().
Result<kernels::SoftmaxFloatShape> float_layer(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::softmax
