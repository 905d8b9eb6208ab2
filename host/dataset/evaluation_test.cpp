// SPDX-License-Identifier: Apache-2.0
#include "dataset/evaluation.h"

#include <gtest/gtest.h>

namespace mote::dataset {
namespace {

Dataset three_recordings() {
  Dataset dataset;
  dataset.labels = {"punch", "flex", "idle"};
  for (const std::int32_t label : {0, 1, 2}) {
    Recording recording;
    recording.label = label;
    recording.description.id = "r" + std::to_string(label);
    dataset.recordings.push_back(recording);
  }
  return dataset;
}

TEST(Answers, TakeTheLargestAndTheFirstOfEquals) {
  const std::vector<float> probabilities = {0.25f, 0.5f, 0.25f, 0.4f, 0.2f, 0.4f};
  const auto result = answers(probabilities, 3);
  ASSERT_EQ(result.size(), 2u);
  EXPECT_EQ(result[0], (WindowAnswer{1, 128.0}));
  EXPECT_EQ(result[1].label, 0);
}

TEST(Evaluation, ARecordingIsWhatItsWindowsVoteWeightedByConfidence) {
  // r0: two weak wrong windows against a sure right one; r2: a tie goes to the first class.
  const std::vector<std::int32_t> owner = {0, 0, 0, 2, 2};
  const std::vector<WindowAnswer> given = {{1, 100}, {0, 250}, {1, 120}, {2, 90}, {1, 90}};
  const Evaluation evaluation = evaluate(three_recordings(), Part::kTest, owner, given);
  EXPECT_EQ(evaluation.part, "test");
  ASSERT_EQ(evaluation.recordings_total(), 2);
  EXPECT_EQ(evaluation.recordings[0].predicted, 0);
  EXPECT_EQ(evaluation.recordings[0].windows_right(), 1);
  EXPECT_EQ(evaluation.recordings[1].id, "r2");
  EXPECT_EQ(evaluation.recordings[1].predicted, 1);
  EXPECT_EQ(evaluation.recordings_right(), 1);
  EXPECT_EQ(evaluation.accuracy(), 0.5);
  EXPECT_EQ(evaluation.windows_right(), 2);
  EXPECT_EQ(evaluation.windows_total(), 5);
  EXPECT_EQ(evaluation.confusion(),
            (std::vector<std::vector<std::int64_t>>{{1, 0, 0}, {0, 0, 0}, {0, 1, 0}}));
  EXPECT_NEAR(evaluation.interval.low, 0.01258,
              1e-5);  // 1 of 2: beta quantiles 0.025 and 0.975 of (1,2), (2,1)
  EXPECT_NEAR(evaluation.interval.high, 0.98742, 1e-5);
}

TEST(Evaluation, OfNothingSaysNothing) {
  const Evaluation evaluation = evaluate(three_recordings(), Part::kValidation, {}, {});
  EXPECT_EQ(evaluation.part, "validation");
  EXPECT_EQ(evaluation.accuracy(), 0);
  EXPECT_EQ(evaluation.interval, (Interval{0, 1}));
}

TEST(Evaluation, GoesThroughJsonUnchanged) {
  const std::vector<std::int32_t> owner = {1, 1, 2};
  const std::vector<WindowAnswer> given = {{1, 100.25}, {2, 255}, {2, 90}};
  const Evaluation evaluation = evaluate(three_recordings(), Part::kTest, owner, given);
  const Json json = to_json(evaluation);
  EXPECT_EQ(json.at("recordings").at(0).at("label"), "flex");
  EXPECT_EQ(json.at("recordings").at(0).at("predicted"), "idle");
  EXPECT_EQ(json.at("accuracy"), 0.5);
  const auto again = evaluation_from(parse_json(to_json_text(json), "t").value(), "test.json");
  ASSERT_TRUE(again.has_value()) << to_text(again.error());
  EXPECT_EQ(*again, evaluation);
}

TEST(Evaluation, DamagedJsonIsRefused) {
  const Json good = to_json(evaluate(three_recordings(), Part::kTest, std::vector<std::int32_t>{1},
                                     std::vector<WindowAnswer>{{1, 100}}));
  const auto message = [](const Json& json) { return to_text(evaluation_from(json, "e.json").error()); };
  Json bad = good;
  bad.erase("interval");
  EXPECT_EQ(message(bad), "e.json: field 'interval' is missing");
  bad = good;
  bad["interval"] = {0.5};
  EXPECT_EQ(message(bad), "e.json: interval has 1 numbers, expected 2");
  bad = good;
  bad["recordings"][0]["label"] = "wave";
  EXPECT_EQ(message(bad), "e.json: label 'wave' is none of the labels");
  bad = good;
  bad["recordings"][0]["window_classes"] = {7};
  EXPECT_EQ(message(bad), "e.json: recording 'r1' has window class 7, expected 0 to 2");
  bad["recordings"][0]["window_classes"] = {1, 1};
  EXPECT_EQ(message(bad), "e.json: recording 'r1' has 2 window classes and 1 confidences");
}

}  // namespace
}  // namespace mote::dataset
