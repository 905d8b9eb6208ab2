// SPDX-License-Identifier: Apache-2.0
#include "ops/copy_layer.h"

#include <fmt/format.h>

#include <algorithm>

#include "mote/kernels/strided_copy_variants.h"
#include "ops/lower_layer.h"

namespace mote::ops {
namespace {

/// Axes that can be told as one are joined, those with one element are left out.
std::vector<CopyAxis> joined(const std::vector<CopyAxis>& axes) {
  std::vector<CopyAxis> result;
  for (const CopyAxis& axis : axes) {
    if (axis.extent == 1) continue;
    if (!result.empty() && result.back().in_stride == axis.extent * axis.in_stride &&
        result.back().out_stride == axis.extent * axis.out_stride) {
      const std::int64_t extent = result.back().extent * axis.extent;
      result.back() = {extent, axis.in_stride, axis.out_stride};
    } else {
      result.push_back(axis);
    }
  }
  return result;
}

kernels::StridedCopyShape kernel_shape(const Copy& copy, const std::vector<CopyAxis>& axes) {
  kernels::StridedCopyShape shape = {{1, 1, 1, 1, 1, 1}, {}, {}, 0, 0};
  const std::size_t first = kernels::kMaxAxes - axes.size();
  for (std::size_t index = 0; index < axes.size(); ++index) {
    shape.extents[first + index] = static_cast<std::int32_t>(axes[index].extent);
    shape.in_strides[first + index] = static_cast<std::int32_t>(axes[index].in_stride);
    shape.out_strides[first + index] = static_cast<std::int32_t>(axes[index].out_stride);
  }
  shape.in_offset = static_cast<std::int32_t>(copy.in_offset);
  shape.out_offset = static_cast<std::int32_t>(copy.out_offset);
  return shape;
}

/// Whether all positions lie in a value of `count` elements.
bool stays_inside(const std::vector<CopyAxis>& axes, std::int64_t CopyAxis::* stride, std::int64_t offset,
                  std::int64_t count) {
  std::int64_t lowest = offset, highest = offset;
  for (const CopyAxis& axis : axes) {
    const std::int64_t reach = (axis.extent - 1) * (axis.*stride);
    (reach < 0 ? lowest : highest) += reach;
  }
  return lowest >= 0 && highest < count;
}

}  // namespace

Result<Layer> copy_layer(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                         const Copy& copy) {
  const std::vector<CopyAxis> axes = joined(copy.axes);
  if (axes.size() > static_cast<std::size_t>(kernels::kMaxAxes))
    return refuse(graph, node,
                  fmt::format("moves elements along {} axes, at most {} are supported", axes.size(),
                              kernels::kMaxAxes));
  const graph::Value& from = graph.value(copy.from);
  const graph::Value& to = graph.value(copy.to);
  if (!stays_inside(axes, &CopyAxis::in_stride, copy.in_offset, from.element_count()) ||
      !stays_inside(axes, &CopyAxis::out_stride, copy.out_offset, to.element_count()) ||
      graph::size_of(from.dtype) != graph::size_of(to.dtype))
    return refuse(graph, node, "would move elements from or to a place outside of its values");
  const kernels::StridedCopyShape shape = kernel_shape(copy, axes);
  const ByValue by_value{shape,
                         {field("extents", shape.extents), field("in_strides", shape.in_strides),
                          field("out_strides", shape.out_strides), field("in_offset", shape.in_offset),
                          field("out_offset", shape.out_offset)}};
  MOTE_TRY(auto layers, for_element(from.dtype, [&](auto element) {
             return lower_plain<kernels::StridedCopyVariants<decltype(element)>>(
                 graph, node, options, {copy.from, copy.to}, by_value);
           }));
  Layer layer = std::move(layers.front());
  layer.header = "mote/kernels/strided_copy_variants.h";
  const kernels::ContiguousCopy contiguous = kernels::contiguous_copy(shape);
  const std::int64_t element_bytes = graph::size_of(from.dtype);
  if (contiguous.count > 0)
    layer.copy = ContiguousCopy{contiguous.in_offset * element_bytes, contiguous.out_offset * element_bytes,
                                contiguous.count * element_bytes};
  return layer;
}

Copy whole_copy(const graph::Graph& graph, graph::ValueId from, graph::ValueId to) {
  return {from, to, {{graph.value(from).element_count(), 1, 1}}};
}

}  // namespace mote::ops
