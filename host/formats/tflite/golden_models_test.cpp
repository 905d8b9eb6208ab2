// SPDX-License-Identifier: Apache-2.0
// Bit-exactness against TensorFlow Lite Micro's reference kernels: reference models with their outputs and
// the CRC-32 of every operator's output for eight inputs. A model is read up to the first operator that Mote
// does not have.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/files.h"
#include "core/json.h"
#include "execute/executor.h"
#include "mote/core/crc.h"
#include "ops/ops.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::tflite {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Count {
  int models = 0;
  int operators = 0;
  int outputs = 0;
};

/// One model with the folder of its inputs and outputs.
struct GoldenModel {
  graph::Graph graph;
  std::filesystem::path folder;
  int runs = 0;
  std::map<std::size_t, std::vector<std::uint32_t>> crc_of_operator;  ///< for each run
};

std::vector<GoldenModel> golden_models() {
  const std::filesystem::path data = test::reference_data_dir();
  std::vector<GoldenModel> models;
  const auto index = read_json(data / "golden" / "index.json");
  if (!index) return models;
  for (const Json& entry : *index) {
    GoldenModel model;
    model.folder = data / "golden" / entry["model"].get<std::string>();
    const auto golden = read_json(model.folder / "golden.json");
    const auto file = read_bytes(data / entry["source"].get<std::string>());
    if (!golden || !file) continue;
    auto graph = read(*file, model.folder.string(), {.until_unsupported = true});
    if (!graph) continue;
    model.graph = std::move(*graph);
    model.runs = (*golden)["n"];
    for (const Json& output : (*golden)["op_outputs"])
      model.crc_of_operator[output[0].get<std::size_t>()] = output[3].get<std::vector<std::uint32_t>>();
    models.push_back(std::move(model));
  }
  return models;
}

/// Softmax of float32 calls an exponential function, and the reference another one: each is off by at most
/// (depth + 6) units of 2^-23, relative (see kernels::SoftmaxFloat); below the smallest normal number,
/// absolute.
void expect_softmax_near(std::span<const std::uint8_t> bytes, const Bytes& expected_bytes) {
  ASSERT_EQ(bytes.size(), expected_bytes.size());
  const std::size_t depth = bytes.size() / sizeof(float);
  std::vector<float> actual(depth);
  std::vector<float> expected(depth);
  std::memcpy(actual.data(), bytes.data(), bytes.size());
  std::memcpy(expected.data(), expected_bytes.data(), bytes.size());
  const double bound = 2.0 * static_cast<double>(depth + 6) * 0x1p-23;
  for (std::size_t index = 0; index < depth; ++index)
    EXPECT_NEAR(actual[index], expected[index], std::max(std::fabs(expected[index]) * bound, 0x1p-126));
}

/// Runs one input and compares the bytes of every node's output.
void compare_run(execute::Executor& executor, const GoldenModel& model, int run, Count& count) {
  const auto input = read_bytes(model.folder / fmt::format("in_{}.bin", run));
  const auto output = read_bytes(model.folder / fmt::format("out_{}.bin", run));
  ASSERT_TRUE(input && output);
  const std::span<const std::uint8_t> inputs[] = {*input};
  const auto ran = executor.run(inputs);
  ASSERT_TRUE(ran) << to_text(ran.error());
  const graph::Graph& graph = model.graph;
  for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
    const graph::Node& node = graph.nodes[index];
    const auto bytes = executor.value(node.outputs[0]);
    ++count.outputs;
    if (node.op == "softmax" && graph.value(node.outputs[0]).dtype == graph::DType::kFloat32) {
      expect_softmax_near(bytes, *output);
      continue;
    }
    const std::uint32_t crc =
        crc32_finish(crc32_update(kCrc32Initial, bytes.data(), static_cast<std::int32_t>(bytes.size())));
    EXPECT_EQ(crc, model.crc_of_operator.at(index)[static_cast<std::size_t>(run)])
        << ops::describe(graph, node) << ", input " << run;
  }
}

class GoldenModels : public testing::TestWithParam<execute::LowerOptions> {};

TEST_P(GoldenModels, EveryOperatorGivesTheReferenceBytes) {
  const std::vector<GoldenModel> models = golden_models();
  MOTE_REQUIRE_OR_SKIP(!models.empty(), "reference data (MOTE_REFERENCE_DATA)");
  Count count;
  for (const GoldenModel& model : models) {
    SCOPED_TRACE(model.folder.filename());
    auto executor = execute::Executor::create(model.graph, GetParam());
    ASSERT_TRUE(executor) << to_text(executor.error());
    for (int run = 0; run < model.runs; ++run) compare_run(*executor, model, run, count);
    count.operators += static_cast<int>(model.graph.nodes.size());
    ++count.models;
  }
  fmt::print("compared: {} models, {} operators, {} tensors\n", count.models, count.operators, count.outputs);
  EXPECT_GE(count.models, 31);
  EXPECT_GE(count.operators, 125);
}

std::string name_of(const testing::TestParamInfo<execute::LowerOptions>& test) {
  if (test.param.reference) return "Reference";
  return test.param.isa == kernels::Isa::kCortexMDsp ? "CortexMDsp" : "Portable";
}

INSTANTIATE_TEST_SUITE_P(Kernels, GoldenModels,
                         testing::Values(execute::LowerOptions{}, execute::LowerOptions{.reference = true},
                                         execute::LowerOptions{.isa = kernels::Isa::kCortexMDsp}),
                         name_of);

}  // namespace
}  // namespace mote::tflite
