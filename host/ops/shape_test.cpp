// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/spatial.h"
#include "ops/test_graphs.h"

namespace mote::ops {
namespace {

using graph::DType;
using graph::Graph;
using graph::Value;
using test::conv_model;
using test::dense_model;
using testing::HasSubstr;
using testing::IsEmpty;

std::string message(const Graph& graph) {
  const auto checked = check(graph);
  return checked ? "" : to_text(checked.error());
}

/// The message about `source` after a change to it.
template <class Change>
std::string message_of(Graph source, Change change) {
  change(source);
  return message(source);
}

Value& operand(Graph& graph, std::size_t node, std::size_t index) {
  return graph.value(graph.nodes[node].inputs[index]);
}

TEST(PlaceWindow, FollowsTheRuleOfTheFormat) {
  const auto place = [](SpatialAxis axis, Padding padding) {
    const SpatialExtent extent = place_window(axis, padding);
    return std::pair(extent.out, extent.pad_before);
  };
  EXPECT_EQ(place({5, 3, 1}, Padding::kValid), std::pair(3, 0));
  EXPECT_EQ(place({5, 3, 1}, Padding::kSame), std::pair(5, 1));
  EXPECT_EQ(place({6, 3, 2}, Padding::kSame), std::pair(3, 0));  // one zero is missing, it comes after
  EXPECT_EQ(place({7, 3, 2}, Padding::kSame), std::pair(4, 1));
  EXPECT_EQ(place({9, 3, 1, 3}, Padding::kValid), std::pair(3, 0));
  EXPECT_EQ(place({9, 3, 1, 3}, Padding::kSame), std::pair(9, 3));
  EXPECT_EQ(place({2, 3, 1}, Padding::kValid), std::pair(0, 0));
}

TEST(Check, AcceptsWholeModels) {
  EXPECT_EQ(message(dense_model()), "");
  EXPECT_EQ(message(conv_model()), "");
}

TEST(Check, RefusesAnUnknownOperator) {
  EXPECT_THAT(message_of(dense_model(), [](Graph& graph) { graph.nodes[0].op = "densest"; }),
              AllOf(HasSubstr("op densest 'fully_connected_0' is not supported"),
                    HasSubstr("supported are add_n, arg_min_max, average_pool_2d, batch_matmul, binary, ")));
}

TEST(Check, RefusesADeclaredOutputThatIsNotTheInferredOne) {
  EXPECT_THAT(
      message_of(dense_model(), [](Graph& graph) { graph.value(graph.nodes[0].outputs[0]).shape = {1, 17}; }),
      HasSubstr(
          "op fully_connected 'fully_connected_0': output is float32 [1, 17], expected float32 [1, 16]"));
  EXPECT_THAT(message_of(dense_model(),
                         [](Graph& graph) { graph.value(graph.nodes[0].outputs[0]).dtype = DType::kInt32; }),
              HasSubstr("output is int32 [1, 16], expected float32 [1, 16]"));
}

TEST(Attributes, AreReadStrictly) {
  const auto with = [](auto change) {
    return message_of(conv_model(), [&](Graph& graph) { change(graph.nodes[0].attributes); });
  };
  EXPECT_THAT(with([](AttributeMap& map) { map.erase("padding"); }),
              HasSubstr("op conv_2d 'conv_2d_0': attribute 'padding' is missing"));
  EXPECT_THAT(with([](AttributeMap& map) { map["padding"] = std::string("full"); }),
              HasSubstr("attribute 'padding' is 'full', expected one of same, valid"));
  EXPECT_THAT(with([](AttributeMap& map) { map["activation"] = std::int64_t{1}; }),
              HasSubstr("attribute 'activation' is '?', expected one of none, relu, relu6"));
  EXPECT_THAT(with([](AttributeMap& map) { map["stride_width"] = std::int64_t{0}; }),
              HasSubstr("attribute 'stride_width' is 0, expected 1 ... 32768"));
  EXPECT_THAT(with([](AttributeMap& map) { map["stride_width"] = 1.0; }),
              HasSubstr("attribute 'stride_width' is no integer"));
  EXPECT_THAT(with([](AttributeMap& map) { map["groups"] = std::int64_t{1}; }),
              HasSubstr("has 7 attributes, expected 6"));
}

TEST(FullyConnected, ShapeFlattensOrKeepsDimensions) {
  Graph graph = dense_model();
  graph.nodes[0].attributes["keep_dimensions"] = std::int64_t{1};
  EXPECT_THAT(message(graph), HasSubstr("input is [1, 1, 12, 3], weights expect 36 features"));
  operand(graph, 0, 1) = graph::constant("w", DType::kFloat32, {16, 3}, std::vector<float>(48));
  EXPECT_THAT(message(graph), HasSubstr("output is float32 [1, 16], expected float32 [1, 1, 12, 16]"));
}

TEST(FullyConnected, RefusesOperandsThatDoNotFit) {
  const auto with = [](auto change) { return message_of(dense_model(), change); };
  EXPECT_THAT(
      with([](Graph& graph) { graph.value(0).shape = {1, 35}; }),
      HasSubstr("op fully_connected 'fully_connected_0': input is [1, 35], weights expect 36 features"));
  EXPECT_THAT(with([](Graph& graph) { operand(graph, 0, 1).shape = {16, 36, 1}; }),
              HasSubstr("weights are [16, 36, 1], expected [out_features, in_features]"));
  EXPECT_THAT(with([](Graph& graph) { operand(graph, 0, 2) = operand(graph, 1, 2); }),
              HasSubstr("bias is float32 [8], expected float32 [16]"));
  EXPECT_THAT(with([](Graph& graph) { graph.nodes[0].inputs = {0}; }),
              HasSubstr("has 1 inputs, expected 2 to 3"));
  EXPECT_THAT(with([](Graph& graph) { graph.nodes[0].inputs[1] = graph::kNone; }),
              HasSubstr("input 1 is left out"));
  EXPECT_THAT(with([](Graph& graph) { graph.nodes[0].inputs[1] = 0; }),
              HasSubstr("weights are [1, 1, 12, 3], expected"));
  EXPECT_THAT(with([](Graph& graph) {
                operand(graph, 0, 1) =
                    graph::constant("w", DType::kInt8, {16, 36}, std::vector<std::int8_t>(576));
              }),
              HasSubstr("float32 input with int8 weights that have no scale"));
  EXPECT_THAT(with([](Graph& graph) {
                graph.inputs.push_back(graph.nodes[0].inputs[1]);
                operand(graph, 0, 1).data.clear();
              }),
              IsEmpty());  // a product of two matrices
  EXPECT_THAT(with([](Graph& graph) {
                graph.inputs.push_back(graph.nodes[0].inputs[1]);
                operand(graph, 0, 1).data.clear();
                operand(graph, 0, 1).dtype = DType::kInt8;
              }),
              HasSubstr("float32 input with computed int8 weights is not supported"));
  EXPECT_THAT(with([](Graph& graph) {
                graph.inputs.push_back(graph.nodes[0].inputs[2]);
                operand(graph, 0, 2).data.clear();
              }),
              HasSubstr("bias is computed, expected a constant"));
}

TEST(Conv2d, RefusesOperandsThatDoNotFit) {
  const auto with = [](auto change) { return message_of(conv_model(), change); };
  EXPECT_THAT(with([](Graph& graph) { graph.value(0).shape = {12, 3}; }),
              HasSubstr("op conv_2d 'conv_2d_0': input is [12, 3], expected [batch, row, col, ch]"));
  EXPECT_THAT(with([](Graph& graph) { operand(graph, 0, 1).shape = {8, 9}; }),
              HasSubstr("weights are [8, 9], expected [out_ch, row, col, in_ch]"));
  EXPECT_THAT(with([](Graph& graph) {
                operand(graph, 0, 1) =
                    graph::constant("w", DType::kFloat32, {8, 1, 3, 2}, std::vector<float>(48));
              }),
              HasSubstr("op conv_2d 'conv_2d_0': input has 3 channels, weights expect 2"));
  EXPECT_THAT(with([](Graph& graph) {
                operand(graph, 0, 1) =
                    graph::constant("w", DType::kFloat32, {8, 1, 3, 1}, std::vector<float>(24));
              }),
              HasSubstr("8 output channels do not divide into 3 groups"));
  EXPECT_THAT(with([](Graph& graph) {
                graph.inputs.push_back(graph.nodes[0].inputs[1]);
                operand(graph, 0, 1).data.clear();
              }),
              HasSubstr("weights are computed, expected a constant"));
  EXPECT_THAT(with([](Graph& graph) {
                graph.nodes[0].attributes["padding"] = std::string("valid");
                graph.nodes[0].attributes["dilation_width"] = std::int64_t{6};
              }),
              HasSubstr("a kernel of 1 x 3 with dilation 1 x 6 does not fit into an input of 1 x 12"));
  EXPECT_THAT(with([](Graph& graph) {
                operand(graph, 0, 1) =
                    graph::constant("w", DType::kFloat32, {8, 1, 600, 3}, std::vector<float>(14400));
                graph.nodes[0].attributes["dilation_width"] = std::int64_t{32768};
              }),
              HasSubstr("the dilated kernel reaches over more than 16777216 elements"));
}

TEST(Pool2d, RefusesOperandsThatDoNotFit) {
  const auto with = [](auto change) { return message_of(conv_model(), change); };
  EXPECT_THAT(
      with([](Graph& graph) { graph.nodes[1].attributes["window_width"] = std::int64_t{13}; }),
      HasSubstr("op max_pool_2d 'max_pool_2d_1': a window of 1 x 13 does not fit into an input of 1 x 12"));
  EXPECT_THAT(with([](Graph& graph) { graph.nodes[3].attributes["window_height"] = std::int64_t{2}; }),
              HasSubstr("op average_pool_2d 'average_pool_2d_3': a window of 2 x 4 does not fit"));
  Graph flat = dense_model();
  flat.nodes[3] = {"max_pool_2d", to_map(Pool2dAttributes{}), flat.nodes[3].inputs, flat.nodes[3].outputs};
  EXPECT_THAT(message(flat), HasSubstr("input is [1, 3], expected [batch, row, col, ch]"));
}

TEST(Softmax, RefusesOperandsThatDoNotFit) {
  const auto with = [](auto change) { return message_of(dense_model(), change); };
  EXPECT_THAT(with([](Graph& graph) { graph.nodes[3].attributes["beta"] = 0.0; }),
              HasSubstr("op softmax 'probabilities': attribute 'beta' is 0, expected above 0"));
  EXPECT_THAT(with([](Graph& graph) { graph.nodes[3].attributes["beta"] = std::string("1"); }),
              HasSubstr("attribute 'beta' is no number"));
  Graph scalar;
  scalar.add({"in", DType::kFloat32, {}, std::nullopt, {}});
  scalar.add({"out", DType::kFloat32, {}, std::nullopt, {}});
  scalar.nodes.push_back({"softmax", to_map(softmax::Attributes{}), {0}, {1}});
  scalar.inputs = {0};
  scalar.outputs = {1};
  EXPECT_THAT(message(scalar), HasSubstr("input is a scalar"));
  scalar.values[0].dtype = DType::kInt16;
  EXPECT_THAT(message(scalar),
              HasSubstr("int16 to float32 is not supported, expected float32, int8 or int16 for both"));
}

TEST(Quantize, RefusesTypesItDoesNotJoin) {
  Graph graph;
  graph.add({"in", DType::kInt16, {1, 3}, graph::Quantization{{1.0f}, {0}, 0}, {}});
  graph.add({"out", DType::kInt8, {1, 3}, graph::Quantization{{1.0f}, {0}, 0}, {}});
  graph.nodes.push_back({"quantize", {}, {0}, {1}});
  graph.inputs = {0};
  graph.outputs = {1};
  EXPECT_EQ(message(graph), "");
  graph.values[1].dtype = DType::kBool;
  EXPECT_THAT(message(graph), HasSubstr("op quantize 'out': int16 to bool is not supported"));
  graph.nodes[0].attributes["beta"] = 1.0;
  EXPECT_THAT(message(graph), HasSubstr("has 1 attributes, expected 0"));
}

}  // namespace
}  // namespace mote::ops
