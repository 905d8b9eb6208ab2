// SPDX-License-Identifier: Apache-2.0
#include "ops/gather/gather.h"

#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::gather {
namespace {

using graph::Graph;
using graph::Node;
using Shape = std::vector<std::int32_t>;

constexpr std::string_view kFunctions[] = {"embedding_lookup", "gather", "gather_nd"};
constexpr std::int32_t kMostAxes = 1 << 10;
constexpr std::int32_t kMostNumbers = 6;  ///< in one list of gather_nd

std::unexpected<Error> mismatch(const Graph& graph, const Node& node, const Shape& table,
                                const Shape& numbers) {
  return refuse(graph, node,
                fmt::format("numbers {} do not fit to the table {}", graph::shape_text(numbers),
                            graph::shape_text(table)));
}

/// Extents of `from` from `first` on, behind those of `to`.
void append(Shape& to, const Shape& from, std::size_t first, std::size_t end) {
  to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(first),
            from.begin() + static_cast<std::ptrdiff_t>(end));
}

Result<Layout> gather_layout(const Graph& graph, const Node& node, const Attributes& attributes,
                             const Shape& table, const Shape& numbers) {
  MOTE_TRY(const std::size_t axis, axis_index(graph, node, attributes.axis, table.size()));
  const std::int64_t batch_axes =
      attributes.batch_axes + (attributes.batch_axes < 0 ? static_cast<std::int64_t>(numbers.size()) : 0);
  if (batch_axes < 0 || static_cast<std::size_t>(batch_axes) > std::min(axis, numbers.size()))
    return mismatch(graph, node, table, numbers);
  const auto batch = static_cast<std::size_t>(batch_axes);
  for (std::size_t index = 0; index < batch; ++index)
    if (table[index] != numbers[index]) return mismatch(graph, node, table, numbers);
  Layout layout;
  append(layout.shape, table, 0, axis);
  append(layout.shape, numbers, batch, numbers.size());
  append(layout.shape, table, axis + 1, table.size());
  layout.batch = extent_product(table, 0, batch);
  layout.outer = extent_product(table, batch, axis);
  layout.axis = table[axis];
  layout.inner = extent_product(table, axis + 1, table.size());
  layout.numbers = extent_product(numbers, batch, numbers.size());
  return layout;
}

Result<Layout> lookup_layout(const Graph& graph, const Node& node, const Shape& table, const Shape& numbers) {
  if (table.size() < 2 || numbers.size() != 1) return mismatch(graph, node, table, numbers);
  Layout layout;
  layout.shape = table;
  layout.shape[0] = numbers[0];
  layout.axis = table[0];
  layout.inner = extent_product(table, 1, table.size());
  layout.numbers = numbers[0];
  return layout;
}

Result<Layout> gather_nd_layout(const Graph& graph, const Node& node, const Shape& table,
                                const Shape& numbers) {
  if (table.empty() || numbers.empty()) return mismatch(graph, node, table, numbers);
  const std::int32_t depth = numbers.back();
  if (depth > kMostNumbers || static_cast<std::size_t>(depth) > table.size())
    return mismatch(graph, node, table, numbers);
  Layout layout;
  append(layout.shape, numbers, 0, numbers.size() - 1);
  append(layout.shape, table, static_cast<std::size_t>(depth), table.size());
  layout.inner = extent_product(table, static_cast<std::size_t>(depth), table.size());
  layout.numbers = extent_product(numbers, 0, numbers.size() - 1);
  return layout;
}

}  // namespace

Result<Attributes> attributes(const Graph& graph, const Node& node) {
  AttributeReader reader(graph, node);
  Attributes result = {static_cast<Function>(reader.choice("function", kFunctions))};
  if (result.function == Function::kGather) {
    result.axis = reader.integer("axis", -kMostAxes, kMostAxes);
    result.batch_axes = reader.integer("batch_axes", -kMostAxes, kMostAxes);
  }
  MOTE_CHECK(reader.finish());
  return result;
}

AttributeMap to_map(const Attributes& attributes) {
  AttributeMap map = {{"function", std::string(kFunctions[static_cast<std::size_t>(attributes.function)])}};
  if (attributes.function == Function::kGather) {
    map["axis"] = std::int64_t{attributes.axis};
    map["batch_axes"] = std::int64_t{attributes.batch_axes};
  }
  return map;
}

std::size_t table_input(Function function) {
  return function == Function::kEmbeddingLookup ? 1 : 0;
}
std::size_t numbers_input(Function function) {
  return function == Function::kEmbeddingLookup ? 0 : 1;
}

Result<Layout> layout_of(const Graph& graph, const Node& node) {
  MOTE_TRY(const Attributes attributes, gather::attributes(graph, node));
  const Shape& table = input(graph, node, table_input(attributes.function))->shape;
  const Shape& numbers = input(graph, node, numbers_input(attributes.function))->shape;
  MOTE_TRY(Layout layout,
           attributes.function == Function::kGather ? gather_layout(graph, node, attributes, table, numbers)
           : attributes.function == Function::kGatherNd ? gather_nd_layout(graph, node, table, numbers)
                                                        : lookup_layout(graph, node, table, numbers));
  double elements = 1;  // of hostile shapes: beyond int64
  for (const std::int32_t extent : layout.shape) elements *= extent;
  if (elements > static_cast<double>(graph::kMaximumValueBytes))
    return refuse(graph, node, "the output is too large");
  return layout;
}

}  // namespace mote::ops::gather
