// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include "ops/operands.h"
#include "ops/view/view.h"

namespace mote::ops::view {
namespace {

std::size_t input_count(Function function) {
  switch (function) {
    case Function::kDepthToSpace:
    case Function::kSpaceToDepth:
      return 1;
    case Function::kSlice:
      return 3;
    case Function::kStridedSlice:
      return 4;
    default:
      return 2;
  }
}

/// While an operand is not constant yet, what the output says of itself is believed; lowering asks again.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, view::attributes(graph, node));
  const std::size_t inputs = input_count(attributes.function);
  MOTE_CHECK(check_arity(graph, node, inputs, inputs));
  MOTE_TRY(const std::optional<View> view, view_of(graph, node));
  return std::vector{ValueType{input(graph, node, 0)->dtype, view ? view->shape : output(graph, node).shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::view
