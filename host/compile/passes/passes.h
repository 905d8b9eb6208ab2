// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "core/error.h"
#include "graph/graph.h"

namespace mote::compile {

/// Computes every node whose inputs are all constant, or of which only the types matter, with the executor,
/// and puts the result in its place; not what writes an output of the graph. Errors: the executor's.
Result<graph::Graph> fold_constants(const graph::Graph& graph);

/// Leaves out the nodes that no output depends on.
Result<graph::Graph> drop_dead_nodes(const graph::Graph& graph);

/// Leaves out the values that neither a node nor the graph's inputs and outputs name, and renumbers the rest.
Result<graph::Graph> drop_unused_values(const graph::Graph& graph);

/// Runs all passes of passes.def. `graph` [in]: ops::check() accepts it. The result computes the same bytes.
Result<graph::Graph> run_passes(const graph::Graph& graph);

}  // namespace mote::compile
