// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/arg_min_max/arg_min_max.h"
#include "ops/axes.h"
#include "ops/operands.h"

namespace mote::ops::arg_min_max {
namespace {

/// While the axis is not constant yet, the output's own shape is believed; lowering asks again.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(arg_min_max::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  MOTE_CHECK(check_float_or_int8(graph, node));
  const bool is_wide = output(graph, node).dtype == graph::DType::kInt64;
  ValueType type = {is_wide ? graph::DType::kInt64 : graph::DType::kInt32, output(graph, node).shape};
  MOTE_TRY(const auto axes, constant_integers(graph, node, 1, "axis"));
  if (!axes) return std::vector{std::move(type)};
  if (axes->size() != 1) return refuse(graph, node, fmt::format("has {} axes, expected 1", axes->size()));
  type.shape = input(graph, node, 0)->shape;
  MOTE_TRY(const std::size_t axis, axis_index(graph, node, axes->front(), type.shape.size()));
  type.shape.erase(type.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  return std::vector{std::move(type)};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::arg_min_max
