// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/passes/passes.h"

namespace mote::compile {

Result<graph::Graph> drop_dead_nodes(const graph::Graph& graph) {
  std::vector<bool> needed(graph.values.size(), false);
  for (const graph::ValueId output : graph.outputs) needed[static_cast<std::size_t>(output)] = true;
  graph::Graph result = graph;
  result.nodes.clear();
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    const bool alive = std::any_of(node->outputs.begin(), node->outputs.end(), [&](graph::ValueId output) {
      return needed[static_cast<std::size_t>(output)];
    });
    if (!alive) continue;
    for (const graph::ValueId input : node->inputs)
      if (input != graph::kNone) needed[static_cast<std::size_t>(input)] = true;
    result.nodes.push_back(*node);
  }
  std::reverse(result.nodes.begin(), result.nodes.end());
  return result;
}

}  // namespace mote::compile
