// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <fmt/format.h>

#include "mote/kernels/dynamic_update_slice_variants.h"
#include "ops/axes.h"
#include "ops/copy_layer.h"
#include "ops/lower_layer.h"

namespace mote::ops::dynamic_update_slice {
namespace {

/// Where the start is constant: the whole tensor, then the block over it.
Result<std::vector<Layer>> lower_constant(const graph::Graph& graph, const graph::Node& node,
                                          const LowerOptions& options,
                                          const std::vector<std::int64_t>& start) {
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& update = *input(graph, node, 1);
  const auto in_strides = dense_strides(update.shape);
  const auto out_strides = dense_strides(in.shape);
  Copy block = {node.inputs[1], node.outputs[0], {}, 0, 0};
  for (std::size_t axis = 0; axis < in.shape.size(); ++axis) {
    const std::int64_t most = in.shape[axis] - update.shape[axis];
    block.axes.push_back({update.shape[axis], in_strides[axis], out_strides[axis]});
    block.out_offset += std::clamp<std::int64_t>(start.at(axis), 0, most) * out_strides[axis];
  }
  MOTE_TRY(Layer first, copy_layer(graph, node, options, whole_copy(graph, node.inputs[0], node.outputs[0])));
  MOTE_TRY(Layer second, copy_layer(graph, node, options, block));
  std::vector<Layer> layers;
  layers.push_back(std::move(first));
  layers.push_back(std::move(second));
  return layers;
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const auto start, constant_integers(graph, node, 2, "start"));
  if (start) return lower_constant(graph, node, options, *start);
  const std::vector<std::int32_t>& in = input(graph, node, 0)->shape;
  const std::vector<std::int32_t>& update = input(graph, node, 1)->shape;
  if (in.size() > static_cast<std::size_t>(kernels::kMaxAxes))
    return refuse(graph, node,
                  fmt::format("has {} axes, at most {} are supported", in.size(), kernels::kMaxAxes));
  kernels::DynamicUpdateSliceShape shape = {
      {1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1}, static_cast<std::int32_t>(in.size())};
  for (std::size_t axis = 0; axis < in.size(); ++axis) {
    shape.extents[kernels::kMaxAxes - in.size() + axis] = in[axis];
    shape.update[kernels::kMaxAxes - in.size() + axis] = update[axis];
  }
  const ByValue by_value{
      shape, {field("extents", shape.extents), field("update", shape.update), field("rank", shape.rank)}};
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.inputs[1], node.inputs[2],
                                                node.outputs[0]};
  return for_element(input(graph, node, 0)->dtype, [&](auto element) {
    using T = decltype(element);
    if (input(graph, node, 2)->dtype == graph::DType::kInt64)
      return lower_plain<kernels::DynamicUpdateSliceVariants<T, std::int64_t>>(graph, node, options, operands,
                                                                               by_value);
    return lower_plain<kernels::DynamicUpdateSliceVariants<T, std::int32_t>>(graph, node, options, operands,
                                                                             by_value);
  });
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::dynamic_update_slice
