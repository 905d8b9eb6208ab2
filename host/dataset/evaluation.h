// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/statistics.h"
#include "dataset/dataset.h"

namespace mote::dataset {

/// The answer of a model to one window.
struct WindowAnswer {
  std::int32_t label = 0;  ///< the class with the highest confidence, the first of equals
  double confidence = 0;   ///< 0 ... 256, in 1/256 (whole numbers for int8 models: their output + 128)

  bool operator==(const WindowAnswer&) const = default;
};

/// The answers to probabilities [window][class] of 0 ... 1.
std::vector<WindowAnswer> answers(std::span<const float> probabilities, std::int32_t classes);

/// How one recording was recognised.
struct RecordingEvaluation {
  std::string id;
  std::int32_t label = 0;
  std::int32_t predicted = 0;  ///< the class with the largest sum of its windows' confidences
  std::vector<WindowAnswer> windows;

  std::int64_t windows_right() const;
  bool operator==(const RecordingEvaluation&) const = default;
};

/// How a part of the dataset was recognised. The unit is the recording: windows overlap.
struct Evaluation {
  std::string part;  ///< "test" or "validation"
  std::vector<std::string> labels;
  std::vector<RecordingEvaluation> recordings;
  Interval interval;  ///< of the accuracy, Clopper-Pearson 95 % over recordings

  std::int64_t recordings_right() const;
  std::int64_t recordings_total() const { return static_cast<std::int64_t>(recordings.size()); }
  double accuracy() const;  ///< over recordings; 0 if there are none
  std::int64_t windows_right() const;
  std::int64_t windows_total() const;
  std::vector<std::vector<std::int64_t>> confusion() const;  ///< [truth][predicted], recordings

  bool operator==(const Evaluation&) const = default;
};

/// Groups answers by recording.
///
/// `recording_of_window` [window]: index into dataset.recordings (WindowSet::recording), equal ones adjacent;
/// `answers` [window].
Evaluation evaluate(const Dataset& dataset, Part part, std::span<const std::int32_t> recording_of_window,
                    std::span<const WindowAnswer> answers);

/// As facts, labels by name; derived numbers (accuracy, confusion ...) are written for readers of the facts.
Json to_json(const Evaluation& evaluation);

/// Reads to_json()'s form back. Errors (kInput): a field is missing or has another type; an unknown label.
Result<Evaluation> evaluation_from(const Json& json, std::string_view where);

}  // namespace mote::dataset
