// SPDX-License-Identifier: Apache-2.0
// The official TensorFlow Lite runtime (2.9) accepts the model files that Mote writes, and computes the same.
// Its integer kernels round once where the reference rounds twice, and so a result may be one step off; its
// float kernels add in another order.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "execute/executor.h"
#include "ops/test_graphs.h"
#include "quantize/quantize.h"
#include "support/require.h"
#include "tflite/tflite.h"
#include "tflite_runtime.h"

namespace mote {
namespace {

using graph::Graph;

constexpr std::size_t kElements = 36;
constexpr int kWindows = 500;

std::vector<float> random_windows(std::size_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> items(count * kElements);
  for (float& item : items) item = static_cast<float>(rng.normal());
  return items;
}

std::vector<std::uint8_t> random_bytes(std::size_t count, Rng& rng) {
  std::vector<std::uint8_t> bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(rng.below(256));
  return bytes;
}

std::vector<float> floats_of(std::span<const std::uint8_t> bytes) {
  std::vector<float> items(bytes.size() / sizeof(float));
  std::memcpy(items.data(), bytes.data(), bytes.size());
  return items;
}

float magnitude(const std::vector<float>& items) {
  float largest = 0;
  for (const float item : items) largest = std::max(largest, std::fabs(item));
  return largest;
}

/// How far two float executions of the graph may be apart that only differ in the order of their sums and in
/// their exponential function, for the values that `executor` holds. A sum of n products and a bias differs
/// from the exact one by at most (n + 1) * 2^-24 * sum of magnitudes; a layer passes on the error of its
/// input times the sum of its weights' magnitudes; the slope of softmax is at most 1/4 per input, its own
/// error (depth + 6) * 2^-23.
double float_bound(const Graph& graph, const execute::Executor& executor) {
  double error = 0;
  for (const graph::Node& node : graph.nodes) {
    const double largest_input = magnitude(floats_of(executor.value(node.inputs[0])));
    if (node.op == "softmax") {
      const double depth = graph.value(node.inputs[0]).shape.back();
      error = error * depth / 4 + 2 * (depth + 6) * 0x1p-23;
    } else if (node.inputs.size() > 1) {
      const graph::Value& weights = graph.value(node.inputs[1]);
      const auto items = graph::elements<float>(weights);
      const std::size_t fan_in = items.size() / static_cast<std::size_t>(weights.shape[0]);
      double gain = 0;
      for (std::size_t at = 0; at < items.size(); at += fan_in) {
        double sum = 0;
        for (std::size_t k = 0; k < fan_in; ++k) sum += std::fabs(items[at + k]);
        gain = std::max(gain, sum);
      }
      const double bias = magnitude(graph::elements<float>(graph.value(node.inputs[2])));
      error = gain * error + 2 * static_cast<double>(fan_in + 1) * 0x1p-24 * (gain * largest_input + bias);
    } else {
      error += 2 * 16 * 0x1p-24 * largest_input;  // a mean of fewer than 16 elements
    }
  }
  return error;
}

class OfficialRuntime : public testing::TestWithParam<const char*> {
 protected:
  static Graph float_model() {
    return std::string(GetParam()) == "dense" ? ops::test::dense_model(5) : ops::test::conv_model(5);
  }
};

TEST_P(OfficialRuntime, RunsTheFloatModelWithinTheBoundOfItsSums) {
  const auto library = test::official_runtime();
  MOTE_REQUIRE_OR_SKIP(library, "TensorFlow Lite's C library: scripts/install-interop, or MOTE_TFLITE_C");
  const Graph graph = float_model();
  const auto file = tflite::write(graph);
  ASSERT_TRUE(file);
  auto official = test::OfficialInterpreter::create(*library, *file);
  ASSERT_TRUE(official) << to_text(official.error());
  auto executor = execute::Executor::create(graph);
  ASSERT_TRUE(executor);
  double largest = 0;
  for (int window = 0; window < kWindows; ++window) {
    const std::vector<float> input = random_windows(1, static_cast<std::uint64_t>(window));
    const auto bytes =
        std::span(reinterpret_cast<const std::uint8_t*>(input.data()), input.size() * sizeof(float));
    const auto expected = official->run(bytes);
    const auto actual = executor->run_batch(bytes);
    ASSERT_TRUE(expected && actual);
    const double bound = float_bound(graph, *executor);
    for (std::size_t label = 0; label < 3; ++label) {
      const double difference = std::fabs(floats_of(*expected)[label] - floats_of(*actual)[label]);
      largest = std::max(largest, difference);
      ASSERT_LE(difference, bound) << "window " << window;
    }
  }
  fmt::print("float32 {}: {} windows, largest difference {:.2g}\n", GetParam(), kWindows, largest);
}

TEST_P(OfficialRuntime, RunsTheInt8ModelToTheSameStep) {
  const auto library = test::official_runtime();
  MOTE_REQUIRE_OR_SKIP(library, "TensorFlow Lite's C library: scripts/install-interop, or MOTE_TFLITE_C");
  const auto quantized = quantize::quantize(float_model(), random_windows(200, 9));
  ASSERT_TRUE(quantized) << to_text(quantized.error());
  const auto file = tflite::write(quantized->graph);
  ASSERT_TRUE(file);
  auto official = test::OfficialInterpreter::create(*library, *file);
  ASSERT_TRUE(official) << to_text(official.error());
  auto executor = execute::Executor::create(quantized->graph);
  ASSERT_TRUE(executor);
  Rng rng(17);
  int equal = 0;
  int same_class = 0;
  for (int window = 0; window < kWindows; ++window) {
    const std::vector<std::uint8_t> input = random_bytes(kElements, rng);
    const auto expected = official->run(input);
    const auto actual = executor->run_batch(input);
    ASSERT_TRUE(expected && actual);
    const auto* theirs = reinterpret_cast<const std::int8_t*>(expected->data());
    const auto* ours = reinterpret_cast<const std::int8_t*>(actual->data());
    for (std::size_t label = 0; label < 3; ++label) {
      equal += theirs[label] == ours[label];
      EXPECT_LE(std::abs(theirs[label] - ours[label]), 1) << "window " << window;
    }
    same_class += std::max_element(theirs, theirs + 3) - theirs == std::max_element(ours, ours + 3) - ours;
  }
  fmt::print("int8 {}: {} of {} bytes equal, {} of {} windows the same class\n", GetParam(), equal,
             3 * kWindows, same_class, kWindows);
}

INSTANTIATE_TEST_SUITE_P(Models, OfficialRuntime, testing::Values("dense", "conv"));

}  // namespace
}  // namespace mote
