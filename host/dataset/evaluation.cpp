// SPDX-License-Identifier: Apache-2.0
#include "dataset/evaluation.h"

#include <fmt/format.h>

#include <algorithm>

namespace mote::dataset {
namespace {

/// The class with the largest sum of confidences, the first of equals.
std::int32_t vote(const std::vector<WindowAnswer>& windows, std::size_t classes) {
  std::vector<double> sums(classes, 0.0);
  for (const auto& window : windows) sums[static_cast<std::size_t>(window.label)] += window.confidence;
  return static_cast<std::int32_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
}

Json to_json(const RecordingEvaluation& recording, const std::vector<std::string>& labels) {
  Json classes = Json::array();
  Json confidences = Json::array();
  for (const auto& window : recording.windows) {
    classes.push_back(window.label);
    confidences.push_back(window.confidence);
  }
  return {{"id", recording.id},
          {"label", labels[static_cast<std::size_t>(recording.label)]},
          {"predicted", labels[static_cast<std::size_t>(recording.predicted)]},
          {"windows_right", recording.windows_right()},
          {"windows", recording.windows.size()},
          {"window_classes", classes},
          {"window_confidences", confidences}};
}

Result<std::int32_t> label_index(const Json& json, std::string_view key,
                                 const std::vector<std::string>& labels, std::string_view where) {
  MOTE_TRY(const auto name, json_field<std::string>(json, key, where));
  const auto found = std::find(labels.begin(), labels.end(), name);
  if (found == labels.end())
    return fail(ErrorKind::kInput, fmt::format("{} '{}' is none of the labels", key, name),
                std::string(where));
  return static_cast<std::int32_t>(found - labels.begin());
}

Result<RecordingEvaluation> recording_from(const Json& json, const std::vector<std::string>& labels,
                                           std::string_view where) {
  RecordingEvaluation recording;
  MOTE_TRY(recording.id, json_field<std::string>(json, "id", where));
  MOTE_TRY(recording.label, label_index(json, "label", labels, where));
  MOTE_TRY(recording.predicted, label_index(json, "predicted", labels, where));
  MOTE_TRY(const auto classes, json_field<std::vector<std::int32_t>>(json, "window_classes", where));
  MOTE_TRY(const auto confidences, json_field<std::vector<double>>(json, "window_confidences", where));
  if (classes.size() != confidences.size())
    return fail(ErrorKind::kInput,
                fmt::format("recording '{}' has {} window classes and {} confidences", recording.id,
                            classes.size(), confidences.size()),
                std::string(where));
  for (std::size_t window = 0; window < classes.size(); ++window) {
    if (classes[window] < 0 || classes[window] >= static_cast<std::int32_t>(labels.size()))
      return fail(ErrorKind::kInput,
                  fmt::format("recording '{}' has window class {}, expected 0 to {}", recording.id,
                              classes[window], labels.size() - 1),
                  std::string(where));
    recording.windows.push_back({classes[window], confidences[window]});
  }
  return recording;
}

}  // namespace

std::vector<WindowAnswer> answers(std::span<const float> probabilities, std::int32_t classes) {
  std::vector<WindowAnswer> result;
  const auto width = static_cast<std::size_t>(classes);
  for (std::size_t start = 0; start + width <= probabilities.size(); start += width) {
    const auto window = probabilities.subspan(start, width);
    const auto best = std::max_element(window.begin(), window.end());
    result.push_back({static_cast<std::int32_t>(best - window.begin()), 256.0 * static_cast<double>(*best)});
  }
  return result;
}

std::int64_t RecordingEvaluation::windows_right() const {
  return std::count_if(windows.begin(), windows.end(),
                       [this](const WindowAnswer& window) { return window.label == label; });
}

std::int64_t Evaluation::recordings_right() const {
  return std::count_if(recordings.begin(), recordings.end(),
                       [](const auto& recording) { return recording.predicted == recording.label; });
}

double Evaluation::accuracy() const {
  if (recordings.empty()) return 0;
  return static_cast<double>(recordings_right()) / static_cast<double>(recordings_total());
}

std::int64_t Evaluation::windows_right() const {
  std::int64_t right = 0;
  for (const auto& recording : recordings) right += recording.windows_right();
  return right;
}

std::int64_t Evaluation::windows_total() const {
  std::size_t total = 0;
  for (const auto& recording : recordings) total += recording.windows.size();
  return static_cast<std::int64_t>(total);
}

std::vector<std::vector<std::int64_t>> Evaluation::confusion() const {
  std::vector<std::vector<std::int64_t>> table(labels.size(), std::vector<std::int64_t>(labels.size(), 0));
  for (const auto& recording : recordings)
    ++table[static_cast<std::size_t>(recording.label)][static_cast<std::size_t>(recording.predicted)];
  return table;
}

Evaluation evaluate(const Dataset& dataset, Part part, std::span<const std::int32_t> recording_of_window,
                    std::span<const WindowAnswer> answers) {
  Evaluation evaluation;
  evaluation.part = std::string(to_string(part));
  evaluation.labels = dataset.labels;
  for (std::size_t window = 0; window < answers.size(); ++window) {
    const auto& recording = dataset.recordings[static_cast<std::size_t>(recording_of_window[window])];
    if (window == 0 || recording_of_window[window] != recording_of_window[window - 1])
      evaluation.recordings.push_back({recording.description.id, recording.label, 0, {}});
    evaluation.recordings.back().windows.push_back(answers[window]);
  }
  for (auto& recording : evaluation.recordings)
    recording.predicted = vote(recording.windows, dataset.labels.size());
  evaluation.interval = clopper_pearson(evaluation.recordings_right(), evaluation.recordings_total());
  return evaluation;
}

Json to_json(const Evaluation& evaluation) {
  Json recordings = Json::array();
  for (const auto& recording : evaluation.recordings)
    recordings.push_back(to_json(recording, evaluation.labels));
  return {{"part", evaluation.part},
          {"labels", evaluation.labels},
          {"recordings", recordings},
          {"recordings_right", evaluation.recordings_right()},
          {"recordings_total", evaluation.recordings_total()},
          {"accuracy", evaluation.accuracy()},
          {"interval", {evaluation.interval.low, evaluation.interval.high}},
          {"windows_right", evaluation.windows_right()},
          {"windows_total", evaluation.windows_total()},
          {"confusion", evaluation.confusion()}};
}

Result<Evaluation> evaluation_from(const Json& json, std::string_view where) {
  Evaluation evaluation;
  MOTE_TRY(evaluation.part, json_field<std::string>(json, "part", where));
  MOTE_TRY(evaluation.labels, json_field<std::vector<std::string>>(json, "labels", where));
  MOTE_TRY(const auto interval, json_field<std::vector<double>>(json, "interval", where));
  if (interval.size() != 2)
    return fail(ErrorKind::kInput, fmt::format("interval has {} numbers, expected 2", interval.size()),
                std::string(where));
  evaluation.interval = {interval[0], interval[1]};
  MOTE_TRY(const auto recordings, json_field<Json>(json, "recordings", where));
  for (const auto& entry : recordings) {
    MOTE_TRY(auto recording, recording_from(entry, evaluation.labels, where));
    evaluation.recordings.push_back(std::move(recording));
  }
  return evaluation;
}

}  // namespace mote::dataset
