// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/operands.h"
#include "ops/unary/unary.h"

namespace mote::ops::unary {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {
    BuiltinOperator::ABS,          BuiltinOperator::CEIL,        BuiltinOperator::COS,
    BuiltinOperator::ELU,          BuiltinOperator::EXP,         BuiltinOperator::FLOOR,
    BuiltinOperator::HARD_SWISH,   BuiltinOperator::LEAKY_RELU,  BuiltinOperator::LOG,
    BuiltinOperator::LOGICAL_NOT,  BuiltinOperator::LOGISTIC,    BuiltinOperator::NEG,
    BuiltinOperator::RELU,         BuiltinOperator::RELU_0_TO_1, BuiltinOperator::RELU6,
    BuiltinOperator::RELU_N1_TO_1, BuiltinOperator::ROUND,       BuiltinOperator::RSQRT,
    BuiltinOperator::SIN,          BuiltinOperator::SQRT,        BuiltinOperator::SQUARE,
    BuiltinOperator::TANH};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  Attributes attributes;
  attributes.function = static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes));
  if (attributes.function == Function::kLeakyRelu) {
    const auto* options = op.builtin_options_as_LeakyReluOptions();
    if (options == nullptr) return missing_options();
    attributes.slope = static_cast<double>(options->alpha());
  }
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, unary::attributes(graph, node));
  if (attributes.function != Function::kLeakyRelu) return TfliteOptions{};
  const auto offset = schema::CreateLeakyReluOptions(builder, static_cast<float>(attributes.slope));
  return TfliteOptions{schema::BuiltinOptions::LeakyReluOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const Function function = unary::attributes(graph, node)->function;
  const graph::DType type = input(graph, node, 0)->dtype;
  if (type == graph::DType::kFloat32 || function == Function::kHardSwish || function == Function::kElu)
    return 1;
  if (type == graph::DType::kInt16 && (function == Function::kLogistic || function == Function::kTanh))
    return 3;
  return type == graph::DType::kBool ? 1 : 2;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(unary::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::unary
