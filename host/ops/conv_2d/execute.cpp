// SPDX-License-Identifier: Apache-2.0
#include "ops/execute.h"

#include "mote/kernels/conv_2d_variants.h"
#include "ops/conv_2d/kernel.h"
#include "ops/execute_kernels.h"

namespace mote::ops::conv_2d {
namespace {

Result<Step> prepare(const graph::Graph& graph, const graph::Node& node, const ExecuteOptions& options) {
  if (input(graph, node, 0)->dtype == graph::DType::kFloat32) {
    MOTE_TRY(FloatLayer layer, float_layer(graph, node));
    return float_weights_step<kernels::Conv2dFloat, kernels::Conv2dFloatTables>(graph, node,
                                                                                std::move(layer));
  }
  MOTE_TRY(const Int8Layer layer, int8_layer(graph, node));
  return int8_weights_step<kernels::Conv2dVariants, kernels::Conv2dReference, kernels::Conv2dTables>(
      graph, node, options, layer, layer.shape.out_channels);
}

}  // namespace

extern const Execute kExecute = {prepare};

}  // namespace mote::ops::conv_2d
