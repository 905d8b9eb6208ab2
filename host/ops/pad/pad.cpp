// SPDX-License-Identifier: Apache-2.0
#include "ops/pad/pad.h"

#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::pad {
namespace {

constexpr std::string_view kBorders[] = {"constant", "reflect", "symmetric"};

}  // namespace

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  const Attributes result = {static_cast<Border>(reader.choice("border", kBorders))};
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  return {{"border", std::string(kBorders[static_cast<std::size_t>(attributes.border)])}};
}

Result<std::optional<std::vector<Axis>>> axes_of(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const auto widths, constant_integers(graph, node, 1, "width of the border"));
  if (!widths) return std::optional<std::vector<Axis>>();
  const std::vector<std::int32_t>& in = input(graph, node, 0)->shape;
  if (widths->size() != 2 * in.size())
    return refuse(
        graph, node,
        fmt::format("has {} widths of borders, expected two for each of {} axes", widths->size(), in.size()));
  std::vector<Axis> axes;
  for (std::size_t axis = 0; axis < in.size(); ++axis) {
    axes.push_back({in[axis], (*widths)[2 * axis], (*widths)[2 * axis + 1]});
    for (const std::int64_t width : {axes.back().before, axes.back().after})
      if (width < 0 || width > graph::kMaximumValueBytes)
        return refuse(graph, node, fmt::format("a border of {} is not possible", width));
  }
  return std::optional(std::move(axes));
}

}  // namespace mote::ops::pad
