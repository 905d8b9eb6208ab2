// SPDX-License-Identifier: Apache-2.0
#include "ops/kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/conv_2d/kernel.h"
#include "ops/fully_connected/kernel.h"
#include "ops/pool_2d_kernel.h"
#include "ops/quantize/kernel.h"
#include "ops/softmax/kernel.h"
#include "ops/test_graphs.h"

namespace mote::ops {
namespace {

using graph::DType;
using graph::Graph;
using graph::Value;
using testing::HasSubstr;

template <class T>
std::string message(const Result<T>& result) {
  return result ? "" : to_text(result.error());
}

Value int8_value(std::string name, std::vector<std::int32_t> shape, float scale, std::int64_t zero_point) {
  return {std::move(name), DType::kInt8, std::move(shape), graph::Quantization{{scale}, {zero_point}, 0}, {}};
}

/// in [1, 2] -> weights [2, 2] -> out [1, 2].
Graph dense_int8() {
  Graph graph;
  graph.add(int8_value("in", {1, 2}, 0.5f, 3));
  Value weights = graph::constant<std::int8_t>("w", DType::kInt8, {2, 2}, {1, 2, 3, -4});
  weights.quantization = graph::Quantization{{0.25f}, {0}, 0};
  graph.add(std::move(weights));
  graph.add(graph::constant<std::int32_t>("b", DType::kInt32, {2}, {10, 20}));
  graph.add(int8_value("out", {1, 2}, 0.125f, -2));
  graph.nodes.push_back({"fully_connected",
                         to_map(fully_connected::Attributes{.activation = Activation::kRelu6}),
                         {0, 1, 2},
                         {3}});
  graph.inputs = {0};
  graph.outputs = {3};
  return graph;
}

TEST(QuantizedMultiplier, IsTheFactorInThirtyOneBits) {
  const auto form = [](double factor) {
    const Requantization requantization = quantized_multiplier(factor);
    return std::pair(requantization.multiplier, requantization.shift);
  };
  EXPECT_EQ(form(1.0), std::pair(1 << 30, 1));
  EXPECT_EQ(form(0.5), std::pair(1 << 30, 0));
  EXPECT_EQ(form(0.75), std::pair(3 << 29, 0));
  EXPECT_EQ(form(0x1.0p-32), std::pair(1 << 30, -31));
  EXPECT_EQ(form(0x1.0p-33), std::pair(0, 0));
  EXPECT_EQ(form(1.0 - 0x1.0p-40), std::pair(1 << 30, 1));  // rounds up to the next power of two
  EXPECT_EQ(form(0x1.0p31), std::pair(INT32_MAX, 30));
  EXPECT_EQ(form(HUGE_VAL), std::pair(INT32_MAX, 30));
}

TEST(ActivationRange, IsInStepsOfTheOutput) {
  const auto range = [](Activation activation, TensorScale output) {
    const ActivationRange bounds = activation_range(activation, output);
    return std::pair(bounds.least, bounds.most);
  };
  EXPECT_EQ(range(Activation::kNone, {0.1f, 5}), std::pair(-128, 127));
  EXPECT_EQ(range(Activation::kRelu, {0.1f, 5}), std::pair(5, 127));
  EXPECT_EQ(range(Activation::kRelu6, {0.1f, -20}), std::pair(-20, 40));
  EXPECT_EQ(range(Activation::kRelu6, {1e-30f, -128}), std::pair(-128, 127));
}

TEST(FullyConnected, LayerHasTheModelsNumbers) {
  const Graph graph = dense_int8();
  const auto layer = fully_connected::quantized_layer(graph, graph.nodes[0]);
  ASSERT_TRUE(layer) << message(layer);
  EXPECT_EQ(layer->shape.batch, 1);
  EXPECT_EQ(layer->shape.in_features, 2);
  EXPECT_EQ(layer->shape.out_features, 2);
  EXPECT_EQ(layer->shape.input_zero_point, 3);
  EXPECT_EQ(layer->shape.output_zero_point, -2);
  EXPECT_EQ(layer->shape.activation_min, -2);
  EXPECT_EQ(layer->shape.activation_max, 46);  // 6 / 0.125 - 2
  EXPECT_FALSE(layer->shape.per_channel);
  // 0.5 * 0.25 / 0.125 = 1
  EXPECT_EQ(layer->tables.multiplier, std::vector<std::int32_t>{1 << 30});
  EXPECT_EQ(layer->tables.shift, std::vector<std::int8_t>{1});
  // Channel 1: 20 - 3 * (3 - 4) + 128 * (3 + 4)
  EXPECT_EQ(layer->tables.limits.max_abs_accumulator, 919);
}

TEST(FullyConnected, OneScalePerChannelGivesOneMultiplierEach) {
  Graph graph = dense_int8();
  graph.values[1].quantization = graph::Quantization{{0.25f, 0.125f}, {0, 0}, 0};
  const auto layer = fully_connected::quantized_layer(graph, graph.nodes[0]);
  ASSERT_TRUE(layer) << message(layer);
  EXPECT_TRUE(layer->shape.per_channel);
  EXPECT_EQ(layer->tables.shift, (std::vector<std::int8_t>{1, 0}));
}

TEST(Conv2d, OneScaleStillGivesAMultiplierPerChannel) {
  Graph graph = dense_int8();
  graph.values[0].shape = {1, 1, 1, 2};
  graph.values[1].shape = {2, 1, 1, 2};
  graph.values[3].shape = {1, 1, 1, 2};
  graph.nodes[0] = {"conv_2d", to_map(conv_2d::Attributes{}), {0, 1}, {3}};
  const auto layer = conv_2d::quantized_layer(graph, graph.nodes[0]);
  ASSERT_TRUE(layer) << message(layer);
  EXPECT_EQ(layer->tables.multiplier.size(), 2u);
  EXPECT_TRUE(layer->tables.bias.empty());
}

// TFLite multiplies the two scales in float for a whole tensor, in double for channels; with these the
// products differ (0.03 against 0.030000000447034...), and so do the multipliers.
TEST(Layers, MultiplyScalesAsTheFormatsRuntimesDo) {
  Graph graph = dense_int8();
  graph.values[0].quantization->scale = {0.1f};
  graph.values[1].quantization->scale = {0.3f};
  graph.values[3].quantization->scale = {1.0f};
  const auto tensor = weight_tables(graph, graph.nodes[0], Multipliers::kOnePerTensor);
  const auto channel = weight_tables(graph, graph.nodes[0], Multipliers::kOnePerChannel);
  ASSERT_TRUE(tensor && channel);
  EXPECT_EQ(tensor->multiplier[0], quantized_multiplier(static_cast<double>(0.1f * 0.3f)).multiplier);
  EXPECT_EQ(channel->multiplier[0],
            quantized_multiplier(static_cast<double>(0.1f) * static_cast<double>(0.3f)).multiplier);
  EXPECT_NE(tensor->multiplier[0], channel->multiplier[0]);
}

TEST(Layers, RefuseScalesWithoutSense) {
  const auto with = [](auto change) {
    Graph graph = dense_int8();
    change(graph);
    return message(fully_connected::quantized_layer(graph, graph.nodes[0]));
  };
  EXPECT_THAT(with([](Graph& graph) { graph.values[0].quantization.reset(); }),
              HasSubstr("op fully_connected 'out': input 'in' is int8 but has no scale"));
  EXPECT_THAT(with([](Graph& graph) { graph.values[3].quantization->scale = {1.0f, 2.0f}; }),
              HasSubstr("output 'out' has 2 scales, expected one"));
  EXPECT_THAT(with([](Graph& graph) { graph.values[1].quantization.reset(); }),
              HasSubstr("weights have no scale"));
  EXPECT_THAT(with([](Graph& graph) { graph.values[1].quantization->zero_point = {5}; }),
              HasSubstr("weights have zero point 5, expected 0"));
  EXPECT_THAT(
      with([](Graph& graph) { graph.values[1].quantization = graph::Quantization{{1, 2}, {0, 0}, 1}; }),
      HasSubstr("weights have scales along axis 1, expected 0"));
}

TEST(Pool2d, WantsOneScaleOnBothSides) {
  Graph graph;
  graph.add(int8_value("in", {1, 2, 2, 1}, 0.5f, 3));
  graph.add(int8_value("out", {1, 2, 2, 1}, 0.5f, 3));
  graph.nodes.push_back({"max_pool_2d", to_map(Pool2dAttributes{}), {0}, {1}});
  EXPECT_TRUE(quantized_pool_2d(graph, graph.nodes[0]));
  graph.values[1].quantization->zero_point = {4};
  EXPECT_THAT(message(quantized_pool_2d(graph, graph.nodes[0])),
              HasSubstr("op max_pool_2d 'out': input has scale 0.5 and zero point 3, output 0.5 and 4"));
}

TEST(Softmax, HasOneOutputScale) {
  Graph graph;
  graph.add(int8_value("in", {4, 3}, 0.1f, 3));
  graph.add(int8_value("out", {4, 3}, 1.0f / 256, -128));
  graph.nodes.push_back({"softmax", to_map(softmax::Attributes{}), {0}, {1}});
  const auto shape = softmax::int8_layer(graph, graph.nodes[0]);
  ASSERT_TRUE(shape) << message(shape);
  EXPECT_EQ(shape->rows, 4);
  EXPECT_EQ(shape->depth, 3);
  // 0.1 * 2^26 = 0.8 * 2^23; differences below -31 * 2^3 count for nothing.
  EXPECT_EQ(shape->input_left_shift, 23);
  EXPECT_EQ(shape->diff_min, -248);
  graph.values[1].quantization->scale = {1.0f / 255};
  EXPECT_THAT(message(softmax::int8_layer(graph, graph.nodes[0])),
              HasSubstr("and zero point -128, expected 1/256 and -128"));
  graph.values[1].quantization->scale = {1.0f / 256};
  graph.values[0].quantization->scale = {1e-10f};
  EXPECT_THAT(message(softmax::int8_layer(graph, graph.nodes[0])), HasSubstr("expected at least 2^-26"));
}

TEST(Quantize, RefusesScalesThatAreTooFarApart) {
  const auto shape = quantize::quantize_shape(300, {0x1p-11f, 0}, {0.25f, -2});
  ASSERT_TRUE(shape) << message(shape);
  EXPECT_EQ(shape->multiplier, 1 << 30);
  EXPECT_EQ(shape->shift, -8);
  EXPECT_THAT(message(quantize::quantize_shape(1, {1.0f, 0}, {1e-6f, 0})),
              HasSubstr("the factor must be at most 2^14"));
}

}  // namespace
}  // namespace mote::ops
