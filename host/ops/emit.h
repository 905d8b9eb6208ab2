// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "mote/kernels/variant.h"

namespace mote::ops {

using kernels::Isa;

/// A constant of a layer as it is stored in program memory.
struct EmittedTable {
  std::string name;  ///< "weights"
  graph::DType dtype = graph::DType::kInt8;
  std::vector<std::uint8_t> data;
};

/// A member of a shape struct.
struct EmittedField {
  std::string name;
  std::int64_t value = 0;
};

/// A node as one call of a kernel: everything that the memory planner and the code generator need to know of
/// it.
struct EmittedLayer {
  std::string variant;       ///< the chosen variant's kName
  std::string variant_type;  ///< as C++ spells it: "mote::kernels::FullyConnectedPlain"
  std::string header;        ///< of the operator's variant list, to be included
  std::string shape_type;
  std::vector<EmittedField> shape;   ///< in the order of the struct's members
  std::string tables_type;           ///< empty: run() takes no tables
  std::vector<EmittedTable> tables;  ///< in the order of the struct's members
  std::int32_t scratch_bytes = 0;
  std::int32_t input_ahead_bytes = kernels::kDisjoint;
  std::int64_t macs = 0;
  std::int32_t share_from = 2;  ///< layers from which one instance of the kernel is smaller than their own
};

/// The aspect "generated code" of an operator.
struct Emit {
  /// The layer of `node`, with the best variant for `isa` that supports its shape and constants, and the
  /// constants packed for it. Errors (kInput): as the operator's shape aspect; a type that generated code
  /// does not compute in; no variant is exact for these constants.
  Result<EmittedLayer> (*emit)(const graph::Graph& graph, const graph::Node& node, Isa isa);
};

/// The aspect of operator `op`; null if it is unknown or cannot be compiled.
const Emit* find_emit(std::string_view op);

}  // namespace mote::ops
