// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/dequantize/dequantize.h"
#include "ops/operands.h"

namespace mote::ops::dequantize {
namespace {

using graph::DType;

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(dequantize::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  const graph::Value& in = *input(graph, node, 0);
  if (in.dtype != DType::kInt8 && in.dtype != DType::kUInt8 && in.dtype != DType::kInt16)
    return refuse(
        graph, node,
        fmt::format("{} input is not supported, expected int8, uint8 or int16", to_string(in.dtype)));
  return std::vector{ValueType{DType::kFloat32, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::dequantize
