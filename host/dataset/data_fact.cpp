// SPDX-License-Identifier: Apache-2.0
#include "dataset/data_fact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "recordings/store.h"

namespace mote::dataset {
namespace {

constexpr double kNotableRateError = 0.01;  // what the device's contract allows
constexpr double kNotableClippedShare = 0.01;
constexpr double kNotableImbalance = 4.0;

std::string_view name_of(project::SplitSettings::By by) {
  if (by == project::SplitSettings::By::kPerson) return "person";
  if (by == project::SplitSettings::By::kGiven) return "given";
  return by == project::SplitSettings::By::kCapture ? "capture" : "session";
}

double clipped_fraction(const Recording& recording) {
  return static_cast<double>(recording.clipped_samples) / static_cast<double>(recording.samples);
}

Json recording_facts(const Recording& recording) {
  const auto& description = recording.description;
  const auto measured = recording.measured_rate_hz();
  return {{"id", description.id},
          {"label", description.label},
          {"session", description.session},
          {"person", description.person},
          {"device", description.device},
          {"conditions", description.conditions},
          {"split", to_string(recording.part)},
          {"samples", recording.samples},
          {"seconds", recording.seconds()},
          {"rate_hz_declared", description.sensor.rate_hz()},
          {"rate_hz_measured", measured.has_value() ? Json(*measured) : Json()},
          {"clipped_fraction", clipped_fraction(recording)},
          {"recorded", description.recorded}};
}

Json balance_facts(const Dataset& dataset) {
  Json balance = Json::object();
  for (const auto& label : dataset.labels)
    balance[label] = {{"train", 0}, {"validation", 0}, {"test", 0}, {"seconds", 0.0}};
  for (const auto& recording : dataset.recordings) {
    Json& entry = balance[recording.description.label];
    Json& count = entry[std::string(to_string(recording.part))];
    count = count.get<std::int64_t>() + 1;
    entry["seconds"] = entry["seconds"].get<double>() + recording.seconds();
  }
  return balance;
}

/// Sum over the axes of the scatter of `samples` samples from `start`: how much moves there.
double motion(const Recording& recording, std::int64_t start, std::int64_t samples, std::int32_t axes) {
  double total = 0;
  for (std::int32_t axis = 0; axis < axes; ++axis) {
    double sum = 0, squares = 0;
    for (std::int64_t sample = start; sample < start + samples; ++sample) {
      const double value = recording.counts[static_cast<std::size_t>(sample * axes + axis)];
      sum += value;
      squares += value * value;
    }
    total += squares - sum * sum / static_cast<double>(samples);
  }
  return total;
}

/// The stretch of a window's length in which most moves.
std::int64_t liveliest_start(const Recording& recording, const project::Project& project) {
  std::int64_t best = 0;
  double most = -1;
  const std::int64_t step = std::max<std::int64_t>(1, project.window_samples / 10);
  for (std::int64_t start = 0; start + project.window_samples <= recording.samples; start += step) {
    const double found = motion(recording, start, project.window_samples, project.sensor.axis_count());
    if (found > most) {
      most = found;
      best = start;
    }
  }
  return best;
}

/// The training recording of `label` that moves as much as the middle one does; none if all are too short.
const Recording* typical_recording(const Dataset& dataset, std::int32_t label, std::int32_t window_samples) {
  std::vector<std::pair<double, const Recording*>> candidates;
  for (const auto& recording : dataset.recordings)
    if (recording.part == Part::kTrain && recording.label == label && recording.samples >= window_samples)
      candidates.emplace_back(
          motion(recording, 0, recording.samples, dataset.axes) / static_cast<double>(recording.samples),
          &recording);
  if (candidates.empty()) return nullptr;
  const auto middle = candidates.begin() + static_cast<std::ptrdiff_t>(candidates.size() / 2);
  std::nth_element(candidates.begin(), middle, candidates.end());
  return middle->second;
}

Json signal_facts(const Dataset& dataset, const project::Project& project) {
  Json signals = Json::object();
  for (std::int32_t label = 0; label < static_cast<std::int32_t>(dataset.labels.size()); ++label) {
    const Recording* recording = typical_recording(dataset, label, project.window_samples);
    if (recording == nullptr) continue;
    const std::int64_t start = liveliest_start(*recording, project);
    Json values = Json::array();
    Json units = Json::array();
    for (const project::SensorGroup& group : project.sensor.groups)
      for (std::size_t axis = 0; axis < group.axes.size(); ++axis)
        units.push_back(project::to_string(group.unit));
    for (std::int32_t axis = 0; axis < dataset.axes; ++axis) {
      Json row = Json::array();
      const double scale = 1.0 / recording->description.sensor.counts_per_unit(axis);
      for (std::int64_t sample = start; sample < start + project.window_samples; ++sample)
        row.push_back(recording->counts[static_cast<std::size_t>(sample * dataset.axes + axis)] * scale);
      values.push_back(std::move(row));
    }
    signals[dataset.labels[static_cast<std::size_t>(label)]] = {{"id", recording->description.id},
                                                                {"rate_hz", project.sensor.rate_hz()},
                                                                {"axes", project.sensor.axis_names()},
                                                                {"units", std::move(units)},
                                                                {"values", std::move(values)}};
  }
  return signals;
}

void warn_about_rates(const Dataset& dataset, std::vector<std::string>& result) {
  for (const auto& session : sessions_in_order(dataset)) {
    recordings::RateEstimate estimate;
    double declared_hz = 0;
    for (const auto& recording : dataset.recordings)
      if (recording.description.session == session) {
        estimate.add(recording.time_ms);
        declared_hz = recording.description.sensor.rate_hz();
      }
    const auto rate = estimate.rate_hz();
    if (rate.has_value() && std::abs(*rate / declared_hz - 1) > kNotableRateError)
      result.push_back(fmt::format("session {}: time stamps say {:.2f} Hz, the project {:.6g} Hz", session,
                                   *rate, declared_hz));
  }
}

void warn_about_labels(const Dataset& dataset, std::vector<std::string>& result) {
  std::vector<double> seconds(dataset.labels.size(), 0.0);
  std::set<std::pair<std::int32_t, Part>> seen;
  for (const auto& recording : dataset.recordings) {
    if (recording.part == Part::kTrain)
      seconds[static_cast<std::size_t>(recording.label)] += recording.seconds();
    seen.emplace(recording.label, recording.part);
  }
  for (std::size_t label = 0; label < dataset.labels.size(); ++label)
    for (const Part part : {Part::kValidation, Part::kTest})
      if (!seen.contains({static_cast<std::int32_t>(label), part}))
        result.push_back(
            fmt::format("label {} has no {} recordings", dataset.labels[label], to_string(part)));
  const auto [least, most] = std::minmax_element(seconds.begin(), seconds.end());
  if (*least > 0 && *most > kNotableImbalance * *least)
    result.push_back(fmt::format("{} has {:.1f} times as much training data as {}",
                                 dataset.labels[static_cast<std::size_t>(most - seconds.begin())],
                                 *most / *least,
                                 dataset.labels[static_cast<std::size_t>(least - seconds.begin())]));
}

}  // namespace

std::vector<std::string> warnings(const Dataset& dataset, const project::Project& project) {
  std::vector<std::string> result;
  warn_about_rates(dataset, result);
  std::int64_t clipped = 0, short_recordings = 0, samples = 0;
  for (const auto& recording : dataset.recordings) {
    clipped += recording.clipped_samples;
    samples += recording.samples;
    short_recordings += recording.samples < project.window_samples ? 1 : 0;
  }
  if (static_cast<double>(clipped) > kNotableClippedShare * static_cast<double>(samples))
    result.push_back(fmt::format("{:.1f} % of the samples are clipped: the sensor's range is too small",
                                 100.0 * static_cast<double>(clipped) / static_cast<double>(samples)));
  if (short_recordings > 0)
    result.push_back(
        fmt::format("{} of {} recordings are shorter than a window ({} samples) and are not used",
                    short_recordings, dataset.recordings.size(), project.window_samples));
  warn_about_labels(dataset, result);
  if (dataset.split.by == project::SplitSettings::By::kCapture)
    result.emplace_back(
        "held out by capture: same sessions, same persons as in training; results will flatter");
  return result;
}

Json data_facts(const Dataset& dataset, const project::Project& project, bool no_background) {
  Json recordings = Json::array();
  for (const auto& recording : dataset.recordings) recordings.push_back(recording_facts(recording));
  return {{"recordings", std::move(recordings)},
          {"split_by", name_of(dataset.split.by)},
          {"background", dataset.background.has_value() ? Json(*dataset.background) : Json()},
          {"no_background", no_background},
          {"labels", dataset.labels},
          {"balance", balance_facts(dataset)},
          {"signals", signal_facts(dataset, project)},
          {"warnings", warnings(dataset, project)}};
}

Result<void> write_data_fact(const project::Project& project, const Dataset& dataset, const Json& facts) {
  std::vector<std::filesystem::path> inputs = {"mote.toml"};
  for (const auto& recording : dataset.recordings) {
    inputs.push_back(
        recordings::samples_path(project, recording.description).lexically_relative(project.root));
    inputs.push_back(recordings::json_path(project, recording.description).lexically_relative(project.root));
  }
  return write_fact(project.root, kDataSchema, inputs, {}, facts);
}

Result<Json> require_data(const project::Project& project) {
  MOTE_TRY(Json facts, read_fact(project.root, kDataSchema));
  const std::string where = fact_path(project.root, kDataSchema.stage).string();
  MOTE_TRY(const auto known, json_field<Json>(facts, "recordings", where));
  MOTE_TRY(const auto descriptions, recordings::read_descriptions(project));
  if (known.size() != descriptions.size())
    return fail(
        ErrorKind::kFinding,
        fmt::format("stale: there are {} recordings, `mote data` saw {}", descriptions.size(), known.size()),
        where, "run `mote data` again");
  MOTE_TRY(const bool no_background, json_field<bool>(facts, "no_background", where));
  if (!project.background.has_value() && !no_background)
    return fail(ErrorKind::kFinding,
                "no background class: the model would have to call every motion a gesture",
                project.file().string(),
                "record everyday motion under a label of its own and name it in mote.toml (background = "
                "\"idle\"), or run `mote data --no-background`, which every report will say");
  return facts;
}

}  // namespace mote::dataset
