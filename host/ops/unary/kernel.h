// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>

#include "mote/kernels/lookup.h"
#include "mote/kernels/quantize.h"
#include "mote/kernels/unary.h"
#include "ops/kernel.h"
#include "ops/unary/unary.h"

namespace mote::ops::unary {

// What quantised nodes that passed ops::check() need, as TFLite Micro computes it. Errors (kInput): a scale
// is missing or one that the function does not have, or the factors are of a size that TFLite does not
// define.

/// The output of each input n of an int8 node, at (n + 256) % 256.
///
/// Functions that TFLite Micro has for int8 in its integer arithmetic, the others by way of float as TFLite's
/// own tables: round(function(scale * (n - zero point)) / output scale) + output zero point.
Result<std::array<std::int8_t, 256>> int8_table(const graph::Graph& graph, const graph::Node& node,
                                                Rounding rounding);

/// relu, relu6, relu_n1_to_1 and relu_0_to_1 of int16.
Result<kernels::RequantizeShape> int16_relu(const graph::Graph& graph, const graph::Node& node,
                                            Function function);
Result<kernels::LeakyReluInt16Shape> int16_leaky_relu(const graph::Graph& graph, const graph::Node& node,
                                                      double slope);
Result<kernels::AbsInt16Shape> int16_abs(const graph::Graph& graph, const graph::Node& node);
Result<kernels::RsqrtInt16Shape> int16_rsqrt(const graph::Graph& graph, const graph::Node& node);

/// logistic and tanh of int16.
Result<kernels::SigmoidShape> int16_sigmoid(const graph::Graph& graph, const graph::Node& node,
                                            Function function);

}  // namespace mote::ops::unary
