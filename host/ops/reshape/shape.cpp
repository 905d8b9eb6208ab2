// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/reshape/reshape.h"

namespace mote::ops::reshape {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(reshape::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 1, 2));
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& out = output(graph, node);
  if (in.element_count() != out.element_count())
    return refuse(graph, node,
                  fmt::format("cannot give {} the shape {}", graph::shape_text(in.shape),
                              graph::shape_text(out.shape)));
  return std::vector{ValueType{in.dtype, out.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::reshape
