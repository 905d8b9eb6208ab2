// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/add_n_variants.h"
#include "ops/add_n/add_n.h"
#include "ops/lower_layer.h"

namespace mote::ops::add_n {
namespace {

using Layers = Result<std::vector<Layer>>;

std::vector<graph::ValueId> operands(const graph::Node& node) {
  std::vector<graph::ValueId> ids = node.inputs;
  ids.push_back(node.outputs[0]);
  return ids;
}

Result<kernels::AddNInt8Shape> int8_shape(const graph::Graph& graph, const graph::Node& node,
                                          Rounding rounding) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input 0"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  const Requantization factor =
      quantized_multiplier(2 * static_cast<double>(in.scale) / (0x1p20 * static_cast<double>(out.scale)));
  return kernels::AddNInt8Shape{static_cast<std::int32_t>(output(graph, node).element_count()),
                                in.zero_point,
                                out.zero_point,
                                factor.multiplier,
                                factor.shift,
                                rounding};
}

Layers on_floats(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                 auto... in) {
  const kernels::AddNFloatShape shape = {static_cast<std::int32_t>(output(graph, node).element_count())};
  return lower_plain<kernels::AddNFloatVariants<decltype(in)...>>(
      graph, node, options, operands(node), ByValue{shape, {field("count", shape.count)}});
}

Layers on_int8(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options, auto... in) {
  MOTE_TRY(const kernels::AddNInt8Shape shape, int8_shape(graph, node, options.rounding));
  return lower_plain<kernels::AddNInt8Variants<decltype(in)...>>(
      graph, node, options, operands(node),
      ByValue{shape,
              {field("count", shape.count), field("input_zero_point", shape.input_zero_point),
               field("output_zero_point", shape.output_zero_point),
               field("output_multiplier", shape.output_multiplier), field("output_shift", shape.output_shift),
               field("rounding", shape.rounding)}});
}

/// The kernel for as many operands as the node has; `in`: one value of the type for each.
template <class T, class... In>
Layers lower_operands(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                      In... in) {
  if constexpr (sizeof...(In) <= kMaximumInputs) {
    if (sizeof...(In) < node.inputs.size()) return lower_operands<T>(graph, node, options, in..., T{});
    if constexpr (std::is_same_v<T, float>)
      return on_floats(graph, node, options, in...);
    else
      return on_int8(graph, node, options, in...);
  } else {
    return no_exact_kernel(graph, node);
  }
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32)
    return lower_operands<float>(graph, node, options, 0.0f, 0.0f);
  return lower_operands<std::int8_t>(graph, node, options, std::int8_t{0}, std::int8_t{0});
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::add_n
