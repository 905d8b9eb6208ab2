// SPDX-License-Identifier: Apache-2.0
#include "ops/reduce/reduce.h"

#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::reduce {
namespace {

constexpr std::string_view kFunctions[] = {"all", "any", "max", "mean", "min", "prod", "sum"};

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {static_cast<Function>(reader.choice("function", kFunctions)),
                             reader.boolean("keep_axes")};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])},
          {"keep_axes", std::int64_t{attributes.keep_axes ? 1 : 0}}};
}

Result<std::optional<std::vector<bool>>> reduced_axes(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const auto axes, constant_integers(graph, node, 1, "axes"));
  if (!axes) return std::optional<std::vector<bool>>();
  std::vector<bool> reduced(input(graph, node, 0)->shape.size());
  if (reduced.empty()) return std::optional(std::move(reduced));  // a number has nothing to reduce
  for (const std::int64_t number : *axes) {
    MOTE_TRY(const std::size_t axis, axis_index(graph, node, number, reduced.size()));
    reduced[axis] = true;
  }
  return std::optional(std::move(reduced));
}

}  // namespace mote::ops::reduce
