// SPDX-License-Identifier: Apache-2.0
#include "diagnose/diagnosis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mote::diagnose {
namespace {

constexpr std::uint64_t kBootstrapSeed = 1;
constexpr double kSignificance = 0.05;

using dataset::RecordingEvaluation;

/// The check sums of a window; none for stages without.
std::optional<WindowCheckSums> check_sums_of(const StageRun& run, std::size_t recording, std::size_t window) {
  if (recording >= run.check_sums.size() || window >= run.check_sums[recording].size()) return std::nullopt;
  return run.check_sums[recording][window];
}

/// Whether two stages gave the same answer to a window; bit for bit if `identical` is asked for.
bool same_window(const StageRun& before, const StageRun& after, std::size_t recording, std::size_t window,
                 bool identical) {
  const auto& one = before.evaluation.recordings[recording].windows[window];
  const auto& other = after.evaluation.recordings[recording].windows[window];
  if (!identical) return one.label == other.label;
  return one == other && check_sums_of(before, recording, window) == check_sums_of(after, recording, window);
}

Agreement agreement_of(const StageRun& before, const StageRun& after) {
  Agreement agreement;
  const bool identical = after.rule == Rule::kIdentical;
  const auto& ones = before.evaluation.recordings;
  const auto& others = after.evaluation.recordings;
  for (std::size_t recording = 0; recording < std::max(ones.size(), others.size()); ++recording) {
    const std::size_t one = recording < ones.size() ? ones[recording].windows.size() : 0;
    const std::size_t other = recording < others.size() ? others[recording].windows.size() : 0;
    agreement.of += static_cast<std::int64_t>(std::max(one, other));
    if (one == 0 || other == 0 || ones[recording].id != others[recording].id) continue;
    for (std::size_t window = 0; window < std::min(one, other); ++window)
      agreement.equal += same_window(before, after, recording, window, identical) ? 1 : 0;
  }
  return agreement;
}

Loss loss_of(const dataset::Evaluation& before, const dataset::Evaluation& after) {
  Loss loss;
  const std::size_t recordings = std::min(before.recordings.size(), after.recordings.size());
  for (std::size_t index = 0; index < recordings; ++index) {
    const RecordingEvaluation& one = before.recordings[index];
    const RecordingEvaluation& other = after.recordings[index];
    const bool right_before = one.predicted == one.label;
    const bool right_after = other.predicted == other.label;
    loss.only_before_right += right_before && !right_after ? 1 : 0;
    loss.only_after_right += right_after && !right_before ? 1 : 0;
  }
  loss.p_value = mcnemar_exact(loss.only_before_right, loss.only_after_right);
  const auto points = [&](std::span<const std::int64_t> drawn) {
    std::int64_t lost = 0, windows = 0;
    for (const std::int64_t index : drawn) {
      const auto place = static_cast<std::size_t>(index);
      lost += before.recordings[place].windows_right() - after.recordings[place].windows_right();
      windows += static_cast<std::int64_t>(before.recordings[place].windows.size());
    }
    return windows > 0 ? 100.0 * static_cast<double>(lost) / static_cast<double>(windows) : 0.0;
  };
  std::vector<std::int64_t> all(recordings);
  for (std::size_t index = 0; index < recordings; ++index) all[index] = static_cast<std::int64_t>(index);
  loss.points = points(all);
  loss.points_range = {loss.points, loss.points};
  if (recordings > 0)
    loss.points_range = bootstrap(static_cast<std::int64_t>(recordings), points, kBootstrapSeed);
  return loss;
}

std::string accuracy_text(const dataset::Evaluation& evaluation) {
  return fmt::format("{:.1f} % of {} recordings right, interval {:.1f} ... {:.1f} %",
                     100 * evaluation.accuracy(), evaluation.recordings_total(),
                     100 * evaluation.interval.low, 100 * evaluation.interval.high);
}

/// What to say if the interval of the accuracy is too wide, else empty.
std::string too_few(const dataset::Evaluation& evaluation) {
  const std::int64_t right = evaluation.recordings_right();
  const std::int64_t total = evaluation.recordings_total();
  const std::int64_t more = more_units_needed(right, total);
  if (more == 0) return "";
  return fmt::format(
      "not enough data to tell: interval is +-{:.0f} points; about {} more held-out recordings needed",
      100 * margin(evaluation.accuracy(), clopper_pearson(right, total)), more);
}

void judge_first(JudgedStage& stage) {
  const std::string few = too_few(stage.run.evaluation);
  stage.status = few.empty() ? Status::kPass : Status::kNotEnoughData;
  stage.verdict = few.empty() ? accuracy_text(stage.run.evaluation) : few;
}

/// "int8 loses 0.4 points (3 of 360 windows differ)"
std::string loss_text(std::string_view step, const Loss& loss, const Agreement& agreement) {
  const std::string_view verb = loss.points < 0 ? "gains" : "loses";
  return fmt::format("{} {} {:.1f} points ({} of {} windows differ)", step, verb, std::abs(loss.points),
                     agreement.of - agreement.equal, agreement.of);
}

void judge_loss(JudgedStage& stage, const StageRun& before) {
  const bool is_float = stage.run.rule == Rule::kFloatLoss;
  const std::string_view step = is_float ? "float conversion" : "int8";
  const double limit = is_float ? kFloatLimitPoints : kInt8LimitPoints;
  stage.loss = loss_of(before.evaluation, stage.run.evaluation);
  const Loss& loss = *stage.loss;
  if (stage.agreement->equal == stage.agreement->of) {
    stage.status = Status::kPass;
    stage.verdict = fmt::format("{}: 0 of {} windows differ", step, stage.agreement->of);
    return;
  }
  const double recordings = static_cast<double>(before.evaluation.recordings_total());
  const double recording_points =
      100.0 * static_cast<double>(loss.only_before_right - loss.only_after_right) / std::max(recordings, 1.0);
  const bool surely_lost =
      loss.points_range.low > limit || (recording_points > limit && loss.p_value < kSignificance);
  const bool surely_within = loss.points_range.high <= limit && recording_points <= limit;
  stage.status = surely_lost ? Status::kFail : surely_within ? Status::kPass : Status::kNotEnoughData;
  stage.verdict = loss_text(step, loss, *stage.agreement);
  if (surely_lost) stage.verdict += fmt::format(", over the limit of {}", limit);
  if (surely_within) stage.verdict += fmt::format(", within {}", limit);
  if (stage.status != Status::kNotEnoughData) return;
  stage.verdict +=
      fmt::format("; not enough data to tell whether that is within {}: interval {:.1f} ... {:.1f} points",
                  limit, loss.points_range.low, loss.points_range.high);
  if (recording_points > limit)
    stage.verdict += fmt::format(", {} recordings right only before, {} only after (p = {:.2f})",
                                 loss.only_before_right, loss.only_after_right, loss.p_value);
}

void judge_identical(JudgedStage& stage) {
  const Agreement& agreement = *stage.agreement;
  const bool equal = agreement.of > 0 && agreement.equal == agreement.of;
  stage.status = equal ? Status::kPass : Status::kFail;
  stage.verdict = equal ? fmt::format("all {} windows are identical, bit for bit", agreement.of)
                        : fmt::format("{} of {} windows differ; all must be identical",
                                      agreement.of - agreement.equal, agreement.of);
}

JudgedStage judge_stage(StageRun run, const JudgedStage* before) {
  JudgedStage stage;
  stage.run = std::move(run);
  if (!stage.run.not_run.empty()) {
    stage.verdict = "not run: " + stage.run.not_run;
    return stage;
  }
  if (before != nullptr) stage.agreement = agreement_of(before->run, stage.run);
  if (before == nullptr || stage.run.rule == Rule::kFirst)
    judge_first(stage);
  else if (stage.run.rule == Rule::kIdentical)
    judge_identical(stage);
  else
    judge_loss(stage, before->run);
  return stage;
}

const JudgedStage* first_with(const Diagnosis& diagnosis, Status status) {
  const auto found = std::ranges::find(diagnosis.stages, status, &JudgedStage::status);
  return found != diagnosis.stages.end() ? &*found : nullptr;
}

std::string help_for(const JudgedStage& stage) {
  if (stage.status == Status::kNotEnoughData)
    return "record more sessions to hold out, then `mote data` and the stages after it";
  switch (stage.run.rule) {
    case Rule::kFloatLoss:
      return "run `mote train` again; if it stays, the conversion is at fault: please report it";
    case Rule::kInt8Loss:
      return "run `mote quantize` again with training sessions that cover the whole range of movement; if it "
             "stays, "
             "`mote train` with another architecture or seed";
    case Rule::kIdentical:
      return stage.run.name == "int8_device" ? "run `mote firmware` and `mote simulate` again; `mote check` "
                                               "names the first window that differs"
                                             : "run `mote compile` again; if it stays, it is a defect of "
                                               "Mote: please report it with the model";
    case Rule::kFirst:
      break;
  }
  return "";
}

/// The last stage that ran.
const JudgedStage* last_run(const Diagnosis& diagnosis) {
  const JudgedStage* last = nullptr;
  for (const JudgedStage& stage : diagnosis.stages)
    if (stage.status != Status::kNotRun) last = &stage;
  return last;
}

void conclude(Diagnosis& diagnosis) {
  const JudgedStage* const last = last_run(diagnosis);
  if (last == nullptr) return;
  for (const Status status : {Status::kFail, Status::kNotEnoughData}) {
    const JudgedStage* const stage = first_with(diagnosis, status);
    if (stage == nullptr) continue;
    diagnosis.status = status;
    diagnosis.verdict = fmt::format("{}: {}", stage->run.title, stage->verdict);
    diagnosis.help = help_for(*stage);
    return;
  }
  diagnosis.status = Status::kPass;
  const bool whole = first_with(diagnosis, Status::kNotRun) == nullptr;
  diagnosis.verdict = fmt::format(
      "{}: {}",
      whole ? "what runs on the device is what was trained" : "nothing is lost as far as it was run",
      accuracy_text(last->run.evaluation));
}

Json stage_json(const JudgedStage& stage) {
  Json json = stage.run.not_run.empty() ? dataset::to_json(stage.run.evaluation) : Json::object();
  json["name"] = stage.run.name;
  json["title"] = stage.run.title;
  json["status"] = to_string(stage.status);
  json["verdict"] = stage.verdict;
  if (stage.agreement)
    json["agreement_with_previous"] = {{"equal", stage.agreement->equal}, {"of", stage.agreement->of}};
  if (stage.loss)
    json["loss"] = {{"points", stage.loss->points},
                    {"points_range", {stage.loss->points_range.low, stage.loss->points_range.high}},
                    {"recordings_right_only_before", stage.loss->only_before_right},
                    {"recordings_right_only_after", stage.loss->only_after_right},
                    {"mcnemar_p", stage.loss->p_value}};
  for (std::size_t recording = 0; recording < stage.run.check_sums.size(); ++recording) {
    Json windows = Json::array(), outputs = Json::array();
    for (const WindowCheckSums& sums : stage.run.check_sums[recording]) {
      windows.push_back(fmt::format("{:04x}", sums.window));
      outputs.push_back(fmt::format("{:04x}", sums.output));
    }
    json["recordings"][recording]["window_crcs"] = std::move(windows);
    json["recordings"][recording]["output_crcs"] = std::move(outputs);
  }
  return json;
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::kPass:
      return "pass";
    case Status::kFail:
      return "fail";
    case Status::kNotEnoughData:
      return "not enough data";
    case Status::kNotRun:
      break;
  }
  return "not run";
}

Diagnosis judge(std::vector<StageRun> runs) {
  Diagnosis diagnosis;
  diagnosis.stages.reserve(runs.size());
  for (StageRun& run : runs) {
    const JudgedStage* const before = last_run(diagnosis);
    diagnosis.stages.push_back(judge_stage(std::move(run), before));
  }
  conclude(diagnosis);
  return diagnosis;
}

Json to_json(const Diagnosis& diagnosis) {
  Json stages = Json::array();
  for (const JudgedStage& stage : diagnosis.stages) stages.push_back(stage_json(stage));
  return {{"stages", stages},
          {"status", to_string(diagnosis.status)},
          {"verdict", diagnosis.verdict},
          {"help", diagnosis.help},
          {"passed", diagnosis.status == Status::kPass}};
}

}  // namespace mote::diagnose
