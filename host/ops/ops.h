// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "graph/graph.h"

namespace mote::ops {

/// The names in ops.def, sorted.
std::span<const std::string_view> names();

/// How messages name a node: "op conv_2d 'name of its first output'".
std::string describe(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops
