// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/pad/pad.h"

namespace mote::ops::pad {
namespace {

Result<void> check_value(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value* value = input(graph, node, 2);
  if (value == nullptr) return {};
  const graph::DType type = input(graph, node, 0)->dtype;
  if (value->element_count() != 1 || value->dtype != type)
    return refuse(graph, node,
                  fmt::format("the border's value is {} {}, expected one {}", to_string(value->dtype),
                              graph::shape_text(value->shape), to_string(type)));
  if (type != graph::DType::kInt8 || value->quantization == output(graph, node).quantization) return {};
  return refuse(graph, node, "the border's value has another scale or zero point than the output");
}

/// While the border's width is not constant yet, the output's own shape is believed; lowering asks again.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, pad::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, attributes.border == Border::kConstant ? 3 : 2));
  MOTE_CHECK(check_value(graph, node));
  MOTE_TRY(const auto axes, axes_of(graph, node));
  ValueType type = {input(graph, node, 0)->dtype, output(graph, node).shape};
  if (!axes) return std::vector{std::move(type)};
  type.shape.clear();
  for (const Axis& axis : *axes) {
    const std::int64_t extent = axis.extent + axis.before + axis.after;
    if (extent > graph::kMaximumValueBytes) return refuse(graph, node, "the output is too large");
    type.shape.push_back(static_cast<std::int32_t>(extent));
    const std::int64_t most = axis.extent - (attributes.border == Border::kReflect ? 1 : 0);
    if (attributes.border != Border::kConstant && (axis.before > most || axis.after > most))
      return refuse(graph, node,
                    fmt::format("borders of {} and {} mirror more than the {} elements of the axis",
                                axis.before, axis.after, axis.extent));
  }
  return std::vector{std::move(type)};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::pad
