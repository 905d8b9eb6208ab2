// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "core/text.h"
#include "ops/lower_layer.h"
#include "ops/ops.h"

#define MOTE_OP(name)        \
  namespace name {           \
  extern const Lower kLower; \
  }
namespace mote::ops {
#include "ops_lower.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

const Lower* find_lower(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kLower;
#include "ops_lower.def"
#undef MOTE_OP
  return nullptr;
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const LowerOptions& options,
                                 std::span<const std::int32_t> scratch_allowances) {
  std::vector<Layer> layers;
  LowerOptions node_options = options;
  for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
    const graph::Node& node = graph.nodes[index];
    if (!scratch_allowances.empty()) node_options.scratch_allowance = scratch_allowances[index];
    const Lower* aspect = find_lower(node.op);
    if (aspect == nullptr)
      return fail(ErrorKind::kInput,
                  fmt::format("{}: no kernel computes this operator", describe(graph, node)));
    MOTE_TRY(std::vector<Layer> calls, aspect->lower(graph, node, node_options));
    for (Layer& call : calls) {
      call.node = index;
      layers.push_back(std::move(call));
    }
  }
  return layers;
}

std::int64_t Layer::constant_bytes() const {
  std::int64_t bytes = 0;
  if (tables != nullptr)
    for (const Table& table : *tables) bytes += static_cast<std::int64_t>(table.data.size());
  return bytes;
}

std::string demangled(const char* mangled) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(mangled, nullptr, nullptr, &status),
                                                    &std::free);
  std::string name = text ? text.get() : mangled;
  // The sizes of these differ between the host and a device.
  replace_word(name, "signed char", "int8_t");
  replace_word(name, "unsigned char", "uint8_t");
  replace_word(name, "unsigned short", "uint16_t");
  replace_word(name, "unsigned int", "uint32_t");
  replace_word(name, "short", "int16_t");
  replace_word(name, "int", "int32_t");
  replace_word(name, "long", "int64_t");
  return name;
}

std::string literal(float value) {
  if (std::isnan(value)) return "__builtin_nanf(\"\")";
  if (std::isinf(value)) return value < 0 ? "-__builtin_inff()" : "__builtin_inff()";
  return fmt::format("{:.8e}f", value);  // nine digits: every float survives
}

std::string literal(std::int64_t value) {
  if (value == INT64_MIN) return "(-9223372036854775807 - 1)";
  if (value == INT32_MIN) return "(-2147483647 - 1)";
  return fmt::format("{}", value);
}

std::string literal(Rounding rounding) {
  return rounding == Rounding::kSingle ? "mote::Rounding::kSingle" : "mote::Rounding::kDouble";
}

std::unexpected<Error> no_exact_kernel(const graph::Graph& graph, const graph::Node& node) {
  return refuse(graph, node,
                "no kernel computes it exactly: sizes are out of range or sums may exceed 32 bits");
}

}  // namespace mote::ops
