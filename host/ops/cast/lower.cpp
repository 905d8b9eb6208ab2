// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include "mote/kernels/cast_variants.h"
#include "ops/lower_layer.h"

namespace mote::ops::cast {
namespace {

using graph::DType;
using Layers = Result<std::vector<Layer>>;

template <class Variants>
Layers call(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  const kernels::CastShape shape = {static_cast<std::int32_t>(output(graph, node).element_count())};
  return lower_plain<Variants>(graph, node, options, {node.inputs[0], node.outputs[0]},
                               ByValue{shape, {field("count", shape.count)}});
}

template <class To>
Layers to(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  switch (input(graph, node, 0)->dtype) {
    case DType::kFloat32:
      return call<kernels::CastVariants<float, To>>(graph, node, options);
    case DType::kInt8:
      return call<kernels::CastVariants<std::int8_t, To>>(graph, node, options);
    case DType::kInt16:
      return call<kernels::CastVariants<std::int16_t, To>>(graph, node, options);
    case DType::kInt32:
      return call<kernels::CastVariants<std::int32_t, To>>(graph, node, options);
    case DType::kInt64:
      return call<kernels::CastVariants<std::int64_t, To>>(graph, node, options);
    case DType::kBool:
      return call<kernels::CastFromBoolVariants<To>>(graph, node, options);
    case DType::kUInt32:
      return call<kernels::CastVariants<std::uint32_t, To>>(graph, node, options);
    default:
      return no_exact_kernel(graph, node);
  }
}

Layers lower(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  switch (output(graph, node).dtype) {
    case DType::kFloat32:
      return to<float>(graph, node, options);
    case DType::kInt8:
      return to<std::int8_t>(graph, node, options);
    case DType::kInt16:
      return to<std::int16_t>(graph, node, options);
    case DType::kInt32:
      return to<std::int32_t>(graph, node, options);
    case DType::kInt64:
      return to<std::int64_t>(graph, node, options);
    case DType::kUInt32:
      return to<std::uint32_t>(graph, node, options);
    default:
      return no_exact_kernel(graph, node);
  }
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::cast
