// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/transpose_conv/transpose_conv.h"

namespace mote::ops::transpose_conv {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_TransposeConvOptions();
  if (options == nullptr) return missing_options();
  Attributes attributes;
  MOTE_TRY(attributes.padding, from_tflite(options->padding()));
  MOTE_TRY(attributes.activation, from_tflite(options->fused_activation_function()));
  attributes.stride_height = options->stride_h();
  attributes.stride_width = options->stride_w();
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, transpose_conv::attributes(graph, node));
  const auto offset =
      schema::CreateTransposeConvOptions(builder, to_tflite(attributes.padding), attributes.stride_width,
                                         attributes.stride_height, to_tflite(attributes.activation));
  return TfliteOptions{schema::BuiltinOptions::TransposeConvOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  if (const auto attributes = transpose_conv::attributes(graph, node);
      attributes && attributes->activation != Activation::kNone)
    return 4;
  if (input(graph, node, kOperands.bias) != nullptr) return 3;
  return input(graph, node, kOperands.in)->dtype == graph::DType::kInt8 ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::TRANSPOSE_CONV};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::transpose_conv
