// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "compile/plan/planner.h"
#include "core/error.h"
#include "graph/graph.h"
#include "ops/lower.h"

namespace mote::compile {

using ops::Layer;

/// Where the values of a graph and the scratch memory of its layers lie in the model's one block of memory.
struct Layout {
  std::vector<std::int32_t> value_offsets;  ///< by value; of a state in the block of states; -1 for constants
  std::vector<std::int32_t> scratch_offsets;  ///< by layer; -1 if it needs none
  std::int32_t total_bytes = 0;
  std::int32_t state_bytes = 0;  ///< of the block of states, which keeps its content between runs
};

/// Plans the memory of a graph's activations, input and output included, and checks the plan.
///
/// The input may be overwritten as soon as it was read; the outputs stay. Errors (kInternal): the plan is
/// wrong.
Result<Layout> lay_out(const graph::Graph& graph, const std::vector<Layer>& layers);

}  // namespace mote::compile
