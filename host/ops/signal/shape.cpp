// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <fmt/format.h>

#include <initializer_list>

#include "mote/dsp/fft16.h"
#include "mote/dsp/pcan.h"
#include "ops/operands.h"
#include "ops/signal/signal.h"

namespace mote::ops::signal {
namespace {

using graph::DType;
using Types = Result<std::vector<ValueType>>;

enum class Kind : std::uint8_t { kData, kConstant, kState };

struct Operand {
  DType dtype;
  Kind kind = Kind::kData;
  std::size_t rank = 1;  ///< 0: a scalar; kAnyRank: one or more
};

constexpr std::size_t kAnyRank = 99;

Result<void> check_operand(const graph::Graph& graph, const graph::Node& node, std::size_t index,
                           const Operand& wanted) {
  const graph::Value* value = input(graph, node, index);
  const auto refuse_it = [&](std::string_view found, std::string_view expected) {
    return refuse(graph, node, fmt::format("input {} is {}, expected {}", index, found, expected));
  };
  if (value == nullptr) return refuse_it("left out", to_string(wanted.dtype));
  if (value->dtype != wanted.dtype) return refuse_it(to_string(value->dtype), to_string(wanted.dtype));
  if (value->is_state != (wanted.kind == Kind::kState))
    return refuse_it(value->is_state ? "a state" : "no state", wanted.kind == Kind::kState ? "one" : "none");
  if (wanted.kind == Kind::kConstant && !value->is_constant()) return refuse_it("computed", "a constant");
  const bool has_rank = wanted.rank == kAnyRank ? !value->shape.empty() : value->shape.size() == wanted.rank;
  if (!has_rank)
    return refuse_it(graph::shape_text(value->shape), wanted.rank == kAnyRank
                                                          ? "one dimension or more"
                                                          : fmt::format("{} dimensions", wanted.rank));
  return {};
}

Result<void> check_operands(const graph::Graph& graph, const graph::Node& node,
                            std::initializer_list<Operand> inputs, std::size_t outputs) {
  if (node.inputs.size() != inputs.size() || node.outputs.size() != outputs)
    return refuse(graph, node,
                  fmt::format("has {} inputs and {} outputs, expected {} and {}", node.inputs.size(),
                              node.outputs.size(), inputs.size(), outputs));
  for (std::size_t index = 0; index < inputs.size(); ++index)
    MOTE_CHECK(check_operand(graph, node, index, inputs.begin()[index]));
  return {};
}

std::int32_t extent(const graph::Graph& graph, const graph::Node& node, std::size_t index) {
  return input(graph, node, index)->shape.back();
}

Result<void> check_extent(const graph::Graph& graph, const graph::Node& node, std::size_t index,
                          std::int32_t expected) {
  if (extent(graph, node, index) == expected) return {};
  return refuse(graph, node,
                fmt::format("input {} has {} elements in a row, expected {}", index,
                            extent(graph, node, index), expected));
}

Types window(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(check_operands(graph, node,
                            {{DType::kInt16, Kind::kData, kAnyRank}, {DType::kInt16, Kind::kConstant}}, 1));
  MOTE_CHECK(check_extent(graph, node, 1, extent(graph, node, 0)));
  return std::vector{ValueType{DType::kInt16, input(graph, node, 0)->shape}};
}

Types fft_auto_scale(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(check_operands(graph, node, {{DType::kInt16}}, 2));
  return std::vector{ValueType{DType::kInt16, input(graph, node, 0)->shape}, ValueType{DType::kInt32, {}}};
}

Types rfft(const graph::Graph& graph, const graph::Node& node, std::int32_t length) {
  MOTE_CHECK(check_operands(graph, node, {{DType::kInt16, Kind::kData, kAnyRank}}, 1));
  if (!dsp::valid_fft16(length))
    return refuse(graph, node,
                  fmt::format("{} is no length of a transform, expected a power of two from {} to {}", length,
                              dsp::kLeastFft16, dsp::kMostFft16));
  std::vector<std::int32_t> shape = input(graph, node, 0)->shape;
  if (shape.back() > length)
    return refuse(graph, node,
                  fmt::format("{} samples are longer than the transform, at most {} are supported",
                              shape.back(), length));
  shape.back() = length + 2;
  return std::vector{ValueType{DType::kInt16, std::move(shape)}};
}

Types energy(const graph::Graph& graph, const graph::Node& node, const Attributes& attributes) {
  MOTE_CHECK(check_operands(graph, node, {{DType::kInt16}}, 1));
  const std::int32_t numbers = extent(graph, node, 0), count = numbers / 2;
  const std::int32_t from = attributes["start_index"], to = attributes["end_index"];
  if (numbers % 2 != 0 || from > to || to > count)
    return refuse(graph, node, fmt::format("{} to {} is no range of {} numbers in pairs", from, to, numbers));
  return std::vector{ValueType{DType::kUInt32, {count}}};
}

/// Every slope within the energies and the weights, and sums below 2^63: weights are below 2^15, energies
/// below 2^32.
Types filter_bank(const graph::Graph& graph, const graph::Node& node, std::int32_t channels) {
  const Operand table = {DType::kInt16, Kind::kConstant};
  MOTE_CHECK(check_operands(graph, node, {{DType::kUInt32}, table, table, table, table, table}, 1));
  MOTE_CHECK(check_extent(graph, node, kUnweights, extent(graph, node, kWeights)));
  for (const BankInput index : {kStarts, kWeightStarts, kWidths})
    MOTE_CHECK(check_extent(graph, node, index, channels + 1));
  for (const BankInput index : {kWeights, kUnweights})
    for (const std::int16_t weight : graph::elements<std::int16_t>(*input(graph, node, index)))
      if (weight < 0) return refuse(graph, node, fmt::format("a weight is {}, expected 0 or more", weight));
  const auto starts = graph::elements<std::int16_t>(*input(graph, node, kStarts));
  const auto weight_starts = graph::elements<std::int16_t>(*input(graph, node, kWeightStarts));
  const auto widths = graph::elements<std::int16_t>(*input(graph, node, kWidths));
  const std::int32_t bins = extent(graph, node, kEnergies), weights = extent(graph, node, kWeights);
  for (std::size_t slope = 0; slope < widths.size(); ++slope)
    if (starts[slope] < 0 || weight_starts[slope] < 0 || widths[slope] < 0 ||
        starts[slope] + widths[slope] > bins || weight_starts[slope] + widths[slope] > weights)
      return refuse(graph, node,
                    fmt::format("slope {} takes {} bins from {} on with weights from {} on, of {} bins and "
                                "{} weights",
                                slope, widths[slope], starts[slope], weight_starts[slope], bins, weights));
  return std::vector{ValueType{DType::kInt64, {channels}}};
}

Types square_root(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(check_operands(graph, node, {{DType::kInt64}, {DType::kInt32, Kind::kData, 0}}, 1));
  return std::vector{ValueType{DType::kUInt32, input(graph, node, 0)->shape}};
}

Types spectral_subtraction(const graph::Graph& graph, const graph::Node& node, std::int32_t channels) {
  MOTE_CHECK(check_operands(graph, node, {{DType::kUInt32}, {DType::kUInt32, Kind::kState}}, 2));
  for (const std::size_t index : {std::size_t{0}, std::size_t{1}})
    MOTE_CHECK(check_extent(graph, node, index, channels));
  return std::vector(2, ValueType{DType::kUInt32, {channels}});
}

Types pcan(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(
      check_operands(graph, node, {{DType::kUInt32}, {DType::kUInt32}, {DType::kInt16, Kind::kConstant}}, 1));
  MOTE_CHECK(check_extent(graph, node, 1, extent(graph, node, 0)));
  MOTE_CHECK(check_extent(graph, node, 2, dsp::kPcanGains));
  return std::vector{ValueType{DType::kUInt32, input(graph, node, 0)->shape}};
}

Types log(const graph::Graph& graph, const graph::Node& node) {
  MOTE_CHECK(check_operands(graph, node, {{DType::kUInt32}}, 1));
  return std::vector{ValueType{DType::kInt16, input(graph, node, 0)->shape}};
}

Types infer(const graph::Graph& graph, const graph::Node& node) {
  MOTE_TRY(const Attributes attributes, signal::attributes(graph, node));
  switch (attributes.function) {
    case Function::kWindow:
      return window(graph, node);
    case Function::kFftAutoScale:
      return fft_auto_scale(graph, node);
    case Function::kRfft:
      return rfft(graph, node, attributes["fft_length"]);
    case Function::kEnergy:
      return energy(graph, node, attributes);
    case Function::kFilterBank:
      return filter_bank(graph, node, attributes["num_channels"]);
    case Function::kSquareRoot:
      return square_root(graph, node);
    case Function::kSpectralSubtraction:
      return spectral_subtraction(graph, node, attributes["num_channels"]);
    case Function::kPcan:
      return pcan(graph, node);
    case Function::kLog:
      return log(graph, node);
  }
  return std::vector<ValueType>{};
}

}  // namespace

extern const Shape kShape = {infer};

}  // namespace mote::ops::signal
