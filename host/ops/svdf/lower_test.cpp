// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/node_test.h"
#include "ops/svdf/svdf.h"

namespace mote::ops::svdf {
namespace {

using namespace ops::test;
using graph::DType;

constexpr std::int32_t kBatch = 2, kInputs = 3, kFilters = 4, kRank = 2, kMemory = 5,
                       kUnits = kFilters / kRank;

/// The constants, as integers with scales.
struct Weights {
  explicit Weights(std::uint64_t seed) : rng(seed) {
    feature = whole<std::int8_t>(rng, kFilters * kInputs, -127, 127);
    time = whole<std::int8_t>(rng, kFilters * kMemory, -127, 127);
    bias = whole<std::int32_t>(rng, kUnits, -3000, 3000);
  }

  Rng rng;
  std::vector<std::int8_t> feature;
  std::vector<std::int8_t> time;
  std::vector<std::int32_t> bias;
};

/// Real numbers that quantised ones stand for.
template <class T>
std::vector<double> real(const std::vector<T>& items, double scale, std::int64_t zero_point = 0) {
  std::vector<double> result;
  for (const T item : items)
    result.push_back(scale * (static_cast<double>(item) - static_cast<double>(zero_point)));
  return result;
}

std::size_t at(std::int32_t row, std::int32_t row_items, std::int32_t item) {
  return static_cast<std::size_t>(row * row_items + item);
}

/// What the filters make of an input: [batch][filters].
std::vector<double> filtered(const std::vector<double>& in, const std::vector<double>& feature) {
  std::vector<double> result;
  for (std::int32_t row = 0; row < kBatch; ++row)
    for (std::int32_t filter = 0; filter < kFilters; ++filter) {
      double sum = 0;
      for (std::int32_t index = 0; index < kInputs; ++index)
        sum += in[at(row, kInputs, index)] * feature[at(filter, kInputs, index)];
      result.push_back(sum);
    }
  return result;
}

/// What the units make of a memory [batch][filters][memory]: [batch][units].
std::vector<double> weighed(const std::vector<double>& state, const std::vector<double>& time,
                            const std::vector<double>& bias) {
  std::vector<double> result;
  for (std::int32_t row = 0; row < kBatch; ++row)
    for (std::int32_t unit = 0; unit < kUnits; ++unit) {
      double sum = bias[static_cast<std::size_t>(unit)];
      for (std::int32_t place = unit * kRank * kMemory; place < (unit + 1) * kRank * kMemory; ++place)
        sum += time[static_cast<std::size_t>(place)] * state[at(row, kFilters * kMemory, place)];
      result.push_back(sum);
    }
  return result;
}

/// Checks that the memory moved by one, and returns what is new in it: [batch][filters].
template <class T>
std::vector<T> newest(const std::vector<T>& before, const std::vector<T>& after) {
  std::vector<T> result;
  for (std::size_t filter = 0; filter < kBatch * kFilters; ++filter) {
    const auto first = static_cast<std::ptrdiff_t>(filter * kMemory);
    EXPECT_TRUE(
        std::equal(before.begin() + first + 1, before.begin() + first + kMemory, after.begin() + first));
    result.push_back(after[filter * kMemory + kMemory - 1]);
  }
  return result;
}

/// Runs the int8 operator several times, each checked against the memory that the run before left.
template <class State>
void expect_definition(Rounding rounding, DType state_type, double state_scale,
                       std::int64_t state_zero_point) {
  constexpr double kIn = 0x1p-5, kFeature = 0x1p-7, kTime = 0x1p-8, kOut = 0x1p-4;
  Weights weights(1);
  const auto type = [&](Extents shape, double scale, std::int64_t zero_point) {
    graph::Value value = tensor(state_type, std::move(shape));
    value.quantization = graph::Quantization{{static_cast<float>(scale)}, {zero_point}, 0};
    return value;
  };
  OneNode node("svdf", to_map({.rank = kRank}));
  node.input(int8s({kBatch, kInputs}, kIn, 5), std::vector<std::int8_t>(kBatch * kInputs))
      .constant(int8s({kFilters, kInputs}, kFeature), weights.feature)
      .constant(type({kFilters, kMemory}, kTime, 0),
                std::vector<State>(weights.time.begin(), weights.time.end()))
      .constant(int32s({kUnits}), weights.bias)
      .state(type({kBatch, kFilters * kMemory}, state_scale, state_zero_point))
      .output(int8s({kBatch, kUnits}, kOut, -3));
  std::vector<State> before(kBatch * kFilters * kMemory, static_cast<State>(state_zero_point));
  for (int step = 0; step < 2 * kMemory; ++step) {
    SCOPED_TRACE(step);
    const auto in = whole<std::int8_t>(weights.rng, kBatch * kInputs, -128, 127);
    node.set(0, in);
    const auto out = node.run<std::int8_t>({.rounding = rounding});
    const auto after = node.operand<State>(kState);
    // Scales are powers of two, so that factors are exact.
    expect_quantized(newest(before, after), filtered(real(in, kIn, 5), real(weights.feature, kFeature)),
                     state_scale, state_zero_point);
    expect_quantized(out,
                     weighed(real(after, state_scale, state_zero_point), real(weights.time, kTime),
                             real(weights.bias, state_scale * kTime)),
                     kOut, -3);
    before = after;
  }
}

TEST(Svdf, Int8WithAMemoryOfInt16IsWithinItsRoundings) {
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle})
    expect_definition<std::int16_t>(rounding, DType::kInt16, 0x1p-11, 0);
}

TEST(Svdf, Int8WithAMemoryOfInt8IsWithinItsRoundings) {
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle})
    expect_definition<std::int8_t>(rounding, DType::kInt8, 0x1p-3, 0);
}

TEST(Svdf, FloatsAreWithinTheirRoundings) {
  Rng rng(2);
  const auto feature = reals(rng, kFilters * kInputs), time = reals(rng, kFilters * kMemory),
             bias = reals(rng, kUnits);
  for (const FilterActivation activation :
       {FilterActivation::kNone, FilterActivation::kRelu, FilterActivation::kRelu6,
        FilterActivation::kReluN1To1, FilterActivation::kTanh}) {
    OneNode node("svdf", to_map({.rank = kRank, .activation = activation}));
    node.input(floats({kBatch, kInputs}), std::vector<float>(kBatch * kInputs))
        .constant(floats({kFilters, kInputs}), feature)
        .constant(floats({kFilters, kMemory}), time)
        .constant(floats({kUnits}), bias)
        .state(floats({kBatch, kFilters * kMemory}))
        .output(floats({kBatch, kUnits}));
    std::vector<float> before(kBatch * kFilters * kMemory);
    for (int step = 0; step < 2 * kMemory; ++step) {
      const auto in = reals(rng, kBatch * kInputs);
      node.set(0, in);
      const auto out = node.run<float>();
      const auto after = node.operand<float>(kState);
      // Three products of at most 1; then ten of at most 3, and the bias.
      expect_close(newest(before, after), filtered(real(in, 1), real(feature, 1)), kInputs * 3 * 0x1p-24);
      auto wanted = weighed(real(after, 1), real(time, 1), real(bias, 1));
      for (double& item : wanted) {
        if (activation == FilterActivation::kRelu) item = std::max(item, 0.0);
        if (activation == FilterActivation::kRelu6) item = std::clamp(item, 0.0, 6.0);
        if (activation == FilterActivation::kReluN1To1) item = std::clamp(item, -1.0, 1.0);
        if (activation == FilterActivation::kTanh) item = std::tanh(item);
      }
      expect_close(out, wanted, (kMemory + kRank + 2) * (1 + 10 * 3) * 0x1p-24);
      before = after;
    }
  }
}

}  // namespace
}  // namespace mote::ops::svdf
