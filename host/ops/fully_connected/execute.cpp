// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#include "mote/kernels/fully_connected_variants.h"
#include "ops/execute_kernels.h"
#include "ops/fully_connected/kernel.h"

namespace mote::ops::fully_connected {
namespace {

Result<Step> prepare(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(FloatLayer layer, float_layer(graph, node));
    return float_weights_step<kernels::FullyConnectedFloat, kernels::FullyConnectedFloatTables>(
        graph, node, std::move(layer));
  }
  MOTE_TRY(const Int8Layer layer, int8_layer(graph, node));
  return int8_weights_step<kernels::FullyConnectedVariants, kernels::FullyConnectedReference,
                           kernels::FullyConnectedTables>(graph, node, options, layer,
                                                          layer.shape.out_features);
}

}  // namespace

extern const Execute kExecute = {prepare};

}  // namespace mote::ops::fully_connected
