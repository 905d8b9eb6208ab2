// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/batch_matmul_variants.h"
#include "ops/lower_layer.h"

namespace mote::ops {

/// A product of two matrices, of which a fully connected layer with computed weights is one.
struct MatrixProduct {
  kernels::BatchMatmulShape shape = {};  ///< sizes alone
  Activation activation = Activation::kNone;
  const graph::Value* bias = nullptr;  ///< constant, or none
};

/// One call of the best kernel for inputs 0 and 1 of the node. Errors (kInput): a scale is missing or not the
/// only one.
Result<std::vector<Layer>> lower_matrix_product(const graph::Graph& graph, const graph::Node& node,
                                                const LowerOptions& options, MatrixProduct product);

}  // namespace mote::ops
