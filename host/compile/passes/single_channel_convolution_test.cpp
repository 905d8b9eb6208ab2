// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "compile/passes/passes.h"
#include "core/random.h"
#include "execute/executor.h"
#include "ops/conv_2d/conv_2d.h"

namespace mote::compile {
namespace {

using graph::DType;
using graph::Graph;

constexpr std::int32_t kOutputs = 5;

/// A depthwise convolution of `channels` channels, 3 rows and 2 columns, with `kOutputs` outputs for each.
Graph depthwise(std::int32_t channels) {
  Rng rng(3);
  Graph graph;
  const std::int32_t outputs = channels * kOutputs;
  const auto in =
      graph.add({"in", DType::kInt8, {1, 6, 7, channels}, graph::Quantization{{0.1f}, {4}, 0}, {}});
  std::vector<std::int8_t> weights;
  for (std::int32_t index = 0; index < 6 * outputs; ++index)
    weights.push_back(static_cast<std::int8_t>(static_cast<std::int32_t>(rng.below(255)) - 127));
  graph::Value kernel = graph::constant("w", DType::kInt8, {1, 3, 2, outputs}, weights);
  kernel.quantization =
      graph::Quantization{{}, std::vector<std::int64_t>(static_cast<std::size_t>(outputs), 0), 3};
  for (std::int32_t ch = 0; ch < outputs; ++ch)
    kernel.quantization->scale.push_back(0.01f * static_cast<float>(ch + 1));
  const auto w = graph.add(std::move(kernel));
  const auto b = graph.add(graph::constant<std::int32_t>(
      "b", DType::kInt32, {outputs}, std::vector<std::int32_t>(static_cast<std::size_t>(outputs), 100)));
  const auto out =
      graph.add({"out", DType::kInt8, {1, 3, 4, outputs}, graph::Quantization{{0.9f}, {-7}, 0}, {}});
  ops::conv_2d::Attributes attributes;
  attributes.stride_height = attributes.stride_width = 2;
  graph.nodes.push_back({"depthwise_conv_2d", ops::conv_2d::to_map(attributes), {in, w, b}, {out}});
  graph.inputs = {in};
  graph.outputs = {out};
  return graph;
}

std::vector<std::uint8_t> outputs_of(const Graph& graph) {
  auto executor = execute::Executor::create(graph, {.reference = true}).value();
  Rng rng(9);
  std::vector<std::uint8_t> input(static_cast<std::size_t>(graph.value(graph.inputs[0]).element_count()));
  for (auto& byte : input) byte = static_cast<std::uint8_t>(rng.below(256));
  EXPECT_TRUE(executor.run_bytes(input).has_value());
  const auto bytes = executor.value(graph.outputs[0]);
  return {bytes.begin(), bytes.end()};
}

TEST(SingleChannelConvolution, GivesTheSameBytes) {
  const Graph graph = depthwise(1);
  const Graph changed = single_channel_convolution(graph).value();
  EXPECT_EQ(changed.nodes[0].op, "conv_2d");
  EXPECT_EQ(outputs_of(changed), outputs_of(graph));
}

TEST(SingleChannelConvolution, LeavesMoreChannelsAlone) {
  EXPECT_EQ(single_channel_convolution(depthwise(2)).value().nodes[0].op, "depthwise_conv_2d");
}

}  // namespace
}  // namespace mote::compile
