// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "mote/kernels/binary_quantized.h"
#include "ops/binary/binary.h"
#include "ops/kernel.h"

namespace mote::ops::binary {

// The parameters of quantised nodes that passed ops::check(), all but sizes and rounding, as TFLite Micro
// computes them. Errors (kInput): a scale is missing, or the factors are of a size that TFLite does not
// define.

/// Of add, sub and squared_difference.
Result<kernels::BinaryQuantizedShape> sum_parameters(const graph::Graph& graph, const graph::Node& node,
                                                     const Attributes& attributes);

/// Of mul and div.
Result<kernels::ProductShape> product_parameters(const graph::Graph& graph, const graph::Node& node,
                                                 const Attributes& attributes);

Result<kernels::PreluShape> prelu_parameters(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::binary
