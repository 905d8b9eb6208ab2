// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the "lower" aspects of operators with broadcasting share.
#include "mote/kernels/broadcast.h"
#include "ops/broadcast.h"
#include "ops/lower_layer.h"

namespace mote::ops {

/// Sets size and repeats of a device shape that broadcasts operands of these shapes to the node's output.
/// Errors (kInput): the operands alternate along more than kBroadcastAxes axes.
template <class Shape>
Result<void> set_broadcast(const graph::Graph& graph, const graph::Node& node,
                           const std::vector<Extents>& shapes, Shape& shape) {
  const BroadcastAxes axes = merged_axes(shapes, output(graph, node).shape);
  constexpr auto kAxes = static_cast<std::size_t>(kernels::kBroadcastAxes);
  if (axes.size.size() > kAxes) return refuse(graph, node, "the operands alternate along more than 6 axes");
  const std::size_t front = kAxes - axes.size.size();
  for (std::size_t axis = 0; axis < kAxes; ++axis)
    shape.size[axis] = axis < front ? 1 : axes.size[axis - front];
  for (std::size_t operand = 0; operand < axes.repeats.size(); ++operand)
    shape.repeats[operand] = static_cast<std::int32_t>(axes.repeats[operand] << front);
  return {};
}

/// The same for the node's inputs, in their order.
template <class Shape>
Result<void> set_broadcast(const graph::Graph& graph, const graph::Node& node, Shape& shape) {
  std::vector<Extents> shapes;
  for (const graph::ValueId id : node.inputs) shapes.push_back(graph.value(id).shape);
  return set_broadcast(graph, node, shapes, shape);
}

/// The members that all of these shapes begin with.
template <class Shape>
std::vector<Field> broadcast_fields(const Shape& shape) {
  return {field("size", shape.size), field("repeats", shape.repeats)};
}

}  // namespace mote::ops
