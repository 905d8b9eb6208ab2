// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
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

/// Which inputs of a node are a layer's input, weights and bias, and what they may be.
struct WeightOperands {
  std::size_t in = 0;
  std::size_t weights = 1;
  std::size_t bias = 2;
  std::int32_t channel_axis = 0;                  ///< of the weights: the output channels
  graph::DType wide_bias = graph::DType::kInt32;  ///< of int16 inputs, beside int64
};

/// Checks the operands of a layer with weights and an optional bias: float32 throughout; float32 with int8
/// weights that have a scale; int8 input and weights with an int32 bias; int16 input with int8 weights and an
/// int64 bias, or wide_bias. Weights and bias constant, as many biases as `channels`.
Result<void> check_weights(const graph::Graph& graph, const graph::Node& node, std::int32_t channels,
                           const WeightOperands& operands = {});

/// Checks that the input is float32, int8 or int16.
Result<void> check_float_or_quantized(const graph::Graph& graph, const graph::Node& node);

/// Checks that the input is float32 or int8.
Result<void> check_float_or_int8(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops
