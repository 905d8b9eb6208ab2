// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/conv_2d/conv_2d.h"
#include "ops/operands.h"

namespace mote::ops::conv_2d {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_Conv2DOptions();
  if (options == nullptr) return missing_options();
  MOTE_CHECK(check_sums(op, options->quantized_bias_type()));
  Attributes attributes;
  MOTE_TRY(attributes.padding, from_tflite(options->padding()));
  MOTE_TRY(attributes.activation, from_tflite(options->fused_activation_function()));
  attributes.stride_height = options->stride_h();
  attributes.stride_width = options->stride_w();
  attributes.dilation_height = options->dilation_h_factor();
  attributes.dilation_width = options->dilation_w_factor();
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, conv_2d::attributes(graph, node));
  const auto offset = schema::CreateConv2DOptions(
      builder, to_tflite(attributes.padding), attributes.stride_width, attributes.stride_height,
      to_tflite(attributes.activation), attributes.dilation_width, attributes.dilation_height);
  return TfliteOptions{schema::BuiltinOptions::Conv2DOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& in = *input(graph, node, 0);
  const graph::Value& weights = *input(graph, node, 1);
  if (in.shape[3] != weights.shape[3]) return 6;
  if (in.dtype == graph::DType::kInt16) return 4;
  if (in.dtype == graph::DType::kInt8) return 3;
  if (weights.dtype == graph::DType::kInt8) return weights.quantization->per_axis() ? 5 : 2;
  return 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::CONV_2D};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::conv_2d
