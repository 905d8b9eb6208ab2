// SPDX-License-Identifier: Apache-2.0
// Bit-exactness against TensorFlow Lite Micro's reference kernels: reference models with their outputs and
// the CRC-32 of every operator's output for eight inputs. A model is cut before the first operator that Mote
// does not have, RESHAPE before a fully connected layer counts as nothing, and every operator that is left is
// compared.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "core/files.h"
#include "core/json.h"
#include "execute/executor.h"
#include "mote/core/crc.h"
#include "ops/ops.h"
#include "support/require.h"
#include "tflite/tflite.h"
#include "tflite_schema/tflite_generated.h"

namespace mote::tflite {
namespace {

namespace schema = tflite_schema;
using Bytes = std::vector<std::uint8_t>;

/// What is left of a model, and which of its operators each node was.
struct Cut {
  graph::Graph graph;
  std::vector<std::size_t> operators;
  bool whole = true;
};

bool is_known(std::string_view name) {
  for (const std::string_view op : ops::names())
    if (op == name) return true;
  return false;
}

std::string operator_name(const schema::ModelT& model, const schema::OperatorT& op) {
  const schema::OperatorCodeT& code = *model.operator_codes.at(op.opcode_index);
  const int number =
      std::max(static_cast<int>(code.deprecated_builtin_code), static_cast<int>(code.builtin_code));
  std::string name = schema::EnumNameBuiltinOperator(static_cast<schema::BuiltinOperator>(number));
  for (char& character : name) character = static_cast<char>(std::tolower(character));
  return name;
}

std::optional<Cut> cut(const Bytes& file) {
  const auto model = schema::UnPackModel(file.data());
  schema::SubGraphT& subgraph = *model->subgraphs.at(0);
  std::vector<std::int32_t> alias(subgraph.tensors.size());
  for (std::size_t index = 0; index < alias.size(); ++index) alias[index] = static_cast<std::int32_t>(index);
  std::vector<std::unique_ptr<schema::OperatorT>> kept;
  std::vector<bool> used(alias.size());
  Cut result;
  for (std::size_t index = 0; index < subgraph.operators.size(); ++index) {
    auto& op = subgraph.operators[index];
    const std::string name = operator_name(*model, *op);
    const bool is_last = index + 1 == subgraph.operators.size();
    if (name == "reshape" || (name == "dequantize" && is_last)) {
      alias[static_cast<std::size_t>(op->outputs.at(0))] = alias[static_cast<std::size_t>(op->inputs.at(0))];
      continue;
    }
    if (!is_known(name)) {
      result.whole = false;
      break;
    }
    for (std::int32_t& id : op->inputs) {
      if (id < 0) continue;
      id = alias[static_cast<std::size_t>(id)];
      used[static_cast<std::size_t>(id)] = true;
    }
    used[static_cast<std::size_t>(op->outputs.at(0))] = true;
    result.operators.push_back(index);
    kept.push_back(std::move(op));
  }
  if (kept.empty()) return std::nullopt;
  subgraph.outputs = kept.back()->outputs;
  subgraph.operators = std::move(kept);
  for (std::size_t index = 0; index < used.size(); ++index)
    if (!used[index] && std::ranges::count(subgraph.inputs, index) == 0)
      *subgraph.tensors[index] = schema::TensorT{};  // parts that Mote may not know
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishModelBuffer(builder, schema::Model::Pack(builder, model.get()));
  auto graph = read({builder.GetBufferPointer(), builder.GetSize()}, "cut");
  if (!graph) return std::nullopt;
  result.graph = std::move(*graph);
  return result;
}

struct Count {
  int whole_models = 0;
  int cut_models = 0;
  int operators = 0;
  int outputs = 0;
};

/// One model with the folder of its inputs and outputs.
struct GoldenModel {
  Cut cut;
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
    auto part = cut(*file);
    if (!part) continue;
    model.cut = std::move(*part);
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
  const graph::Graph& graph = model.cut.graph;
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
    EXPECT_EQ(crc, model.crc_of_operator.at(model.cut.operators[index])[static_cast<std::size_t>(run)])
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
    auto executor = execute::Executor::create(model.cut.graph, GetParam());
    ASSERT_TRUE(executor) << to_text(executor.error());
    for (int run = 0; run < model.runs; ++run) compare_run(*executor, model, run, count);
    count.operators += static_cast<int>(model.cut.graph.nodes.size());
    ++(model.cut.whole ? count.whole_models : count.cut_models);
  }
  fmt::print("compared: {} whole models, the beginning of {} more, {} operators, {} tensors\n",
             count.whole_models, count.cut_models, count.operators, count.outputs);
  EXPECT_GE(count.whole_models, 17);
  EXPECT_GE(count.operators, 147);
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
