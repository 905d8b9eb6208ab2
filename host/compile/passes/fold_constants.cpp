// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/passes/passes.h"
#include "execute/executor.h"

namespace mote::compile {
namespace {

bool is_foldable(const graph::Graph& graph, const graph::Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](graph::ValueId input) {
    return input == graph::kNone || graph.value(input).is_constant();
  });
}

/// The node alone, as a graph without inputs.
Result<graph::Graph> single_node_graph(const graph::Graph& graph, const graph::Node& node) {
  graph::Graph single;
  single.values = graph.values;
  single.nodes = {node};
  single.outputs = node.outputs;
  return drop_unused_values(single);
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
    MOTE_TRY(const graph::Graph single, single_node_graph(result, node));
    MOTE_TRY(auto outputs, execute::run(single, {}));
    for (std::size_t index = 0; index < outputs.size(); ++index)
      result.value(node.outputs[index]).data = std::move(outputs[index]);
  }
  return result;
}

}  // namespace mote::compile
