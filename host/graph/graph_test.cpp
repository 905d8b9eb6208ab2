// SPDX-License-Identifier: Apache-2.0
#include "graph/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote::graph {
namespace {

using testing::HasSubstr;

/// in [1, 2] -> some_op with weights [2] -> out [1, 2].
Graph sample() {
  Graph graph;
  graph.name = "sample";
  const ValueId in = graph.add({"in", DType::kInt8, {1, 2}, Quantization{{0.5f}, {3}, 0}, {}});
  Value weights = constant<std::int8_t>("w", DType::kInt8, {2}, {1, -2});
  weights.quantization = Quantization{{0.25f, 0.5f}, {0, 0}, 0};
  const ValueId w = graph.add(std::move(weights));
  const ValueId out = graph.add({"out", DType::kInt8, {1, 2}, Quantization{{0.5f}, {3}, 0}, {}});
  graph.nodes.push_back({"some_op", {{"beta", 1.0}, {"mode", std::string("same")}}, {in, w}, {out}});
  graph.inputs = {in};
  graph.outputs = {out};
  graph.metadata.labels = {"punch", "idle"};
  return graph;
}

std::string message(const Graph& graph) {
  const auto result = validate(graph);
  return result ? "" : to_text(result.error());
}

TEST(Graph, AcceptsAWholeGraph) {
  EXPECT_EQ(message(sample()), "");
}

TEST(Graph, CountsElementsAndBytes) {
  const Value value{"x", DType::kInt32, {2, 3}, std::nullopt, {}};
  EXPECT_EQ(value.element_count(), 6);
  EXPECT_EQ(value.byte_count(), 24);
  EXPECT_EQ(elements<float>(constant<float>("c", DType::kFloat32, {2}, {1.5f, -2.0f})),
            (std::vector{1.5f, -2.0f}));
}

TEST(Graph, RefusesABrokenValue) {
  Graph graph = sample();
  graph.values[0].shape = {1, 0};
  EXPECT_THAT(message(graph), HasSubstr("tensor 0 'in': has a dimension of 0, expected at least 1"));
  graph = sample();
  graph.values[0].shape = {1 << 20, 1 << 20};
  EXPECT_THAT(message(graph), HasSubstr("is larger than 1073741824 bytes"));
  graph = sample();
  graph.values[0].shape.assign(9, 1);
  EXPECT_THAT(message(graph), HasSubstr("has 9 dimensions, at most 8 are supported"));
  graph = sample();
  graph.values[1].data.pop_back();
  EXPECT_THAT(message(graph), HasSubstr("tensor 1 'w': holds 1 bytes, its shape [2] of int8 needs 2"));
}

TEST(Graph, RefusesABrokenQuantization) {
  Graph graph = sample();
  graph.values[0].quantization->zero_point = {};
  EXPECT_THAT(message(graph), HasSubstr("has 1 scales and 0 zero points"));
  graph = sample();
  graph.values[1].quantization->axis = 1;
  EXPECT_THAT(message(graph), HasSubstr("has 2 scales along axis 1, its shape is [2]"));
  graph = sample();
  graph.values[0].quantization->scale = {-1.0f};
  EXPECT_THAT(message(graph), HasSubstr("has scale -1, expected a positive number"));
  graph.values[0].quantization->scale = {std::numeric_limits<float>::infinity()};
  EXPECT_THAT(message(graph), HasSubstr("has scale inf"));
  graph = sample();
  graph.values[0].quantization->zero_point = {128};
  EXPECT_THAT(message(graph), HasSubstr("has zero point 128, outside of int8"));
}

TEST(Graph, RefusesABrokenOrder) {
  Graph graph = sample();
  graph.inputs = {};
  EXPECT_THAT(message(graph), HasSubstr("node 0 (some_op): reads tensor 0 'in' before anything writes it"));
  graph = sample();
  graph.inputs = {7};
  EXPECT_THAT(message(graph), HasSubstr("graph input 7 does not exist"));
  graph = sample();
  graph.inputs = {0, 0};
  EXPECT_THAT(message(graph), HasSubstr("listed twice"));
  graph = sample();
  graph.nodes[0].inputs = {0, 9};
  EXPECT_THAT(message(graph), HasSubstr("reads tensor 9, which does not exist"));
  graph = sample();
  graph.nodes[0].outputs = {1};
  EXPECT_THAT(message(graph), HasSubstr("writes tensor 1 'w', which has a value already"));
  graph = sample();
  graph.nodes[0].outputs = {-3};
  EXPECT_THAT(message(graph), HasSubstr("writes tensor -3, which does not exist"));
  graph = sample();
  graph.nodes.clear();
  EXPECT_THAT(message(graph), HasSubstr("graph output 2 is never written"));
}

TEST(ContentHash, IsTheSameForOtherNamesOrderVersionAndDate) {
  const std::string hash = content_hash(sample());
  EXPECT_EQ(hash.size(), 64u);
  Graph graph = sample();
  graph.name = "other";
  for (Value& value : graph.values) value.name += "_renamed";
  graph.metadata.version = "2.0.0";
  graph.metadata.date = "2026-01-01";
  EXPECT_EQ(content_hash(graph), hash);
  std::swap(graph.values[0], graph.values[2]);
  graph.inputs = {2};
  graph.outputs = {0};
  graph.nodes[0].inputs = {2, 1};
  graph.nodes[0].outputs = {0};
  EXPECT_EQ(content_hash(graph), hash);
}

TEST(ContentHash, ChangesWithEachPartOfTheContent) {
  const std::string hash = content_hash(sample());
  const auto differs = [&](auto change) {
    Graph graph = sample();
    change(graph);
    return content_hash(graph) != hash;
  };
  EXPECT_TRUE(differs([](Graph& graph) { graph.values[1].data[0] = 2; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.values[0].shape = {2, 1}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.values[0].quantization->scale = {0.75f}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.values[0].quantization->zero_point = {0}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.nodes[0].op = "other_op"; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.nodes[0].attributes["beta"] = 2.0; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.nodes[0].attributes["mode"] = std::string("valid"); }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.nodes[0].inputs = {1, 0}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.metadata.labels = {"punchidle"}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.metadata.background = "idle"; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.metadata.sensor = project::SensorDescription{}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.metadata.window_samples = 100; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.metadata.features = {{"frame", {{"length_ms", 30}}, ""}}; }));
  EXPECT_TRUE(differs([](Graph& graph) { graph.metadata.normalization.resize(1); }));
}

}  // namespace
}  // namespace mote::graph
