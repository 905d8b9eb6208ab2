// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/reduce/reduce.h"

namespace mote::ops::reduce {
namespace {

using graph::DType;

bool is_supported(Function function, DType type) {
  switch (function) {
    case Function::kAll:
    case Function::kAny:
      return type == DType::kBool;
    case Function::kMax:
    case Function::kMin:
      return type == DType::kFloat32 || type == DType::kInt8 || type == DType::kInt32;
    case Function::kMean:
      return type == DType::kFloat32 || type == DType::kInt8 || type == DType::kInt16;
    case Function::kProd:
      return type == DType::kFloat32 || type == DType::kInt32;
    case Function::kSum:
      return type == DType::kFloat32 || type == DType::kInt8 || type == DType::kInt16 ||
             type == DType::kInt32;
  }
  return false;
}

/// While the axes are not constant yet, the output's own shape is believed; lowering asks again.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, reduce::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  const graph::Value& in = *input(graph, node, 0);
  if (!is_supported(attributes.function, in.dtype))
    return refuse(graph, node, fmt::format("{} input is not supported", to_string(in.dtype)));
  MOTE_TRY(const auto reduced, reduced_axes(graph, node));
  ValueType type = {in.dtype, output(graph, node).shape};
  if (!reduced) return std::vector{std::move(type)};
  type.shape.clear();
  for (std::size_t axis = 0; axis < in.shape.size(); ++axis) {
    if (!(*reduced)[axis])
      type.shape.push_back(in.shape[axis]);
    else if (attributes.keep_axes)
      type.shape.push_back(1);
  }
  return std::vector{std::move(type)};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::reduce
