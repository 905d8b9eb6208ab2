// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "compile/passes/passes.h"
#include "core/random.h"
#include "core/text.h"
#include "execute/executor.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/reshape/reshape.h"
#include "ops/shape.h"

namespace mote::compile {
namespace {

using graph::DType;
using graph::Graph;
using graph::ValueId;

/// Builds chains of int8 layers with random weights.
class Chain {
 public:
  Chain(std::uint64_t seed, std::vector<std::int32_t> shape) : rng(seed) {
    last = activation("in", std::move(shape));
    graph.inputs = {last};
  }

  ValueId activation(std::string name, std::vector<std::int32_t> shape) {
    return graph.add(
        {std::move(name), DType::kInt8, std::move(shape), graph::Quantization{{0.05f}, {zero_point}, 0}, {}});
  }

  std::int32_t below(std::uint64_t count) { return static_cast<std::int32_t>(rng.below(count)); }

  /// A constant of random weights, of which some are all zero along `axis`.
  ValueId weights(const std::vector<std::int32_t>& shape, std::int32_t axis, std::uint64_t zero_of_eight) {
    std::int64_t count = 1, inner = 1;
    for (std::size_t index = 0; index < shape.size(); ++index) {
      count *= shape[index];
      if (static_cast<std::int32_t>(index) > axis) inner *= shape[index];
    }
    const std::int32_t channels = shape[static_cast<std::size_t>(axis)];
    std::vector<bool> is_zero;
    for (std::int32_t ch = 0; ch < channels; ++ch) is_zero.push_back(rng.below(8) < zero_of_eight);
    std::vector<std::int8_t> items;
    for (std::int64_t index = 0; index < count; ++index)
      items.push_back(is_zero[static_cast<std::size_t>(index / inner % channels)]
                          ? std::int8_t{0}
                          : static_cast<std::int8_t>(below(15) - 7));
    graph::Value value = graph::constant("w", DType::kInt8, shape, items);
    value.quantization =
        graph::Quantization{std::vector<float>(static_cast<std::size_t>(channels), 0.02f),
                            std::vector<std::int64_t>(static_cast<std::size_t>(channels), 0), axis};
    return graph.add(std::move(value));
  }

  /// Small biases, some so large that the output is at one of its ends for any input.
  ValueId bias(std::int32_t channels) {
    std::vector<std::int32_t> items;
    for (std::int32_t ch = 0; ch < channels; ++ch)
      items.push_back(rng.below(5) == 0 ? (rng.below(2) == 0 ? -(1 << 29) : 1 << 28) : below(2000) - 1000);
    return graph.add(graph::constant("b", DType::kInt32, {channels}, items));
  }

  void convolve(std::int32_t channels, std::int32_t kernel, ops::Padding padding,
                std::uint64_t zero_of_eight) {
    const std::vector<std::int32_t> in = graph.value(last).shape;
    const std::int32_t size = padding == ops::Padding::kSame ? in[1] : in[1] - kernel + 1;
    const ValueId out = activation("conv", {1, size, size, channels});
    graph.nodes.push_back({"conv_2d",
                           ops::conv_2d::to_map({.padding = padding, .activation = any_activation()}),
                           {last, weights({channels, kernel, kernel, in[3]}, 0, zero_of_eight),
                            rng.below(4) == 0 ? graph::kNone : bias(channels)},
                           {out}});
    last = out;
  }

  void convolve_depthwise(std::int32_t kernel, ops::Padding padding, std::uint64_t zero_of_eight) {
    const std::vector<std::int32_t> in = graph.value(last).shape;
    const std::int32_t size = padding == ops::Padding::kSame ? in[1] : in[1] - kernel + 1;
    const ValueId out = activation("depthwise", {1, size, size, in[3]});
    graph.nodes.push_back({"depthwise_conv_2d",
                           ops::conv_2d::to_map({.padding = padding, .activation = any_activation()}),
                           {last, weights({1, kernel, kernel, in[3]}, 3, zero_of_eight), bias(in[3])},
                           {out}});
    last = out;
  }

  void pool_all_and_classify() {
    const std::vector<std::int32_t> in = graph.value(last).shape;
    const ValueId pooled = activation("pooled", {1, 1, 1, in[3]});
    graph.nodes.push_back({"average_pool_2d",
                           ops::to_map(ops::Pool2dAttributes{ops::Padding::kValid, 1, 1, in[1], in[2], {}}),
                           {last},
                           {pooled}});
    const ValueId flat = activation("flat", {1, in[3]});
    graph.nodes.push_back({"reshape", ops::reshape::to_map({}), {pooled}, {flat}});
    const ValueId out = activation("out", {1, 3});
    graph.nodes.push_back({"fully_connected",
                           ops::fully_connected::to_map({}),
                           {flat, weights({3, in[3]}, 0, 0), bias(3)},
                           {out}});
    last = out;
  }

  ops::Activation any_activation() {
    return rng.below(2) == 0 ? ops::Activation::kNone : ops::Activation::kRelu;
  }

  const Graph& finish() {
    graph.outputs = {last};
    return graph;
  }

  Rng rng;
  Graph graph;
  ValueId last = graph::kNone;
  std::int64_t zero_point = 0;
};

std::int64_t channels(const Graph& graph) {
  std::int64_t sum = 0;
  for (const graph::Node& node : graph.nodes) sum += graph.value(node.outputs[0]).shape.back();
  return sum;
}

/// Runs both graphs on random inputs, with both roundings.
void expect_same_outputs(const Graph& a, const Graph& b, Rng& rng) {
  ASSERT_TRUE(ops::check(b)) << to_text(ops::check(b).error());
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle}) {
    auto first = execute::Executor::create(a, {.rounding = rounding});
    auto second = execute::Executor::create(b, {.rounding = rounding});
    ASSERT_TRUE(first && second);
    for (int run = 0; run < 5; ++run) {
      std::vector<std::uint8_t> input(static_cast<std::size_t>(a.value(a.inputs[0]).byte_count()));
      for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(rng.below(256));
      ASSERT_TRUE(first->run_bytes(input) && second->run_bytes(input));
      const auto expected = first->output(0), found = second->output(0);
      ASSERT_TRUE(std::ranges::equal(expected, found));
    }
  }
}

TEST(FoldConstantChannels, KeepsEveryOutputByteOfRandomChains) {
  std::int64_t before = 0, after = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    Chain chain(seed, {1, 6, 6, 1 + static_cast<std::int32_t>(seed % 5)});
    chain.zero_point = chain.below(3) == 0 ? chain.below(200) - 100 : -128;
    const auto padding = [&] { return chain.rng.below(2) == 0 ? ops::Padding::kSame : ops::Padding::kValid; };
    for (std::uint64_t layers = 1 + chain.rng.below(3); layers > 0; --layers) {
      chain.convolve(1 + chain.below(8), 1 + chain.below(2), padding(), 3);
      if (chain.rng.below(2) == 0) chain.convolve_depthwise(1 + chain.below(2), padding(), 2);
    }
    if (chain.rng.below(2) == 0) chain.pool_all_and_classify();
    const Graph& graph = chain.finish();
    const auto folded = fold_constant_channels(graph);
    ASSERT_TRUE(folded) << to_text(folded.error());
    EXPECT_EQ(folded->value(folded->outputs[0]).shape, graph.value(graph.outputs[0]).shape);
    before += channels(graph);
    after += channels(*folded);
    expect_same_outputs(graph, *folded, chain.rng);
    if (HasFatalFailure()) return;
  }
  EXPECT_LT(after, before * 3 / 4) << "these chains have channels to fold";
}

/// in -> 1x1 to 4 channels, of which channel 1 has no weights -> `kernel` to 2 channels.
Chain one_constant_channel(std::int32_t kernel, ops::Padding padding, std::int32_t constant_bias) {
  Chain chain(1, {1, 5, 5, 3});
  chain.convolve(4, 1, ops::Padding::kValid, 0);
  graph::Node& node = chain.graph.nodes[0];
  node.attributes = ops::conv_2d::to_map({.padding = ops::Padding::kValid});
  for (std::size_t index = 3; index < 6; ++index) chain.graph.value(node.inputs[1]).data[index] = 0;
  node.inputs[2] =
      chain.graph.add(graph::constant<std::int32_t>("b", DType::kInt32, {4}, {10, constant_bias, -20, 30}));
  chain.convolve(2, kernel, padding, 0);
  chain.graph.nodes[1].attributes = ops::conv_2d::to_map({.padding = padding});
  chain.graph.nodes[1].inputs[2] =
      chain.graph.add(graph::constant<std::int32_t>("b", DType::kInt32, {2}, {10, -10}));
  chain.finish();
  return chain;
}

std::int32_t channels_between(const Chain& chain) {
  const auto folded = fold_constant_channels(chain.graph);
  return folded ? folded->value(folded->nodes[0].outputs[0]).shape[3] : -1;
}

TEST(FoldConstantChannels, TakesAConstantIntoTheBiasWhereItContributesTheSameEverywhere) {
  EXPECT_EQ(channels_between(one_constant_channel(1, ops::Padding::kValid, 1000)), 3);
  EXPECT_EQ(channels_between(one_constant_channel(3, ops::Padding::kValid, 1000)), 3);
}

TEST(FoldConstantChannels, KeepsAConstantThatThePaddingDiffersFrom) {
  EXPECT_EQ(channels_between(one_constant_channel(3, ops::Padding::kSame, 1000)), 4);
  EXPECT_EQ(channels_between(one_constant_channel(3, ops::Padding::kSame, 0)), 3)
      << "the zero point, as the padding";
}

TEST(FoldConstantChannels, NeverTouchesAnOutput) {
  Chain chain(1, {1, 4, 4, 2});
  chain.convolve(6, 1, ops::Padding::kValid, 8);
  const auto folded = fold_constant_channels(chain.finish());
  ASSERT_TRUE(folded);
  EXPECT_EQ(folded->value(folded->outputs[0]).shape, (std::vector<std::int32_t>{1, 4, 4, 6}));
}

TEST(FoldConstantChannels, KeepsOneChannelOfAValueThatIsAllConstant) {
  Chain chain(1, {1, 4, 4, 2});
  chain.convolve(6, 1, ops::Padding::kValid, 8);
  chain.convolve(2, 1, ops::Padding::kValid, 0);
  const Graph& graph = chain.finish();
  const auto folded = fold_constant_channels(graph);
  ASSERT_TRUE(folded);
  EXPECT_EQ(folded->value(folded->nodes[0].outputs[0]).shape[3], 1);
  expect_same_outputs(graph, *folded, chain.rng);
}

}  // namespace
}  // namespace mote::compile
