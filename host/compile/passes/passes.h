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

/// Makes depthwise convolutions of a single channel plain ones, for which there are better kernels.
Result<graph::Graph> single_channel_convolution(const graph::Graph& graph);

/// Removes the channels of int8 activations that can only have one value, and what feeds only them; inputs,
/// outputs and all their bytes stay, with either rounding.
Result<graph::Graph> fold_constant_channels(const graph::Graph& graph);

/// Leaves out the values that neither a node nor the graph's inputs and outputs name, and renumbers the rest.
Result<graph::Graph> drop_unused_values(const graph::Graph& graph);

/// Only what a graph needs to be run as it is: sizes that follow from shapes.
Result<graph::Graph> fold_sizes(const graph::Graph& graph);

/// Runs all passes of passes.def. `graph` [in]: ops::check() accepts it. The result computes the same bytes.
Result<graph::Graph> run_passes(const graph::Graph& graph);

}  // namespace mote::compile
