// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <fmt/format.h>

#include "mote/kernels/reduce_variants.h"
#include "ops/lower_layer.h"
#include "ops/reduce/reduce.h"

namespace mote::ops::reduce {
namespace {

using graph::DType;

/// Neighbours of the same kind become one axis; axes with one element are left out.
Result<kernels::ReduceShape> kernel_shape(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const auto reduced, reduced_axes(graph, node));
  if (!reduced) return refuse(graph, node, "the axes are computed when the model runs, expected constants");
  const std::vector<std::int32_t>& in = input(graph, node, 0)->shape;
  kernels::ReduceShape shape = {{1, 1, 1}, {}, {1, 1, 1}, {}, 0, 0, 0, 0, Rounding::kDouble};
  std::size_t kept_axes = 0, reduced_axes = 0;
  std::int32_t stride = 1;
  std::optional<bool> inner;  // kind of the axis behind
  for (std::size_t axis = in.size(); axis-- > 0;) {
    if (in[axis] == 1) continue;
    const bool is_reduced = (*reduced)[axis];
    std::size_t& used = is_reduced ? reduced_axes : kept_axes;
    if (inner != is_reduced && ++used > kernels::kReduceAxes)
      return refuse(graph, node,
                    fmt::format("more than {} groups of axes are kept or reduced", kernels::kReduceAxes));
    const std::size_t place = kernels::kReduceAxes - used;
    if (inner != is_reduced) (is_reduced ? shape.reduced_strides : shape.kept_strides)[place] = stride;
    (is_reduced ? shape.reduced : shape.kept)[place] *= in[axis];
    stride *= in[axis];
    inner = is_reduced;
  }
  if (output(graph, node).element_count() * kernels::detail::reduced_count(shape) !=
      input(graph, node, 0)->element_count())
    return refuse(graph, node, "the axes do not fit to the shape of the output");
  return shape;
}

Result<void> set_scales(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                        bool mean, kernels::ReduceShape& shape) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, output(graph, node), "output"));
  Requantization factor =
      quantized_multiplier(static_cast<double>(in.scale) / static_cast<double>(out.scale));
  if (mean) factor = kernels::mean_factor(factor, kernels::detail::reduced_count(shape));
  shape.input_zero_point = in.zero_point;
  shape.output_zero_point = out.zero_point;
  shape.multiplier = factor.multiplier;
  shape.shift = factor.shift;
  shape.rounding = options.rounding;
  return {};
}

/// The extreme of bits is an extreme of numbers only where both mean the same.
Result<void> check_same_scale(const graph::Graph& graph, const graph::Node& node) {
  if (input(graph, node, 0)->quantization == output(graph, node).quantization) return {};
  return refuse(graph, node, "the output has another scale or zero point than the input");
}

template <class Variants>
Result<std::vector<Layer>> lower_with(const graph::Graph& graph, const graph::Node& node,
                                      const LowerOptions& options, const kernels::ReduceShape& shape) {
  return lower_plain<Variants>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{shape,
              {field("kept", shape.kept), field("kept_strides", shape.kept_strides),
               field("reduced", shape.reduced), field("reduced_strides", shape.reduced_strides),
               field("input_zero_point", shape.input_zero_point),
               field("output_zero_point", shape.output_zero_point), field("multiplier", shape.multiplier),
               field("shift", shape.shift), field("rounding", shape.rounding)}});
}

template <class T, class Of>
using Reductions = kernels::ReduceVariants<T, Of>;

template <class Of>
Result<std::vector<Layer>> lower_extreme(const graph::Graph& graph, const graph::Node& node,
                                         const LowerOptions& options, const kernels::ReduceShape& shape) {
  const DType type = input(graph, node, 0)->dtype;
  if (type == DType::kFloat32) return lower_with<Reductions<float, Of>>(graph, node, options, shape);
  if (type == DType::kInt32) return lower_with<Reductions<std::int32_t, Of>>(graph, node, options, shape);
  MOTE_CHECK(check_same_scale(graph, node));
  return lower_with<Reductions<std::int8_t, Of>>(graph, node, options, shape);
}

template <class Of>
Result<std::vector<Layer>> lower_numbers(const graph::Graph& graph, const graph::Node& node,
                                         const LowerOptions& options, const kernels::ReduceShape& shape) {
  if (input(graph, node, 0)->dtype == DType::kFloat32)
    return lower_with<Reductions<float, Of>>(graph, node, options, shape);
  return lower_with<Reductions<std::int32_t, Of>>(graph, node, options, shape);
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, reduce::attributes(graph, node));
  MOTE_TRY(kernels::ReduceShape shape, kernel_shape(graph, node));
  const DType type = input(graph, node, 0)->dtype;
  const bool mean = attributes.function == Function::kMean;
  if ((mean || attributes.function == Function::kSum) && (type == DType::kInt8 || type == DType::kInt16)) {
    MOTE_CHECK(set_scales(graph, node, options, mean, shape));
    if (type == DType::kInt8)
      return lower_with<kernels::SumQuantizedVariants<std::int8_t>>(graph, node, options, shape);
    return lower_with<kernels::SumQuantizedVariants<std::int16_t>>(graph, node, options, shape);
  }
  switch (attributes.function) {
    case Function::kAll:
      return lower_with<Reductions<std::int8_t, kernels::AllOf>>(graph, node, options, shape);
    case Function::kAny:
      return lower_with<Reductions<std::int8_t, kernels::AnyOf>>(graph, node, options, shape);
    case Function::kMax:
      return lower_extreme<kernels::LargestOf>(graph, node, options, shape);
    case Function::kMin:
      return lower_extreme<kernels::SmallestOf>(graph, node, options, shape);
    case Function::kMean:
      return lower_with<kernels::MeanFloatVariants>(graph, node, options, shape);
    case Function::kProd:
      return lower_numbers<kernels::ProductOf>(graph, node, options, shape);
    case Function::kSum:
      return lower_numbers<kernels::SumOf>(graph, node, options, shape);
  }
  return refuse(graph, node, "this function does not exist");
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::reduce
