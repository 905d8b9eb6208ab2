// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <fmt/format.h>

#include <algorithm>

#include "mote/kernels/gather_variants.h"
#include "ops/axes.h"
#include "ops/copy_layer.h"
#include "ops/gather/gather.h"
#include "ops/lower_layer.h"

namespace mote::ops::gather {
namespace {

/// Calls `make(Number{})` with the type of the numbers of slices.
template <class Make>
Result<std::vector<Layer>> for_numbers(const graph::Value& numbers, Make make) {
  if (numbers.dtype == graph::DType::kInt64) return make(std::int64_t{});
  return make(std::int32_t{});
}

std::int32_t narrow(std::int64_t count) {
  return static_cast<std::int32_t>(count);
}

/// Constant numbers with equal steps between them are a slice of the table. Errors (kInput): a number is
/// outside.
Result<std::optional<Copy>> as_slice(const graph::Graph& graph, const graph::Node& node,
                                     const std::vector<std::int64_t>& numbers, const Layout& layout,
                                     std::size_t table) {
  for (const std::int64_t number : numbers)
    if (number < 0 || number >= layout.axis)
      return refuse(graph, node,
                    fmt::format("slice {} does not exist, the table has {}", number, layout.axis));
  const std::int64_t step = numbers.size() < 2 ? 0 : numbers[1] - numbers[0];
  for (std::size_t index = 1; index < numbers.size(); ++index)
    if (layout.batch != 1 || numbers[index] - numbers[index - 1] != step) return std::optional<Copy>();
  if (layout.batch != 1) return std::optional<Copy>();
  return std::optional(Copy{node.inputs[table],
                            node.outputs[0],
                            {{layout.outer, layout.axis * layout.inner, layout.numbers * layout.inner},
                             {layout.numbers, step * layout.inner, layout.inner},
                             {layout.inner, 1, 1}},
                            numbers.front() * layout.inner,
                            0});
}

Result<std::vector<Layer>> lower_gather(const graph::Graph& graph, const graph::Node& node,
                                        const LowerOptions& options, Function function,
                                        const Layout& layout) {
  const std::size_t table = table_input(function), numbers = numbers_input(function);
  const graph::Value& from = *input(graph, node, table);
  const bool widens = output(graph, node).dtype != from.dtype;
  MOTE_TRY(const auto constant, constant_integers(graph, node, numbers, "numbers of slices"));
  if (constant && !widens) {
    MOTE_TRY(const std::optional<Copy> copy, as_slice(graph, node, *constant, layout, table));
    if (copy) {
      MOTE_TRY(Layer layer, copy_layer(graph, node, options, *copy));
      return std::vector{std::move(layer)};
    }
  }
  const kernels::GatherShape shape = {narrow(layout.batch),   narrow(layout.outer),
                                      narrow(layout.axis),    narrow(layout.inner),
                                      narrow(layout.numbers), widens ? from.quantization->scale.at(0) : 0.0f};
  const ByValue by_value{
      shape,
      {field("batch", shape.batch), field("outer", shape.outer), field("axis", shape.axis),
       field("inner", shape.inner), field("indices", shape.indices), field("scale", shape.scale)}};
  const std::vector<graph::ValueId> operands = {node.inputs[table], node.inputs[numbers], node.outputs[0]};
  if (widens)
    return lower_plain<kernels::DequantizedGatherVariants>(graph, node, options, operands, by_value);
  return for_numbers(*input(graph, node, numbers), [&](auto number) {
    return for_element(from.dtype, [&](auto element) {
      return lower_plain<kernels::GatherVariants<decltype(element), decltype(number)>>(graph, node, options,
                                                                                       operands, by_value);
    });
  });
}

Result<std::vector<Layer>> lower_gather_nd(const graph::Graph& graph, const graph::Node& node,
                                           const LowerOptions& options, const Layout& layout) {
  const graph::Value& table = *input(graph, node, 0);
  kernels::GatherNdShape shape = {};
  shape.slices = narrow(layout.numbers);
  shape.slice = narrow(layout.inner);
  shape.positions = narrow(table.element_count());
  shape.depth = input(graph, node, 1)->shape.back();
  const auto strides = dense_strides(table.shape);
  for (std::int32_t index = 0; index < shape.depth; ++index)
    shape.strides[index] = narrow(strides[static_cast<std::size_t>(index)]);
  const ByValue by_value{
      shape,
      {field("slices", shape.slices), field("slice", shape.slice), field("positions", shape.positions),
       field("depth", shape.depth), field("strides", shape.strides)}};
  return for_numbers(*input(graph, node, 1), [&](auto number) {
    return for_element(table.dtype, [&](auto element) {
      return lower_plain<kernels::GatherNdVariants<decltype(element), decltype(number)>>(
          graph, node, options, {node.inputs[0], node.inputs[1], node.outputs[0]}, by_value);
    });
  });
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, gather::attributes(graph, node));
  MOTE_TRY(const Layout layout, layout_of(graph, node));
  if (attributes.function == Function::kGatherNd) return lower_gather_nd(graph, node, options, layout);
  return lower_gather(graph, node, options, attributes.function, layout);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::gather
