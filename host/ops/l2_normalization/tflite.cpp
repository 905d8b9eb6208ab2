// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"

namespace mote::ops::l2_normalization {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_L2NormOptions();
  if (options == nullptr) return missing_options();
  if (options->fused_activation_function() != schema::ActivationFunctionType::NONE)
    return fail(ErrorKind::kInput,
                "a fused activation is not supported, TensorFlow Lite Micro has none here");
  return AttributeMap{};
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& builder) {
  return TfliteOptions{schema::BuiltinOptions::L2NormOptions, schema::CreateL2NormOptions(builder).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return input(graph, node, 0)->dtype == graph::DType::kInt8 ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::L2_NORMALIZATION};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::l2_normalization
