// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/fully_connected_variants.h"
#include "ops/batch_matmul_lower.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/fully_connected/kernel.h"
#include "ops/lower_weights.h"

namespace mote::ops::fully_connected {
namespace {

std::vector<Field> fields(const kernels::FullyConnectedShape& shape) {
  return {field("batch", shape.batch),
          field("in_features", shape.in_features),
          field("out_features", shape.out_features),
          field("input_zero_point", shape.input_zero_point),
          field("output_zero_point", shape.output_zero_point),
          field("activation_min", shape.activation_min),
          field("activation_max", shape.activation_max),
          field("per_channel", shape.per_channel),
          field("rounding", shape.rounding)};
}

/// With weights that a node computes the layer is a product of two matrices.
Result<std::vector<Layer>> lower_computed_weights(const graph::Graph& graph, const graph::Node& node,
                                                  const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  const graph::Value& weights = *input(graph, node, 1);
  MatrixProduct product{.shape = {}, .activation = attributes.activation, .bias = input(graph, node, 2)};
  kernels::BatchMatmulShape& shape = product.shape;
  for (std::size_t axis = 0; axis < 3; ++axis)
    shape.batch[axis] = shape.left_batch[axis] = shape.right_batch[axis] = 1;
  shape.cols = weights.shape[0];
  shape.depth = weights.shape[1];
  shape.rows = static_cast<std::int32_t>(input(graph, node, 0)->element_count() / shape.depth);
  shape.right_transposed = true;
  return lower_matrix_product(graph, node, options, product);
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  if (!input(graph, node, 1)->is_constant()) return lower_computed_weights(graph, node, options);
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatWeightLayer<kernels::FullyConnectedShape> layer, float_layer(graph, node));
    return lower_float_weights<kernels::FullyConnectedFloatVariants>(graph, node, options, layer,
                                                                     fields(layer.shape));
  }
  MOTE_TRY(QuantizedLayer<kernels::FullyConnectedShape> layer, quantized_layer(graph, node));
  layer.shape.rounding = options.rounding;
  return lower_quantized_weights<kernels::FullyConnectedVariants>(
      graph, node, options, layer, layer.shape.out_features, fields(layer.shape));
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::fully_connected
