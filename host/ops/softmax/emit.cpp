// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#include "mote/kernels/softmax_variants.h"
#include "ops/emit_kernels.h"
#include "ops/softmax/kernel.h"

namespace mote::ops::softmax {
namespace {

Result<EmittedLayer> emit(const graph::Graph& graph, const graph::Node& node, Isa isa) {
  MOTE_CHECK(check_integer(graph, node));
  MOTE_TRY(const kernels::SoftmaxShape shape, int8_layer(graph, node));
  return emit_plain_layer<kernels::SoftmaxVariants>(graph, node, isa, shape,
                                                    {{"rows", shape.rows},
                                                     {"depth", shape.depth},
                                                     {"input_multiplier", shape.input_multiplier},
                                                     {"input_left_shift", shape.input_left_shift},
                                                     {"diff_min", shape.diff_min}});
}

}  // namespace

extern const Emit kEmit = {emit};

}  // namespace mote::ops::softmax
