// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::ops {

/// A kInput error that starts with the node's description.
std::unexpected<Error> refuse(const graph::Graph& graph, const graph::Node& node, const std::string& what,
                              std::string hint = {});

/// Checks that the node has `least` ... `most` inputs, the first `least` of them present, and one output.
Result<void> check_arity(const graph::Graph& graph, const graph::Node& node, std::size_t least,
                         std::size_t most);

/// The value of input `index`, or null if the node has fewer or leaves it out.
const graph::Value* input(const graph::Graph& graph, const graph::Node& node, std::size_t index);

/// The first output's value.
const graph::Value& output(const graph::Graph& graph, const graph::Node& node);

/// Checks the operands of a layer with weights (input 1) and an optional bias (input 2): float32 throughout,
/// or int8 input and weights with an int32 bias; weights and bias constant, as many biases as `channels`.
Result<void> check_weights(const graph::Graph& graph, const graph::Node& node, std::int32_t channels);

/// Checks that the input is float32 or int8.
Result<void> check_float_or_int8(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops
