// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/fill/fill.h"
#include "ops/operands.h"

namespace mote::ops::fill {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, fill::attributes(graph, node));
  const std::size_t inputs = attributes.zeros ? 1 : 2;
  MOTE_CHECK(check_arity(graph, node, inputs, inputs));
  const graph::Value& last = *input(graph, node, inputs - 1);
  if (attributes.zeros) return std::vector{ValueType{last.dtype, last.shape}};
  if (last.element_count() != 1)
    return refuse(graph, node,
                  fmt::format("the value is {}, expected one element", graph::shape_text(last.shape)));
  return std::vector{ValueType{last.dtype, output(graph, node).shape}};
}

bool types_alone(const graph::Graph& graph, const graph::Node& node) {
  const auto attributes = fill::attributes(graph, node);
  return attributes && attributes->zeros;
}

}  // namespace

extern const Shape kShape = {infer, types_alone};

}  // namespace mote::ops::fill
