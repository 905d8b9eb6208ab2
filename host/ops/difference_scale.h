// SPDX-License-Identifier: Apache-2.0
#pragma once
// What softmax and its logarithm share: how they scale differences from a row's maximum.
#include "ops/kernel.h"

namespace mote::ops {

/// Brings quantised differences to Q5.26.
struct DifferenceScale {
  Requantization factor;
  std::int32_t least = 0;  ///< differences below it have no Q5.26
};

/// The scale for int8 inputs of which one step stands for `step` (beta * input scale). Errors (kInput): it is
/// below 2^-26.
Result<DifferenceScale> difference_scale(const graph::Graph& graph, const graph::Node& node, double step);

/// Rows and depth of the node's input: its last dimension, and all others together.
struct RowsAndDepth {
  std::int32_t rows;
  std::int32_t depth;
};
RowsAndDepth rows_and_depth(const graph::Graph& graph, const graph::Node& node);

/// Checks that the output has the one scale and zero point that the operator gives; `tolerance` [in]: how far
/// the scale may be off, relative. Errors (kInput): it has another.
Result<void> check_fixed_scale(const graph::Graph& graph, const graph::Node& node, TensorScale expected,
                               double tolerance = 0);

}  // namespace mote::ops
