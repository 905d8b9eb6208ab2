// SPDX-License-Identifier: Apache-2.0
// Bit-exactness against TensorFlow Lite Micro's reference kernels: reference models with their outputs and
// the CRC-32 of every operator's output for eight inputs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/host_program.h"
#include "compile/passes/passes.h"
#include "compile/plan/layout.h"
#include "core/files.h"
#include "core/json.h"
#include "core/text.h"
#include "execute/executor.h"
#include "execute/planned_executor.h"
#include "support/require.h"
#include "tflite/tflite.h"
#include "verify/verify.h"

namespace mote::verify {
namespace {

namespace fs = std::filesystem;

/// A reference model and its golden folder.
struct Model {
  std::string name;
  fs::path file;
  fs::path golden;
};

/// Every `step`-th model of the folder from `first`.
std::vector<Model> models(std::size_t first, std::size_t step) {
  const fs::path data = test::reference_data_dir();
  std::vector<Model> found;
  const auto index = read_json(data / "golden" / "index.json");
  if (!index) return found;
  for (std::size_t number = first; number < index->size(); number += step) {
    const Json& entry = (*index)[number];
    const auto name = entry["model"].get<std::string>();
    found.push_back({name, data / entry["source"].get<std::string>(), data / "golden" / name});
  }
  return found;
}

class Operators : public testing::TestWithParam<ops::LowerOptions> {};

Result<OperatorComparison> compare_model(const Model& model, const ops::LowerOptions& options) {
  MOTE_TRY(const graph::Graph graph, tflite::read_file(model.file));
  MOTE_TRY(const Golden golden, read_golden(model.golden, graph));
  return compare_operators(graph, golden, options);
}

TEST_P(Operators, GiveTheReferenceBytes) {
  const auto found = models(0, 1);
  MOTE_REQUIRE_OR_SKIP(!found.empty(), "the reference models");
  std::size_t operators = 0;
  for (const Model& model : found) {
    const auto comparison = compare_model(model, GetParam());
    if (!comparison) {
      ADD_FAILURE() << model.name << ": " << to_text(comparison.error());
      continue;
    }
    EXPECT_EQ(comparison->equal, comparison->compared) << model.name << ": " << comparison->first_difference;
    operators += comparison->compared;
  }
  EXPECT_EQ(found.size(), 132u);
  EXPECT_GT(operators, 600u);
}

INSTANTIATE_TEST_SUITE_P(Kernels, Operators,
                         testing::Values(ops::LowerOptions{}, ops::LowerOptions{.reference = true},
                                         ops::LowerOptions{.isa = kernels::Isa::kCortexMDsp}),
                         [](const auto& instance) {
                           return instance.param.reference                          ? "Reference"
                                  : instance.param.isa == kernels::Isa::kCortexMDsp ? "CortexMDsp"
                                                                                    : "Portable";
                         });

constexpr std::size_t kBatches = 4;

class GeneratedModels : public testing::TestWithParam<std::size_t> {};

std::vector<Bytes> cut(const Bytes& all, std::size_t runs) {
  std::vector<Bytes> parts;
  const auto bytes = static_cast<std::ptrdiff_t>(all.size() / runs);
  for (auto at = all.begin(); at != all.end(); at += bytes) parts.emplace_back(at, at + bytes);
  return parts;
}

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST_P(GeneratedModels, GiveTheReferenceOutputs) {
  const auto found = models(GetParam(), kBatches);
  MOTE_REQUIRE_OR_SKIP(!found.empty(), "the reference models");
  std::vector<graph::Graph> graphs;
  std::vector<compile::CompiledModel> compiled;
  for (const Model& model : found) {
    auto graph = tflite::read_file(model.file);
    ASSERT_TRUE(graph) << model.name << ": " << to_text(graph.error());
    graph->name = model.name;
    graphs.push_back(std::move(*graph));
    auto code = compile::compile(graphs.back(), {});
    ASSERT_TRUE(code) << model.name << ": " << to_text(code.error());
    compiled.push_back(std::move(*code));
  }
  const auto program = compile::HostProgram::build(compiled);
  ASSERT_TRUE(program) << to_text(program.error());
  for (std::size_t index = 0; index < found.size(); ++index) {
    const auto golden = read_golden(found[index].golden, graphs[index]);
    ASSERT_TRUE(golden) << found[index].name << ": " << to_text(golden.error());
    const Bytes inputs = joined(golden->inputs);
    const auto outputs = program->run(index, inputs);
    ASSERT_TRUE(outputs) << found[index].name << ": " << to_text(outputs.error());
    std::vector<Bytes> sequence;
    if (!golden->sequence_outputs.empty()) {
      const auto kept = program->run(index, inputs, true);
      ASSERT_TRUE(kept) << found[index].name << ": " << to_text(kept.error());
      sequence = cut(*kept, golden->inputs.size());
    }
    const Comparison comparison =
        compare(graphs[index], *golden, cut(*outputs, golden->inputs.size()), sequence);
    EXPECT_EQ(comparison.equal(), comparison.runs.size())
        << found[index].name << ": largest error " << comparison.largest_error() << ", bound "
        << comparison.bound;
  }
}

INSTANTIATE_TEST_SUITE_P(Batches, GeneratedModels, testing::Range<std::size_t>(0, kBatches));

/// The outputs of a model in the memory that it was planned for, all dead bytes overwritten after each layer.
Result<std::vector<Bytes>> run_planned(const graph::Graph& model, const std::vector<Bytes>& inputs) {
  MOTE_TRY(const graph::Graph graph, compile::run_passes(model));
  MOTE_TRY(auto layers, ops::lower(graph, {}));
  MOTE_TRY(auto planned, compile::lay_out(graph, std::move(layers)));
  execute::PlannedExecutor executor(graph, std::move(planned.layers), std::move(planned.layout));
  executor.set_noise(1);
  std::vector<Bytes> outputs;
  for (const Bytes& run : inputs) {
    executor.reset();
    MOTE_CHECK(executor.run(run));
    Bytes& all = outputs.emplace_back();
    for (std::size_t index = 0; index < graph.outputs.size(); ++index) {
      const auto output = executor.output(index);
      all.insert(all.end(), output.begin(), output.end());
    }
  }
  return outputs;
}

TEST(PlannedModels, GiveTheReferenceOutputsWithNoiseInAllDeadBytes) {
  const auto found = models(0, 1);
  MOTE_REQUIRE_OR_SKIP(!found.empty(), "the reference models");
  for (const Model& model : found) {
    const auto graph = tflite::read_file(model.file);
    ASSERT_TRUE(graph) << model.name << ": " << to_text(graph.error());
    auto golden = read_golden(model.golden, *graph);
    ASSERT_TRUE(golden) << model.name << ": " << to_text(golden.error());
    golden->sequence_outputs.clear();
    const auto outputs = run_planned(*graph, golden->inputs);
    ASSERT_TRUE(outputs) << model.name << ": " << to_text(outputs.error());
    const Comparison comparison = compare(*graph, *golden, *outputs, {});
    EXPECT_EQ(comparison.equal(), comparison.runs.size()) << model.name;
  }
}

/// Whether inputs and outputs are integers.
bool has_integer_ends(const graph::Graph& graph) {
  const auto is_integer = [&](graph::ValueId id) { return graph.value(id).dtype != graph::DType::kFloat32; };
  return std::ranges::all_of(graph.inputs, is_integer) && std::ranges::all_of(graph.outputs, is_integer);
}

/// Outputs of the graph executor for inputs that lie one after the other, each run from the first state.
Result<Bytes> run_each(const graph::Graph& graph, const Bytes& inputs, const ops::LowerOptions& options) {
  MOTE_TRY(execute::Executor executor, execute::Executor::create(graph, options));
  Bytes all;
  const std::size_t bytes = byte_count(graph, graph.inputs);
  for (std::size_t at = 0; at + bytes <= inputs.size(); at += bytes) {
    executor.reset();
    MOTE_CHECK(executor.run_bytes(std::span(inputs).subspan(at, bytes)));
    for (std::size_t index = 0; index < graph.outputs.size(); ++index) {
      const auto output = executor.output(index);
      all.insert(all.end(), output.begin(), output.end());
    }
  }
  return all;
}

/// Models whose outputs differ from TensorFlow Lite's in both roundings: the first has an LSTM, which its own
/// kernels round twice, before a dense layer, which is rounded once; the second has so many sums that some
/// are scaled otherwise in float32, as XNNPACK does it (docs/reference/exactness.md).
bool is_known_to_differ(const std::string& model) {
  return model == "tflm/mnist_trained_lstm_int8.tflite" ||
         model == "tflm/mobilenet_v2_quantized_1x3x224x224.tflite";
}

// Its convolutions and dense layers round once.
TEST(ReferenceModels, GiveTheBytesOfTensorFlowLiteWithSingleRounding) {
  const fs::path data = test::reference_data_dir();
  const fs::path folder = data / "inputs" / "tflite_goldens";
  MOTE_REQUIRE_OR_SKIP(fs::exists(folder), "outputs of TensorFlow Lite");
  int models = 0;
  int rounding_matters = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename() != "manifest.json") continue;
    const auto manifest = read_json(entry.path());
    ASSERT_TRUE(manifest);
    const auto name = (*manifest)["model"].get<std::string>();
    const auto graph = tflite::read_file(data / "models" / name);
    if (!graph || !has_integer_ends(*graph)) continue;
    const auto inputs = read_bytes(entry.path().parent_path() / "inputs.bin");
    const auto expected = read_bytes(entry.path().parent_path() / "outputs.bin");
    ASSERT_TRUE(inputs && expected) << name;
    const auto once = run_each(*graph, *inputs, {.rounding = Rounding::kSingle});
    const auto twice = run_each(*graph, *inputs, {.rounding = Rounding::kDouble});
    ASSERT_TRUE(once && twice) << name;
    EXPECT_EQ(*once == *expected, !is_known_to_differ(name)) << name;
    rounding_matters += *twice == *expected ? 0 : 1;
    ++models;
  }
  EXPECT_GT(models, 10);
  EXPECT_GT(rounding_matters, 5) << "these models do not tell the two ways apart";
}

TEST(ReferenceModels, KeywordSpottingIsRightFor582Of650RealInputs) {
  const fs::path data = test::reference_data_dir();
  const fs::path folder = data / "inputs" / "mlperf" / "kws01";
  MOTE_REQUIRE_OR_SKIP(fs::exists(folder), "the inputs of MLPerf Tiny's keyword spotting");
  const auto graph = tflite::read_file(data / "models" / "mlperf_tiny" / "kws_ref_model_int8.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  auto executor = execute::Executor::create(*graph);
  const auto labels = read_text(folder / "y_labels.csv");
  ASSERT_TRUE(executor && labels);
  int inputs = 0;
  int right = 0;
  for (const std::string_view line : split(*labels, '\n')) {
    const auto fields = split(line, ',');
    if (fields.size() != 3) continue;
    const auto input = read_bytes(folder / fields[0]);
    ASSERT_TRUE(input && executor->run_bytes(*input)) << fields[0];
    const auto output = executor->output(0);
    const auto largest = std::ranges::max_element(
        output, {}, [](std::uint8_t byte) { return static_cast<std::int8_t>(byte); });
    right += std::to_string(largest - output.begin()) == fields[2] ? 1 : 0;
    ++inputs;
  }
  EXPECT_EQ(inputs, 650);
  EXPECT_EQ(right, 582);
}

}  // namespace
}  // namespace mote::verify
