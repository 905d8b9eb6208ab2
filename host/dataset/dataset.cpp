// SPDX-License-Identifier: Apache-2.0
#include "dataset/dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "dataset/natural_order.h"
#include "recordings/store.h"

namespace mote::dataset {
namespace {

std::string sensor_text(const project::SensorDescription& sensor) {
  std::string text;
  for (const auto& group : sensor.groups)
    text += fmt::format("{} {} {} +-{}, ", project::to_string(group.kind), fmt::join(group.axes, "/"),
                        project::to_string(group.unit), group.range);
  return text + fmt::format("{} Hz", sensor.rate_hz());
}

Result<void> check_sensor(const project::Project& project, const recordings::Description& description) {
  const auto& own = description.sensor;
  if (own.groups == project.sensor.groups && own.rate_millihertz == project.sensor.rate_millihertz) return {};
  return fail(
      ErrorKind::kInput,
      fmt::format("recorded with {}; the project says {}", sensor_text(own), sensor_text(project.sensor)),
      recordings::json_path(project, description).string(),
      "restore the sensor in mote.toml, or keep these recordings in a project of their own");
}

Result<Recording> read_recording(const project::Project& project,
                                 const recordings::Description& description) {
  const auto label = std::find(project.labels.begin(), project.labels.end(), description.label);
  if (label == project.labels.end())
    return fail(ErrorKind::kInput,
                fmt::format("label {} is not in the project ({})", description.label,
                            fmt::join(project.labels, ", ")),
                recordings::json_path(project, description).string(),
                "add it to mote.toml, or move the recordings out of the project");
  MOTE_CHECK(check_sensor(project, description));
  MOTE_TRY(auto samples, recordings::read_samples(project, description));
  Recording recording;
  recording.description = description;
  recording.label = static_cast<std::int32_t>(label - project.labels.begin());
  recording.samples = description.samples;
  recording.counts = recordings::to_counts(samples.values, description.sensor);
  recording.time_ms = std::move(samples.time_ms);
  recording.clipped_samples = recordings::clipped_samples(recording.counts, description.sensor.axis_count());
  if (recordings::content_hash(recording.counts) != description.content_sha256)
    return fail(ErrorKind::kInput, "description does not fit the samples (content checksum)",
                recordings::json_path(project, description).string(),
                "restore the file, or delete the recording and import it again");
  return recording;
}

void sort_recordings(Dataset& dataset) {
  std::map<std::string, std::size_t> order;
  for (const auto& session : sessions_in_order(dataset)) order.emplace(session, order.size());
  std::sort(dataset.recordings.begin(), dataset.recordings.end(),
            [&order](const Recording& a, const Recording& b) {
              const auto key = [&order](const Recording& recording) {
                return std::tuple(order.at(recording.description.session), recording.label);
              };
              if (key(a) != key(b)) return key(a) < key(b);
              return NaturalLess()(a.description.id, b.description.id);
            });
}

}  // namespace

std::string_view to_string(Part part) {
  switch (part) {
    case Part::kTrain:
      return "train";
    case Part::kValidation:
      return "validation";
    case Part::kTest:
      return "test";
  }
  return "";
}

std::optional<double> Recording::measured_rate_hz() const {
  recordings::RateEstimate estimate;
  estimate.add(time_ms);
  return estimate.rate_hz();
}

std::vector<std::int32_t> Dataset::in_part(Part part) const {
  std::vector<std::int32_t> indices;
  for (std::size_t index = 0; index < recordings.size(); ++index)
    if (recordings[index].part == part) indices.push_back(static_cast<std::int32_t>(index));
  return indices;
}

std::vector<std::string> sessions_in_order(const Dataset& dataset) {
  std::map<std::string, std::string, NaturalLess> start_of;
  bool all_have_time = true;
  for (const auto& recording : dataset.recordings) {
    const auto& time = recording.description.recorded;
    const auto [start, is_new] = start_of.try_emplace(recording.description.session, time);
    if (!is_new) start->second = std::min(start->second, time);
    all_have_time = all_have_time && !time.empty();
  }
  std::vector<std::pair<std::string, std::string>> sessions;  // start, name
  for (const auto& [name, start] : start_of) sessions.emplace_back(all_have_time ? start : "", name);
  std::sort(sessions.begin(), sessions.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : NaturalLess()(a.second, b.second);
  });
  std::vector<std::string> names;
  for (const auto& [start, name] : sessions) names.push_back(name);
  return names;
}

Result<Dataset> read(const project::Project& project) {
  MOTE_TRY(const auto descriptions, recordings::read_descriptions(project));
  if (descriptions.empty())
    return fail(ErrorKind::kUsage, "the project has no recordings yet", project.recordings().string(),
                "run `mote import FILE... --label NAME --session NAME`");
  Dataset dataset;
  dataset.labels = project.labels;
  dataset.background = project.background;
  dataset.axes = project.sensor.axis_count();
  dataset.split = project.split;
  for (const auto& description : descriptions) {
    MOTE_TRY(auto recording, read_recording(project, description));
    dataset.recordings.push_back(std::move(recording));
  }
  sort_recordings(dataset);
  return dataset;
}

Result<Dataset> load(const project::Project& project) {
  MOTE_TRY(Dataset dataset, read(project));
  MOTE_CHECK(split(dataset, project.split));
  return dataset;
}

}  // namespace mote::dataset
