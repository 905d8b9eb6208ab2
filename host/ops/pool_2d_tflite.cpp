// SPDX-License-Identifier: Apache-2.0
#include "ops/pool_2d_tflite.h"

#include "ops/operands.h"
#include "ops/pool_2d.h"

namespace mote::ops {

Result<AttributeMap> read_pool_2d(const tflite_schema::Operator& op,
                                  tflite_schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_Pool2DOptions();
  if (options == nullptr) return missing_options();
  Pool2dAttributes attributes;
  MOTE_TRY(attributes.padding, from_tflite(options->padding()));
  MOTE_TRY(attributes.activation, from_tflite(options->fused_activation_function()));
  attributes.stride_height = options->stride_h();
  attributes.stride_width = options->stride_w();
  attributes.window_height = options->filter_height();
  attributes.window_width = options->filter_width();
  return to_map(attributes);
}

Result<TfliteOptions> write_pool_2d(const graph::Graph& graph, const graph::Node& node,
                                    flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Pool2dAttributes attributes, pool_2d_attributes(graph, node));
  const auto offset = tflite_schema::CreatePool2DOptions(
      builder, to_tflite(attributes.padding), attributes.stride_width, attributes.stride_height,
      attributes.window_width, attributes.window_height, to_tflite(attributes.activation));
  return TfliteOptions{tflite_schema::BuiltinOptions::Pool2DOptions, offset.Union()};
}

std::int32_t version_of_pool_2d(const graph::Graph& graph, const graph::Node& node) {
  const graph::DType type = input(graph, node, 0)->dtype;
  return type == graph::DType::kInt16 ? 3 : type == graph::DType::kInt8 ? 2 : 1;
}

}  // namespace mote::ops
