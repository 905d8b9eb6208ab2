// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#include "mote/kernels/conv_2d_variants.h"
#include "ops/conv_2d/kernel.h"
#include "ops/emit_kernels.h"

namespace mote::ops::conv_2d {
namespace {

Result<EmittedLayer> emit(const graph::Graph& graph, const graph::Node& node, Isa isa) {
  MOTE_CHECK(check_integer(graph, node));
  MOTE_TRY(const Int8Layer layer, int8_layer(graph, node));
  const kernels::Conv2dShape& shape = layer.shape;
  return emit_weights_layer<kernels::Conv2dVariants, kernels::Conv2dTables>(
      graph, node, isa, layer, shape.out_channels,
      {{"batch", shape.batch},
       {"in_height", shape.in_height},
       {"in_width", shape.in_width},
       {"in_channels", shape.in_channels},
       {"out_height", shape.out_height},
       {"out_width", shape.out_width},
       {"out_channels", shape.out_channels},
       {"kernel_height", shape.kernel_height},
       {"kernel_width", shape.kernel_width},
       {"stride_height", shape.stride_height},
       {"stride_width", shape.stride_width},
       {"dilation_height", shape.dilation_height},
       {"dilation_width", shape.dilation_width},
       {"pad_top", shape.pad_top},
       {"pad_left", shape.pad_left},
       {"input_zero_point", shape.input_zero_point},
       {"output_zero_point", shape.output_zero_point},
       {"activation_min", shape.activation_min},
       {"activation_max", shape.activation_max}});
}

}  // namespace

extern const Emit kEmit = {emit};

}  // namespace mote::ops::conv_2d
