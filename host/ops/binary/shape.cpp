// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/binary/binary.h"
#include "ops/broadcast.h"
#include "ops/operands.h"

namespace mote::ops::binary {
namespace {

using graph::DType;

/// The types of input 0 and of the output that a function has.
std::vector<DType> types_of(Function function) {
  switch (function) {
    case Function::kAdd:
    case Function::kSubtract:
    case Function::kMultiply:
    case Function::kSquaredDifference:
      return {DType::kFloat32, DType::kInt8, DType::kInt16, DType::kInt32};
    case Function::kDivide:
      return {DType::kFloat32, DType::kInt8, DType::kInt32};
    case Function::kMaximum:
    case Function::kMinimum:
      return {DType::kFloat32, DType::kInt8, DType::kInt16, DType::kInt32, DType::kInt64};
    case Function::kFloorDivide:
    case Function::kFloorModulo:
      return {DType::kFloat32};
    case Function::kPrelu:
      return {DType::kFloat32, DType::kInt8, DType::kInt16};
    case Function::kLogicalAnd:
    case Function::kLogicalOr:
      return {DType::kBool};
  }
  return {};
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, binary::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  const graph::Value& a = *input(graph, node, 0);
  const graph::Value& b = *input(graph, node, 1);
  const bool slope_of_int16 = attributes.function == Function::kPrelu && a.dtype == DType::kInt16;
  const DType other = slope_of_int16 ? DType::kInt8 : a.dtype;
  if (std::ranges::count(types_of(attributes.function), a.dtype) == 0 || b.dtype != other)
    return refuse(graph, node,
                  fmt::format("{} and {} are not supported", to_string(a.dtype), to_string(b.dtype)));
  const auto shape = broadcast_shape(std::vector{a.shape, b.shape});
  if (!shape)
    return refuse(graph, node,
                  fmt::format("shapes {} and {} cannot be repeated to one", graph::shape_text(a.shape),
                              graph::shape_text(b.shape)));
  return std::vector{ValueType{a.dtype, *shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::binary
