// SPDX-License-Identifier: Apache-2.0
#include "execute/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/fully_connected/fully_connected.h"

namespace mote::execute {
namespace {

using graph::DType;
using graph::Graph;
using graph::Quantization;
using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
std::vector<std::uint8_t> bytes_of(const std::vector<T>& items) {
  std::vector<std::uint8_t> bytes(items.size() * sizeof(T));
  std::memcpy(bytes.data(), items.data(), bytes.size());
  return bytes;
}

template <class T>
std::vector<T> items_of(std::span<const std::uint8_t> bytes) {
  std::vector<T> items(bytes.size() / sizeof(T));
  std::memcpy(items.data(), bytes.data(), bytes.size());
  return items;
}

/// in [1, 2] -> fully_connected with weights [[1, 2], [3, -4]] and bias [10, 20], relu -> out [1, 2].
Graph dense_float() {
  Graph graph;
  const auto in = graph.add({"in", DType::kFloat32, {1, 2}, std::nullopt, {}});
  const auto weights = graph.add(graph::constant<float>("w", DType::kFloat32, {2, 2}, {1, 2, 3, -4}));
  const auto bias = graph.add(graph::constant<float>("b", DType::kFloat32, {2}, {10, 20}));
  const auto out = graph.add({"out", DType::kFloat32, {1, 2}, std::nullopt, {}});
  const ops::fully_connected::Attributes attributes = {.activation = ops::Activation::kRelu};
  graph.nodes.push_back(
      {"fully_connected", ops::fully_connected::to_map(attributes), {in, weights, bias}, {out}});
  graph.inputs = {in};
  graph.outputs = {out};
  return graph;
}

/// The same in int8, all scales 1, zero points 1 (in) and -2 (out).
Graph dense_int8() {
  Graph graph = dense_float();
  graph.values[0] = {"in", DType::kInt8, {1, 2}, Quantization{{1.0f}, {1}, 0}, {}};
  graph.values[1] = graph::constant<std::int8_t>("w", DType::kInt8, {2, 2}, {1, 2, 3, -4});
  graph.values[1].quantization = Quantization{{1.0f}, {0}, 0};
  graph.values[2] = graph::constant<std::int32_t>("b", DType::kInt32, {2}, {10, 20});
  graph.values[3] = {"out", DType::kInt8, {1, 2}, Quantization{{1.0f}, {-2}, 0}, {}};
  return graph;
}

TEST(Executor, RunsAFloatLayer) {
  const auto outputs = run(dense_float(), {bytes_of<float>({1, 10})});
  ASSERT_TRUE(outputs) << to_text(outputs.error());
  EXPECT_THAT(items_of<float>(outputs->at(0)), ElementsAre(31.0f, 0.0f));  // 1 + 20 + 10; 3 - 40 + 20 < 0
}

TEST(Executor, RunsAnInt8LayerWithEveryVariant) {
  // Real inputs 1 and 10 are 2 and 11; real outputs 31 and relu(-17) = 0 are 29 and -2.
  for (const LowerOptions options :
       {LowerOptions{}, LowerOptions{.reference = true}, LowerOptions{.isa = kernels::Isa::kCortexMDsp}}) {
    const auto outputs = run(dense_int8(), {bytes_of<std::int8_t>({2, 11})}, options);
    ASSERT_TRUE(outputs) << to_text(outputs.error());
    EXPECT_THAT(items_of<std::int8_t>(outputs->at(0)), ElementsAre(29, -2));
  }
}

TEST(Executor, NamesTheVariantOfEachNode) {
  const auto executor = Executor::create(dense_int8(), {.reference = true});
  ASSERT_TRUE(executor);
  EXPECT_THAT(executor->variants(), ElementsAre("reference"));
}

TEST(Executor, BatchEqualsSingleRuns) {
  auto executor = Executor::create(dense_float());
  ASSERT_TRUE(executor);
  const auto results = executor->run_batch(bytes_of<float>({1, 10, 0, 0, 2, 1}));
  ASSERT_TRUE(results);
  EXPECT_THAT(items_of<float>(*results), ElementsAre(31, 0, 10, 20, 14, 22));
}

TEST(Executor, KeepsEveryValueForComparison) {
  Graph graph = dense_float();
  auto executor = Executor::create(graph);
  ASSERT_TRUE(executor);
  graph = {};  // the executor needs nothing of it
  const auto input = bytes_of<float>({1, 10});
  const std::span<const std::uint8_t> inputs[] = {input};
  ASSERT_TRUE(executor->run(inputs));
  EXPECT_THAT(items_of<float>(executor->value(0)), ElementsAre(1, 10));
  EXPECT_THAT(items_of<float>(executor->value(2)), ElementsAre(10, 20));
  EXPECT_THAT(items_of<float>(executor->value(3)), ElementsAre(31, 0));
}

TEST(Executor, RefusesInputsThatDoNotFit) {
  auto executor = Executor::create(dense_float());
  ASSERT_TRUE(executor);
  EXPECT_THAT(to_text(executor->run({}).error()), HasSubstr("0 inputs given, the model has 1"));
  const std::vector<std::uint8_t> short_input(7);
  const std::span<const std::uint8_t> inputs[] = {short_input};
  EXPECT_THAT(to_text(executor->run(inputs).error()), HasSubstr("input 0 has 7 bytes, the model expects 8"));
  EXPECT_THAT(to_text(executor->run_batch(short_input).error()),
              HasSubstr("7 bytes given, expected a multiple of 8"));
}

TEST(Executor, RefusesAGraphThatIsNotValid) {
  Graph graph = dense_float();
  graph.nodes[0].op = "fully_conected";
  EXPECT_THAT(to_text(Executor::create(graph).error()),
              HasSubstr("op fully_conected 'out' is not supported"));
}

TEST(Executor, RefusesAGraphThatNeedsTooMuchMemory) {
  Graph graph = dense_float();
  for (int copy = 0; copy < 5; ++copy) graph.add({"huge", DType::kInt8, {1 << 30}, std::nullopt, {}});
  EXPECT_THAT(to_text(Executor::create(graph).error()), HasSubstr("bytes, at most 4294967296 are supported"));
}

TEST(Executor, RefusesSumsThatNoKernelComputesExactly) {
  Graph graph = dense_int8();
  graph.values[2] = graph::constant<std::int32_t>("b", DType::kInt32, {2}, {10, INT32_MAX});
  EXPECT_THAT(to_text(Executor::create(graph).error()),
              HasSubstr("op fully_connected 'out': no kernel computes it exactly"));
}

}  // namespace
}  // namespace mote::execute
