// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "compile/plan/planner.h"
#include "core/error.h"
#include "graph/graph.h"
#include "ops/emit.h"

namespace mote::compile {

/// A node with the kernel that computes it.
struct Layer {
  graph::Node node;
  ops::EmittedLayer kernel;
};

/// Where the values of a graph and the scratch memory of its layers lie in the model's one block of memory.
struct Layout {
  std::vector<std::int32_t> value_offsets;    ///< by value; -1 for constants
  std::vector<std::int32_t> scratch_offsets;  ///< by layer; -1 if it needs none
  std::int32_t total_bytes = 0;
};

/// Chooses the kernel of every node. Errors (kInput): see ops::Emit; an operator that cannot be compiled.
Result<std::vector<Layer>> lower(const graph::Graph& graph, kernels::Isa isa);

/// Plans the memory of a graph's activations, input and output included, and checks the plan.
///
/// The input may be overwritten as soon as it was read; the outputs stay. Errors (kInternal): the plan is
/// wrong.
Result<Layout> lay_out(const graph::Graph& graph, const std::vector<Layer>& layers);

}  // namespace mote::compile
