// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/statistics.h"
#include "dataset/evaluation.h"

namespace mote::diagnose {

/// How far a step may lower the accuracy, in percent points.
inline constexpr double kFloatLimitPoints = 0.5;
inline constexpr double kInt8LimitPoints = 2.0;

/// What a stage must have in common with the one before it.
enum class Rule {
  kFirst,      ///< there is none before it; judged by whether there are enough recordings
  kFloatLoss,  ///< loses at most kFloatLimitPoints
  kInt8Loss,   ///< loses at most kInt8LimitPoints
  kIdentical,  ///< class, confidence and both check sums of every window are equal
};

/// Check sums of one window: of the int8 input and of the int8 output of the model.
struct WindowCheckSums {
  std::uint16_t window = 0;
  std::uint16_t output = 0;

  bool operator==(const WindowCheckSums&) const = default;
};

/// One form of the model, run over the held-out recordings.
struct StageRun {
  std::string name;  ///< "int8_host"
  std::string title;
  Rule rule = Rule::kFirst;
  dataset::Evaluation evaluation;
  std::vector<std::vector<WindowCheckSums>> check_sums = {};  ///< [recording][window]; empty for float models
  std::string not_run = {};  ///< why there is no evaluation; empty if there is one
};

enum class Status { kPass, kFail, kNotEnoughData, kNotRun };

/// "pass", "fail", "not enough data", "not run".
std::string_view to_string(Status status);

/// Windows that are equal to the stage before, of all windows of either.
struct Agreement {
  std::int64_t equal = 0;
  std::int64_t of = 0;
};

/// What a step lost, in percent points of window accuracy, and whether that may be chance.
struct Loss {
  double points = 0;                   ///< negative: the step gained
  Interval points_range;               ///< bootstrap over recordings
  std::int64_t only_before_right = 0;  ///< recordings
  std::int64_t only_after_right = 0;
  double p_value = 1;  ///< McNemar's exact test over recordings
};

/// A stage and what it says.
struct JudgedStage {
  StageRun run;
  Status status = Status::kNotRun;
  std::string verdict;
  std::optional<Agreement> agreement;  ///< with the last stage before it that ran
  std::optional<Loss> loss;            ///< for kFloatLoss and kInt8Loss
};

struct Diagnosis {
  std::vector<JudgedStage> stages;
  Status status = Status::kNotRun;
  std::string verdict;
  std::string help;  ///< the command that helps, or what to do; empty if all is well
};

/// Compares every stage with the one before it. Pure. `runs` in pipeline order, all over the same recordings.
Diagnosis judge(std::vector<StageRun> runs);

/// See the schema of diagnose.json.
Json to_json(const Diagnosis& diagnosis);

}  // namespace mote::diagnose
