// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/dequantize_variants.h"
#include "ops/lower_layer.h"

namespace mote::ops::dequantize {
namespace {

using graph::DType;
using Layers = Result<std::vector<Layer>>;

template <class From>
Layers call(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const TensorScale from, tensor_scale(graph, node, *input(graph, node, 0), "input"));
  const kernels::AffineShape shape = {static_cast<std::int32_t>(output(graph, node).element_count()),
                                      from.scale, from.zero_point};
  return lower_plain<kernels::DequantizeVariants<From>>(
      graph, node, options, {node.inputs[0], node.outputs[0]},
      ByValue{
          shape,
          {field("count", shape.count), field("scale", shape.scale), field("zero_point", shape.zero_point)}});
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  const DType from = input(graph, node, 0)->dtype;
  if (from == DType::kInt8) return call<std::int8_t>(graph, node, options);
  if (from == DType::kUInt8) return call<std::uint8_t>(graph, node, options);
  return call<std::int16_t>(graph, node, options);
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::dequantize
