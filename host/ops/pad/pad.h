// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::pad {

/// Stored as "constant", "reflect", "symmetric".
enum class Border : std::uint8_t {
  kConstant,   ///< zeros, or the only element of input 2
  kReflect,    ///< the input mirrored, without its outermost elements
  kSymmetric,  ///< the input mirrored
};

/// The input with a border around, as wide before and behind each axis as the pairs in input 1 say.
struct Attributes {
  Border border = Border::kConstant;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// One axis and its border.
struct Axis {
  std::int64_t extent;
  std::int64_t before;
  std::int64_t after;
};

/// The axes of a node whose operands are present; none while the border's width is not constant. Errors
/// (kInput): a pair for each axis is not there, or negative, or too large.
Result<std::optional<std::vector<Axis>>> axes_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::pad
