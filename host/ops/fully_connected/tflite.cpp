// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/fully_connected/fully_connected.h"
#include "ops/operands.h"

namespace mote::ops::fully_connected {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_FullyConnectedOptions();
  if (options == nullptr) return missing_options();
  if (options->weights_format() != schema::FullyConnectedOptionsWeightsFormat::DEFAULT)
    return fail(ErrorKind::kInput, "shuffled weights are not supported");
  MOTE_CHECK(check_sums(op, options->quantized_bias_type()));
  MOTE_TRY(const Activation activation, from_tflite(options->fused_activation_function()));
  return to_map({.activation = activation, .keep_dimensions = options->keep_num_dims()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, fully_connected::attributes(graph, node));
  const auto offset = schema::CreateFullyConnectedOptions(builder, to_tflite(attributes.activation),
                                                          schema::FullyConnectedOptionsWeightsFormat::DEFAULT,
                                                          attributes.keep_dimensions);
  return TfliteOptions{schema::BuiltinOptions::FullyConnectedOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& weights = *input(graph, node, 1);
  const graph::DType type = input(graph, node, 0)->dtype;
  if (type == graph::DType::kFloat32 && weights.dtype == graph::DType::kInt8)
    return weights.quantization->per_axis() ? 12 : 3;
  if (weights.quantization && weights.quantization->per_axis()) return 12;
  if (type == graph::DType::kInt16) return 7;
  if (node.inputs.size() == 2) return 6;
  if (const auto attributes = fully_connected::attributes(graph, node);
      attributes && attributes->keep_dimensions)
    return 5;
  return type == graph::DType::kInt8 ? 4 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::FULLY_CONNECTED};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::fully_connected
