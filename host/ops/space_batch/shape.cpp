// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include "ops/operands.h"
#include "ops/space_batch/space_batch.h"

namespace mote::ops::space_batch {
namespace {

/// While block or border are not constant yet, the output's own shape is believed; lowering asks again.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(check_arity(graph, node, 3, 3));
  MOTE_TRY(const std::optional<Layout> layout, layout_of(graph, node));
  return std::vector{
      ValueType{input(graph, node, 0)->dtype, layout ? layout->shape : output(graph, node).shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::space_batch
