// SPDX-License-Identifier: Apache-2.0
#include "ops/split/split.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::split {
namespace {

constexpr std::string_view kFunctions[] = {"split", "split_sizes", "unpack"};
constexpr std::int32_t kMostAxes = 1 << 10;

Result<void> check_operands(const graph::Graph& graph, const graph::Node& node, std::size_t inputs) {
  const bool present = std::ranges::count(node.inputs, graph::kNone) == 0 &&
                       std::ranges::count(node.outputs, graph::kNone) == 0;
  if (node.inputs.size() == inputs && !node.outputs.empty() && present) return {};
  return refuse(graph, node,
                fmt::format("has {} inputs and {} outputs, expected {} inputs and at least one output",
                            node.inputs.size(), node.outputs.size(), inputs));
}

/// The axis operand; none while it is not constant.
Result<std::optional<std::int64_t>> axis_operand(const graph::Graph& graph, const graph::Node& node,
                                                 std::size_t index) {
  MOTE_TRY(const auto axis, constant_integers(graph, node, index, "axis"));
  if (!axis) return std::optional<std::int64_t>();
  if (axis->size() != 1) return refuse(graph, node, fmt::format("has {} axes, expected 1", axis->size()));
  return std::optional(axis->front());
}

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result = {static_cast<Function>(reader.choice("function", kFunctions)), 0};
  if (result.function == Function::kUnpack) result.axis = reader.integer("axis", -kMostAxes, kMostAxes);
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  AttributeMap map = {{"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])}};
  if (attributes.function == Function::kUnpack) map["axis"] = std::int64_t{attributes.axis};
  return map;
}

std::size_t data_input(Function function) {
  return function == Function::kSplit ? 1 : 0;
}

Result<std::optional<Cut>> cut_of(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, split::attributes(graph, node));
  const Function function = attributes.function;
  constexpr std::size_t kInputs[] = {2, 3, 1};
  MOTE_CHECK(check_operands(graph, node, kInputs[static_cast<std::size_t>(function)]));
  std::optional<std::int64_t> axis = attributes.axis;
  if (function != Function::kUnpack) {
    MOTE_TRY(axis, axis_operand(graph, node, function == Function::kSplit ? 0 : 2));
    if (!axis) return std::optional<Cut>();
  }
  const std::vector<std::int32_t>& in = input(graph, node, data_input(function))->shape;
  Cut cut;
  MOTE_TRY(cut.axis, axis_index(graph, node, *axis, in.size()));
  const auto parts = static_cast<std::int32_t>(node.outputs.size());
  std::int64_t together = 0;
  for (const graph::ValueId id : node.outputs) {
    const std::vector<std::int32_t>& out = graph.value(id).shape;
    const bool known = function == Function::kSizes && cut.axis < out.size();
    cut.extents.push_back(function == Function::kUnpack ? 1 : known ? out[cut.axis] : in[cut.axis] / parts);
    together += cut.extents.back();
  }
  if (together != in[cut.axis])
    return refuse(graph, node,
                  fmt::format("{} parts of axis {} have {} elements together, the axis has {}", parts,
                              cut.axis, together, in[cut.axis]));
  return std::optional(std::move(cut));
}

}  // namespace mote::ops::split
