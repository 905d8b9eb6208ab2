// SPDX-License-Identifier: Apache-2.0
#include "ops/ops.h"

#include <fmt/format.h>

namespace mote::ops {
namespace {

constexpr std::string_view kNames[] = {
#define MOTE_OP(name) #name,
#include "ops/ops.def"
#undef MOTE_OP
};

}  // namespace

std::span<const std::string_view> names() {
  return kNames;
}

std::string describe(const graph::Graph& graph, const graph::Node& node) {
  const bool named = !node.outputs.empty() && node.outputs[0] >= 0 &&
                     static_cast<std::size_t>(node.outputs[0]) < graph.values.size();
  return fmt::format("op {} '{}'", node.op, named ? graph.value(node.outputs[0]).name : "?");
}

}  // namespace mote::ops
