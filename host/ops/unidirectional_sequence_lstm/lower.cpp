// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "mote/kernels/unidirectional_sequence_lstm_variants.h"
#include "ops/lower_layer.h"
#include "ops/unidirectional_sequence_lstm/unidirectional_sequence_lstm.h"

namespace mote::ops::unidirectional_sequence_lstm {
namespace {

using graph::DType;

/// Gate sums and gates as TFLite fixes them.
constexpr float kSumScale = 1.0f / (1 << 12);
constexpr double kGateScale = 1.0 / (1 << 15);

std::vector<graph::ValueId> operands(const graph::Node& node) {
  return {node.inputs[kIn], node.outputs[0], node.inputs[kHidden], node.inputs[kCell]};
}

/// Constants of the four gates, packed.
template <class Weight, class Bias>
struct Constants {
  std::vector<Weight> weights;
  std::vector<Bias> bias;
};

template <class Weight, class Bias>
Constants<Weight, Bias> constants(const graph::Graph& graph, const graph::Node& node, std::int32_t inputs,
                                  std::int32_t units) {
  std::array<std::vector<Weight>, kGates> weights, recurrent;
  std::array<std::vector<Bias>, kGates> bias;
  const Weight* weights_of[kGates];
  const Weight* recurrent_of[kGates];
  const Bias* bias_of[kGates];
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    weights[gate] = graph::elements<Weight>(*input(graph, node, kWeights + gate));
    recurrent[gate] = graph::elements<Weight>(*input(graph, node, kRecurrentWeights + gate));
    bias[gate] = graph::elements<Bias>(*input(graph, node, kBias + gate));
    weights_of[gate] = weights[gate].data();
    recurrent_of[gate] = recurrent[gate].data();
    bias_of[gate] = bias[gate].data();
  }
  const auto gate_rows = static_cast<std::size_t>(units) * kGates;
  Constants<Weight, Bias> packed{std::vector<Weight>(gate_rows * static_cast<std::size_t>(inputs + units)),
                                 std::vector<Bias>(gate_rows)};
  kernels::pack_lstm(inputs, units, weights_of, recurrent_of, bias_of, packed.weights.data(),
                     packed.bias.data());
  return packed;
}

Result<std::vector<Layer>> lower_float(const graph::Graph& graph, const graph::Node& node,
                                       const LowerOptions& options, const Attributes& attributes) {
  const std::vector<std::int32_t>& in = input(graph, node, kIn)->shape;
  kernels::LstmFloatShape shape = {};
  shape.batch = in[attributes.time_major ? 1 : 0];
  shape.steps = in[attributes.time_major ? 0 : 1];
  shape.inputs = in[2];
  shape.units = output(graph, node).shape[2];
  shape.time_major = attributes.time_major;
  shape.cell_clip = attributes.cell_clip > 0 ? static_cast<float>(attributes.cell_clip)
                                             : kernels::no_activation().activation_max;
  const auto packed = constants<float, float>(graph, node, shape.inputs, shape.units);
  using Tables = kernels::LstmFloatTables;
  TableSet<Tables> tables;
  tables.add("weights", &Tables::weights, packed.weights).add("bias", &Tables::bias, packed.bias);
  return lower_plain<kernels::LstmFloatVariants>(
      graph, node, options, operands(node),
      ByValue{shape,
              {field("batch", shape.batch), field("steps", shape.steps), field("inputs", shape.inputs),
               field("units", shape.units), field("time_major", shape.time_major),
               field("cell_clip", shape.cell_clip)}},
      tables);
}

struct Factor {
  std::int32_t& multiplier;
  std::int32_t& shift;

  void operator=(double factor) const {
    const Requantization requantization = quantized_multiplier(factor);
    multiplier = requantization.multiplier;
    shift = requantization.shift;
  }
};

Result<kernels::LstmShape> integer_layer(const graph::Graph& graph, const graph::Node& node,
                                         const Attributes& attributes, Rounding rounding) {
  MOTE_TRY(const TensorScale in, tensor_scale(graph, node, *input(graph, node, kIn), "input"));
  MOTE_TRY(const TensorScale hidden, tensor_scale(graph, node, *input(graph, node, kHidden), "hidden state"));
  MOTE_TRY(const TensorScale cell, symmetric_scale(graph, node, *input(graph, node, kCell), "cell state"));
  const std::vector<std::int32_t>& sizes = input(graph, node, kIn)->shape;
  kernels::LstmShape shape = {};
  shape.batch = sizes[attributes.time_major ? 1 : 0];
  shape.steps = sizes[attributes.time_major ? 0 : 1];
  shape.inputs = sizes[2];
  shape.units = output(graph, node).shape[2];
  shape.time_major = attributes.time_major;
  shape.input_zero_point = in.zero_point;
  shape.hidden_zero_point = hidden.zero_point;
  for (std::size_t gate = 0; gate < kGates; ++gate) {
    const graph::Value& weights = *input(graph, node, kWeights + gate);
    const graph::Value& recurrent = *input(graph, node, kRecurrentWeights + gate);
    MOTE_TRY(const TensorScale weight, symmetric_scale(graph, node, weights, "weights"));
    MOTE_TRY(const TensorScale recurrent_weight,
             symmetric_scale(graph, node, recurrent, "recurrent weights"));
    // TFLite multiplies the scales of a product in float.
    Factor{shape.input_multiplier[gate], shape.input_shift[gate]} =
        static_cast<double>(in.scale * weight.scale) / static_cast<double>(kSumScale);
    Factor{shape.hidden_multiplier[gate], shape.hidden_shift[gate]} =
        static_cast<double>(hidden.scale * recurrent_weight.scale) / static_cast<double>(kSumScale);
  }
  const double cell_scale = static_cast<double>(cell.scale);
  Factor{shape.forget_multiplier, shape.forget_shift} = kGateScale * cell_scale / cell_scale;
  Factor{shape.update_multiplier, shape.update_shift} = kGateScale * kGateScale / cell_scale;
  Factor{shape.output_multiplier, shape.output_shift} =
      kGateScale * kGateScale / static_cast<double>(hidden.scale);
  shape.cell_scale_power = static_cast<std::int32_t>(std::lround(std::log2(cell_scale)));
  shape.cell_clip = 32768;
  if (attributes.cell_clip > 0)
    shape.cell_clip = static_cast<std::int32_t>(std::min(attributes.cell_clip / cell_scale, 32767.0));
  shape.rounding = rounding;
  return shape;
}

/// A bound on the sums of all gates, those with the input and those with the hidden state, and the range of
/// their shifts.
template <class T, class Bias>
kernels::Limits limits(const kernels::LstmShape& shape, const Constants<std::int8_t, Bias>& packed) {
  const auto most = [](std::int64_t zero_point) {
    const auto [low, high] =
        std::pair<std::int64_t, std::int64_t>(std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
    return std::max(high - zero_point, zero_point - low);
  };
  const std::int64_t most_input = most(shape.input_zero_point), most_hidden = most(shape.hidden_zero_point);
  kernels::Limits limits = {0, 31, -31, -128};
  const std::int8_t* weight = packed.weights.data();
  for (const Bias bias : packed.bias) {
    std::int64_t from_input = bias < 0 ? -std::int64_t{bias} : std::int64_t{bias}, from_hidden = 0;
    for (std::int32_t index = 0; index < shape.inputs; ++index)
      from_input += std::abs(*weight++) * most_input;
    for (std::int32_t index = 0; index < shape.units; ++index)
      from_hidden += std::abs(*weight++) * most_hidden;
    limits.max_abs_accumulator = std::max({limits.max_abs_accumulator, from_input, from_hidden});
  }
  for (std::size_t gate = 0; gate < kGates; ++gate)
    for (const std::int32_t shift : {shape.input_shift[gate], shape.hidden_shift[gate]}) {
      limits.min_shift = std::min(limits.min_shift, shift);
      limits.max_shift = std::max(limits.max_shift, shift);
    }
  return limits;
}

std::vector<Field> fields(const kernels::LstmShape& shape) {
  return {field("batch", shape.batch),
          field("steps", shape.steps),
          field("inputs", shape.inputs),
          field("units", shape.units),
          field("time_major", shape.time_major),
          field("input_zero_point", shape.input_zero_point),
          field("hidden_zero_point", shape.hidden_zero_point),
          field("input_multiplier", shape.input_multiplier),
          field("input_shift", shape.input_shift),
          field("hidden_multiplier", shape.hidden_multiplier),
          field("hidden_shift", shape.hidden_shift),
          field("forget_multiplier", shape.forget_multiplier),
          field("forget_shift", shape.forget_shift),
          field("update_multiplier", shape.update_multiplier),
          field("update_shift", shape.update_shift),
          field("output_multiplier", shape.output_multiplier),
          field("output_shift", shape.output_shift),
          field("cell_scale_power", shape.cell_scale_power),
          field("cell_clip", shape.cell_clip),
          field("rounding", shape.rounding)};
}

template <class T, class Bias>
Result<std::vector<Layer>> lower_integers(const graph::Graph& graph, const graph::Node& node,
                                          const LowerOptions& options, const Attributes& attributes) {
  MOTE_TRY(const kernels::LstmShape shape, integer_layer(graph, node, attributes, options.rounding));
  const auto packed = constants<std::int8_t, Bias>(graph, node, shape.inputs, shape.units);
  using Tables = kernels::LstmTables<Bias>;
  TableSet<Tables> tables;
  tables.add("weights", &Tables::weights, packed.weights)
      .add("bias", &Tables::bias, packed.bias)
      .add("sigmoid", &Tables::sigmoid, kSigmoidTable);
  return select_variant<kernels::LstmVariants<T, Bias>>(
      graph, node, options, shape, limits<T>(shape, packed), [&](auto variant) {
        return layer_of<decltype(variant)>(graph, node, operands(node), ByValue{shape, fields(shape)},
                                           tables);
      });
}

Result<std::vector<Layer>> lower(const graph::Graph& graph, const graph::Node& node,
                                 const LowerOptions& options) {
  MOTE_TRY(const Attributes attributes, unidirectional_sequence_lstm::attributes(graph, node));
  switch (input(graph, node, kIn)->dtype) {
    case DType::kFloat32:
      return lower_float(graph, node, options, attributes);
    case DType::kInt8:
      return lower_integers<std::int8_t, std::int32_t>(graph, node, options, attributes);
    default:
      return lower_integers<std::int16_t, std::int64_t>(graph, node, options, attributes);
  }
}

}  // namespace

extern const Lower kLower = {lower};

}  // namespace mote::ops::unidirectional_sequence_lstm
