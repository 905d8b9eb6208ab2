// SPDX-License-Identifier: Apache-2.0
#include "features/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "mote/dsp/normalize.h"

namespace mote::features {
namespace {

using dataset::Part;

dsp::AxisNormalization device(const graph::AxisNormalization& axis) {
  return {axis.multiplier, axis.bias, static_cast<std::int8_t>(axis.shift)};
}

/// `dataset` without blocks.
Features samples_of(const dataset::Dataset& dataset, std::int32_t window = 4, std::int32_t hop = 1) {
  project::Project project;
  project.sensor = dataset.recordings.front().description.sensor;
  project.window_samples = window;
  project.hop_samples = hop;
  return compute(dataset, project).value();
}

/// A dataset of one-axis or many-axis recordings: counts [recording][sample * axes].
dataset::Dataset make(std::int32_t axes, const std::vector<std::pair<Part, std::vector<std::int16_t>>>& all) {
  dataset::Dataset result;
  result.axes = axes;
  for (const auto& [part, counts] : all) {
    dataset::Recording recording;
    recording.part = part;
    recording.counts = counts;
    recording.samples = static_cast<std::int64_t>(counts.size()) / axes;
    recording.label = static_cast<std::int32_t>(result.recordings.size());
    recording.description.sensor.groups = {{project::SensorKind::kAccelerometer, {}, project::Unit::kG, 4.0}};
    for (std::int32_t axis = 0; axis < axes; ++axis)
      recording.description.sensor.groups[0].axes.push_back("a" + std::to_string(axis));
    result.recordings.push_back(recording);
  }
  return result;
}

TEST(Normalization, MeanAndDeviationOfAHandExample) {  // counts 0 and 8192 are 0 g and 1 g
  const auto normalization = fit_normalization(samples_of(make(1, {{Part::kTrain, {0, 8192, 0, 8192}}})));
  ASSERT_TRUE(normalization.has_value());
  const auto& axis = normalization->at(0);
  EXPECT_EQ(axis.mean, 0.5);
  EXPECT_EQ(axis.standard_deviation, 0.5);
  EXPECT_EQ(axis.multiplier, 16384);  // 2048 / 4096 counts = 2^-1 = 16384 * 2^-15
  EXPECT_EQ(axis.shift, 15);
  EXPECT_EQ(axis.bias, -4096 * 16384);
  EXPECT_EQ(dsp::normalize(8192, device(axis)), 2048);
  EXPECT_EQ(dsp::normalize(0, device(axis)), -2048);
}

TEST(Normalization, UsesTrainingRecordingsOnly) {
  const auto train_only = make(1, {{Part::kTrain, {1, 2, 3, 9}}});
  const auto with_others = make(1, {{Part::kTest, {30000, -30000, 7, 7}},
                                    {Part::kTrain, {1, 2, 3, 9}},
                                    {Part::kValidation, {-5, -5, -5, -5}}});
  EXPECT_EQ(fit_normalization(samples_of(train_only)).value(),
            fit_normalization(samples_of(with_others)).value());
}

TEST(Normalization, WithoutTrainingRecordingsIsRefused) {
  const auto none = fit_normalization(samples_of(make(1, {{Part::kTest, {1, 2, 3, 4}}})));
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(to_text(none.error()),
            "no training recording to compute the normalisation from\n"
            "  hint: run `mote data` to see which sessions train");
}

TEST(Normalization, AConstantAxisGivesZeroAndSaturatesWhenItMoves) {
  const auto normalization =
      fit_normalization(samples_of(make(1, {{Part::kTrain, {-700, -700, -700, -700}}})));
  const auto axis = device(normalization->at(0));
  EXPECT_EQ(normalization->at(0).standard_deviation, 1.0 / 8192.0);
  EXPECT_EQ(dsp::normalize(-700, axis), 0);
  EXPECT_EQ(dsp::normalize(-699, axis), 2048);
  EXPECT_EQ(dsp::normalize(700, axis), INT16_MAX);
  EXPECT_EQ(dsp::normalize(INT16_MIN, axis), INT16_MIN);
}

/// The largest difference allowed by to_integer_form()'s statement, for one count.
double bound(std::int32_t count, const graph::AxisNormalization& axis, double counts_per_unit) {
  return 0.5 + (std::abs(count - axis.mean * counts_per_unit) + 1) / std::ldexp(1.0, axis.shift + 1);
}

void expect_within_bound(const graph::AxisNormalization& axis, double counts_per_unit) {
  ASSERT_TRUE(dsp::valid(device(axis)));
  for (std::int32_t count = INT16_MIN; count <= INT16_MAX; count += count % 2 == 0 ? 1 : 36) {
    const double exact = 2048.0 * (count / counts_per_unit - axis.mean) / axis.standard_deviation;
    const double saturated = std::clamp(exact, -32768.0, 32767.0);
    const std::int16_t feature = dsp::normalize(static_cast<std::int16_t>(count), device(axis));
    ASSERT_LE(std::abs(feature - saturated), bound(count, axis, counts_per_unit) + 1e-6)
        << "count " << count << " mean " << axis.mean << " deviation " << axis.standard_deviation;
  }
}

TEST(Normalization, IntegerFormStaysWithinItsBoundOverAllMeansAndDeviations) {
  Rng rng(5);
  for (int draw = 0; draw < 200; ++draw) {
    const double counts_per_unit = 32768.0 / rng.uniform(0.5, 4000.0);
    const double deviation_counts = std::exp(rng.uniform(-1.0, std::log(32768.0)));
    const double mean_counts = rng.uniform(-32768.0, 32767.0);
    expect_within_bound(
        to_integer_form(mean_counts / counts_per_unit, deviation_counts / counts_per_unit, counts_per_unit),
        counts_per_unit);
  }
}

TEST(Normalization, ExtremesAreValid) {
  for (const double mean : {-32768.0, 0.0, 32767.0})
    for (const double deviation : {0.0, 1.0, 1.0000001, 32768.0})
      expect_within_bound(to_integer_form(mean, deviation, 1.0), 1.0);
}

TEST(Windows, FollowTheHopAndNeverCrossRecordings) {
  const std::vector<graph::AxisNormalization> identity(
      2, {.mean = 0, .standard_deviation = 1, .multiplier = 1, .bias = 0, .shift = 0});
  std::vector<std::int16_t> first, second;
  for (std::int16_t value = 0; value < 14; ++value) first.push_back(value);      // 7 samples of 2 axes
  for (std::int16_t value = 100; value < 108; ++value) second.push_back(value);  // 4 samples
  const auto data = make(2, {{Part::kTrain, first},
                             {Part::kTest, {1, 1, 1, 1, 1, 1, 1, 1}},
                             {Part::kTrain, second},
                             {Part::kTrain, {5, 5, 5, 5}}});  // the last: 2 samples
  const WindowSet set = windows(samples_of(data, 4, 3), Part::kTrain, identity);
  ASSERT_EQ(set.count(), 3);
  EXPECT_EQ(set.short_recordings, 1);
  EXPECT_EQ(set.recording, (std::vector<std::int32_t>{0, 0, 2}));
  EXPECT_EQ(set.label, (std::vector<std::int32_t>{0, 0, 2}));
  EXPECT_EQ(set.features, (std::vector<std::int16_t>{0,  1,  2,  3,   4,   5,   6,   7,   6,   7,   8,  9, 10,
                                                     11, 12, 13, 100, 101, 102, 103, 104, 105, 106, 107}));
  EXPECT_EQ(set.window(1).front(), 6);
  EXPECT_EQ(set.window(1).size(), 8u);
}

TEST(Windows, UseTheNormalizationOfTheirAxis) {
  const std::vector<graph::AxisNormalization> two = {
      {.mean = 0, .standard_deviation = 1, .multiplier = 1, .bias = 10, .shift = 0},
      {.mean = 0, .standard_deviation = 1, .multiplier = 3, .bias = 0, .shift = 1}};
  const auto data = make(2, {{Part::kTrain, {1, 1, 2, 2}}});
  EXPECT_EQ(windows(samples_of(data, 2, 1), Part::kTrain, two).features,
            (std::vector<std::int16_t>{11, 2, 12, 3}));
}

}  // namespace
}  // namespace mote::features
