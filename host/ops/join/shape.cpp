// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ops/axes.h"
#include "ops/join/join.h"
#include "ops/operands.h"

namespace mote::ops::join {
namespace {

using graph::DType;

/// Joining moves bits, so that all must mean the same.
Result<void> check_quantization(const graph::Graph& graph, const graph::Node& node, std::size_t index) {
  const graph::Value& in = *input(graph, node, index);
  const bool is_integer = in.dtype == DType::kInt8 || in.dtype == DType::kUInt8 || in.dtype == DType::kInt16;
  if (!is_integer || in.quantization == output(graph, node).quantization) return {};
  return refuse(graph, node, fmt::format("input {} has another scale or zero point than the output", index),
                "convert the model again: the converter makes them equal");
}

Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, join::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, std::max<std::size_t>(node.inputs.size(), 1), node.inputs.size()));
  const graph::Value& first = *input(graph, node, 0);
  ValueType type = {first.dtype, first.shape};
  MOTE_TRY(const std::size_t axis,
           axis_index(graph, node, attributes.axis, first.shape.size() + (attributes.stacks ? 1 : 0)));
  std::int64_t together = 0;
  for (std::size_t index = 0; index < node.inputs.size(); ++index) {
    const graph::Value& in = *input(graph, node, index);
    std::vector<std::int32_t> rest = in.shape;
    if (!attributes.stacks && axis < rest.size()) rest[axis] = first.shape[axis];
    if (in.dtype != first.dtype || rest != first.shape)
      return refuse(
          graph, node,
          fmt::format("input {} is {} {}, which does not fit to {} {}", index, to_string(in.dtype),
                      graph::shape_text(in.shape), to_string(first.dtype), graph::shape_text(first.shape)));
    if (!attributes.stacks) MOTE_CHECK(check_quantization(graph, node, index));
    together += attributes.stacks ? 1 : in.shape[axis];
  }
  if (together > std::numeric_limits<std::int32_t>::max())
    return refuse(graph, node, "the output is too large");
  if (attributes.stacks) type.shape.insert(type.shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  type.shape[axis] = static_cast<std::int32_t>(together);
  return std::vector{std::move(type)};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::join
