// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "compile/plan/layout.h"
#include "core/error.h"
#include "graph/graph.h"
#include "ops/lower.h"

namespace mote::compile {

/// How far the memory of a model may exceed the smallest plan that was found, for the sake of speed: by so
/// much of that plan, and by so many bytes in any case.
struct MoreMemory {
  std::int32_t percent = 0;
  std::int32_t bytes = 0;
};
constexpr MoreMemory kNoMore = {};
constexpr MoreMemory kALittleMore = {11, 512};

/// The graph's layers and their memory. Kernels that are faster with more scratch memory get what is free
/// while they run, up to the limit.
///
/// First everything is planned with as little scratch as the kernels need. What that plan leaves free beside
/// the values of a layer's step is then offered to the layer, and if the plan with those scratches exceeds
/// the limit, because values have to move, a part of it is. Errors: as ops::lower() and lay_out().
Result<LaidOut> lower_into_memory(const graph::Graph& graph, const ops::LowerOptions& options,
                                  MoreMemory more);

}  // namespace mote::compile
