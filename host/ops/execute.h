// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"
#include "graph/graph.h"
#include "mote/kernels/variant.h"

namespace mote::ops {

/// Which kernels run a graph on the host. All give the same bits for integer models.
struct ExecuteOptions {
  kernels::Isa isa = kernels::Isa::kPortable;  ///< the best variants meant for it
  bool reference = false;                      ///< the reference kernels instead, for comparison
};

/// A node ready to run, its weights packed. Independent of the graph that it came from.
struct Step {
  std::string variant;  ///< name of the kernel variant
  std::int32_t scratch_bytes = 0;
  /// `inputs` and `outputs` [in, out]: the node's values, aligned to 16 bytes, not overlapping; null for an
  /// absent input. `scratch`: scratch_bytes, aligned to 16.
  std::function<void(std::span<const std::uint8_t* const> inputs, std::span<std::uint8_t* const> outputs,
                     void* scratch)>
      run;
};

/// The aspect "execute": runs a node on the host with the device's kernels.
struct Execute {
  /// The node must have passed ops::check(). Errors (kInput): see the operator's kernel.h; no variant
  /// computes the layer exactly.
  Result<Step> (*prepare)(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options);
};

/// The operator's aspect, or null if it has none.
const Execute* find_execute(std::string_view op);

}  // namespace mote::ops
