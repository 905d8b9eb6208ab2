// SPDX-License-Identifier: Apache-2.0
#include "compile/passes/passes.h"

namespace mote::compile {

Result<graph::Graph> fold_sizes(const graph::Graph& graph) {
  MOTE_TRY(const graph::Graph folded, fold_constants(graph));
  MOTE_TRY(const graph::Graph needed, drop_dead_nodes(folded));
  return drop_unused_values(needed);
}

Result<graph::Graph> run_passes(const graph::Graph& graph) {
  graph::Graph result = graph;
#define MOTE_PASS(name) MOTE_TRY(result, name(result));
#include "compile/passes/passes.def"
#undef MOTE_PASS
  return result;
}

}  // namespace mote::compile
