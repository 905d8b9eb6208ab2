// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/quantize/quantize.h"

namespace mote::ops::quantize {
namespace {

using graph::DType;

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(quantize::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  const graph::Value& in = *input(graph, node, 0);
  const DType to = output(graph, node).dtype;
  const bool from_supported =
      in.dtype == DType::kFloat32 || in.dtype == DType::kInt8 || in.dtype == DType::kInt16;
  if (!from_supported || to != DType::kInt8)
    return refuse(graph, node,
                  fmt::format("{} to {} is not supported, expected float32, int8 or int16 to int8",
                              to_string(in.dtype), to_string(to)));
  return std::vector{ValueType{to, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::quantize
