// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/fully_connected_variants.h"
#include "ops/fully_connected/kernel.h"
#include "ops/lower_layer.h"

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
          field("per_channel", shape.per_channel)};
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(const FloatLayer layer, float_layer(graph, node));
    return lower_float_weights<kernels::FullyConnectedFloatVariants, kernels::FullyConnectedFloatTables>(
        graph, node, options, layer, fields(layer.shape));
  }
  MOTE_TRY(const Int8Layer layer, int8_layer(graph, node));
  return lower_int8_weights<kernels::FullyConnectedVariants, kernels::FullyConnectedTables>(
      graph, node, options, layer, layer.shape.out_features, fields(layer.shape));
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::fully_connected
