// SPDX-License-Identifier: Apache-2.0
#pragma once
// Models of one operator, written field by field: independent of how Mote reads and writes options.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "tflite_schema/tflite_generated.h"

namespace mote::test {

using Type = tflite_schema::TensorType;
using Code = tflite_schema::BuiltinOperator;
using Ints = std::vector<std::int32_t>;

/// A tensor of the model.
struct Tensor {
  Type type = Type::FLOAT32;
  Ints shape;
  std::vector<float> scale = {};  ///< empty: not quantised; several: along `axis`
  std::int64_t zero_point = 0;
  std::int32_t axis = 0;
  std::vector<std::uint8_t> data = {};  ///< empty: no constant
  bool is_state = false;
  bool is_absent = false;  ///< an optional input that is left out
};

inline Tensor floats(Ints shape) {
  return {Type::FLOAT32, std::move(shape)};
}
inline Tensor int8s(Ints shape, float scale = 0.5f, std::int64_t zero_point = 3) {
  return {Type::INT8, std::move(shape), {scale}, zero_point};
}
inline Tensor int16s(Ints shape, float scale = 0x1p-8f) {
  return {Type::INT16, std::move(shape), {scale}};
}
inline Tensor int32s(Ints shape) {
  return {Type::INT32, std::move(shape)};
}
inline Tensor int64s(Ints shape) {
  return {Type::INT64, std::move(shape)};
}
inline Tensor bools(Ints shape) {
  return {Type::BOOL, std::move(shape)};
}
inline Tensor absent() {
  Tensor tensor;
  tensor.is_absent = true;
  return tensor;
}

/// The tensor as a constant of small numbers.
Tensor constant(Tensor tensor);
/// The tensor as a state.
Tensor state(Tensor tensor);
/// A constant list of numbers, or a scalar.
Tensor list(Ints numbers);
Tensor scalar(std::int32_t number);

/// A field of an operator's options: its number in the format's table, and its value.
struct Field {
  enum class Kind { kByte, kInt, kFloat, kInts };
  Field(int number, std::int32_t value) : id(number), kind(Kind::kInt), integer(value) {}
  Field(int number, float value) : id(number), kind(Kind::kFloat), real(value) {}
  Field(int number, Ints value) : id(number), kind(Kind::kInts), integers(std::move(value)) {}
  Field(int number, bool value) : Field(number, static_cast<std::int8_t>(value)) {}
  Field(int number, std::int8_t value) : id(number), kind(Kind::kByte), integer(value) {}
  template <class Enum>
    requires std::is_enum_v<Enum>
  Field(int number, Enum value) : Field(number, static_cast<std::int8_t>(value)) {}

  int id;
  Kind kind;
  std::int32_t integer = 0;
  float real = 0;
  Ints integers = {};
};

/// An operator with its operands.
struct Op {
  Code code;
  int options = 0;  ///< number of the options' table in the format; 0: none
  std::vector<Field> fields = {};
  std::vector<Tensor> inputs = {};
  std::vector<Tensor> outputs = {};
};

/// The file of a model that is the operator alone: its inputs that are neither constants nor states are the
/// model's.
std::vector<std::uint8_t> model_of(const Op& op);

}  // namespace mote::test
