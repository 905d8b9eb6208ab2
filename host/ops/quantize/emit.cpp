// SPDX-License-Identifier: Apache-2.0
#include "ops/emit.h"

#include "mote/kernels/quantize_variants.h"
#include "ops/emit_kernels.h"
#include "ops/quantize/kernel.h"

namespace mote::ops::quantize {
namespace {

Result<EmittedLayer> emit(const graph::Graph& graph, const graph::Node& node, Isa isa) {
  MOTE_CHECK(check_integer(graph, node));
  MOTE_TRY(const kernels::QuantizeShape shape, integer_layer(graph, node));
  return emit_plain_layer<kernels::QuantizeVariants>(graph, node, isa, shape,
                                                     {{"count", shape.count},
                                                      {"input_zero_point", shape.input_zero_point},
                                                      {"output_zero_point", shape.output_zero_point},
                                                      {"multiplier", shape.multiplier},
                                                      {"shift", shape.shift}});
}

}  // namespace

extern const Emit kEmit = {emit};

}  // namespace mote::ops::quantize
