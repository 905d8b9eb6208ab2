// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/cast/cast.h"
#include "ops/operands.h"

namespace mote::ops::cast {
namespace {

using graph::DType;

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(cast::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  const graph::Value& in = *input(graph, node, 0);
  const DType to = output(graph, node).dtype;
  const auto has_no_kernel = [](DType type) { return type == DType::kUInt8 || type == DType::kUInt16; };
  if (has_no_kernel(in.dtype) || has_no_kernel(to) || to == DType::kBool)
    return refuse(graph, node, fmt::format("{} to {} is not supported", to_string(in.dtype), to_string(to)));
  return std::vector{ValueType{to, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::cast
