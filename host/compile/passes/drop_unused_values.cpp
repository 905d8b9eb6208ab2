// SPDX-License-Identifier: Apache-2.0
#include "compile/passes/passes.h"

namespace mote::compile {
namespace {

/// Calls `visit` with every mention of a value in the graph.
template <class Visitor>
void for_each_mention(graph::Graph& graph, Visitor&& visit) {
  for (graph::ValueId& id : graph.inputs) visit(id);
  for (graph::ValueId& id : graph.outputs) visit(id);
  for (graph::Node& node : graph.nodes) {
    for (graph::ValueId& id : node.inputs)
      if (id != graph::kNone) visit(id);
    for (graph::ValueId& id : node.outputs) visit(id);
  }
}

}  // namespace

Result<graph::Graph> drop_unused_values(const graph::Graph& graph) {
  graph::Graph result = graph;
  for (graph::Node& node : result.nodes) node.intermediates.clear();  // no kernel reads them
  std::vector<graph::ValueId> renumbered(graph.values.size(), graph::kNone);
  for_each_mention(result, [&](graph::ValueId id) { renumbered[static_cast<std::size_t>(id)] = 0; });
  result.values.clear();
  for (std::size_t id = 0; id < renumbered.size(); ++id)
    if (renumbered[id] != graph::kNone) renumbered[id] = result.add(graph.values[id]);
  for_each_mention(result, [&](graph::ValueId& id) { id = renumbered[static_cast<std::size_t>(id)]; });
  return result;
}

}  // namespace mote::compile
