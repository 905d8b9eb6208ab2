// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the "lower" aspects share of operators that write values of their own.
#include <cstdint>

#include "ops/lower.h"

namespace mote::ops {

/// The real number 0 of a value as FillShape keeps it: the zero point of an int8 or uint8 value that has one,
/// 0 otherwise.
std::int32_t zero_bits(const graph::Value& value);

/// A layer that writes `count` elements of the node's output from element `offset` on. Errors (kInput): none
/// for what lies inside of the output.
Result<Layer> fill_layer(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                         std::int64_t offset, std::int64_t count, std::int32_t value_bits);

/// A layer that writes the real number 0 to the whole output.
Result<Layer> zero_layer(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options);

}  // namespace mote::ops
