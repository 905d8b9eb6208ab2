// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/arg_min_max_variants.h"
#include "ops/arg_min_max/arg_min_max.h"
#include "ops/axes.h"
#include "ops/lower_layer.h"

namespace mote::ops::arg_min_max {
namespace {

template <class T, class Position>
Result<std::vector<Layer>> lower_to(const graph::Graph& graph, const graph::Node& node,
                                    const LowerOptions& options, const kernels::ArgMinMaxShape& shape,
                                    bool largest) {
  const ByValue by_value{
      shape, {field("outer", shape.outer), field("axis", shape.axis), field("inner", shape.inner)}};
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  if (largest)
    return lower_plain<kernels::ArgMinMaxVariants<T, true, Position>>(graph, node, options, operands,
                                                                      by_value);
  return lower_plain<kernels::ArgMinMaxVariants<T, false, Position>>(graph, node, options, operands,
                                                                     by_value);
}

template <class T>
Result<std::vector<Layer>> lower_as(const graph::Graph& graph, const graph::Node& node,
                                    const LowerOptions& options, const kernels::ArgMinMaxShape& shape,
                                    bool largest) {
  if (output(graph, node).dtype == graph::DType::kInt64)
    return lower_to<T, std::int64_t>(graph, node, options, shape, largest);
  return lower_to<T, std::int32_t>(graph, node, options, shape, largest);
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, arg_min_max::attributes(graph, node));
  MOTE_TRY(const auto axes, required_integers(graph, node, 1, "axis"));
  const graph::Value& in = *input(graph, node, 0);
  MOTE_TRY(const std::size_t axis, axis_index(graph, node, axes.at(0), in.shape.size()));
  const kernels::ArgMinMaxShape shape = {
      static_cast<std::int32_t>(extent_product(in.shape, 0, axis)), in.shape[axis],
      static_cast<std::int32_t>(extent_product(in.shape, axis + 1, in.shape.size()))};
  if (output(graph, node).element_count() != std::int64_t{shape.outer} * shape.inner)
    return refuse(graph, node, "the axis does not fit to the shape of the output");
  if (in.dtype == graph::DType::kFloat32)
    return lower_as<float>(graph, node, options, shape, attributes.largest);
  return lower_as<std::int8_t>(graph, node, options, shape, attributes.largest);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::arg_min_max
