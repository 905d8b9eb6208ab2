// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/unary/unary.h"

namespace mote::ops::unary {
namespace {

using graph::DType;

/// int8 is a table whatever the function.
bool is_supported(Function function, DType type) {
  if (function == Function::kLogicalNot) return type == DType::kBool;
  if (type == DType::kFloat32 || type == DType::kInt8) return true;
  if (type != DType::kInt16) return false;
  switch (function) {
    case Function::kAbs:
    case Function::kLeakyRelu:
    case Function::kLogistic:
    case Function::kRelu:
    case Function::kRelu0To1:
    case Function::kRelu6:
    case Function::kReluN1To1:
    case Function::kRsqrt:
    case Function::kTanh:
      return true;
    default:
      return false;
  }
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, unary::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  const graph::Value& in = *input(graph, node, 0);
  if (!is_supported(attributes.function, in.dtype))
    return refuse(graph, node, fmt::format("{} is not supported", to_string(in.dtype)));
  return std::vector{ValueType{in.dtype, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::unary
