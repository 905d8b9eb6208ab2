// SPDX-License-Identifier: Apache-2.0
#include "diagnose/diagnosis.h"

#include <gtest/gtest.h>

#include <functional>

namespace mote::diagnose {
namespace {

constexpr std::size_t kRecordings = 60;
constexpr std::size_t kWindows = 5;

/// A stage that has everything right.
StageRun perfect(const char* name, Rule rule, std::size_t recordings = kRecordings) {
  StageRun run{.name = name, .title = name, .rule = rule, .evaluation = {}};
  run.evaluation.part = "test";
  run.evaluation.labels = {"punch", "idle"};
  for (std::size_t index = 0; index < recordings; ++index) {
    const auto label = static_cast<std::int32_t>(index % 2);
    run.evaluation.recordings.push_back(
        {.id = "r" + std::to_string(index),
         .label = label,
         .predicted = label,
         .windows = std::vector<dataset::WindowAnswer>(kWindows, {label, 240})});
  }
  run.evaluation.interval =
      clopper_pearson(run.evaluation.recordings_right(), run.evaluation.recordings_total());
  run.check_sums.assign(recordings, std::vector<WindowCheckSums>(kWindows, {7, 9}));
  return run;
}

std::vector<StageRun> perfect_pipeline(std::size_t recordings = kRecordings) {
  return {perfect("trained_float", Rule::kFirst, recordings),
          perfect("model_float", Rule::kFloatLoss, recordings),
          perfect("int8_host", Rule::kInt8Loss, recordings),
          perfect("int8_generated", Rule::kIdentical, recordings),
          perfect("int8_device", Rule::kIdentical, recordings)};
}

/// Makes the first `windows` windows of a recording wrong, and the recording too if most are.
void spoil(StageRun& run, std::size_t recording, std::size_t windows) {
  auto& entry = run.evaluation.recordings[recording];
  for (std::size_t window = 0; window < windows; ++window) entry.windows[window].label = 1 - entry.label;
  if (2 * windows > kWindows) entry.predicted = 1 - entry.label;
}

TEST(Diagnosis, PassesWhenNothingIsLost) {
  const Diagnosis diagnosis = judge(perfect_pipeline());
  EXPECT_EQ(diagnosis.status, Status::kPass);
  EXPECT_TRUE(diagnosis.verdict.starts_with("what runs on the device is what was trained: 100.0 % of 60"))
      << diagnosis.verdict;
  EXPECT_EQ(diagnosis.stages[1].verdict, "float conversion: 0 of 300 windows differ");
  EXPECT_EQ(diagnosis.stages[2].verdict, "int8: 0 of 300 windows differ");
  EXPECT_EQ(diagnosis.stages[4].verdict, "all 300 windows are identical, bit for bit");
  EXPECT_EQ(diagnosis.help, "");
}

TEST(Diagnosis, FewRecordingsAreNotEnoughData) {
  const Diagnosis diagnosis = judge(perfect_pipeline(20));
  EXPECT_EQ(diagnosis.status, Status::kNotEnoughData);
  EXPECT_EQ(diagnosis.stages[0].verdict,
            "not enough data to tell: interval is +-17 points; about 16 more held-out recordings needed");
  EXPECT_EQ(diagnosis.stages[4].status, Status::kPass) << "identity needs no statistics";
  EXPECT_FALSE(to_json(diagnosis).at("passed").get<bool>());
}

TEST(Diagnosis, ASmallInt8LossIsWithinTheLimit) {
  auto runs = perfect_pipeline();
  for (std::size_t stage = 2; stage < 5; ++stage) spoil(runs[stage], 3, 1);
  const Diagnosis diagnosis = judge(runs);
  EXPECT_EQ(diagnosis.stages[2].status, Status::kPass);
  EXPECT_EQ(diagnosis.stages[2].verdict, "int8 loses 0.3 points (1 of 300 windows differ), within 2");
  EXPECT_EQ(diagnosis.status, Status::kPass);
}

TEST(Diagnosis, ABigInt8LossFailsAtItsStageAndNamesTheCommand) {
  auto runs = perfect_pipeline();
  for (std::size_t stage = 2; stage < 5; ++stage)
    for (std::size_t recording = 0; recording < 12; ++recording) spoil(runs[stage], recording, 5);
  const Diagnosis diagnosis = judge(runs);
  EXPECT_EQ(diagnosis.status, Status::kFail);
  EXPECT_EQ(diagnosis.stages[2].status, Status::kFail);
  EXPECT_EQ(diagnosis.stages[3].status, Status::kPass) << "the later stages lose nothing more";
  EXPECT_TRUE(diagnosis.verdict.starts_with("int8_host: int8 loses 20.0 points")) << diagnosis.verdict;
  EXPECT_NE(diagnosis.help.find("mote quantize"), std::string::npos);
  EXPECT_NEAR(diagnosis.stages[2].loss->p_value, 2.0 / 4096, 1e-9);  // 12 of 12 coin tosses
}

TEST(Diagnosis, AFewWrongWindowsEverywhereFailThoughEveryRecordingIsStillRight) {
  auto runs = perfect_pipeline();
  for (std::size_t recording = 0; recording < kRecordings; ++recording) spoil(runs[2], recording, 1);
  const Diagnosis diagnosis = judge({runs[0], runs[1], runs[2]});
  EXPECT_EQ(diagnosis.stages[2].status, Status::kFail);
  EXPECT_EQ(diagnosis.stages[2].loss->p_value, 1);
}

TEST(Diagnosis, OneLostRecordingDecidesNothing) {
  auto runs = perfect_pipeline(40);
  spoil(runs[2], 0, 5);
  const Diagnosis diagnosis = judge({runs[0], runs[1], runs[2]});
  EXPECT_EQ(diagnosis.stages[2].status, Status::kNotEnoughData);
  EXPECT_NE(diagnosis.stages[2].verdict.find("not enough data"), std::string::npos)
      << diagnosis.stages[2].verdict;
  EXPECT_NE(diagnosis.stages[2].verdict.find("p = 1.00"), std::string::npos) << diagnosis.stages[2].verdict;
}

TEST(Diagnosis, FloatConversionHasATighterLimit) {
  auto runs = perfect_pipeline();
  for (std::size_t recording = 0; recording < kRecordings; recording += 2) spoil(runs[1], recording, 1);
  EXPECT_EQ(judge({runs[0], runs[1]}).stages[1].status, Status::kFail);  // 10 points
  auto few = perfect_pipeline();
  spoil(few[1], 0, 1);
  EXPECT_EQ(judge({few[0], few[1]}).stages[1].status, Status::kNotEnoughData);  // 0.3 points, up to 1
}

TEST(Diagnosis, AnyDifferenceOfTheGeneratedCodeFails) {
  const std::vector<std::function<void(StageRun&)>> differences = {
      [](StageRun& run) { run.check_sums[5][1].output = 1; },
      [](StageRun& run) { run.check_sums[5][1].window = 1; },
      [](StageRun& run) { run.evaluation.recordings[5].windows[1].confidence = 239; },
      [](StageRun& run) {
        run.evaluation.recordings[5].windows[1].label = 1 - run.evaluation.recordings[5].label;
      },
      [](StageRun& run) { run.evaluation.recordings[5].windows.pop_back(); },
      [](StageRun& run) { run.evaluation.recordings.pop_back(); },
      [](StageRun& run) { run.evaluation.recordings[5].id = "another"; }};
  for (std::size_t index = 0; index < differences.size(); ++index) {
    auto runs = perfect_pipeline();
    differences[index](runs[4]);
    const Diagnosis diagnosis = judge(runs);
    EXPECT_EQ(diagnosis.stages[4].status, Status::kFail) << index;
    EXPECT_LT(diagnosis.stages[4].agreement->equal, 300) << index;
    EXPECT_EQ(diagnosis.status, Status::kFail) << index;
    EXPECT_NE(diagnosis.help.find("mote firmware"), std::string::npos);
  }
}

TEST(Diagnosis, AStageThatWasNotRunIsShownAndNotCounted) {
  auto runs = perfect_pipeline();
  runs[4] = StageRun{.name = "int8_device",
                     .title = "device",
                     .rule = Rule::kIdentical,
                     .evaluation = {},
                     .check_sums = {},
                     .not_run = "there is no emulator"};
  const Diagnosis diagnosis = judge(runs);
  EXPECT_EQ(diagnosis.status, Status::kPass);
  EXPECT_EQ(diagnosis.stages[4].status, Status::kNotRun);
  EXPECT_TRUE(diagnosis.verdict.starts_with("nothing is lost as far as it was run")) << diagnosis.verdict;
  const Json json = to_json(diagnosis);
  EXPECT_EQ(json.at("stages").at(4).at("status"), "not run");
  EXPECT_FALSE(json.at("stages").at(4).contains("accuracy"));
}

TEST(Diagnosis, FactsHoldEveryWindowsCheckSums) {
  const Json json = to_json(judge(perfect_pipeline()));
  const Json& recording = json.at("stages").at(3).at("recordings").at(2);
  EXPECT_EQ(recording.at("window_crcs"), Json(std::vector<std::string>(kWindows, "0007")));
  EXPECT_EQ(recording.at("output_crcs"), Json(std::vector<std::string>(kWindows, "0009")));
  EXPECT_EQ(json.at("stages").at(3).at("agreement_with_previous"), (Json{{"equal", 300}, {"of", 300}}));
}

}  // namespace
}  // namespace mote::diagnose
