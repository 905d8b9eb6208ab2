// SPDX-License-Identifier: Apache-2.0
#include "features/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace mote::features {
namespace {

using project::FeatureBlock;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

project::SensorDescription microphone() {
  return {.name = "",
          .rate_millihertz = 16000000,
          .mounting = "",
          .groups = {{project::SensorKind::kMicrophone, {"sound"}, project::Unit::kFullScale, 1.0}}};
}

project::SensorDescription accelerometer() {
  return {.name = "",
          .rate_millihertz = 100000,
          .mounting = "",
          .groups = {{project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4.0}}};
}

FeatureBlock block(std::string name, Json settings = Json::object()) {
  return {std::move(name), std::move(settings), "mote.toml:7"};
}

std::string error_of(const std::vector<FeatureBlock>& blocks, const project::SensorDescription& sensor) {
  const auto pipeline = Pipeline::create(blocks, sensor);
  return pipeline.has_value() ? "" : to_text(pipeline.error());
}

TEST(Pipeline, WithoutBlocksARowIsASample) {
  const auto pipeline = Pipeline::create({}, accelerometer());
  ASSERT_TRUE(pipeline.has_value());
  EXPECT_EQ(pipeline->columns(), 3);
  EXPECT_THAT(pipeline->column_names(), ElementsAre("ax", "ay", "az"));
  EXPECT_EQ(pipeline->window_rows(100).value(), 100);
  EXPECT_EQ(pipeline->hop_rows(20).value(), 20);
  const std::vector<std::int16_t> counts = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(rows_of(*pipeline, counts), counts);
}

TEST(Pipeline, FramesOverlapAsTheyAreTold) {
  const auto pipeline =
      Pipeline::create({block("frame", {{"length_ms", 30}, {"step_ms", 20}})}, accelerometer());
  ASSERT_TRUE(pipeline.has_value()) << to_text(pipeline.error());
  EXPECT_EQ(pipeline->columns(), 9);
  EXPECT_EQ(pipeline->first_row_samples(), 3);
  EXPECT_EQ(pipeline->samples_per_row(), 2);
  std::vector<std::int16_t> counts(18);
  std::iota(counts.begin(), counts.end(), std::int16_t{0});
  EXPECT_THAT(rows_of(*pipeline, counts),
              ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8, 9, 10, 11, 12, 13, 14));
}

TEST(Pipeline, AFrameOfFramesIsRefused) {
  EXPECT_THAT(
      error_of({block("frame", {{"length_ms", 30}, {"step_ms", 20}}),
                block("frame", {{"length_ms", 30}, {"step_ms", 20}})},
               accelerometer()),
      HasSubstr("mote.toml:7: block \"frame\" collects single samples, and gets frames of more than one"));
}

TEST(Pipeline, SettingsAreReadStrictly) {
  const auto error = [](Json settings) {
    return error_of({block("frame", std::move(settings))}, microphone());
  };
  EXPECT_THAT(error({{"length_ms", 30}}), HasSubstr("frame.step_ms is missing, expected a number"));
  EXPECT_THAT(error({{"length_ms", 30}, {"step_ms", 40}}),
              HasSubstr("frame.step_ms is 40, expected 0.0625 to 30 ms (1 to 480 samples of 0.0625 ms)"));
  EXPECT_THAT(error({{"length_ms", "x"}, {"step_ms", 20}}),
              HasSubstr("frame.length_ms is \"x\", expected a number"));
  EXPECT_THAT(error({{"length_ms", 30}, {"step_ms", 20}, {"lenght", 3}}),
              HasSubstr("unknown key frame.lenght"));
  EXPECT_THAT(error_of({block("fram")}, microphone()),
              HasSubstr("unknown block \"fram\"\n  hint: did you mean frame?"));
}

TEST(Pipeline, WhatWouldBeTooLargeOrHasNoSensorIsRefused) {
  const FeatureBlock second = block("frame", {{"length_ms", 10}, {"step_ms", 10}});
  EXPECT_THAT(error_of({second}, {}),
              HasSubstr("mote.toml:7: features need a sensor with axes and a sample rate"));
  EXPECT_THAT(error_of({block("frame", {{"length_ms", 164000}, {"step_ms", 10}})}, accelerometer()),
              HasSubstr("frame.length_ms is 164000, expected 10 to 163840 ms (1 to 16384 samples of 10 ms)"));
  // 18 axes by 12 statistics, 216 values a row: 1,213 rows of them fill a frame.
  project::SensorDescription many = accelerometer();
  many.groups[0].axes.resize(18, "a");
  const std::vector<FeatureBlock> rows = {block("frame", {{"length_ms", 100}, {"step_ms", 10}}),
                                          block("statistics"),
                                          block("frame", {{"length_ms", 12140}, {"step_ms", 10}})};
  EXPECT_THAT(error_of(rows, many), HasSubstr("expected 10 to 12130 ms (1 to 1213 samples of 10 ms)"));
}

TEST(Pipeline, WindowsAreWholeRows) {
  const auto pipeline =
      Pipeline::create({block("frame", {{"length_ms", 30}, {"step_ms", 20}})}, microphone());
  ASSERT_TRUE(pipeline.has_value());
  EXPECT_EQ(pipeline->window_rows(480 + 48 * 320).value(), 49);
  EXPECT_EQ(pipeline->hop_rows(640).value(), 2);
  EXPECT_THAT(to_text(pipeline->window_rows(16000).error()), HasSubstr("take 15840 or 16160"));
  EXPECT_THAT(to_text(pipeline->window_rows(100).error()), HasSubstr("take 480 or 800"));
  EXPECT_THAT(to_text(pipeline->hop_rows(100).error()), HasSubstr("take 320"));
  EXPECT_THAT(to_text(pipeline->hop_rows(700).error()), HasSubstr("take 640 or 960"));
}

TEST(Pipeline, StartsAnewAfterRestart) {
  const auto pipeline =
      Pipeline::create({block("frame", {{"length_ms", 30}, {"step_ms", 30}})}, accelerometer());
  Stream stream(*pipeline);
  const std::vector<std::int16_t> one = {1, 1, 1}, two = {2, 2, 2};
  EXPECT_TRUE(stream.push(one).empty());
  stream.restart();
  EXPECT_TRUE(stream.push(two).empty());
  EXPECT_TRUE(stream.push(two).empty());
  EXPECT_THAT(stream.push(two), ElementsAre(2, 2, 2, 2, 2, 2, 2, 2, 2));
}

}  // namespace
}  // namespace mote::features
