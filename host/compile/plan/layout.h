// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "compile/plan/schedule.h"
#include "core/error.h"
#include "execute/layout.h"
#include "graph/graph.h"
#include "ops/lower.h"

namespace mote::compile {

using execute::Layout;
using ops::Layer;

/// Layers in the order in which they run, and where everything lies.
struct LaidOut {
  std::vector<Layer> layers;
  Layout layout;
};

/// Plans the memory of a graph's activations, input and output included, and checks the plan: the order of
/// the layers, places, and which layers are left out because what they copy can stay where it is.
///
/// `layers` [in]: of the graph's nodes, in order. An input may be overwritten as soon as it was read; the
/// outputs stay. Errors (kInput): more memory than any microcontroller has; (kInternal): the plan is wrong.
Result<LaidOut> lay_out(const graph::Graph& graph, std::vector<Layer> layers);

/// The program that the layers are to the planner; a value's index is `value_of`'s. States and constants have
/// no part in it.
struct GraphProgram {
  Program program;
  std::vector<graph::ValueId> value_of;  ///< by value of the program
};
Result<GraphProgram> to_program(const graph::Graph& graph, const std::vector<Layer>& layers);

}  // namespace mote::compile
