// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.h"
#include "graph/graph.h"
#include "ops/attributes.h"

namespace mote::ops {

/// A graph of one node with float32 values: input, parameters uniform in -1 ... 1, output.
graph::Graph one_node_graph(const std::string& op, const AttributeMap& attributes,
                            const std::vector<std::int32_t>& in,
                            const std::vector<std::vector<std::int32_t>>& parameters,
                            const std::vector<std::int32_t>& out, Rng& rng);

/// A pooling node of random shape, window, stride, padding and activation.
graph::Graph random_pool_2d_graph(const std::string& op, Rng& rng);

/// Compares every gradient of the graph's node with central differences on a random batch.
///
/// Loss = sum of random weights * outputs. Points where a difference straddles a kink (a clamp that switches,
/// another maximum) are left out; fails if fewer than half of the points remain. `curved`: the operator is
/// not piecewise linear, and the third derivative adds an error of order step^2.
void expect_gradients_agree(const graph::Graph& graph, Rng& rng, bool curved = false);

}  // namespace mote::ops
