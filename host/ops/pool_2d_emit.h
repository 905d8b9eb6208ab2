// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/emit_kernels.h"
#include "ops/pool_2d_kernel.h"

namespace mote::ops {

/// The layer of a pooling operator.
template <class Variants>
Result<EmittedLayer> emit_pool_2d(const graph::Graph& graph, const graph::Node& node, Isa isa) {
  MOTE_CHECK(check_integer(graph, node));
  MOTE_TRY(const kernels::Pool2dShape shape, int8_pool_2d(graph, node));
  return emit_plain_layer<Variants>(graph, node, isa, shape,
                                    {{"batch", shape.batch},
                                     {"in_height", shape.in_height},
                                     {"in_width", shape.in_width},
                                     {"channels", shape.channels},
                                     {"out_height", shape.out_height},
                                     {"out_width", shape.out_width},
                                     {"kernel_height", shape.kernel_height},
                                     {"kernel_width", shape.kernel_width},
                                     {"stride_height", shape.stride_height},
                                     {"stride_width", shape.stride_width},
                                     {"pad_top", shape.pad_top},
                                     {"pad_left", shape.pad_left},
                                     {"activation_min", shape.activation_min},
                                     {"activation_max", shape.activation_max}});
}

}  // namespace mote::ops
