// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/unidirectional_sequence_lstm/unidirectional_sequence_lstm.h"

namespace mote::ops::unidirectional_sequence_lstm {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_UnidirectionalSequenceLSTMOptions();
  if (options == nullptr) return missing_options();
  if (options->fused_activation_function() != schema::ActivationFunctionType::TANH)
    return fail(ErrorKind::kInput,
                fmt::format("activation {} of the cell gate is not supported, expected {} (tanh)",
                            static_cast<int>(options->fused_activation_function()),
                            static_cast<int>(schema::ActivationFunctionType::TANH)));
  if (options->diagonal_recurrent_tensors())
    return fail(ErrorKind::kInput, "diagonal recurrent weights are not supported");
  return to_map(
      {.cell_clip = static_cast<double>(options->cell_clip()), .time_major = options->time_major()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, unidirectional_sequence_lstm::attributes(graph, node));
  const auto offset = schema::CreateUnidirectionalSequenceLSTMOptions(
      builder, schema::ActivationFunctionType::TANH, static_cast<float>(attributes.cell_clip), 0.0f,
      attributes.time_major);
  return TfliteOptions{schema::BuiltinOptions::UnidirectionalSequenceLSTMOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return input(graph, node, kIn)->dtype == graph::DType::kFloat32 ? 1 : 3;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::UNIDIRECTIONAL_SEQUENCE_LSTM};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::unidirectional_sequence_lstm
