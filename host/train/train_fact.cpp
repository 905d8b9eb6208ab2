// SPDX-License-Identifier: Apache-2.0
#include "train/train_fact.h"

#include <algorithm>

namespace mote::train {
namespace {

Json history_facts(const std::vector<EpochRecord>& history) {
  Json facts = Json::array();
  for (const EpochRecord& record : history)
    facts.push_back({{"epoch", record.epoch},
                     {"train_loss", record.train_loss},
                     {"validation_loss", record.validation_loss},
                     {"train_accuracy", record.train_accuracy},
                     {"validation_accuracy", record.validation_accuracy}});
  return facts;
}

Json normalization_facts(const std::vector<std::string>& column_names,
                         const std::vector<graph::AxisNormalization>& normalization) {
  Json facts = Json::array();
  for (std::size_t axis = 0; axis < normalization.size(); ++axis)
    facts.push_back({{"axis", column_names.at(axis)},
                     {"mean", normalization[axis].mean},
                     {"standard_deviation", normalization[axis].standard_deviation},
                     {"multiplier", normalization[axis].multiplier},
                     {"bias", normalization[axis].bias},
                     {"shift", normalization[axis].shift}});
  return facts;
}

}  // namespace

graph::ModelMetadata model_metadata(const project::Project& project,
                                    const std::vector<graph::AxisNormalization>& normalization,
                                    const std::string& date) {
  graph::ModelMetadata metadata;
  metadata.version = project.version;
  metadata.date = date;
  metadata.labels = project.labels;
  metadata.background = project.background;
  metadata.sensor = project.sensor;
  metadata.features = project.features;
  metadata.window_samples = project.window_samples;
  metadata.hop_samples = project.hop_samples;
  metadata.normalization = normalization;
  metadata.confidence_threshold = project.confidence_threshold;
  return metadata;
}

std::string newest_recording_date(const dataset::Dataset& dataset) {
  std::string newest;
  for (const dataset::Recording& recording : dataset.recordings)
    if (recording.part != dataset::Part::kTest)
      newest = std::max(newest, recording.description.recorded.substr(0, 10));
  return newest;
}

Result<dataset::Evaluation> evaluate(const TrainResult& result, const dataset::Dataset& dataset,
                                     dataset::Part part, const features::WindowSet& windows, IsaChoice isa) {
  MOTE_TRY(const std::vector<float> probability, probabilities(result.network, windows, isa));
  const auto classes = static_cast<std::int32_t>(dataset.labels.size());
  return dataset::evaluate(dataset, part, windows.recording, dataset::answers(probability, classes));
}

Json train_facts(const TrainResult& result, const project::TrainingSettings& settings,
                 const std::vector<std::string>& column_names,
                 const std::vector<graph::AxisNormalization>& normalization, const WindowSets& windows,
                 const dataset::Evaluation& validation, const dataset::Evaluation& test) {
  return {{"architecture", settings.architecture},
          {"parameters", result.parameters},
          {"seed", settings.seed},
          {"batch", settings.batch},
          {"learning_rate", settings.learning_rate},
          {"patience", settings.patience},
          {"isa", result.isa},
          {"class_weights", result.class_weights},
          {"epochs_run", result.history.size()},
          {"best_epoch", result.best_epoch},
          {"history", history_facts(result.history)},
          {"normalization", normalization_facts(column_names, normalization)},
          {"windows",
           {{"train", windows.training.count()},
            {"validation", windows.validation.count()},
            {"test", windows.test.count()}}},
          {"short_recordings", windows.training.short_recordings + windows.validation.short_recordings +
                                   windows.test.short_recordings},
          {"validation", dataset::to_json(validation)},
          {"test", dataset::to_json(test)}};
}

}  // namespace mote::train
