// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "ops/attributes.h"

namespace mote::ops::unary {

/// Stored in small letters with underscores: "abs" ... "tanh", "relu_n1_to_1".
enum class Function : std::uint8_t {
  kAbs,
  kCeil,
  kCos,
  kElu,
  kExp,
  kFloor,
  kHardSwish,
  kLeakyRelu,
  kLog,
  kLogicalNot,
  kLogistic,
  kNeg,
  kRelu,
  kRelu0To1,
  kRelu6,
  kReluN1To1,
  kRound,  ///< ties to even
  kRsqrt,
  kSin,
  kSqrt,
  kSquare,
  kTanh,
};

/// out = function(in), element by element.
struct Attributes {
  Function function = Function::kRelu;
  double slope = 0;  ///< of leaky_relu below zero, exact in float32; of no other function

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::unary
