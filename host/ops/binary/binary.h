// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "ops/attributes.h"

namespace mote::ops::binary {

/// Stored as "add", "sub", "mul", "div", "maximum", "minimum", "squared_difference", "floor_div",
/// "floor_mod", "prelu", "logical_and", "logical_or".
enum class Function : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kMaximum,
  kMinimum,
  kSquaredDifference,
  kFloorDivide,
  kFloorModulo,
  kPrelu,  ///< input 0 where it is not below zero, there times input 1
  kLogicalAnd,
  kLogicalOr,
};

/// out = activation(function(input 0, input 1)), with broadcasting.
struct Attributes {
  Function function = Function::kAdd;
  Activation activation = Activation::kNone;  ///< none but for add, sub, mul, div

  bool operator==(const Attributes&) const = default;
};

/// Whether a function has an activation.
constexpr bool has_activation(Function function) {
  return function <= Function::kDivide;
}

/// The node's attributes. Errors (kInput): see AttributeReader; an activation of a function that has none.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::binary
