// SPDX-License-Identifier: Apache-2.0
#pragma once
// The aspect "kernel": from a node to what the device's kernels take. Executor and emitter both stand on it,
// so that they cannot differ. Each operator has its own types: host/ops/<op>/kernel.h.
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "graph/graph.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/variant.h"
#include "ops/attributes.h"
#include "ops/operands.h"

namespace mote::ops {

/// Scale and zero point of a value that has one of each.
struct TensorScale {
  float scale = 0;
  std::int32_t zero_point = 0;
};

/// The value's only scale. Errors (kInput): it has none, or one for each index of an axis; `role` names the
/// value in the message ("input").
Result<TensorScale> tensor_scale(const graph::Graph& graph, const graph::Node& node,
                                 const graph::Value& value, std::string_view role);

/// As tensor_scale(), for weights whose zero point must be 0. Errors (kInput): it is not.
Result<TensorScale> symmetric_scale(const graph::Graph& graph, const graph::Node& node,
                                    const graph::Value& value, std::string_view role);

/// TFLite's form of a real factor: round(factor / 2^shift * 2^31) with the shift that puts it into 2^30 ...
/// 2^31; 0 below 2^-32. `factor` is positive. What is above 2^30 saturates, as there, infinity too.
Requantization quantized_multiplier(double factor);

/// Bounds of a quantised result, inclusive.
struct ActivationRange {
  std::int32_t least = -128;
  std::int32_t most = 127;
};

/// The activation in quantised units of a type, int8 or int16: relu does not go below the zero point.
ActivationRange activation_range(Activation activation, TensorScale output,
                                 graph::DType type = graph::DType::kInt8);

/// The activation's bounds in float.
kernels::FloatActivation float_activation(Activation activation);

/// Constants of a quantised layer with weights, in the model's order.
struct WeightTables {
  std::vector<std::int8_t> weights;
  std::vector<std::int64_t> bias;  ///< one per output channel, or empty
  bool wide_sums = false;          ///< int64, and so the bias; else int32
  std::vector<std::int32_t> multiplier;
  std::vector<std::int8_t> shift;  ///< as many as `multiplier`: one per output channel, or one
  kernels::Limits limits = {};
};

/// How many multipliers a layer with one scale for all its weights gets.
enum class Multipliers { kOnePerTensor, kOnePerChannel };

/// Reads weights and bias and computes the multipliers from the scales of input, weights and output exactly
/// as TFLite Micro does. Errors (kInput): a scale is missing, weights are not symmetric or have scales along
/// another axis than the output channels.
Result<WeightTables> weight_tables(const graph::Graph& graph, const graph::Node& node,
                                   Multipliers multipliers, const WeightOperands& operands = {});

/// Constants of a float layer with weights, in the model's order; bias may be empty.
struct FloatTables {
  std::vector<float> weights;
  std::vector<std::int8_t> int8_weights;  ///< instead of `weights` in a hybrid layer
  std::vector<float> bias;
  std::vector<float> scale;  ///< of int8_weights: one per output channel, or one
};

/// Reads weights and bias. Errors (kInput): int8 weights are not symmetric or have scales along another axis
/// than the output channels.
Result<FloatTables> float_tables(const graph::Graph& graph, const graph::Node& node,
                                 const WeightOperands& operands = {});

/// What a quantised kernel with weights takes.
template <class Shape>
struct QuantizedLayer {
  Shape shape;
  WeightTables tables;
};

/// What a float kernel with weights takes.
template <class Shape>
struct FloatWeightLayer {
  Shape shape;
  kernels::FloatActivation activation;
  FloatTables tables;
};

/// Sets zero points and activation bounds of a layer's shape from the scales of input number `in` and output.
template <class Shape>
Result<void> set_quantization(const graph::Graph& graph, const graph::Node& node, Activation activation,
                              Shape& shape, std::size_t in = 0) {
  const graph::Value& result = output(graph, node);
  MOTE_TRY(const TensorScale from, tensor_scale(graph, node, *input(graph, node, in), "input"));
  MOTE_TRY(const TensorScale to, tensor_scale(graph, node, result, "output"));
  const ActivationRange range = activation_range(activation, to, result.dtype);
  shape.input_zero_point = from.zero_point;
  shape.output_zero_point = to.zero_point;
  shape.activation_min = range.least;
  shape.activation_max = range.most;
  return {};
}

}  // namespace mote::ops
