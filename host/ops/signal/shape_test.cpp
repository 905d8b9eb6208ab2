// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/signal/signal.h"

namespace mote::ops::signal {
namespace {

using graph::DType;
using graph::Graph;
using testing::HasSubstr;

graph::Value data(DType dtype, std::vector<std::int32_t> shape) {
  return {"data", dtype, std::move(shape), std::nullopt, {}};
}

graph::Value table(const std::vector<std::int16_t>& items) {
  return graph::constant("table", DType::kInt16, {static_cast<std::int32_t>(items.size())}, items);
}

Graph one_node(AttributeMap attributes, const std::vector<graph::Value>& inputs, const graph::Value& output) {
  Graph graph;
  graph::Node node;
  node.op = "signal";
  node.attributes = std::move(attributes);
  for (const graph::Value& input : inputs) {
    node.inputs.push_back(graph.add(input));
    if (!input.is_constant() && !input.is_state) graph.inputs.push_back(node.inputs.back());
  }
  node.outputs = {graph.add(output)};
  graph.outputs = node.outputs;
  graph.nodes = {node};
  return graph;
}

std::string message(const Graph& graph) {
  const auto checked = check(graph);
  return checked ? "" : to_text(checked.error());
}

/// Two channels, three slopes over eight bins.
struct Bank {
  std::vector<std::int16_t> weights = {1, 2, 3, 4}, unweights = {4, 3, 2, 1}, starts = {1, 2, 6},
                            weight_starts = {0, 1, 2}, widths = {1, 1, 2};

  std::string message() const {
    return signal::message(one_node({{"function", "filter_bank"}, {"num_channels", std::int64_t{2}}},
                                    {data(DType::kUInt32, {8}), table(weights), table(unweights),
                                     table(starts), table(weight_starts), table(widths)},
                                    data(DType::kInt64, {2})));
  }
};

TEST(Signal, TakesAFilterBankWithinItsBinsAndWeights) {
  EXPECT_EQ(Bank().message(), "");
}

TEST(Signal, RefusesAFilterBankThatReachesBeyond) {
  Bank bank;
  bank.starts[2] = 7;
  EXPECT_THAT(bank.message(),
              HasSubstr("slope 2 takes 2 bins from 7 on with weights from 2 on, of 8 bins and 4 weights"));
  bank = {};
  bank.starts[0] = -1;
  EXPECT_THAT(bank.message(), HasSubstr("slope 0 takes 1 bins from -1 on"));
  bank = {};
  bank.weight_starts[1] = 4;
  EXPECT_THAT(bank.message(), HasSubstr("slope 1 takes"));
  bank = {};
  bank.weight_starts[1] = -1;
  EXPECT_THAT(bank.message(), HasSubstr("slope 1 takes"));
  bank = {};
  bank.widths[1] = -1;
  EXPECT_THAT(bank.message(), HasSubstr("slope 1 takes"));
  bank = {};
  bank.weights[3] = -5;
  EXPECT_THAT(bank.message(), HasSubstr("a weight is -5, expected 0 or more"));
  bank = {};
  bank.widths.push_back(1);
  EXPECT_THAT(bank.message(), HasSubstr("input 5 has 4 elements in a row, expected 3"));
}

TEST(Signal, RefusesOperandsOfOtherTypesAndRanks) {
  const AttributeMap window = {{"function", "window"}, {"shift", std::int64_t{12}}};
  EXPECT_EQ(
      message(one_node(window, {data(DType::kInt16, {2, 3}), table({1, 2, 3})}, data(DType::kInt16, {2, 3}))),
      "");
  EXPECT_THAT(
      message(one_node(window, {data(DType::kInt16, {2, 4}), table({1, 2, 3})}, data(DType::kInt16, {2, 4}))),
      HasSubstr("input 1 has 3 elements in a row, expected 4"));
  EXPECT_THAT(
      message(one_node(window, {data(DType::kInt32, {3}), table({1, 2, 3})}, data(DType::kInt16, {3}))),
      HasSubstr("input 0 is int32, expected int16"));
  EXPECT_THAT(message(one_node(window, {data(DType::kInt16, {3}), data(DType::kInt16, {3})},
                               data(DType::kInt16, {3}))),
              HasSubstr("input 1 is computed, expected a constant"));
  EXPECT_THAT(
      message(one_node({{"function", "square_root"}}, {data(DType::kInt64, {3}), data(DType::kInt32, {1})},
                       data(DType::kUInt32, {3}))),
      HasSubstr("input 1 is [1], expected 0 dimensions"));
  EXPECT_THAT(message(one_node(window, {data(DType::kInt16, {3})}, data(DType::kInt16, {3}))),
              HasSubstr("has 1 inputs and 1 outputs, expected 2 and 1"));
}

TEST(Signal, RefusesTransformsThatItDoesNotHave) {
  const auto transform = [](std::int32_t length, std::int32_t samples, std::int32_t numbers) {
    return message(one_node({{"function", "rfft"}, {"fft_length", std::int64_t{length}}},
                            {data(DType::kInt16, {2, samples})}, data(DType::kInt16, {2, numbers})));
  };
  EXPECT_EQ(transform(512, 480, 514), "");
  EXPECT_THAT(transform(480, 480, 482),
              HasSubstr("480 is no length of a transform, expected a power of two"));
  EXPECT_THAT(transform(256, 480, 258), HasSubstr("480 samples are longer than the transform, at most 256"));
}

TEST(Signal, RefusesEnergiesOutsideOfTheSpectrum) {
  const auto energy = [](std::int32_t from, std::int32_t to) {
    return message(one_node(
        {{"function", "energy"}, {"start_index", std::int64_t{from}}, {"end_index", std::int64_t{to}}},
        {data(DType::kInt16, {10})}, data(DType::kUInt32, {5})));
  };
  EXPECT_EQ(energy(1, 5), "");
  EXPECT_THAT(energy(1, 6), HasSubstr("1 to 6 is no range of 10 numbers in pairs"));
  EXPECT_THAT(energy(4, 3), HasSubstr("4 to 3 is no range"));
}

}  // namespace
}  // namespace mote::ops::signal
