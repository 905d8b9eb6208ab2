// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#include "mote/kernels/fully_connected_variants.h"
#include "ops/emit_kernels.h"
#include "ops/fully_connected/kernel.h"

namespace mote::ops::fully_connected {
namespace {

Result<EmittedLayer> emit(const graph::Graph& graph, const graph::Node& node, Isa isa) {
  MOTE_CHECK(check_integer(graph, node));
  MOTE_TRY(const Int8Layer layer, int8_layer(graph, node));
  const kernels::FullyConnectedShape& shape = layer.shape;
  return emit_weights_layer<kernels::FullyConnectedVariants, kernels::FullyConnectedTables>(
      graph, node, isa, layer, shape.out_features,
      {{"batch", shape.batch},
       {"in_features", shape.in_features},
       {"out_features", shape.out_features},
       {"input_zero_point", shape.input_zero_point},
       {"output_zero_point", shape.output_zero_point},
       {"activation_min", shape.activation_min},
       {"activation_max", shape.activation_max},
       {"per_channel", shape.per_channel}});
}

}  // namespace

extern const Emit kEmit = {emit};

}  // namespace mote::ops::fully_connected
