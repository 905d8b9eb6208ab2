// SPDX-License-Identifier: Apache-2.0
#include "quantize/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "execute/executor.h"
#include "ops/test_graphs.h"
#include "tflite/tflite.h"

namespace mote::quantize {
namespace {

using graph::DType;
using graph::Graph;
using ops::test::conv_model;
using ops::test::dense_model;
using testing::HasSubstr;

constexpr std::size_t kWindowElements = 36;

std::vector<float> random_windows(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> items(count * kWindowElements);
  for (float& item : items) item = static_cast<float>(rng.normal());
  return items;
}

std::string message(const Graph& graph, const std::vector<float>& windows) {
  const auto quantized = quantize(graph, windows);
  return quantized ? "" : to_text(quantized.error());
}

TEST(ScaleOfRange, CoversTheRangeAndHitsZeroExactly) {
  const ops::TensorScale scale = scale_of_range(-1.0f, 4.1f);
  EXPECT_FLOAT_EQ(scale.scale, 5.1f / 255);
  EXPECT_EQ(scale.zero_point, -78);
  EXPECT_EQ(scale_of_range(0.0f, 6.0f).zero_point, -128);
  EXPECT_EQ(scale_of_range(-2.0f, 0.0f).zero_point, 127);
}

TEST(ScaleOfRange, WidensToZeroAndToSomething) {
  EXPECT_EQ(scale_of_range(3.0f, 4.0f).zero_point, -128);
  EXPECT_FLOAT_EQ(scale_of_range(3.0f, 4.0f).scale, 4.0f / 255);
  EXPECT_FLOAT_EQ(scale_of_range(0.0f, 0.0f).scale, 1.0f / 255);
}

TEST(Quantize, FollowsTheSpecification) {
  const auto quantized = quantize(conv_model(), random_windows(50, 7));
  ASSERT_TRUE(quantized) << to_text(quantized.error());
  const Graph& graph = quantized->graph;
  for (const graph::Node& node : graph.nodes) {
    const graph::Quantization& in = *graph.value(node.inputs[0]).quantization;
    const graph::Quantization& out = *graph.value(node.outputs[0]).quantization;
    EXPECT_EQ(graph.value(node.outputs[0]).dtype, DType::kInt8);
    if (node.op.ends_with("pool_2d")) {
      EXPECT_EQ(in, out);
    }
    if (node.op == "softmax") {
      EXPECT_EQ(out, (graph::Quantization{{1.0f / 256}, {-128}, 0}));
    }
    if (node.op != "conv_2d" && node.op != "fully_connected") continue;
    const graph::Value& weights = graph.value(node.inputs[1]);
    const graph::Value& bias = graph.value(node.inputs[2]);
    const auto channels = static_cast<std::size_t>(weights.shape[0]);
    EXPECT_EQ(weights.quantization->scale.size(), node.op == "conv_2d" ? channels : 1u);
    EXPECT_EQ(bias.dtype, DType::kInt32);
    for (std::size_t ch = 0; ch < weights.quantization->scale.size(); ++ch) {
      EXPECT_EQ(weights.quantization->zero_point[ch], 0);
      EXPECT_FLOAT_EQ(bias.quantization->scale[ch], in.scale[0] * weights.quantization->scale[ch]);
    }
    const auto items = graph::elements<std::int8_t>(weights);
    EXPECT_EQ(std::ranges::min(items) == -127 || std::ranges::max(items) == 127, true);
    EXPECT_GE(std::ranges::min(items), -127);
  }
}

TEST(Quantize, KeepsNamesAttributesAndMetadata) {
  const Graph source = conv_model();
  const auto quantized = quantize(source, random_windows(5, 7));
  ASSERT_TRUE(quantized);
  EXPECT_EQ(quantized->graph.metadata, source.metadata);
  EXPECT_EQ(quantized->graph.name, source.name);
  EXPECT_EQ(quantized->graph.value(quantized->graph.inputs[0]).name, "window");
  EXPECT_EQ(quantized->graph.value(quantized->graph.outputs[0]).name, "probabilities");
  for (std::size_t node = 0; node < source.nodes.size(); ++node)
    EXPECT_EQ(quantized->graph.nodes[node].attributes, source.nodes[node].attributes);
}

/// Largest difference between the probabilities of the float and the int8 graph over new windows.
double largest_difference(const Graph& source, std::uint64_t seed) {
  const auto quantized = quantize(source, random_windows(200, seed));
  EXPECT_TRUE(quantized) << to_text(quantized.error());
  auto float_executor = execute::Executor::create(source);
  auto int8_executor = execute::Executor::create(quantized->graph);
  const graph::Quantization& in = *quantized->graph.value(quantized->graph.inputs[0]).quantization;
  double largest = 0;
  const std::vector<float> windows = random_windows(100, seed + 1);
  for (std::size_t at = 0; at < windows.size(); at += kWindowElements) {
    std::vector<std::uint8_t> real(kWindowElements * sizeof(float));
    std::vector<std::uint8_t> integers(kWindowElements);
    std::memcpy(real.data(), windows.data() + at, real.size());
    for (std::size_t index = 0; index < kWindowElements; ++index)
      integers[index] = static_cast<std::uint8_t>(static_cast<std::int8_t>(
          std::clamp<long>(std::lround(windows[at + index] / in.scale[0]) + in.zero_point[0], -128, 127)));
    const auto expected = float_executor->run_batch(real);
    const auto actual = int8_executor->run_batch(integers);
    for (std::size_t label = 0; label < 3; ++label) {
      float probability = 0;
      std::memcpy(&probability, expected->data() + label * sizeof(float), sizeof(float));
      const double quantized_probability = (static_cast<std::int8_t>((*actual)[label]) + 128) / 256.0;
      largest = std::max(largest, std::fabs(probability - quantized_probability));
    }
  }
  return largest;
}

// A layer's error is at most half a step of its output plus what its input's half steps and the weights' half
// steps give. With ranges of some units that is below 0.1 before the softmax, whose slope is at most 1/4.
TEST(Quantize, DenseModelComputesTheSameUpToRounding) {
  EXPECT_LT(largest_difference(dense_model(3), 11), 0.05);
}
TEST(Quantize, ConvModelComputesTheSameUpToRounding) {
  EXPECT_LT(largest_difference(conv_model(3), 11), 0.05);
}

TEST(Quantize, AgainGivesTheSameBytes) {
  const auto windows = random_windows(20, 1);
  const auto once = tflite::write(quantize(conv_model(), windows)->graph);
  const auto twice = tflite::write(quantize(conv_model(), windows)->graph);
  ASSERT_TRUE(once && twice);
  EXPECT_EQ(*once, *twice);
  const auto back = tflite::read(*once, "model_int8.tflite");
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(tflite::write(*back).value(), *once);
}

TEST(Quantize, WeightsOfZeroKeepTheirBias) {
  Graph source = dense_model();
  graph::Value& weights = source.value(source.nodes[2].inputs[1]);
  std::ranges::fill(weights.data, 0);
  graph::Value& bias = source.value(source.nodes[2].inputs[2]);
  bias = graph::constant<float>(bias.name, DType::kFloat32, {3}, {1.0f, -0.25f, 0.5f});
  const auto quantized = quantize(source, random_windows(5, 1));
  ASSERT_TRUE(quantized) << to_text(quantized.error());
  auto executor = execute::Executor::create(quantized->graph);
  const auto result = executor->run_batch(std::vector<std::uint8_t>(kWindowElements));
  // softmax(1, -0.25, 0.5) = 0.527, 0.151, 0.320 in steps of 1/256, within two steps of it
  EXPECT_NEAR(static_cast<std::int8_t>((*result)[0]) + 128, 134.9, 2);
  EXPECT_NEAR(static_cast<std::int8_t>((*result)[1]) + 128, 38.7, 2);
  EXPECT_NEAR(static_cast<std::int8_t>((*result)[2]) + 128, 81.8, 2);
}

TEST(Quantize, ADeadLayerIsNoProblem) {
  Graph source = dense_model();
  graph::Value& bias = source.value(source.nodes[0].inputs[2]);
  bias = graph::constant(bias.name, DType::kFloat32, bias.shape, std::vector<float>(16, -1e6f));
  const auto quantized = quantize(source, random_windows(5, 1));
  ASSERT_TRUE(quantized) << to_text(quantized.error());
  EXPECT_EQ(quantized->tensors[1].maximum, 0.0f);
}

TEST(Quantize, AConstantOfTwoNodesIsMadeForEach) {
  Graph source = ops::test::ModelBuilder({1, 1, 12, 3}, 1)
                     .fully_connected(16, {})
                     .fully_connected(16, {})
                     .fully_connected(16, {})
                     .finish();
  source.nodes[2].inputs[1] = source.nodes[1].inputs[1];
  source.nodes[2].inputs[2] = source.nodes[1].inputs[2];
  const auto quantized = quantize(source, random_windows(5, 1));
  ASSERT_TRUE(quantized) << to_text(quantized.error());
  for (const std::size_t layer : {1u, 2u}) {
    const graph::Node& node = quantized->graph.nodes[layer];
    const auto scale = [&](std::size_t operand) {
      return quantized->graph.value(node.inputs[operand]).quantization->scale[0];
    };
    EXPECT_EQ(scale(2), scale(0) * scale(1)) << "layer " << layer;
  }
}

TEST(Quantize, RefusesWhatItCannotCalibrate) {
  EXPECT_THAT(message(dense_model(), {}),
              HasSubstr("0 values for calibration, expected a positive multiple of 36"));
  EXPECT_THAT(message(dense_model(), std::vector<float>(37)), HasSubstr("37 values for calibration"));
  std::vector<float> windows = random_windows(2, 1);
  windows[40] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(
      message(dense_model(), windows),
      AllOf(HasSubstr("tensor 'window' has values that are not finite"), HasSubstr("training diverged")));
}

TEST(Quantize, RefusesAModelThatIsNotFloat) {
  const auto quantized = quantize(dense_model(), random_windows(5, 1));
  ASSERT_TRUE(quantized);
  EXPECT_THAT(message(quantized->graph, random_windows(5, 1)),
              HasSubstr("the model's input is int8, expected float32"));
  Graph two = dense_model();
  two.inputs.push_back(two.outputs[0]);
  EXPECT_THAT(message(two, random_windows(5, 1)), HasSubstr("the model has 2 inputs, expected 1"));
}

TEST(Quantize, RefusesWeightsThatAreNotFinite) {
  Graph source = dense_model();
  graph::Value& weights = source.value(source.nodes[3 - 1].inputs[1]);
  auto items = graph::elements<float>(weights);
  // An infinity that relu hides from the ranges: the last layer sees zeros only where layer 1 is dead.
  items[0] = std::numeric_limits<float>::infinity();
  weights = graph::constant(weights.name, DType::kFloat32, weights.shape, items);
  EXPECT_THAT(message(source, random_windows(5, 1)), HasSubstr("not finite"));
}

TEST(Quantize, RefusesAnOperatorWithoutTheAspect) {
  Graph source = dense_model();
  const auto out = source.add({"q", DType::kInt8, {1, 3}, graph::Quantization{{1.0f}, {0}, 0}, {}});
  source.nodes.push_back({"quantize", {}, {source.outputs[0]}, {out}});
  source.outputs = {out};
  EXPECT_THAT(message(source, random_windows(5, 1)), HasSubstr("op quantize 'q': cannot be quantised"));
}

TEST(Quantize, FactsSayWhatCalibrationSaw) {
  const auto quantized = quantize(dense_model(), random_windows(5, 1));
  ASSERT_TRUE(quantized);
  const Json facts = to_json(*quantized);
  EXPECT_EQ(facts["calibration_windows"], 5);
  ASSERT_EQ(facts["tensors"].size(), 5u);
  EXPECT_EQ(facts["tensors"][0]["name"], "window");
  EXPECT_EQ(facts["tensors"][4]["zero_point"], -128);
  EXPECT_LT(facts["tensors"][0]["minimum"], facts["tensors"][0]["maximum"]);
}

}  // namespace
}  // namespace mote::quantize
