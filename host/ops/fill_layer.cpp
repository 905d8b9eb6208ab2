// SPDX-License-Identifier: Apache-2.0
#include "ops/fill_layer.h"

#include "mote/kernels/fill_variants.h"
#include "ops/copy_layer.h"
#include "ops/lower_layer.h"

namespace mote::ops {

std::int32_t zero_bits(const graph::Value& value) {
  const bool has_zero_point = (value.dtype == graph::DType::kInt8 || value.dtype == graph::DType::kUInt8) &&
                              value.quantization && !value.quantization->zero_point.empty();
  return has_zero_point ? static_cast<std::int32_t>(value.quantization->zero_point[0]) : 0;
}

Result<Layer> fill_layer(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                         std::int64_t offset, std::int64_t count, std::int32_t value_bits) {
  const kernels::FillShape shape = {static_cast<std::int32_t>(offset), static_cast<std::int32_t>(count),
                                    value_bits};
  const ByValue by_value{
      shape,
      {field("offset", shape.offset), field("count", shape.count), field("value_bits", shape.value_bits)}};
  MOTE_TRY(auto layers, for_element(output(graph, node).dtype, [&](auto element) {
             return lower_plain<kernels::FillVariants<decltype(element)>>(graph, node, options,
                                                                          {node.outputs[0]}, by_value);
           }));
  layers.front().header = "mote/kernels/fill_variants.h";
  return std::move(layers.front());
}

Result<Layer> zero_layer(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options) {
  const graph::Value& out = output(graph, node);
  return fill_layer(graph, node, options, 0, out.element_count(), zero_bits(out));
}

}  // namespace mote::ops
