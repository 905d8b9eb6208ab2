// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/softmax/softmax.h"

namespace mote::ops::softmax {
namespace {

using graph::DType;

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(softmax::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  const graph::Value& in = *input(graph, node, 0);
  const DType to = output(graph, node).dtype;
  const bool supported = in.dtype == to ? to == DType::kFloat32 || to == DType::kInt8 || to == DType::kInt16
                                        : in.dtype == DType::kInt8 && to == DType::kInt16;
  if (!supported)
    return refuse(
        graph, node,
        fmt::format("{} to {} is not supported, expected float32, int8 or int16 for both, or int8 to int16",
                    to_string(in.dtype), to_string(to)));
  if (in.shape.empty()) return refuse(graph, node, "input is a scalar, expected at least one dimension");
  return std::vector{ValueType{to, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::softmax
