// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include "ops/axes.h"
#include "ops/operands.h"
#include "ops/resize/resize.h"

namespace mote::ops::resize {
namespace {

using graph::DType;

bool is_supported(bool bilinear, DType type) {
  return !bilinear || type == DType::kFloat32 || type == DType::kInt8 || type == DType::kInt16;
}

/// While the size is not constant yet, the output's own is believed; the kernels take it from there.
Result<std::vector<ValueType>> infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, resize::attributes(graph, node));
  MOTE_CHECK(check_arity(graph, node, 2, 2));
  const graph::Value& in = *input(graph, node, 0);
  const std::vector<std::int32_t>& out = output(graph, node).shape;
  if (in.shape.size() != 4 || out.size() != 4 || !is_supported(attributes.bilinear, in.dtype))
    return refuse(graph, node,
                  fmt::format("cannot resize {} {} to {}", to_string(in.dtype), graph::shape_text(in.shape),
                              graph::shape_text(out)));
  MOTE_TRY(const auto size, constant_integers(graph, node, 1, "size"));
  ValueType type = {in.dtype, {in.shape[0], out[1], out[2], in.shape[3]}};
  if (!size) return std::vector{std::move(type)};
  if (size->size() != 2)
    return refuse(graph, node, fmt::format("size has {} numbers, expected 2", size->size()));
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if ((*size)[axis] < 1 || (*size)[axis] > kMaximumStep)
      return refuse(graph, node, fmt::format("size {} is not possible", (*size)[axis]));
    type.shape[axis + 1] = static_cast<std::int32_t>((*size)[axis]);
  }
  return std::vector{std::move(type)};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::resize
