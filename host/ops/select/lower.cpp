// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/select_variants.h"
#include "ops/broadcast_lower.h"
#include "ops/select/select.h"

namespace mote::ops::select {
namespace {

using graph::DType;
using Layers = Result<std::vector<Layer>>;

template <class T>
Layers call(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, select::attributes(graph, node));
  const std::vector<Extents> shapes = {condition_shape(graph, node, attributes), input(graph, node, 1)->shape,
                                       input(graph, node, 2)->shape};
  kernels::SelectShape shape = {};
  MOTE_CHECK(set_broadcast(graph, node, shapes, shape));
  return lower_plain<kernels::SelectVariants<T>>(
      graph, node, options, {node.inputs[0], node.inputs[1], node.inputs[2], node.outputs[0]},
      ByValue{shape, broadcast_fields(shape)});
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  switch (input(graph, node, 1)->dtype) {
    case DType::kFloat32:
      return call<float>(graph, node, options);
    case DType::kInt8:
      return call<std::int8_t>(graph, node, options);
    case DType::kUInt8:
    case DType::kBool:
      return call<std::uint8_t>(graph, node, options);
    case DType::kInt16:
      return call<std::int16_t>(graph, node, options);
    case DType::kInt32:
      return call<std::int32_t>(graph, node, options);
    case DType::kInt64:
      return call<std::int64_t>(graph, node, options);
    default:
      return no_exact_kernel(graph, node);
  }
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::select
