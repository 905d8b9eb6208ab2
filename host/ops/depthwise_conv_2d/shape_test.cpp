// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"

namespace mote::ops::depthwise_conv_2d {
namespace {

using graph::DType;
using graph::Graph;
using testing::HasSubstr;
using testing::IsEmpty;

/// Two channels, multiplier 3, a kernel of 3 x 3.
Graph model() {
  Graph graph;
  graph.add({"in", DType::kFloat32, {1, 5, 4, 2}, std::nullopt, {}});
  graph.add(graph::constant("w", DType::kFloat32, {1, 3, 3, 6}, std::vector<float>(54)));
  graph.add({"out", DType::kFloat32, {1, 3, 2, 6}, std::nullopt, {}});
  graph.inputs = {0};
  graph.outputs = {2};
  graph.nodes.push_back(
      {"depthwise_conv_2d", to_map(Attributes{.padding = Padding::kValid}), {0, 1, graph::kNone}, {2}});
  return graph;
}

template <class Change>
std::string message_of(Change change) {
  Graph graph = model();
  change(graph);
  const auto checked = check(graph);
  return checked ? "" : to_text(checked.error());
}

TEST(DepthwiseConv2dShape, HasTheChannelsOfTheWeights) {
  EXPECT_THAT(message_of([](Graph&) {}), IsEmpty());
}

TEST(DepthwiseConv2dShape, RefusesOperandsThatDoNotFit) {
  EXPECT_THAT(
      message_of([](Graph& graph) { graph.values[0].shape = {1, 5, 4, 4}; }),
      HasSubstr("op depthwise_conv_2d 'out': weights are [1, 3, 3, 6], expected [1, row, col, a multiple of "
                "the input's 4 channels]"));
  EXPECT_THAT(message_of([](Graph& graph) { graph.values[1].shape = {2, 3, 3, 3}; }),
              HasSubstr("weights are [2, 3, 3, 3], expected"));
  EXPECT_THAT(message_of([](Graph& graph) { graph.values[1].shape = {1, 9, 6}; }),
              HasSubstr("weights are [1, 9, 6], expected [1, row, col, out_ch]"));
  EXPECT_THAT(message_of([](Graph& graph) { graph.values[0].shape = {1, 2, 4, 2}; }),
              HasSubstr("a kernel of 3 x 3 with dilation 1 x 1 does not fit into an input of 2 x 4"));
}

}  // namespace
}  // namespace mote::ops::depthwise_conv_2d
