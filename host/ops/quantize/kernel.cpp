// SPDX-License-Identifier: Apache-2.0
#include "ops/quantize/kernel.h"

#include <fmt/format.h>

#include "ops/operands.h"

namespace mote::ops::quantize {

Result<kernels::QuantizeShape> quantize_shape(std::int32_t count, TensorScale from, TensorScale to) {
  const Requantization factor =
      quantized_multiplier(static_cast<double>(from.scale) / static_cast<double>(to.scale));
  const kernels::QuantizeShape shape = {count, from.zero_point, to.zero_point, factor.multiplier,
                                        factor.shift};
  if (!kernels::QuantizeReference<int16_t>::supports(shape, {}))
    return fail(ErrorKind::kInput,
                fmt::format("cannot requantise from scale {} to {}: the factor must be at most 2^14 and the "
                            "zero points within int8",
                            from.scale, to.scale));
  return shape;
}

Result<kernels::QuantizeShape> integer_layer(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& in = *input(graph, node, 0);
  MOTE_TRY(const TensorScale from, tensor_scale(graph, node, in, "input"));
  MOTE_TRY(const TensorScale to, tensor_scale(graph, node, output(graph, node), "output"));
  auto shape = quantize_shape(static_cast<std::int32_t>(in.element_count()), from, to);
  if (!shape) return refuse(graph, node, shape.error().what);
  return shape;
}

Result<kernels::QuantizeFloatShape> float_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const TensorScale to, tensor_scale(graph, node, output(graph, node), "output"));
  return kernels::QuantizeFloatShape{static_cast<std::int32_t>(input(graph, node, 0)->element_count()),
                                     to.scale, to.zero_point};
}

}  // namespace mote::ops::quantize
