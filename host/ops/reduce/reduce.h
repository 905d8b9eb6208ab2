// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "ops/attributes.h"

namespace mote::ops::reduce {

/// Stored as "all", "any", "max", "mean", "min", "prod", "sum".
enum class Function : std::uint8_t { kAll, kAny, kMax, kMean, kMin, kProd, kSum };

/// The function of all elements along the axes in input 1.
struct Attributes {
  Function function = Function::kMean;
  bool keep_axes = false;  ///< reduced axes stay, with one element

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// For each axis of input 0, whether it is reduced; none while the axes are not constant. Errors (kInput):
/// there is no such axis.
Result<std::optional<std::vector<bool>>> reduced_axes(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::reduce
