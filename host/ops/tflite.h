// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "ops/attributes.h"
#include "ops/shape.h"
#include "tflite_schema/tflite_generated.h"

namespace mote::ops {

/// Options of an operator as they stand in a file.
struct TfliteOptions {
  tflite_schema::BuiltinOptions type = tflite_schema::BuiltinOptions::NONE;
  flatbuffers::Offset<void> offset = {};
};

/// A custom operator as it stands in a file.
struct CustomOptions {
  std::string_view name;
  std::vector<std::uint8_t> bytes;  ///< a FlexBuffer, or empty
};

/// The aspect "tflite": the operator's number in the format, and its options.
struct Tflite {
  /// The operators of the format that this one stands for; an attribute tells them apart.
  std::span<const tflite_schema::BuiltinOperator> codes;

  /// The attributes of an operator of a verified file, whose number is `code`. Errors (kInput): the options
  /// are missing or have values that Mote does not support; the caller adds which operator it is.
  Result<AttributeMap> (*read)(const tflite_schema::Operator& op, tflite_schema::BuiltinOperator code);

  /// The options of a node that passed check(), written into `builder`.
  Result<TfliteOptions> (*write)(const graph::Graph& graph, const graph::Node& node,
                                 flatbuffers::FlatBufferBuilder& builder);

  /// The least version of the operator that does what the node asks for; a runtime refuses newer ones than it
  /// knows.
  std::int32_t (*version)(const graph::Graph& graph, const graph::Node& node);

  /// Which of `codes` a node that passed check() is; null: there is only one.
  tflite_schema::BuiltinOperator (*code)(const graph::Graph& graph, const graph::Node& node) = nullptr;

  /// Custom operators of the format that this one stands for instead, by name; then read_custom() and
  /// write_custom() take the place of read() and write(), and its int64 values are uint64 in the format.
  std::span<const std::string_view> customs = {};
  Result<AttributeMap> (*read_custom)(const tflite_schema::Operator& op, std::string_view name) = nullptr;
  Result<CustomOptions> (*write_custom)(const graph::Graph& graph, const graph::Node& node) = nullptr;

  /// The states that the format hides inside of a custom operator: the last inputs of the node, which no file
  /// has. Null: none.
  std::vector<ValueType> (*hidden_states)(const AttributeMap& attributes) = nullptr;
};

/// The operator's aspect, or null if it has none.
const Tflite* find_tflite(std::string_view op);

/// The number of a node that passed check() and has the aspect.
tflite_schema::BuiltinOperator builtin_code(const graph::Graph& graph, const graph::Node& node);

/// The name of the operator with that number, or empty if Mote has none.
std::string_view find_op(tflite_schema::BuiltinOperator code);

/// The name of the operator that stands for that custom one, or empty if Mote has none.
std::string_view find_custom_op(std::string_view name);

/// Attributes in the format's spelling. Errors (kInput): a value that Mote does not support.
Result<Padding> from_tflite(tflite_schema::Padding padding);
Result<Activation> from_tflite(tflite_schema::ActivationFunctionType activation);
tflite_schema::Padding to_tflite(Padding padding);
tflite_schema::ActivationFunctionType to_tflite(Activation activation);

/// Checks what an operator with input, weights and bias says about the type of its sums: 32 bits may be asked
/// for only where the bias says so too, because the graph knows no other place for it.
Result<void> check_sums(const tflite_schema::Operator& op, tflite_schema::TensorType quantized_bias_type);

/// The version that most operators have for the type of an input: 2 for int8, 3 for int16, 1 for what came
/// first.
std::int32_t usual_version(const graph::Graph& graph, const graph::Node& node, std::size_t input = 0);

/// The error of an operator whose options are missing or of another operator.
std::unexpected<Error> missing_options();

}  // namespace mote::ops
