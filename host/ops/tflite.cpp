// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <fmt/format.h>

#include <algorithm>

#define MOTE_OP(name)          \
  namespace name {             \
  extern const Tflite kTflite; \
  }
namespace mote::ops {
#include "ops_tflite.def"
}  // namespace mote::ops
#undef MOTE_OP

namespace mote::ops {

const Tflite* find_tflite(std::string_view op) {
#define MOTE_OP(name) \
  if (op == #name) return &name::kTflite;
#include "ops_tflite.def"
#undef MOTE_OP
  return nullptr;
}

tflite_schema::BuiltinOperator builtin_code(const graph::Graph& graph, const graph::Node& node) {
  const Tflite& aspect = *find_tflite(node.op);
  return aspect.code != nullptr ? aspect.code(graph, node) : aspect.codes[0];
}

std::string_view find_op(tflite_schema::BuiltinOperator code) {
#define MOTE_OP(name) \
  if (std::ranges::count(name::kTflite.codes, code) > 0) return #name;
#include "ops_tflite.def"
#undef MOTE_OP
  return {};
}

std::string_view find_custom_op(std::string_view name) {
#define MOTE_OP(op) \
  if (std::ranges::count(op::kTflite.customs, name) > 0) return #op;
#include "ops_tflite.def"
#undef MOTE_OP
  return {};
}

Result<Padding> from_tflite(tflite_schema::Padding padding) {
  switch (padding) {
    case tflite_schema::Padding::SAME:
      return Padding::kSame;
    case tflite_schema::Padding::VALID:
      return Padding::kValid;
  }
  return fail(ErrorKind::kInput,
              fmt::format("padding {} does not exist, expected 0 or 1", static_cast<int>(padding)));
}

Result<Activation> from_tflite(tflite_schema::ActivationFunctionType activation) {
  using Type = tflite_schema::ActivationFunctionType;
  switch (activation) {
    case Type::NONE:
      return Activation::kNone;
    case Type::RELU:
      return Activation::kRelu;
    case Type::RELU6:
      return Activation::kRelu6;
    case Type::RELU_N1_TO_1:
      return Activation::kReluN1To1;
    default:
      return fail(
          ErrorKind::kInput,
          fmt::format("fused activation {} ({}) is not supported, expected none, relu, relu6 or relu_n1_to_1",
                      static_cast<int>(activation),
                      tflite_schema::EnumNameActivationFunctionType(activation)));
  }
}

tflite_schema::Padding to_tflite(Padding padding) {
  return padding == Padding::kSame ? tflite_schema::Padding::SAME : tflite_schema::Padding::VALID;
}

tflite_schema::ActivationFunctionType to_tflite(Activation activation) {
  using Type = tflite_schema::ActivationFunctionType;
  switch (activation) {
    case Activation::kNone:
      return Type::NONE;
    case Activation::kRelu:
      return Type::RELU;
    case Activation::kRelu6:
      return Type::RELU6;
    case Activation::kReluN1To1:
      return Type::RELU_N1_TO_1;
  }
  return Type::NONE;
}

Result<void> check_sums(const tflite_schema::Operator& op, tflite_schema::TensorType quantized_bias_type) {
  const bool has_bias = op.inputs() != nullptr && op.inputs()->size() > 2 && op.inputs()->Get(2) >= 0;
  if (quantized_bias_type == tflite_schema::TensorType::INT32 && !has_bias)
    return fail(ErrorKind::kInput, "sums of 32 bits without a bias are not supported");
  return {};
}

std::int32_t usual_version(const graph::Graph& graph, const graph::Node& node, std::size_t input) {
  const graph::DType type = graph.value(node.inputs.at(input)).dtype;
  return type == graph::DType::kInt8 ? 2 : type == graph::DType::kInt16 ? 3 : 1;
}

std::unexpected<Error> missing_options() {
  return fail(ErrorKind::kInput, "options are missing or belong to another operator");
}

}  // namespace mote::ops
