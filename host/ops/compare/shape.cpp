// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/broadcast.h"
#include "ops/compare/compare.h"
#include "ops/operands.h"

namespace mote::ops::compare {
namespace {

using graph::DType;

bool is_supported(Function function, DType type) {
  switch (type) {
    case DType::kFloat32:
    case DType::kInt8:
    case DType::kInt16:
    case DType::kInt32:
    case DType::kInt64:
      return true;
    case DType::kBool:
      return function == Function::kEqual || function == Function::kNotEqual;
    default:
      return false;
  }
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, compare::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  const graph::Value& a = *input(graph, node, 0);
  const graph::Value& b = *input(graph, node, 1);
  if (!is_supported(attributes.function, a.dtype) || b.dtype != a.dtype)
    return refuse(graph, node,
                  fmt::format("{} and {} are not supported", to_string(a.dtype), to_string(b.dtype)));
  const auto shape = broadcast_shape(std::vector{a.shape, b.shape});
  if (!shape)
    return refuse(graph, node,
                  fmt::format("shapes {} and {} cannot be repeated to one", graph::shape_text(a.shape),
                              graph::shape_text(b.shape)));
  return std::vector{ValueType{DType::kBool, *shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::compare
