// SPDX-License-Identifier: Apache-2.0
#pragma once
// The aspect "lower": a node as calls of the device's kernels. Executor, planner and code generator all stand
// on it, so that what runs on the host is what the generated code calls.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/variant.h"

namespace mote::ops {

using kernels::Isa;

/// Which kernels a graph gets. All give the same bits for integer models of one rounding.
struct LowerOptions {
  Isa isa = Isa::kPortable;  ///< the best variants meant for it
  bool reference = false;    ///< the last variant of each list, its reference, instead; for comparison
  Rounding rounding = Rounding::kDouble;
  /// So many of the best variants of each list are left out, as far as others remain.
  std::int32_t skipped_variants = 0;
  bool small = false;  ///< variants of less code, where there are some
  /// Scratch memory in bytes that a kernel may take where more makes it faster.
  std::int32_t scratch_allowance = 0;

  bool operator==(const LowerOptions&) const = default;
};

/// A member of a struct, and its value as C++14 spells it.
struct Field {
  std::string name;     ///< "in_channels"
  std::string literal;  ///< "16", "1.5e+00f", "{1, 2, 3}", "true"
};

/// An argument that run() takes by value: the shape, mostly.
struct Argument {
  std::string name;  ///< "Shape"
  std::string type;  ///< "mote::kernels::Conv2dShape"
  std::vector<Field> fields;
};

/// A constant of a layer as it is stored in program memory.
struct Table {
  std::string name;  ///< "weights"
  graph::DType dtype = graph::DType::kInt8;
  std::vector<std::uint8_t> data;  ///< little endian; empty: the member is null
};

/// What a kernel does with a value that it gets a pointer to.
enum class Access : std::uint8_t {
  kRead,
  kWrite,
  kState,  ///< reads what it wrote in the run before, and writes it anew
};

/// A value that run() gets a pointer to.
struct Operand {
  graph::ValueId value = graph::kNone;
  Access access = Access::kRead;
  std::string type = {};  ///< what the kernel's pointer points to: "int8_t"
  /// kRead: the first written operand may overlay this one if this one starts at least so many bytes behind
  /// it; kInPlace if they may only start at the same place.
  std::int32_t ahead_bytes = kernels::kDisjoint;
};

/// Says that a layer only copies `bytes` bytes, from one place in its only read operand to one in its only
/// written one; a planner that lets the two coincide may drop the layer.
struct ContiguousCopy {
  std::int64_t from_byte = 0;
  std::int64_t to_byte = 0;
  std::int64_t bytes = 0;
};

/// One call of one kernel: `Variant::run(arguments..., tables, operands..., scratch)`.
struct Layer {
  std::string op;                    ///< of the node it comes from
  std::size_t node = 0;              ///< its index in the graph
  std::string variant;               ///< the chosen variant's kName
  std::string variant_type;          ///< as C++ spells it: "mote::kernels::FullyConnectedPlain"
  std::string header;                ///< to be included: "mote/kernels/fully_connected_variants.h"
  std::vector<std::string> refused;  ///< better variants for this instruction set that are not exact here
  std::vector<Argument> arguments;
  std::string tables_type;                           ///< empty: run() takes no tables
  std::shared_ptr<const std::vector<Table>> tables;  ///< in the order of the struct's members; null if none
  std::vector<Operand> operands;                     ///< in the order of run()'s pointers
  std::int32_t scratch_bytes = 0;
  std::int64_t macs = 0;
  std::int32_t instance_kind = 0;      ///< see mote/kernels/variant.h
  std::int32_t folded_code_bytes = 0;  ///< of the kernel with the shape folded in, about, on a Cortex-M4
  std::int32_t shared_code_bytes = 0;  ///< of the kernel for any shape
  std::int32_t common_code_bytes = 0;  ///< of what all its instances share
  bool ahead_by_input = false;  ///< the variant's input_ahead_bytes() takes the number of a read operand too
  std::int32_t alignment_bytes = 4;  ///< of the values that the operands point to, if their type wants less
  std::optional<ContiguousCopy> copy = {};

  /// Calls the kernel on the host. `operands` [in, out]: a pointer for each of Layer::operands, aligned to
  /// alignment_bytes and for its type; `scratch`: scratch_bytes, aligned to 4. Independent of the graph that
  /// the layer came from.
  std::function<void(std::span<void* const> operands, void* scratch)> run;

  std::int64_t constant_bytes() const;
};

/// The aspect "lower" of an operator.
struct Lower {
  /// The calls that compute `node`, which passed ops::check(), in order. Errors (kInput): a type or an
  /// attribute that no kernel computes; sums that could exceed what is exact.
  Result<std::vector<Layer>> (*lower)(const graph::Graph& graph, const graph::Node& node,
                                      const LowerOptions& options);
};

/// The operator's aspect, or null if it has none.
const Lower* find_lower(std::string_view op);

/// The calls that compute every node of a graph that passed ops::check(), in order. Errors (kInput): as
/// Lower::lower; an operator that has no kernel.
///
/// `scratch_allowances` [in]: by node, instead of the one in `options`; or empty.
Result<std::vector<Layer>> lower(const graph::Graph& graph, const LowerOptions& options,
                                 std::span<const std::int32_t> scratch_allowances = {});

}  // namespace mote::ops
