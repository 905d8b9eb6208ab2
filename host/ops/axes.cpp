// SPDX-License-Identifier: Apache-2.0
#include "ops/axes.h"

#include <fmt/format.h>

#include "ops/operands.h"

namespace mote::ops {

Result<std::size_t> axis_index(const graph::Graph& graph, const graph::Node& node, std::int64_t axis,
                               std::size_t rank) {
  const auto extents = static_cast<std::int64_t>(rank);
  if (axis < -extents || axis >= extents)
    return refuse(graph, node, fmt::format("axis {} does not exist, the tensor has {}", axis, rank));
  return static_cast<std::size_t>(axis < 0 ? axis + extents : axis);
}

std::int64_t extent_product(const std::vector<std::int32_t>& shape, std::size_t first, std::size_t end) {
  std::int64_t product = 1;
  for (std::size_t axis = first; axis < end; ++axis) product *= shape[axis];
  return product;
}

std::vector<std::int64_t> dense_strides(const std::vector<std::int32_t>& shape) {
  std::vector<std::int64_t> strides(shape.size());
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    strides[axis] = extent_product(shape, axis + 1, shape.size());
  return strides;
}

Result<std::optional<std::vector<std::int64_t>>> constant_integers(const graph::Graph& graph,
                                                                   const graph::Node& node, std::size_t index,
                                                                   std::string_view role) {
  const graph::Value* value = input(graph, node, index);
  if (value == nullptr) return refuse(graph, node, fmt::format("{} (input {}) is left out", role, index));
  const bool is_wide = value->dtype == graph::DType::kInt64;
  if (!is_wide && value->dtype != graph::DType::kInt32)
    return refuse(graph, node,
                  fmt::format("{} is {}, expected int32 or int64", role, to_string(value->dtype)));
  if (!value->is_constant()) return std::optional<std::vector<std::int64_t>>();
  if (is_wide) return std::optional(graph::elements<std::int64_t>(*value));
  const auto narrow = graph::elements<std::int32_t>(*value);
  return std::optional(std::vector<std::int64_t>(narrow.begin(), narrow.end()));
}

Result<std::vector<std::int64_t>> required_integers(const graph::Graph& graph, const graph::Node& node,
                                                    std::size_t index, std::string_view role) {
  MOTE_TRY(auto integers, constant_integers(graph, node, index, role));
  if (!integers)
    return refuse(graph, node, fmt::format("{} is computed when the model runs, expected a constant", role));
  return *std::move(integers);
}

}  // namespace mote::ops
