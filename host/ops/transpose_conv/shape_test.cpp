// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/transpose_conv/transpose_conv.h"

namespace mote::ops::transpose_conv {
namespace {

using graph::DType;
using graph::Graph;
using testing::HasSubstr;
using testing::IsEmpty;

/// From 3 x 4 to 6 x 8, two channels to five.
Graph model() {
  Graph graph;
  graph.add(graph::constant("shape", DType::kInt32, {4}, std::vector<std::int32_t>{1, 6, 8, 5}));
  graph.add(graph::constant("w", DType::kFloat32, {5, 3, 3, 2}, std::vector<float>(90)));
  graph.add({"in", DType::kFloat32, {1, 3, 4, 2}, std::nullopt, {}});
  graph.add({"out", DType::kFloat32, {1, 6, 8, 5}, std::nullopt, {}});
  graph.inputs = {2};
  graph.outputs = {3};
  graph.nodes.push_back(
      {"transpose_conv", to_map(Attributes{.stride_height = 2, .stride_width = 2}), {0, 1, 2}, {3}});
  return graph;
}

template <class Change>
std::string message_of(Change change) {
  Graph graph = model();
  change(graph);
  const auto checked = check(graph);
  return checked ? "" : to_text(checked.error());
}

TEST(TransposeConvShape, IsTheWantedOne) {
  EXPECT_THAT(message_of([](Graph&) {}), IsEmpty());
  EXPECT_THAT(message_of([](Graph& graph) { graph.values[3].shape = {1, 6, 7, 5}; }),
              HasSubstr("output is float32 [1, 6, 7, 5], expected float32 [1, 6, 8, 5]"));
}

TEST(TransposeConvShape, MayBeComputedIfTheDeclaredOneFits) {
  EXPECT_THAT(message_of([](Graph& graph) {
                graph.values[0].data.clear();
                graph.inputs.push_back(0);
                graph.values[3].shape = {1, 5, 7, 5};  // gives 3 x 4 too
              }),
              IsEmpty());
}

TEST(TransposeConvShape, RefusesOperandsThatDoNotFit) {
  const auto wants = [](std::vector<std::int32_t> shape) {
    return message_of([&](Graph& graph) {
      graph.values[0] =
          graph::constant("shape", DType::kInt32, {static_cast<std::int32_t>(shape.size())}, shape);
    });
  };
  EXPECT_THAT(
      wants({1, 7, 8, 5}),
      HasSubstr("op transpose_conv 'out': input is 3 x 4, a convolution of the output 7 x 8 gives 4 x 4"));
  EXPECT_THAT(wants({1, 6, 8, 4}), HasSubstr("output shape is [1, 6, 8, 4], expected [1, row, col, 5]"));
  EXPECT_THAT(wants({1, -6, 8, 5}), HasSubstr("output shape is [1, -6, 8, 5], expected"));
  EXPECT_THAT(wants({6, 8}), HasSubstr("output shape is [6, 8], expected"));
  EXPECT_THAT(message_of([](Graph& graph) { graph.values[2].shape = {1, 3, 4, 3}; }),
              HasSubstr("input has 3 channels, weights expect 2"));
}

}  // namespace
}  // namespace mote::ops::transpose_conv
