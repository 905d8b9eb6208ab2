// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::ops {

/// Element type and extents of a result.
struct ValueType {
  graph::DType dtype = graph::DType::kFloat32;
  std::vector<std::int32_t> shape;

  bool operator==(const ValueType&) const = default;
};

/// The aspect "shape": what a node accepts, and the type and shape of what it makes of it.
struct Shape {
  /// The types of the node's outputs. The node's value ids are valid. Errors (kInput) name the node, what was
  /// found and what was expected: number of operands, their types and shapes, attributes.
  Result<std::vector<ValueType>> (*infer)(const graph::Graph& graph, const graph::Node& node);

  /// Whether the outputs depend on the types of the inputs alone, not on their elements, so that they can be
  /// computed without them; null: never.
  bool (*types_alone)(const graph::Graph& graph, const graph::Node& node) = nullptr;
};

/// The operator's aspect, or null if it has none.
const Shape* find_shape(std::string_view op);

/// Checks one node whose value ids are valid and whose values pass graph::validate_value(): operator known,
/// operands accepted, declared outputs as inferred. Errors (kInput) begin with describe(graph, node).
Result<void> check(const graph::Graph& graph, const graph::Node& node);

/// Checks a whole graph: graph::validate() and every node. What passes can be executed, quantised and
/// compiled without asking again.
Result<void> check(const graph::Graph& graph);

}  // namespace mote::ops
