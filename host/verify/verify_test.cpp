// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "compile/passes/passes.h"
#include "compile/test_graphs.h"
#include "core/process.h"
#include "core/text.h"
#include "mote/core/crc.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/shape_of/shape_of.h"
#include "ops/view/view.h"
#include "support/require.h"
#include "verify/board_program.h"

namespace mote::verify {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Bytes floats(std::initializer_list<float> values) {
  Bytes bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), std::data(values), bytes.size());
  return bytes;
}

/// in [1, 4] -> softmax -> out [1, 4], in float.
graph::Graph float_graph() {
  graph::Graph graph;
  const auto in = graph.add({"in", graph::DType::kFloat32, {1, 4}, std::nullopt, {}});
  const auto out = graph.add({"out", graph::DType::kFloat32, {1, 4}, std::nullopt, {}});
  graph.nodes.push_back({"softmax", {{"beta", 1.0}}, {in}, {out}});
  graph.inputs = {in};
  graph.outputs = {out};
  return graph;
}

/// out = a slice of `in` [3, 4] that is as large as another input says: its size is computed from a shape.
graph::Graph graph_with_a_computed_size() {
  graph::Graph graph;
  const auto in = graph.add({"in", graph::DType::kFloat32, {3, 4}, std::nullopt, {}});
  const auto like = graph.add({"like", graph::DType::kFloat32, {2, 3}, std::nullopt, {}});
  const auto size = graph.add({"size", graph::DType::kInt32, {2}, std::nullopt, {}});
  const auto begin = graph.add(graph::constant<std::int32_t>("begin", graph::DType::kInt32, {2}, {1, 1}));
  const auto part = graph.add({"part", graph::DType::kFloat32, {2, 3}, std::nullopt, {}});
  const auto out = graph.add({"out", graph::DType::kFloat32, {2, 3}, std::nullopt, {}});
  graph.nodes.push_back({"shape_of", ops::shape_of::to_map({}), {like}, {size}});
  graph.nodes.push_back(
      {"view", ops::view::to_map({ops::view::Function::kSlice, 1, {}}), {in, begin, size}, {part}});
  graph.nodes.push_back({"add_n", {}, {part, like}, {out}});
  graph.inputs = {in, like};
  graph.outputs = {out};
  return graph;
}

TEST(MakeGolden, ComputesSizesThatFollowFromShapes) {
  const auto golden = make_golden(graph_with_a_computed_size(), 1, Rounding::kDouble);
  ASSERT_TRUE(golden) << to_text(golden.error());
  std::vector<float> in(18), out(6);
  std::memcpy(in.data(), golden->inputs[0].data(), golden->inputs[0].size());
  std::memcpy(out.data(), golden->outputs[0].data(), golden->outputs[0].size());
  for (std::size_t row = 0; row < 2; ++row)
    for (std::size_t col = 0; col < 3; ++col)
      EXPECT_EQ(out[row * 3 + col], in[(row + 1) * 4 + col + 1] + in[12 + row * 3 + col]);
}

TEST(Compare, IntegersMustBeTheSameBytes) {
  const graph::Graph graph = compile::gesture_graph();
  Golden golden;
  golden.outputs = {{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(compare(graph, golden, {{1, 2, 3}, {4, 5, 6}}, {}).equal(), 2u);
  EXPECT_EQ(compare(graph, golden, {{1, 2, 3}, {4, 5, 7}}, {}).equal(), 1u);
  EXPECT_EQ(compare(graph, golden, {{1, 2, 3}}, {}).equal(), 1u) << "a run that is missing is not equal";
  EXPECT_EQ(compare(graph, golden, {{1, 2, 3}, {4, 5}}, {}).equal(), 1u);
  golden.sequence_outputs = {{9, 9, 9}};
  const Comparison comparison = compare(graph, golden, {{1, 2, 3}, {4, 5, 6}}, {{9, 9, 8}});
  EXPECT_EQ(comparison.runs.size(), 3u);
  EXPECT_EQ(comparison.equal(), 2u);
}

TEST(Compare, FloatsMustBeWithinTheBoundOfTheGraph) {
  const graph::Graph graph = float_graph();
  Golden golden;
  golden.outputs = {floats({0.25f, 0.25f, 0.25f, 0.25f})};
  // One function of 8 units and one element of input for each of output.
  EXPECT_DOUBLE_EQ(float_error_bound(graph), 9 * 0x1p-24);
  const auto equal = [&](Bytes found) { return compare(graph, golden, {found}, {}).equal(); };
  EXPECT_EQ(equal(floats({0.25f, 0.25f + 0x1p-22f, 0.25f, 0.25f})), 1u);
  EXPECT_EQ(equal(floats({0.25f, 0.25f + 0x1p-20f, 0.25f, 0.25f})), 0u);
  EXPECT_EQ(equal(floats({0.25f, __builtin_nanf(""), 0.25f, 0.25f})), 0u);
}

TEST(CompareOperators, NamesTheFirstLayerThatDiffers) {
  const graph::Graph graph = compile::gesture_graph();
  auto golden = make_golden(graph, 2, Rounding::kDouble);
  ASSERT_TRUE(golden) << to_text(golden.error());
  golden->operators.push_back({graph.nodes[1].outputs[0], {1, 2}});
  const auto comparison = compare_operators(graph, *golden, {});
  ASSERT_TRUE(comparison) << to_text(comparison.error());
  EXPECT_EQ(comparison->compared, 1u);
  EXPECT_EQ(comparison->equal, 0u);
  EXPECT_THAT(comparison->first_difference, StartsWith("layer 1 (fully_connected) '"));
  EXPECT_THAT(comparison->first_difference, HasSubstr("', run 0"));
}

std::uint32_t crc_of(std::span<const std::uint8_t> bytes) {
  return crc32_finish(crc32_update(kCrc32Initial, bytes.data(), static_cast<std::int32_t>(bytes.size())));
}

TEST(CompareOperators, ComputesSizesThatFollowFromShapes) {
  const graph::Graph graph = graph_with_a_computed_size();
  auto golden = make_golden(graph, 1, Rounding::kDouble);
  ASSERT_TRUE(golden) << to_text(golden.error());
  const std::int32_t size[] = {2, 3};
  const Bytes bytes(reinterpret_cast<const std::uint8_t*>(size),
                    reinterpret_cast<const std::uint8_t*>(size) + sizeof size);
  golden->operators.push_back({graph.nodes[0].outputs[0], {crc_of(bytes)}});
  const auto comparison = compare_operators(graph, *golden, {});
  ASSERT_TRUE(comparison) << to_text(comparison.error());
  EXPECT_EQ(comparison->compared, 1u);
  EXPECT_EQ(comparison->equal, 1u) << comparison->first_difference;
}

/// in [1, 2, 2, 1] -> 1x1 to 2 channels, of which the first is constant -> 1x1 to `out`, in int8.
graph::Graph graph_with_a_constant_channel() {
  const auto activation = [](const char* name, std::int32_t channels) {
    return graph::Value{
        name, graph::DType::kInt8, {1, 2, 2, channels}, graph::Quantization{{0.5f}, {-128}, 0}, {}};
  };
  graph::Graph graph;
  const auto in = graph.add(activation("in", 1));
  const auto between = graph.add(activation("between", 2));
  const auto out = graph.add(activation("out", 1));
  const auto add_convolution = [&](graph::ValueId from, graph::ValueId to, std::vector<std::int8_t> weights,
                                   const std::vector<std::int32_t>& biases) {
    graph::Value kernel =
        graph::constant<std::int8_t>("weights", graph::DType::kInt8,
                                     {graph.value(to).shape[3], 1, 1, graph.value(from).shape[3]}, weights);
    kernel.quantization = graph::Quantization{{0.25f}, {0}, 0};
    graph::Value bias = graph::constant<std::int32_t>("bias", graph::DType::kInt32,
                                                      {static_cast<std::int32_t>(biases.size())}, biases);
    graph.nodes.push_back({"conv_2d",
                           ops::conv_2d::to_map({.padding = ops::Padding::kValid}),
                           {from, graph.add(std::move(kernel)), graph.add(std::move(bias))},
                           {to}});
  };
  add_convolution(in, between, {0, 4}, {40, 0});
  add_convolution(between, out, {1, 3}, {5});
  graph.inputs = {in};
  graph.outputs = {out};
  return graph;
}

TEST(CompareOperators, ComparesTheChannelsThatTheCompilerFolds) {
  const graph::Graph graph = graph_with_a_constant_channel();
  const auto folded = compile::run_passes(graph);
  ASSERT_TRUE(folded) << to_text(folded.error());
  ASSERT_EQ(folded->value(folded->nodes[0].outputs[0]).shape, (std::vector<std::int32_t>{1, 2, 2, 1}));
  auto golden = make_golden(graph, 1, Rounding::kDouble);
  ASSERT_TRUE(golden) << to_text(golden.error());
  Bytes between;  // by hand: 40 * 0.5 * 0.25 in steps of 0.5 from the zero point, and the input itself
  for (const std::uint8_t byte : golden->inputs[0]) {
    between.push_back(static_cast<std::uint8_t>(-128 + 10));
    between.push_back(byte);
  }
  golden->operators.push_back({graph.nodes[0].outputs[0], {crc_of(between)}});
  golden->operators.push_back({graph.nodes[1].outputs[0], {crc_of(golden->outputs[0])}});
  const auto comparison = compare_operators(graph, *golden, {});
  ASSERT_TRUE(comparison) << to_text(comparison.error());
  EXPECT_EQ(comparison->compared, 2u);
  EXPECT_EQ(comparison->equal, 2u) << comparison->first_difference;
}

TEST(FirstDifferingLayer, LooksIntoTheGeneratedCode) {
  MOTE_REQUIRE_OR_SKIP(program_exists("c++"), "a C++ compiler");
  for (const graph::Graph& graph : {compile::gesture_graph(), graph_with_a_constant_channel()}) {
    const auto golden = make_golden(graph, 1, Rounding::kDouble);
    ASSERT_TRUE(golden) << to_text(golden.error());
    EXPECT_EQ(first_differing_layer(graph, *golden, {}).value(), "none");
  }
}

void expect_the_executors_bytes(const char* board_name, kernels::Isa isa) {
  const graph::Graph graph = compile::gesture_graph();
  const auto golden = make_golden(graph, 5, Rounding::kDouble);
  const auto board = boards::load(board_name);
  ASSERT_TRUE(golden && board);
  const auto model = compile::compile(graph, {.isa = isa});
  ASSERT_TRUE(model) << to_text(model.error());
  const auto outputs = run_on_board(*model, *board, golden->inputs, false);
  ASSERT_TRUE(outputs) << to_text(outputs.error());
  EXPECT_EQ(*outputs, golden->outputs);
}

TEST(RunOnBoard, GivesTheExecutorsBytes) {
  MOTE_REQUIRE_OR_SKIP(program_exists("arm-none-eabi-g++") && program_exists("qemu-system-arm"),
                       "arm-none-eabi-g++ and qemu-system-arm");
  expect_the_executors_bytes("qemu-mps2-an386", kernels::Isa::kCortexMDsp);
}

TEST(RunOnBoard, GivesTheExecutorsBytesOnRiscv) {
  MOTE_REQUIRE_OR_SKIP(program_exists("riscv64-unknown-elf-g++") && program_exists("qemu-system-riscv32"),
                       "riscv64-unknown-elf-g++ and qemu-system-riscv32");
  expect_the_executors_bytes("qemu-riscv32-virt", kernels::Isa::kRiscv32);
}

}  // namespace
}  // namespace mote::verify
