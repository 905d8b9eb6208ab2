// SPDX-License-Identifier: Apache-2.0
#include "ops/quantize/kernel.h"

#include <fmt/format.h>

#include "ops/operands.h"

namespace mote::ops::quantize {
namespace {

kernels::RequantizeShape shape_between(std::int32_t count, TensorScale from, TensorScale to,
                                       graph::DType type) {
  const Requantization factor =
      quantized_multiplier(static_cast<double>(from.scale) / static_cast<double>(to.scale));
  const auto [least, most] = graph::integer_range(type);
  return {count,
          from.zero_point,
          to.zero_point,
          factor.multiplier,
          factor.shift,
          static_cast<std::int32_t>(least),
          static_cast<std::int32_t>(most),
          Rounding::kDouble};
}

}  // namespace

Result<kernels::RequantizeShape> quantize_shape(std::int32_t count, TensorScale from, TensorScale to) {
  const kernels::RequantizeShape shape = shape_between(count, from, to, graph::DType::kInt8);
  if (!kernels::Requantize<std::int16_t, std::int8_t>::supports(shape, {}))
    return fail(ErrorKind::kInput, fmt::format("cannot requantise from scale {} to {}: the factor must be at "
                                               "most 2^14",
                                               from.scale, to.scale));
  return shape;
}

Result<kernels::RequantizeShape> integer_layer(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& out = output(graph, node);
  MOTE_TRY(const TensorScale from, tensor_scale(graph, node, in, "input"));
  MOTE_TRY(const TensorScale to, tensor_scale(graph, node, out, "output"));
  return shape_between(static_cast<std::int32_t>(in.element_count()), from, to, out.dtype);
}

Result<kernels::AffineShape> float_layer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const TensorScale to, tensor_scale(graph, node, output(graph, node), "output"));
  return kernels::AffineShape{static_cast<std::int32_t>(input(graph, node, 0)->element_count()), to.scale,
                              to.zero_point};
}

}  // namespace mote::ops::quantize
