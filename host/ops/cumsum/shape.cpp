// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include "ops/cumsum/cumsum.h"
#include "ops/operands.h"

namespace mote::ops::cumsum {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(cumsum::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  MOTE_CHECK(check_float_or_int8(graph, node));
  const graph::Value& in = *input(graph, node, 0);
  return std::vector{ValueType{in.dtype, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::cumsum
