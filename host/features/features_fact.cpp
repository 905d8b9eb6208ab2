// SPDX-License-Identifier: Apache-2.0
#include "features/features_fact.h"

#include <fmt/format.h>

#include <algorithm>

#include "features/picture.h"

namespace mote::features {
namespace {

/// The recording of `label` whose length is in the middle: typical, and never one that is held out.
const dataset::Recording* typical(const dataset::Dataset& dataset, std::int32_t label) {
  std::vector<const dataset::Recording*> found;
  for (const auto& recording : dataset.recordings)
    if (recording.part == dataset::Part::kTrain && recording.label == label && recording.samples > 0)
      found.push_back(&recording);
  if (found.empty()) return nullptr;
  const auto middle = found.begin() + static_cast<std::ptrdiff_t>(found.size() / 2);
  std::ranges::nth_element(found, middle, {}, &dataset::Recording::samples);
  return *middle;
}

Json to_json(const Picture& picture) {
  return {{"width", picture.width}, {"height", picture.height},   {"low", picture.low},
          {"high", picture.high},   {"seconds", picture.seconds}, {"pixels", picture.pixels}};
}

Json block_facts(const Block& block) {
  return {{"block", block.name},
          {"output", fmt::format("{} x {}", block.output.rows, block.output.columns)},
          {"element", std::string(to_string(block.output.element))},
          {"unit", block.output.unit},
          {"frames_hz", block.output.frames_hz},
          {"state_bytes", block.state_bytes()},
          {"scratch_bytes", block.scratch_bytes()}};
}

}  // namespace

Json feature_facts(const Features& features, const dataset::Dataset& dataset,
                   const project::Project& project) {
  const Pipeline& pipeline = features.pipeline;
  Json facts = {{"blocks", Json::array()},
                {"columns", pipeline.column_names()},
                {"units", pipeline.column_units()},
                {"rows_hz", project.sensor.rate_hz() / pipeline.samples_per_row()},
                {"window_rows", features.window_rows},
                {"hop_rows", features.hop_rows},
                {"state_bytes", pipeline.state_bytes()},
                {"work_bytes", pipeline.work_bytes()},
                {"pictures", Json::object()}};
  for (const auto& block : pipeline.blocks()) facts["blocks"].push_back(block_facts(*block));
  if (pipeline.blocks().empty()) return facts;
  // A spectrum's columns have one scale; those of statistics have each their own.
  const bool by_column = !pipeline.blocks().back()->column_names.empty();
  for (std::int32_t label = 0; label < static_cast<std::int32_t>(dataset.labels.size()); ++label) {
    const dataset::Recording* const rows = typical(features.rows, label);
    if (rows == nullptr) continue;
    Json picture = {{"id", rows->description.id},
                    {"features", to_json(picture_of_rows(rows->counts, pipeline.columns(),
                                                         facts["rows_hz"].get<double>(), by_column))}};
    const auto same = std::ranges::find(dataset.recordings, rows->description.id,
                                        [](const auto& recording) { return recording.description.id; });
    constexpr double kLeastRateHz = 400;  // below, the plot of the samples tells more
    if (dataset.axes == 1 && project.sensor.rate_hz() >= kLeastRateHz && same != dataset.recordings.end())
      picture["spectrogram"] = to_json(spectrogram(same->counts, project.sensor.rate_hz()));
    facts["pictures"][dataset.labels[static_cast<std::size_t>(label)]] = std::move(picture);
  }
  return facts;
}

Result<void> write_features_fact(const project::Project& project, const Json& facts) {
  return write_fact(project.root, kFeaturesSchema, {project.file(), fact_path(project.root, "data")}, {},
                    facts);
}

}  // namespace mote::features
