// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <fmt/format.h>

#include "mote/kernels/cumsum_variants.h"
#include "ops/axes.h"
#include "ops/cumsum/cumsum.h"
#include "ops/lower_layer.h"

namespace mote::ops::cumsum {
namespace {

/// Sums of int8 are counted in 2^-19 of the input's scale.
Result<void> set_scales(const graph::Graph& graph, const graph::Node& node, kernels::CumsumShape& shape) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  const double twice = 2 * static_cast<double>(in.scale);
  const Requantization factor =
      quantized_multiplier(twice / (double{1 << 20} * static_cast<double>(out.scale)));
  shape.input_zero_point = in.zero_point;
  shape.output_zero_point = out.zero_point;
  shape.multiplier = factor.multiplier;
  shape.shift = factor.shift;
  return {};
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, cumsum::attributes(graph, node));
  MOTE_TRY(const auto axes, required_integers(graph, node, 1, "axis"));
  if (axes.size() != 1) return refuse(graph, node, fmt::format("has {} axes, expected 1", axes.size()));
  const graph::Value& in = *input(graph, node, 0);
  MOTE_TRY(const std::size_t axis, axis_index(graph, node, axes[0], in.shape.size()));
  kernels::CumsumShape shape = {};
  shape.outer = static_cast<std::int32_t>(extent_product(in.shape, 0, axis));
  shape.depth = in.shape[axis];
  shape.inner = static_cast<std::int32_t>(extent_product(in.shape, axis + 1, in.shape.size()));
  shape.exclusive = attributes.exclusive;
  shape.reverse = attributes.reverse;
  shape.rounding = options.rounding;
  const bool is_float = in.dtype == graph::DType::kFloat32;
  if (!is_float) MOTE_CHECK(set_scales(graph, node, shape));
  const ByValue by_value{
      shape,
      {field("outer", shape.outer), field("depth", shape.depth), field("inner", shape.inner),
       field("exclusive", shape.exclusive), field("reverse", shape.reverse),
       field("input_zero_point", shape.input_zero_point), field("output_zero_point", shape.output_zero_point),
       field("multiplier", shape.multiplier), field("shift", shape.shift),
       field("rounding", shape.rounding)}};
  const std::vector<graph::ValueId> operands = {node.inputs[0], node.outputs[0]};
  if (is_float) return lower_plain<kernels::CumsumFloatVariants>(graph, node, options, operands, by_value);
  return lower_plain<kernels::CumsumInt8Variants>(graph, node, options, operands, by_value);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::cumsum
