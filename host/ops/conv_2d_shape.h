// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"
#include "ops/shape.h"
#include "ops/spatial.h"

namespace mote::ops {

/// Checks that input and weights have four axes each; `expected`: what the weights' are.
Result<void> check_ranks(const graph::Graph& graph, const graph::Node& node, const graph::Value& in,
                         const graph::Value& weights, std::string_view expected);

/// Checks that a kernel fits where it slides, so that the kernels' indices stay within int32; returns the
/// number of its positions as rows and columns.
Result<std::pair<std::int32_t, std::int32_t>> place_kernel(const graph::Graph& graph, const graph::Node& node,
                                                           const SpatialAxis& rows, const SpatialAxis& cols,
                                                           Padding padding);

}  // namespace mote::ops
