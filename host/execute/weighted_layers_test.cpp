// SPDX-License-Identifier: Apache-2.0
// Layers with weights in all their types, from a graph to numbers that can be checked by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "execute/executor.h"
#include "ops/batch_matmul/batch_matmul.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/depthwise_conv_2d/depthwise_conv_2d.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/transpose_conv/transpose_conv.h"

namespace mote::execute {
namespace {

using graph::DType;
using graph::Graph;
using graph::Quantization;
using testing::ElementsAre;

/// One node with the values that are added to it; its output comes last.
struct OneNode {
  Graph graph;
  std::vector<graph::ValueId> inputs;

  OneNode& computed(DType type, std::vector<std::int32_t> shape,
                    std::optional<Quantization> quantization = {}) {
    inputs.push_back(graph.add(
        {"in" + std::to_string(inputs.size()), type, std::move(shape), std::move(quantization), {}}));
    graph.inputs.push_back(inputs.back());
    return *this;
  }
  template <class T>
  OneNode& constant(DType type, std::vector<std::int32_t> shape, const std::vector<T>& items,
                    std::optional<Quantization> quantization = {}) {
    graph::Value value =
        graph::constant<T>("c" + std::to_string(inputs.size()), type, std::move(shape), items);
    value.quantization = std::move(quantization);
    inputs.push_back(graph.add(std::move(value)));
    return *this;
  }
  Graph node(std::string op, ops::AttributeMap attributes, DType type, std::vector<std::int32_t> shape,
             std::optional<Quantization> quantization = {}) {
    graph.outputs = {graph.add({"out", type, std::move(shape), std::move(quantization), {}})};
    graph.nodes.push_back({std::move(op), std::move(attributes), inputs, graph.outputs});
    return graph;
  }
};

std::optional<Quantization> scale(float value, std::int64_t zero_point = 0) {
  return Quantization{{value}, {zero_point}, 0};
}

/// The output for one input, by the best variants and by the references, which have to agree.
template <class T>
std::vector<T> output_of(const Graph& graph, const std::vector<T>& input, LowerOptions options = {}) {
  std::vector<T> results[2];
  for (const bool reference : {false, true}) {
    options.reference = reference;
    auto executor = Executor::create(graph, options);
    EXPECT_TRUE(executor) << to_text(executor.error());
    if (!executor) return {};
    const auto ran =
        executor->run_bytes({reinterpret_cast<const std::uint8_t*>(input.data()), input.size() * sizeof(T)});
    EXPECT_TRUE(ran) << to_text(ran.error());
    const auto bytes = executor->output(0);
    results[reference ? 1 : 0].resize(bytes.size() / sizeof(T));
    std::memcpy(results[reference ? 1 : 0].data(), bytes.data(), bytes.size());
  }
  EXPECT_EQ(results[0], results[1]);
  return results[0];
}

TEST(WeightedLayers, RoundAsAskedFor) {
  // 13 / 4 rounded twice is 7 / 2 and 4, rounded once 3.
  const Graph graph =
      OneNode()
          .computed(DType::kInt8, {1, 1}, scale(1.0f))
          .constant<std::int8_t>(DType::kInt8, {1, 1}, {1}, scale(0.25f))
          .node("fully_connected", ops::fully_connected::to_map({}), DType::kInt8, {1, 1}, scale(1.0f));
  EXPECT_THAT(output_of<std::int8_t>(graph, {13}), ElementsAre(4));
  EXPECT_THAT(output_of<std::int8_t>(graph, {13}, {.rounding = Rounding::kSingle}), ElementsAre(3));
}

TEST(WeightedLayers, HaveInt16ActivationsWithBiasesOfBothWidths) {
  // 3 * 1000 - 2 * 500 + bias, times 0.5; relu6 with scale 0.005 cuts at 1200.
  const auto graph = [](auto bias, DType type) {
    return OneNode()
        .computed(DType::kInt16, {1, 1, 1, 2}, scale(0.01f))
        .constant<std::int8_t>(DType::kInt8, {1, 1, 1, 2}, {3, -2}, scale(0.25f))
        .constant(type, {1}, bias)
        .node("conv_2d", ops::conv_2d::to_map({.activation = ops::Activation::kRelu6}), DType::kInt16,
              {1, 1, 1, 1}, scale(0.005f));
  };
  EXPECT_THAT(output_of<std::int16_t>(graph(std::vector<std::int64_t>{100}, DType::kInt64), {1000, 500}),
              ElementsAre(1050));
  EXPECT_THAT(output_of<std::int16_t>(graph(std::vector<std::int32_t>{100}, DType::kInt32), {1000, 500}),
              ElementsAre(1050));
  EXPECT_THAT(output_of<std::int16_t>(graph(std::vector<std::int64_t>{1000}, DType::kInt64), {1000, 500}),
              ElementsAre(1200));
}

TEST(WeightedLayers, DequantiseInt8WeightsOfFloatActivations) {
  const Graph dense = OneNode()
                          .computed(DType::kFloat32, {1, 2})
                          .constant<std::int8_t>(DType::kInt8, {2, 2}, {1, 2, -3, 4}, scale(0.5f))
                          .constant<float>(DType::kFloat32, {2}, {10, 20})
                          .node("fully_connected", ops::fully_connected::to_map({}), DType::kFloat32, {1, 2});
  EXPECT_THAT(output_of<float>(dense, {3, 5}), ElementsAre(16.5f, 25.5f));
  const Graph depthwise =
      OneNode()
          .computed(DType::kFloat32, {1, 1, 1, 2})
          .constant<std::int8_t>(DType::kInt8, {1, 1, 1, 4}, {1, 2, 3, 4},
                                 Quantization{{1.0f, 2.0f, 0.5f, 0.25f}, {0, 0, 0, 0}, 3})
          .node("depthwise_conv_2d", ops::conv_2d::to_map({}), DType::kFloat32, {1, 1, 1, 4});
  EXPECT_THAT(output_of<float>(depthwise, {3, 5}), ElementsAre(3.0f, 12.0f, 7.5f, 5.0f));
}

TEST(WeightedLayers, MultiplyByWeightsThatAreComputed) {
  // (3 - 1) * (1 + 1) + (5 - 1) * (2 + 1) + 10 = 26, (3 - 1) * (-3 + 1) + (5 - 1) * (4 + 1) + 20 = 36,
  // minus 2.
  const Graph graph =
      OneNode()
          .computed(DType::kInt8, {1, 2}, scale(1.0f, 1))
          .computed(DType::kInt8, {2, 2}, scale(1.0f, -1))
          .constant<std::int32_t>(DType::kInt32, {2}, {10, 20})
          .node("fully_connected", ops::fully_connected::to_map({}), DType::kInt8, {1, 2}, scale(1.0f, -2));
  EXPECT_THAT(output_of<std::int8_t>(graph, {3, 5, 1, 2, -3, 4}), ElementsAre(24, 34));
}

TEST(WeightedLayers, MultiplyMatricesOfWhichOneIsConstant) {
  const ops::AttributeMap transposed =
      ops::batch_matmul::to_map({.left_transposed = false, .right_transposed = true});
  const Graph floats = OneNode()
                           .computed(DType::kFloat32, {2, 1, 2})
                           .constant<float>(DType::kFloat32, {2, 2}, {1, 2, 3, 4})
                           .node("batch_matmul", transposed, DType::kFloat32, {2, 1, 2});
  EXPECT_THAT(output_of<float>(floats, {1, 10, 2, 20}), ElementsAre(21, 43, 42, 86));
  const Graph ints = OneNode()
                         .computed(DType::kInt16, {1, 2}, scale(0.5f))
                         .constant<std::int16_t>(DType::kInt16, {2, 2}, {1, 2, 3, 4}, scale(0.5f))
                         .node("batch_matmul", transposed, DType::kInt16, {1, 2}, scale(1.0f));
  EXPECT_THAT(output_of<std::int16_t>(ints, {100, 1000}), ElementsAre(525, 1075));
}

TEST(WeightedLayers, ScatterFromAnInputThatIsNotTheFirst) {
  const Graph graph =
      OneNode()
          .constant<std::int32_t>(DType::kInt32, {4}, {1, 1, 5, 1})
          .constant<float>(DType::kFloat32, {1, 1, 3, 1}, {1, 2, 3})
          .computed(DType::kFloat32, {1, 1, 2, 1})
          .constant<float>(DType::kFloat32, {1}, {0.5f})
          .node("transpose_conv",
                ops::transpose_conv::to_map({.padding = ops::Padding::kValid, .stride_width = 2}),
                DType::kFloat32, {1, 1, 5, 1});
  EXPECT_THAT(output_of<float>(graph, {10, 20}), ElementsAre(10.5f, 20.5f, 50.5f, 40.5f, 60.5f));
}

TEST(WeightedLayers, PoolInt16AndTheRootOfSquares) {
  const ops::AttributeMap window =
      ops::to_map(ops::Pool2dAttributes{.padding = ops::Padding::kValid, .window_width = 2});
  const Graph mean = OneNode()
                         .computed(DType::kInt16, {1, 1, 2, 1}, scale(1.0f))
                         .node("average_pool_2d", window, DType::kInt16, {1, 1, 1, 1}, scale(1.0f));
  EXPECT_THAT(output_of<std::int16_t>(mean, {30000, 20001}), ElementsAre(25001));
  const Graph root = OneNode()
                         .computed(DType::kFloat32, {1, 1, 2, 1})
                         .node("l2_pool_2d", window, DType::kFloat32, {1, 1, 1, 1});
  EXPECT_THAT(output_of<float>(root, {1.0f, 7.0f}), ElementsAre(5.0f));
}

}  // namespace
}  // namespace mote::execute
