// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/dynamic_update_slice/dynamic_update_slice.h"
#include "ops/operands.h"

namespace mote::ops::dynamic_update_slice {
namespace {

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(dynamic_update_slice::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 3, 3));
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& update = *input(graph, node, 1);
  const graph::Value& start = *input(graph, node, 2);
  bool fits = in.dtype == update.dtype && in.shape.size() == update.shape.size();
  for (std::size_t axis = 0; fits && axis < in.shape.size(); ++axis)
    fits = update.shape[axis] <= in.shape[axis];
  if (!fits)
    return refuse(
        graph, node,
        fmt::format("a block of {} {} does not fit into {} {}", to_string(update.dtype),
                    graph::shape_text(update.shape), to_string(in.dtype), graph::shape_text(in.shape)));
  const bool is_number = start.dtype == graph::DType::kInt32 || start.dtype == graph::DType::kInt64;
  if (!is_number || start.shape != std::vector{static_cast<std::int32_t>(in.shape.size())})
    return refuse(graph, node,
                  fmt::format("the start is {} {}, expected int32 or int64 [{}]", to_string(start.dtype),
                              graph::shape_text(start.shape), in.shape.size()));
  return std::vector{ValueType{in.dtype, in.shape}};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::dynamic_update_slice
