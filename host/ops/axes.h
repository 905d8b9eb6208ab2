// SPDX-License-Identifier: Apache-2.0
#pragma once
// What operators share that move or reduce along axes.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::ops {

/// The axis as an index into a shape of `rank` extents; negative ones count from the end. Errors (kInput):
/// there is no such axis.
Result<std::size_t> axis_index(const graph::Graph& graph, const graph::Node& node, std::int64_t axis,
                               std::size_t rank);

/// The product of the extents from `first` up to, not including, `end`.
std::int64_t extent_product(const std::vector<std::int32_t>& shape, std::size_t first, std::size_t end);

/// Elements between neighbours along each axis of a dense tensor.
std::vector<std::int64_t> dense_strides(const std::vector<std::int32_t>& shape);

/// Input `index`, an int32 or int64 tensor, as numbers; none if it is computed when the model runs, or before
/// constants are folded. Errors (kInput): it is missing or of another type. `role` names it: "axis".
Result<std::optional<std::vector<std::int64_t>>> constant_integers(const graph::Graph& graph,
                                                                   const graph::Node& node, std::size_t index,
                                                                   std::string_view role);

/// The same for what must be constant when a node is lowered. Errors (kInput): it is computed.
Result<std::vector<std::int64_t>> required_integers(const graph::Graph& graph, const graph::Node& node,
                                                    std::size_t index, std::string_view role);

}  // namespace mote::ops
