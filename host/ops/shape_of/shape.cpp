// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/operands.h"
#include "ops/shape_of/shape_of.h"

namespace mote::ops::shape_of {
namespace {

bool is_count(graph::DType type) {
  return type == graph::DType::kInt32 || type == graph::DType::kInt64;
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, shape_of::attributes(graph, node));
  const std::size_t inputs = attributes.broadcasts ? 2 : 1;
  MOTE_CHECK(check_arity(graph, node, inputs, inputs));
  const graph::DType type = output(graph, node).dtype;
  if (!is_count(type))
    return refuse(graph, node, fmt::format("the output is {}, expected int32 or int64", to_string(type)));
  const graph::Value& first = *input(graph, node, 0);
  if (!attributes.broadcasts)
    return std::vector{ValueType{type, {static_cast<std::int32_t>(first.shape.size())}}};
  const graph::Value& second = *input(graph, node, 1);
  if (first.dtype != type || second.dtype != type || first.shape.size() != 1 || second.shape.size() != 1)
    return refuse(graph, node,
                  fmt::format("shapes are {} {} and {} {}, expected two lists of {}", to_string(first.dtype),
                              graph::shape_text(first.shape), to_string(second.dtype),
                              graph::shape_text(second.shape), to_string(type)));
  return std::vector{ValueType{type, {std::max(first.shape[0], second.shape[0])}}};
}

bool types_alone(const graph::Graph& graph, const graph::Node& node) {
  const auto attributes = shape_of::attributes(graph, node);
  return attributes && !attributes->broadcasts;
}

}  // namespace

extern const Shape kShape = {infer, types_alone};

}  // namespace mote::ops::shape_of
