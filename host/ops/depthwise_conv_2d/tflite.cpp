// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/operands.h"

namespace mote::ops::depthwise_conv_2d {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_DepthwiseConv2DOptions();
  if (options == nullptr) return missing_options();
  Attributes attributes;
  MOTE_TRY(attributes.padding, from_tflite(options->padding()));
  MOTE_TRY(attributes.activation, from_tflite(options->fused_activation_function()));
  attributes.stride_height = options->stride_h();
  attributes.stride_width = options->stride_w();
  attributes.dilation_height = options->dilation_h_factor();
  attributes.dilation_width = options->dilation_w_factor();
  return to_map(attributes);  // the multiplier follows from the shapes
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, depthwise_conv_2d::attributes(graph, node));
  const std::int32_t multiplier = input(graph, node, 1)->shape[3] / input(graph, node, 0)->shape[3];
  const auto offset = schema::CreateDepthwiseConv2DOptions(
      builder, to_tflite(attributes.padding), attributes.stride_width, attributes.stride_height, multiplier,
      to_tflite(attributes.activation), attributes.dilation_width, attributes.dilation_height);
  return TfliteOptions{schema::BuiltinOptions::DepthwiseConv2DOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const graph::DType type = input(graph, node, 0)->dtype;
  const graph::Value& weights = *input(graph, node, 1);
  if (type == graph::DType::kInt16) return 5;
  if (type == graph::DType::kInt8) return 3;
  if (weights.dtype == graph::DType::kInt8) return weights.quantization->per_axis() ? 6 : 4;
  const auto attributes = depthwise_conv_2d::attributes(graph, node);
  return attributes && (attributes->dilation_height > 1 || attributes->dilation_width > 1) ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::DEPTHWISE_CONV_2D};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::depthwise_conv_2d
