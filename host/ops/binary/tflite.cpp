// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/binary/binary.h"
#include "ops/operands.h"

namespace mote::ops::binary {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::ADD,
                                      BuiltinOperator::SUB,
                                      BuiltinOperator::MUL,
                                      BuiltinOperator::DIV,
                                      BuiltinOperator::MAXIMUM,
                                      BuiltinOperator::MINIMUM,
                                      BuiltinOperator::SQUARED_DIFFERENCE,
                                      BuiltinOperator::FLOOR_DIV,
                                      BuiltinOperator::FLOOR_MOD,
                                      BuiltinOperator::PRELU,
                                      BuiltinOperator::LOGICAL_AND,
                                      BuiltinOperator::LOGICAL_OR};

/// The fused activation; files that leave the options out have none.
schema::ActivationFunctionType activation_of(const schema::Operator& op) {
  if (const auto* add = op.builtin_options_as_AddOptions()) return add->fused_activation_function();
  if (const auto* sub = op.builtin_options_as_SubOptions()) return sub->fused_activation_function();
  if (const auto* mul = op.builtin_options_as_MulOptions()) return mul->fused_activation_function();
  if (const auto* div = op.builtin_options_as_DivOptions()) return div->fused_activation_function();
  return schema::ActivationFunctionType::NONE;
}

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  Attributes attributes;
  attributes.function = static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes));
  if (has_activation(attributes.function)) {
    MOTE_TRY(attributes.activation, from_tflite(activation_of(op)));
  }
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, binary::attributes(graph, node));
  const auto activation = to_tflite(attributes.activation);
  // Scales of int16 are no powers of two here.
  switch (attributes.function) {
    case Function::kAdd:
      return TfliteOptions{schema::BuiltinOptions::AddOptions,
                           schema::CreateAddOptions(builder, activation, false).Union()};
    case Function::kSubtract:
      return TfliteOptions{schema::BuiltinOptions::SubOptions,
                           schema::CreateSubOptions(builder, activation, false).Union()};
    case Function::kMultiply:
      return TfliteOptions{schema::BuiltinOptions::MulOptions,
                           schema::CreateMulOptions(builder, activation).Union()};
    case Function::kDivide:
      return TfliteOptions{schema::BuiltinOptions::DivOptions,
                           schema::CreateDivOptions(builder, activation).Union()};
    default:
      return TfliteOptions{};
  }
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const graph::DType type = input(graph, node, 0)->dtype;
  if (type == graph::DType::kInt8) return 2;
  const Function function = binary::attributes(graph, node)->function;
  if (type != graph::DType::kInt16) return function == Function::kFloorDivide ? 2 : 1;
  if (function == Function::kSubtract) return 5;
  return function == Function::kMultiply || function == Function::kMaximum || function == Function::kMinimum
             ? 4
             : 3;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(binary::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::binary
