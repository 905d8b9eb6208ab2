// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/join/join.h"
#include "ops/operands.h"

namespace mote::ops::join {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;
using schema::BuiltinOptions;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::CONCATENATION, BuiltinOperator::PACK};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  if (code == BuiltinOperator::PACK) {
    const auto* options = op.builtin_options_as_PackOptions();
    if (options == nullptr) return missing_options();
    return to_map({.stacks = true, .axis = options->axis()});
  }
  const auto* options = op.builtin_options_as_ConcatenationOptions();
  if (options == nullptr) return missing_options();
  if (options->fused_activation_function() != schema::ActivationFunctionType::NONE)
    return fail(ErrorKind::kInput, "a fused activation is not supported by this operator");
  return to_map({.stacks = false, .axis = options->axis()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, join::attributes(graph, node));
  if (attributes.stacks) {
    const auto count = static_cast<std::int32_t>(node.inputs.size());
    return TfliteOptions{BuiltinOptions::PackOptions,
                         schema::CreatePackOptions(builder, count, attributes.axis).Union()};
  }
  return TfliteOptions{BuiltinOptions::ConcatenationOptions,
                       schema::CreateConcatenationOptions(builder, attributes.axis).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return usual_version(graph, node);
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[join::attributes(graph, node)->stacks ? 1 : 0];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::join
