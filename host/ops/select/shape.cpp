// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/broadcast.h"
#include "ops/operands.h"
#include "ops/select/select.h"

namespace mote::ops::select {
namespace {

using graph::DType;

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, select::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 3, 3));
  const graph::Value& condition = *input(graph, node, 0);
  const graph::Value& x = *input(graph, node, 1);
  const graph::Value& y = *input(graph, node, 2);
  if (condition.dtype != DType::kBool || x.dtype != y.dtype)
    return refuse(graph, node,
                  fmt::format("{}, {} and {} are not supported, expected bool and two of one type",
                              to_string(condition.dtype), to_string(x.dtype), to_string(y.dtype)));
  if (!attributes.broadcasts) {
    const bool fits = condition.shape == x.shape || condition.shape.empty() ||
                      (condition.shape.size() == 1 && !x.shape.empty() && condition.shape[0] == x.shape[0]);
    if (x.shape != y.shape || !fits)
      return refuse(
          graph, node,
          fmt::format("condition {} does not choose between {} and {}, expected two of one shape, and "
                      "a condition of that shape, a scalar or one for each index of its first axis",
                      graph::shape_text(condition.shape), graph::shape_text(x.shape),
                      graph::shape_text(y.shape)));
    return std::vector{ValueType{x.dtype, x.shape}};
  }
  const auto shape = broadcast_shape(std::vector{condition.shape, x.shape, y.shape});
  if (!shape)
    return refuse(
        graph, node,
        fmt::format("shapes {}, {} and {} cannot be repeated to one", graph::shape_text(condition.shape),
                    graph::shape_text(x.shape), graph::shape_text(y.shape)));
  return std::vector{ValueType{x.dtype, *shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::select
