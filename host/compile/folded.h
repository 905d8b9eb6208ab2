// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "graph/graph.h"

namespace mote::compile {

/// What fold_constant_channels() took from a model. Channels are those of the outputs of its convolutions and
/// dense layers.
struct Folded {
  std::int64_t channels_removed = 0;
  std::int64_t channels = 0;  ///< before
  std::int64_t macs_before = 0;
  std::int64_t macs_after = 0;
};

/// Compares the layers of a graph with those that are left of it. `before` and `after` [in]: their nodes
/// stand for each other one by one; `macs_after`: of all layers of `after`.
Folded folded(const graph::Graph& before, const graph::Graph& after, std::int64_t macs_after);

/// The comparison in a line; empty if nothing was removed.
std::string folded_text(const Folded& folded);

}  // namespace mote::compile
