// SPDX-License-Identifier: Apache-2.0
// Generated code computes what the executor computes, bit for bit; and what else holds for its files.
#include "compile/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "compile/host_program.h"
#include "compile/passes/passes.h"
#include "compile/test_graphs.h"
#include "core/npy.h"
#include "core/process.h"
#include "execute/executor.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::compile {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Isa kAllIsas[] = {Isa::kPortable,   Isa::kCortexM0, Isa::kCortexM3, Isa::kCortexMDsp,
                            Isa::kCortexMMve, Isa::kRiscv32,  Isa::kAvr};

const GeneratedFile& file(const CompiledModel& model, const std::string& name) {
  for (const auto& candidate : model.files)
    if (candidate.name == name) return candidate;
  throw std::runtime_error("no file " + name);
}

CompiledModel compiled(const graph::Graph& graph, const CompileOptions& options = {}) {
  auto model = compile(graph, options);
  if (!model) throw std::runtime_error(to_text(model.error()));
  return std::move(*model);
}

std::string error_of(const graph::Graph& graph) {
  const auto model = compile(graph, {});
  return model ? "compiled" : to_text(model.error());
}

std::vector<std::uint8_t> executed(const graph::Graph& graph, const std::vector<std::uint8_t>& inputs,
                                   const ops::LowerOptions& options) {
  auto executor = execute::Executor::create(graph, options);
  return executor.value().run_batch(inputs).value();
}

TEST(Compile, RandomModelsComputeWhatTheExecutorComputes) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++") || program_exists("c++"), "a C++ compiler");
  std::vector<graph::Graph> graphs;
  std::vector<CompiledModel> models;
  for (std::uint64_t seed = 0; seed < 28; ++seed) {
    graphs.push_back(random_graph(seed, "random_" + std::to_string(seed)));
    const Isa isa = kAllIsas[seed % std::size(kAllIsas)];
    const Optimize optimize = seed % 2 == 0 ? Optimize::kSpeed : Optimize::kSize;
    models.push_back(compiled(graphs.back(), {isa, optimize, "", ""}));
  }
  const auto program = HostProgram::build(models);
  ASSERT_TRUE(program.has_value()) << to_text(program.error());
  for (std::size_t index = 0; index < models.size(); ++index) {
    const auto inputs = random_inputs(graphs[index], 20, index);
    const auto outputs = program->run(index, inputs);
    ASSERT_TRUE(outputs.has_value()) << "seed " << index << ": " << to_text(outputs.error());
    EXPECT_EQ(*outputs, executed(graphs[index], inputs, {.reference = true})) << "seed " << index;
  }
}

TEST(Compile, TheGestureNetworkFitsItsBudgetAndIsExact) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++") || program_exists("c++"), "a C++ compiler");
  const auto graph = gesture_graph();
  const auto model = compiled(graph, {Isa::kCortexMDsp, Optimize::kSpeed, "", ""});
  EXPECT_LE(model.layout.total_bytes, 1024);
  EXPECT_EQ(model.macs, 300 * 32 + 32 * 16 + 16 * 3);
  const auto windows = random_inputs(graph, 200, 1);
  const auto outputs = run_generated_on_host(model, windows);
  ASSERT_TRUE(outputs.has_value()) << to_text(outputs.error());
  EXPECT_EQ(*outputs, executed(graph, windows, {.reference = true}));
}

TEST(Compile, TheSameGraphGivesTheSameBytes) {
  const auto first = compiled(gesture_graph());
  const auto second = compiled(gesture_graph());
  ASSERT_EQ(first.files.size(), second.files.size());
  for (std::size_t index = 0; index < first.files.size(); ++index) {
    EXPECT_EQ(first.files[index].name, second.files[index].name);
    EXPECT_EQ(first.files[index].content, second.files[index].content);
  }
  EXPECT_EQ(first.facts, second.facts);
}

TEST(Compile, FactsAndHeaderAgree) {
  const auto model = compiled(gesture_graph(), {.version = "2.0.0", .date = "2026-02-01"});
  const std::string& header = file(model, "gesture.h").content;
  EXPECT_EQ(model.facts["memory_bytes"], 328);
  EXPECT_THAT(header, HasSubstr("kMemoryBytes = 328;"));
  EXPECT_THAT(header, HasSubstr("SensorContract<100000,"));
  EXPECT_THAT(header, HasSubstr("kBackgroundClass = 2;"));
  EXPECT_THAT(header, HasSubstr("kThresholdQ8 = 180;"));
  EXPECT_EQ(model.facts["version"], "2.0.0");
  EXPECT_THAT(file(model, "gesture.cpp").content, HasSubstr("version() { return MOTE_TEXT(\"2.0.0\"); }"));
  EXPECT_EQ(model.facts["content_hash"], graph::content_hash(gesture_graph()));
  EXPECT_EQ(model.facts["layers"].size(), 4u);
  EXPECT_EQ(model.facts["macs"], 10160);
}

TEST(Compile, NormalizationIsWrittenAsNumPyArrays) {
  const auto model = compiled(gesture_graph());
  const auto read = [&](const std::string& name) {
    const std::string& content = file(model, name).content;
    return npy_doubles(
        parse_npy(std::span(reinterpret_cast<const std::uint8_t*>(content.data()), content.size()), name)
            .value());
  };
  EXPECT_EQ(read("mean.npy"), (std::vector<double>{0.1, -0.2, 0.98}));
  EXPECT_EQ(read("std.npy"), (std::vector<double>{0.5, 0.4, 0.3}));
}

TEST(Compile, AModelWithoutContractGetsTheBareFunctions) {
  const auto model = compiled(random_graph(3, "elsewhere"));
  EXPECT_EQ(model.files.size(), 3u);
  EXPECT_THAT(file(model, "elsewhere.h").content, Not(HasSubstr("Contract")));
  EXPECT_THAT(file(model, "elsewhere.h").content, HasSubstr("static void run(uint8_t* memory);"));
}

TEST(Compile, SizeSharesOneInstanceOfAKernel) {
  const auto shares = [](Optimize optimize) {
    GraphBuilder builder(5, "deep", {1, 8});
    for (int width = 9; width < 15; ++width) builder.fully_connected(width, true);
    const auto model = compiled(builder.finish(), {Isa::kPortable, optimize, "", ""});
    return file(model, "deep.cpp").content.find("One instance for shapes that differ") != std::string::npos;
  };
  EXPECT_TRUE(shares(Optimize::kSize));
  EXPECT_FALSE(shares(Optimize::kSpeed));
}

TEST(Compile, PrefersSmallCodeWhereFlashIsLittle) {
  EXPECT_EQ(default_optimize(32 * 1024), Optimize::kSize);
  EXPECT_EQ(default_optimize(128 * 1024), Optimize::kSize);
  EXPECT_EQ(default_optimize(128 * 1024 + 1), Optimize::kSpeed);
  EXPECT_EQ(default_optimize(0), Optimize::kSpeed) << "not known";
}

TEST(Compile, RefusesWhatItCannotCompileAndSaysWhy) {
  auto graph = gesture_graph();
  graph.metadata.labels.pop_back();
  EXPECT_THAT(error_of(graph), HasSubstr("2 labels for 3 outputs"));
  graph = gesture_graph();
  graph.metadata.window_samples = 99;
  EXPECT_THAT(error_of(graph), HasSubstr("input of 300 elements, window of 99 samples with 3 axes"));
  graph = gesture_graph();
  graph.metadata.normalization[1].multiplier = 40000;
  EXPECT_THAT(error_of(graph), HasSubstr("normalisation that could overflow"));
  graph = gesture_graph();
  graph.metadata.normalization.pop_back();
  EXPECT_THAT(error_of(graph), HasSubstr("2 normalisations for 3 axes"));
  graph = gesture_graph();
  graph.metadata.features = {{"frame", {{"length_ms", 30}, {"step_ms", 10}}, "model"}};
  EXPECT_THAT(error_of(graph), HasSubstr("input of 300 elements, window of 98 rows with 9 features"));
  graph = gesture_graph();
  graph.metadata.features = {{"frame", {{"length_ms", 30}}, "model, block 1"}};
  EXPECT_THAT(error_of(graph), HasSubstr("model, block 1: frame.step_ms is missing"));
  graph = gesture_graph();
  graph.nodes[0].op = "warp";
  EXPECT_THAT(error_of(graph), HasSubstr("op warp"));
  graph = gesture_graph();
  graph.outputs.push_back(graph.outputs[0]);
  EXPECT_THAT(error_of(graph), HasSubstr("1 inputs and 2 outputs"));
}

TEST(Compile, FloatModelsComputeWhatTheExecutorComputes) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++") || program_exists("c++"), "a C++ compiler");
  graph::Graph graph;
  const auto in = graph.add({"in", graph::DType::kFloat32, {1, 2}, std::nullopt, {}});
  const auto weights = graph.add(
      graph::constant<float>("weights", graph::DType::kFloat32, {3, 2}, {1.5f, -2, 0.1f, 1e-9f, 3, -0.25f}));
  const auto sums = graph.add({"sums", graph::DType::kFloat32, {1, 3}, std::nullopt, {}});
  const auto out = graph.add({"out", graph::DType::kFloat32, {1, 3}, std::nullopt, {}});
  graph.nodes.push_back({"fully_connected",
                         {{"activation", std::string("relu")}, {"keep_dimensions", std::int64_t{0}}},
                         {in, weights},
                         {sums}});
  graph.nodes.push_back({"softmax", {{"beta", 1.0}}, {sums}, {out}});
  graph.inputs = {in};
  graph.outputs = {out};
  const float values[] = {0.7f, -1.3f};
  std::vector<std::uint8_t> input(sizeof values);
  std::memcpy(input.data(), values, sizeof values);
  const auto outputs = run_generated_on_host(compiled(graph), input);
  ASSERT_TRUE(outputs) << to_text(outputs.error());
  EXPECT_EQ(*outputs, executed(graph, input, {}));
}

TEST(Compile, ReferenceModelsComputeWhatTheExecutorComputes) {
  const auto folder = test::reference_data_dir() / "models";
  const char* const names[] = {"mlperf_tiny/ad01_int8.tflite", "tflm/hello_world_int8.tflite"};
  MOTE_REQUIRE_OR_SKIP(std::filesystem::exists(folder / names[0]), "the reference models");
  for (const char* name : names) {
    const auto graph = tflite::read_file(folder / name);
    ASSERT_TRUE(graph) << to_text(graph.error());
    const auto inputs = random_inputs(*graph, 50, 3);
    const auto outputs =
        run_generated_on_host(compiled(*graph, {Isa::kCortexMDsp, Optimize::kSize, "", ""}), inputs);
    ASSERT_TRUE(outputs) << to_text(outputs.error());
    EXPECT_EQ(*outputs, executed(*graph, inputs, {.reference = true})) << name;
  }
}

TEST(Passes, FoldDropAndRenumberWithoutChangingTheResult) {
  auto graph = gesture_graph();
  const auto reduced_size = graph.values.size();
  const auto expected = executed(graph, random_inputs(graph, 5, 1), {});
  // A constant branch, a node that nobody reads, and a value that nobody names.
  graph::Value seven = graph::constant<std::int8_t>("seven", graph::DType::kInt8, {1, 4}, {7, 7, 7, 7});
  seven.quantization = graph::Quantization{{0.5f}, {0}, 0};
  const auto constant = graph.add(seven);
  const auto folded =
      graph.add({"folded", graph::DType::kInt8, {1, 4}, graph::Quantization{{1.0f}, {0}, 0}, {}});
  const auto dead =
      graph.add({"dead", graph::DType::kInt8, {1, 4}, graph::Quantization{{1.0f / 256}, {-128}, 0}, {}});
  graph.add(seven);
  graph.nodes.push_back({"quantize", {}, {constant}, {folded}});
  graph.nodes.push_back({"softmax", {{"beta", 1.0}}, {folded}, {dead}});
  const auto after_folding = fold_constants(graph);
  ASSERT_TRUE(after_folding) << to_text(after_folding.error());
  EXPECT_EQ(after_folding->nodes.size(), 4u) << "both nodes depend on constants only";
  EXPECT_EQ(graph::elements<std::int8_t>(after_folding->value(folded)),
            (std::vector<std::int8_t>{4, 4, 4, 4}))
      << "3.5 is rounded away from zero";
  const auto without_dead = drop_dead_nodes(graph);
  EXPECT_EQ(without_dead->nodes.size(), 4u);
  const auto reduced = run_passes(graph);
  ASSERT_TRUE(reduced) << to_text(reduced.error());
  EXPECT_EQ(reduced->values.size(), reduced_size);
  EXPECT_EQ(executed(*reduced, random_inputs(graph, 5, 1), {}), expected);
}

TEST(Isa, NamesGoBothWays) {
  for (const Isa isa : kAllIsas) EXPECT_EQ(isa_from(to_string(isa)), isa);
  EXPECT_EQ(isa_from("z80"), std::nullopt);
}

}  // namespace
}  // namespace mote::compile
