// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/passes/passes.h"
#include "execute/executor.h"
#include "ops/shape.h"

namespace mote::compile {
namespace {

bool is_constant(const graph::Graph& graph, graph::ValueId id) {
  return id == graph::kNone || graph.value(id).is_constant();
}

bool depends_on_types_alone(const graph::Graph& graph, const graph::Node& node) {
  const ops::Shape* shape = ops::find_shape(node.op);
  return shape != nullptr && shape->types_alone != nullptr && shape->types_alone(graph, node);
}

/// An output of the graph stays what a node writes.
bool is_foldable(const graph::Graph& graph, const graph::Node& node) {
  const bool is_output = std::ranges::any_of(
      node.outputs, [&](graph::ValueId id) { return std::ranges::count(graph.outputs, id) > 0; });
  return !is_output &&
         (depends_on_types_alone(graph, node) ||
          std::ranges::all_of(node.inputs, [&](graph::ValueId id) { return is_constant(graph, id); }));
}

/// The node alone; what it reads and is not constant is an input of the graph.
Result<graph::Graph> single_node_graph(const graph::Graph& graph, const graph::Node& node) {
  graph::Graph single;
  single.values = graph.values;
  single.nodes = {node};
  for (const graph::ValueId id : node.inputs) {
    if (is_constant(graph, id) || std::ranges::count(single.inputs, id) > 0) continue;
    single.inputs.push_back(id);
    single.value(id).is_state = false;
  }
  single.outputs = node.outputs;
  return drop_unused_values(single);
}

/// The outputs of the node, whatever its inputs hold.
Result<std::vector<std::vector<std::uint8_t>>> compute(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const graph::Graph single, single_node_graph(graph, node));
  std::vector<std::vector<std::uint8_t>> inputs;
  for (const graph::ValueId id : single.inputs)
    inputs.emplace_back(static_cast<std::size_t>(single.value(id).byte_count()));
  return execute::run(single, inputs);
}

}  // namespace

Result<graph::Graph> fold_constants(const graph::Graph& graph) {
  graph::Graph result = graph;
  result.nodes.clear();
  for (const graph::Node& node : graph.nodes) {
    if (!is_foldable(result, node)) {
      result.nodes.push_back(node);
      continue;
    }
    MOTE_TRY(auto outputs, compute(result, node));
    for (std::size_t index = 0; index < outputs.size(); ++index)
      result.value(node.outputs[index]).data = std::move(outputs[index]);
  }
  return result;
}

}  // namespace mote::compile
