// SPDX-License-Identifier: Apache-2.0
#include "tflite/standard_metadata.h"

#include "tflite_schema/tflite_metadata_generated.h"

namespace mote::tflite {
namespace {

namespace schema = tflite_metadata_schema;
using flatbuffers::Offset;

/// The least version of the standard that has every field used here.
constexpr const char* kParserVersion = "1.0.0";

class StandardWriter {
 public:
  explicit StandardWriter(const graph::Graph& graph) : graph_(graph) {}

  /// Each part has a statement of its own: the order of bytes is the same whatever compiles this.
  std::vector<std::uint8_t> write() {
    const Units before = normalization();
    const auto inputs = tensors(graph_.inputs, before, {});
    const Units behind = threshold();
    const Files files = labels();
    const auto outputs = tensors(graph_.outputs, behind, files);
    const auto name = text(graph_.name);
    const std::vector subgraphs = {schema::CreateSubGraphMetadata(builder_, name, 0, inputs, outputs)};
    const auto subgraph_list = builder_.CreateVector(subgraphs);
    const auto about = text(description());
    const auto version = text(graph_.metadata.version);
    const auto parser = text(kParserVersion);
    schema::FinishModelMetadataBuffer(builder_, schema::CreateModelMetadata(builder_, name, about, version,
                                                                            subgraph_list, 0, 0, 0, parser));
    return {builder_.GetBufferPointer(), builder_.GetBufferPointer() + builder_.GetSize()};
  }

 private:
  using Units = std::vector<Offset<schema::ProcessUnit>>;
  using Files = std::vector<Offset<schema::AssociatedFile>>;

  Offset<flatbuffers::String> text(std::string_view characters) {
    return builder_.CreateString(characters.data(), characters.size());
  }

  std::string description() const {
    const graph::ModelMetadata& metadata = graph_.metadata;
    std::string text = "content " + graph::content_hash(graph_);
    if (!metadata.date.empty()) text += ", " + metadata.date;
    if (metadata.sensor) text += ", for " + metadata.sensor->name;
    return text;
  }

  /// Metadata of the graph's inputs or outputs, one each; `units` and `files` are of the first if it is the
  /// only one.
  Offset<flatbuffers::Vector<Offset<schema::TensorMetadata>>> tensors(const std::vector<graph::ValueId>& ids,
                                                                      const Units& units,
                                                                      const Files& files) {
    const auto unit_list = ids.size() == 1 ? list(units) : 0;
    const auto file_list = ids.size() == 1 ? list(files) : 0;
    std::vector<Offset<schema::TensorMetadata>> result;
    for (const graph::ValueId id : ids) {
      const auto name = text(graph_.value(id).name);
      const auto features = schema::CreateFeatureProperties(builder_);
      const auto content =
          schema::CreateContent(builder_, schema::ContentProperties::FeatureProperties, features.Union());
      result.push_back(schema::CreateTensorMetadata(builder_, name, 0, 0, content, unit_list, 0, file_list));
    }
    return builder_.CreateVector(result);
  }

  template <class T>
  Offset<flatbuffers::Vector<Offset<T>>> list(const std::vector<Offset<T>>& items) {
    return items.empty() ? 0 : builder_.CreateVector(items);
  }

  Units normalization() {
    if (graph_.metadata.normalization.empty()) return {};
    std::vector<float> means;
    std::vector<float> deviations;
    for (const graph::AxisNormalization& axis : graph_.metadata.normalization) {
      means.push_back(static_cast<float>(axis.mean));
      deviations.push_back(static_cast<float>(axis.standard_deviation));
    }
    const auto mean = builder_.CreateVector(means);
    const auto deviation = builder_.CreateVector(deviations);
    const auto options = schema::CreateNormalizationOptions(builder_, mean, deviation);
    return {schema::CreateProcessUnit(builder_, schema::ProcessUnitOptions::NormalizationOptions,
                                      options.Union())};
  }

  Units threshold() {
    if (graph_.metadata.labels.empty()) return {};
    const auto options = schema::CreateScoreThresholdingOptions(
        builder_, static_cast<float>(graph_.metadata.confidence_threshold));
    return {schema::CreateProcessUnit(builder_, schema::ProcessUnitOptions::ScoreThresholdingOptions,
                                      options.Union())};
  }

  Files labels() {
    if (graph_.metadata.labels.empty()) return {};
    const auto name = text(kLabelsFile);
    const auto about = text("labels, one a line");
    return {
        schema::CreateAssociatedFile(builder_, name, about, schema::AssociatedFileType::TENSOR_AXIS_LABELS)};
  }

  const graph::Graph& graph_;
  flatbuffers::FlatBufferBuilder builder_;
};

}  // namespace

std::vector<std::uint8_t> standard_metadata(const graph::Graph& graph) {
  return StandardWriter(graph).write();
}

std::string labels_text(const std::vector<std::string>& labels) {
  std::string text;
  for (std::string label : labels) {
    for (char& character : label)
      if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F) character = ' ';
    text += label + "\n";
  }
  return text;
}

}  // namespace mote::tflite
