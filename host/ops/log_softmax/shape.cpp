// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include "ops/log_softmax/log_softmax.h"
#include "ops/operands.h"

namespace mote::ops::log_softmax {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(log_softmax::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 1));
  MOTE_CHECK(check_float_or_int8(graph, node));
  const graph::Value& in = *input(graph, node, 0);
  if (in.shape.empty()) return refuse(graph, node, "input is a scalar, expected at least one dimension");
  return std::vector{ValueType{in.dtype, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::log_softmax
