// SPDX-License-Identifier: Apache-2.0
#include "ops/batch_matmul_lower.h"

#include <algorithm>
#include <cstdlib>

namespace mote::ops {
namespace {

std::vector<Field> fields(const kernels::BatchMatmulShape& shape) {
  return {field("batch", shape.batch),
          field("left_batch", shape.left_batch),
          field("right_batch", shape.right_batch),
          field("rows", shape.rows),
          field("depth", shape.depth),
          field("cols", shape.cols),
          field("left_transposed", shape.left_transposed),
          field("right_transposed", shape.right_transposed),
          field("left_zero_point", shape.left_zero_point),
          field("right_zero_point", shape.right_zero_point),
          field("output_zero_point", shape.output_zero_point),
          field("multiplier", shape.multiplier),
          field("shift", shape.shift),
          field("activation_min", shape.activation_min),
          field("activation_max", shape.activation_max),
          field("rounding", shape.rounding)};
}

std::vector<graph::ValueId> operands(const graph::Node& node) {
  return {node.inputs[0], node.inputs[1], node.outputs[0]};
}

/// The call with its variants' header, which is not that of a fully connected node.
Result<std::vector<Layer>> with_header(Result<std::vector<Layer>> layers) {
  if (layers)
    for (Layer& layer : *layers) layer.header = "mote/kernels/batch_matmul_variants.h";
  return layers;
}

Result<std::vector<Layer>> lower_float(const graph::Graph& graph, const graph::Node& node,
                                       const LowerOptions& options, const MatrixProduct& product) {
  using Tables = kernels::BatchMatmulTables<float>;
  TableSet<Tables> tables;
  tables.add("bias", &Tables::bias,
             product.bias == nullptr ? std::vector<float>() : graph::elements<float>(*product.bias));
  return with_header(lower_plain<kernels::BatchMatmulFloatVariants>(
      graph, node, options, operands(node), ByValue{product.shape, fields(product.shape)},
      activation_value(float_activation(product.activation)), tables));
}

/// TFLite multiplies the scales of both sides in float.
Result<void> set_scales(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                        MatrixProduct& product) {
  const graph::Value& result = output(graph, node);
  MOTE_TRY(const TensorScale left, tensor_scale(graph, node, *input(graph, node, 0), "left side"));
  MOTE_TRY(const TensorScale right, tensor_scale(graph, node, *input(graph, node, 1), "right side"));
  MOTE_TRY(const TensorScale out, tensor_scale(graph, node, result, "output"));
  const Requantization factor =
      quantized_multiplier(static_cast<double>(left.scale * right.scale) / static_cast<double>(out.scale));
  const ActivationRange range = activation_range(product.activation, out, result.dtype);
  kernels::BatchMatmulShape& shape = product.shape;
  shape.left_zero_point = left.zero_point;
  shape.right_zero_point = right.zero_point;
  shape.output_zero_point = out.zero_point;
  shape.multiplier = factor.multiplier;
  shape.shift = factor.shift;
  shape.activation_min = range.least;
  shape.activation_max = range.most;
  shape.rounding = options.rounding;
  return {};
}

template <class T, class Sum>
Result<std::vector<Layer>> lower_quantized(const graph::Graph& graph, const graph::Node& node,
                                           const LowerOptions& options, const MatrixProduct& product) {
  using Tables = kernels::BatchMatmulTables<Sum>;
  const std::vector<Sum> bias =
      product.bias == nullptr ? std::vector<Sum>() : graph::elements<Sum>(*product.bias);
  kernels::Limits limits = {};
  for (const Sum value : bias)
    limits.max_abs_accumulator =
        std::max(limits.max_abs_accumulator, std::abs(static_cast<std::int64_t>(value)));
  const auto make = [&](auto variant) {
    TableSet<Tables> tables;
    tables.add("bias", &Tables::bias, bias);
    return layer_of<decltype(variant)>(graph, node, operands(node),
                                       ByValue{product.shape, fields(product.shape)}, tables);
  };
  return with_header(select_variant<kernels::BatchMatmulVariants<T, Sum>>(graph, node, options, product.shape,
                                                                          limits, make));
}

}  // namespace

Result<std::vector<Layer>> lower_matrix_product(const graph::Graph& graph, const graph::Node& node,
                                                const LowerOptions& options, MatrixProduct product) {
  const graph::DType type = input(graph, node, 0)->dtype;
  if (type == graph::DType::kFloat32) return lower_float(graph, node, options, product);
  MOTE_CHECK(set_scales(graph, node, options, product));
  if (type == graph::DType::kInt16)
    return lower_quantized<std::int16_t, std::int64_t>(graph, node, options, product);
  return lower_quantized<std::int8_t, std::int32_t>(graph, node, options, product);
}

}  // namespace mote::ops
