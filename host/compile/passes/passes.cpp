// SPDX-License-Identifier: Apache-2.0
#include "compile/passes/passes.h"

namespace mote::compile {

Result<graph::Graph> run_passes(const graph::Graph& graph) {
  graph::Graph result = graph;
#define MOTE_PASS(name) MOTE_TRY(result, name(result));
#include "compile/passes/passes.def"
#undef MOTE_PASS
  return result;
}

}  // namespace mote::compile
