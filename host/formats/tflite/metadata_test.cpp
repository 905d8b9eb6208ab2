// SPDX-License-Identifier: Apache-2.0
// The metadata that other tools read: the standard's entry, and the labels as an archive behind the model.
#include "core/files.h"
#include "core/process.h"
#include "support/require.h"
#include "tflite/changed_model.h"
#include "tflite/standard_metadata.h"
#include "tflite_schema/tflite_metadata_generated.h"

namespace mote::tflite {
namespace {

namespace standard = tflite_metadata_schema;
using ops::test::conv_model;
using testing::ElementsAre;
using testing::HasSubstr;

/// The standard entry of a written file.
standard::ModelMetadataT standard_of(const graph::Graph& graph) {
  const Bytes file = written(graph);
  const auto model = schema::UnPackModel(file.data());
  for (const auto& entry : model->metadata) {
    if (entry->name != kStandardMetadataName) continue;
    const Bytes& data = model->buffers[entry->buffer]->data;
    flatbuffers::Verifier verifier(data.data(), data.size());
    EXPECT_TRUE(standard::VerifyModelMetadataBuffer(verifier));
    EXPECT_TRUE(standard::ModelMetadataBufferHasIdentifier(data.data()));
    return *standard::UnPackModelMetadata(data.data());
  }
  ADD_FAILURE() << "no standard metadata";
  return {};
}

TEST(StandardMetadata, SayWhatTheModelIs) {
  const auto metadata = standard_of(conv_model());
  EXPECT_EQ(metadata.name, "gesture");
  EXPECT_EQ(metadata.version, "1.2.3");
  EXPECT_EQ(metadata.min_parser_version, "1.0.0");
  EXPECT_EQ(metadata.description,
            "content " + graph::content_hash(conv_model()) + ", 2026-01-02, for BMI270");
  ASSERT_EQ(metadata.subgraph_metadata.size(), 1u);
  EXPECT_EQ(metadata.subgraph_metadata[0]->input_tensor_metadata.size(), 1u);
  EXPECT_EQ(metadata.subgraph_metadata[0]->output_tensor_metadata.size(), 1u);
}

TEST(StandardMetadata, NormaliseTheInputAsTrainingDid) {
  const auto metadata = standard_of(conv_model());
  const auto& input = *metadata.subgraph_metadata.at(0)->input_tensor_metadata.at(0);
  EXPECT_EQ(input.name, "window");
  ASSERT_EQ(input.process_units.size(), 1u);
  const auto* normalization = input.process_units[0]->options.AsNormalizationOptions();
  ASSERT_NE(normalization, nullptr);
  EXPECT_THAT(normalization->mean, ElementsAre(0.1f, 0.1f, 0.1f));
  EXPECT_THAT(normalization->std, ElementsAre(0.7f, 0.7f, 0.7f));
}

TEST(StandardMetadata, GiveTheOutputItsLabelsAndThreshold) {
  const auto metadata = standard_of(conv_model());
  const auto& output = *metadata.subgraph_metadata.at(0)->output_tensor_metadata.at(0);
  ASSERT_EQ(output.associated_files.size(), 1u);
  EXPECT_EQ(output.associated_files[0]->name, "labels.txt");
  EXPECT_EQ(output.associated_files[0]->type, standard::AssociatedFileType::TENSOR_AXIS_LABELS);
  ASSERT_EQ(output.process_units.size(), 1u);
  EXPECT_EQ(output.process_units[0]->options.AsScoreThresholdingOptions()->global_score_threshold, 0.75f);
}

TEST(StandardMetadata, InventNothingForAModelFromElsewhere) {
  graph::Graph graph = conv_model();
  graph.metadata = {};
  const auto metadata = standard_of(graph);
  const auto& subgraph = *metadata.subgraph_metadata.at(0);
  EXPECT_TRUE(subgraph.input_tensor_metadata.at(0)->process_units.empty());
  EXPECT_TRUE(subgraph.output_tensor_metadata.at(0)->process_units.empty());
  EXPECT_TRUE(subgraph.output_tensor_metadata.at(0)->associated_files.empty());
  const Bytes file = written(graph);
  EXPECT_THAT(std::string(file.begin(), file.end()), Not(HasSubstr("labels.txt")));
}

TEST(Labels, AreAnArchiveBehindTheModel) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("unzip"), "unzip");
  const test::TemporaryDirectory directory;
  const std::string path = directory.path() / "model.tflite";
  ASSERT_TRUE(write_file(path, conv_model()));
  const auto tested = run_process({"unzip", "-t", path});
  ASSERT_TRUE(tested) << to_text(tested.error());
  EXPECT_EQ(tested->exit_code, 0) << tested->output << tested->errors;  // it warns with 1
  const auto printed = run_process({"unzip", "-p", path, "labels.txt"});
  ASSERT_TRUE(printed);
  EXPECT_EQ(printed->output, "punch\nflex\nidle\n");
}

}  // namespace
}  // namespace mote::tflite
