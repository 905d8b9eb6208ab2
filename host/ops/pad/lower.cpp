// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <fmt/format.h>

#include <cstring>

#include "mote/kernels/pad_variants.h"
#include "ops/axes.h"
#include "ops/copy_layer.h"
#include "ops/fill_layer.h"
#include "ops/lower_layer.h"
#include "ops/pad/pad.h"

namespace mote::ops::pad {
namespace {

/// Axes told as one where that is the same: behind an axis one without a border moves with it.
std::vector<Axis> joined(const std::vector<Axis>& axes, bool mirrors) {
  std::vector<Axis> result;
  for (const Axis& axis : axes) {
    const bool plain = axis.before == 0 && axis.after == 0;
    const bool follows_plain = !result.empty() && result.back().before == 0 && result.back().after == 0;
    if (plain && !result.empty() && (!mirrors || follows_plain || axis.extent == 1)) {
      Axis& outer = result.back();
      outer = {outer.extent * axis.extent, outer.before * axis.extent, outer.after * axis.extent};
    } else {
      result.push_back(axis);
    }
  }
  return result;
}

Result<kernels::PadShape> kernel_shape(const graph::Graph& graph, const graph::Node& node, bool mirrors) {
  MOTE_TRY(const auto axes, axes_of(graph, node));
  if (!axes)
    return refuse(graph, node,
                  "the width of the border is computed when the model runs, expected a constant");
  for (std::size_t axis = 0; axis < axes->size(); ++axis)
    if ((*axes)[axis].extent + (*axes)[axis].before + (*axes)[axis].after !=
        output(graph, node).shape.at(axis))
      return refuse(graph, node, "the border does not fit to the shape of its output");
  const std::vector<Axis> parts = joined(*axes, mirrors);
  if (parts.size() > static_cast<std::size_t>(kernels::kMaxAxes))
    return refuse(
        graph, node,
        fmt::format("has borders at {} axes, at most {} are supported", parts.size(), kernels::kMaxAxes));
  kernels::PadShape shape = {{1, 1, 1, 1, 1, 1}, {}, {}, 0};
  const std::size_t first = kernels::kMaxAxes - parts.size();
  for (std::size_t index = 0; index < parts.size(); ++index) {
    shape.extents[first + index] = static_cast<std::int32_t>(parts[index].extent);
    shape.before[first + index] = static_cast<std::int32_t>(parts[index].before);
    shape.after[first + index] = static_cast<std::int32_t>(parts[index].after);
  }
  return shape;
}

std::vector<Field> fields(const kernels::PadShape& shape) {
  return {field("extents", shape.extents), field("before", shape.before), field("after", shape.after),
          field("value_bits", shape.value_bits)};
}

/// The only element of a constant as PadShape keeps it.
std::int32_t value_bits(const graph::Value& value) {
  switch (value.dtype) {
    case graph::DType::kInt16:
      return graph::elements<std::int16_t>(value).at(0);
    case graph::DType::kFloat32:
    case graph::DType::kInt32:
      return graph::elements<std::int32_t>(value).at(0);
    case graph::DType::kInt64:
      return static_cast<std::int32_t>(graph::elements<std::int64_t>(value).at(0));
    default:
      return graph::elements<std::int8_t>(value).at(0);
  }
}

/// A border whose value is known only when the model runs, or has no place in PadShape: the value everywhere,
/// then the input in the middle.
Result<std::vector<Layer>> lower_computed(const graph::Graph& graph, const graph::Node& node,
                                          const LowerOptions& options, const kernels::PadShape& shape) {
  const Copy border = {node.inputs[2], node.outputs[0], {{output(graph, node).element_count(), 0, 1}}, 0, 0};
  Copy middle = {node.inputs[0], node.outputs[0], {}, 0, 0};
  std::int64_t in_stride = 1, out_stride = 1;
  for (std::int32_t axis = kernels::kMaxAxes - 1; axis >= 0; --axis) {
    middle.axes.insert(middle.axes.begin(), {shape.extents[axis], in_stride, out_stride});
    middle.out_offset += shape.before[axis] * out_stride;
    in_stride *= shape.extents[axis];
    out_stride *= std::int64_t{shape.before[axis]} + shape.extents[axis] + shape.after[axis];
  }
  MOTE_TRY(Layer first, copy_layer(graph, node, options, border));
  MOTE_TRY(Layer second, copy_layer(graph, node, options, middle));
  std::vector<Layer> layers;
  layers.push_back(std::move(first));
  layers.push_back(std::move(second));
  return layers;
}

template <class T>
Result<std::vector<Layer>> lower_mirror(const graph::Graph& graph, const graph::Node& node,
                                        const LowerOptions& options, const kernels::PadShape& shape,
                                        Border border) {
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  const ByValue by_value{shape, fields(shape)};
  if (border == Border::kReflect)
    return lower_plain<kernels::MirrorPadVariants<T, 1>>(graph, node, options, operands, by_value);
  return lower_plain<kernels::MirrorPadVariants<T, 0>>(graph, node, options, operands, by_value);
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, pad::attributes(graph, node));
  const bool mirrors = attributes.border != Border::kConstant;
  MOTE_TRY(kernels::PadShape shape, kernel_shape(graph, node, mirrors));
  const graph::DType type = input(graph, node, 0)->dtype;
  if (mirrors)
    return for_element(type, [&](auto element) {
      return lower_mirror<decltype(element)>(graph, node, options, shape, attributes.border);
    });
  const graph::Value* value = input(graph, node, 2);
  if (value != nullptr && (!value->is_constant() || type == graph::DType::kInt64))
    return lower_computed(graph, node, options, shape);
  shape.value_bits = value == nullptr ? zero_bits(output(graph, node)) : value_bits(*value);
  return for_element(type, [&](auto element) {
    return lower_plain<kernels::PadVariants<decltype(element)>>(
        graph, node, options, {node.inputs[0], node.outputs[0]}, ByValue{shape, fields(shape)});
  });
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::pad
