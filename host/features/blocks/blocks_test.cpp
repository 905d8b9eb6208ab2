// SPDX-License-Identifier: Apache-2.0
// What the kinds of blocks make of signals that are known, in the units that their columns claim.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>

#include "core/files.h"
#include "features/pipeline.h"

namespace mote::features {
namespace {

using project::FeatureBlock;
using ::testing::HasSubstr;

/// One or three axes of an accelerometer of 4 g.
project::SensorDescription sensor(std::int64_t rate_hz, std::vector<std::string> axes) {
  return {.name = "",
          .rate_millihertz = rate_hz * 1000,
          .mounting = "",
          .groups = {{project::SensorKind::kAccelerometer, std::move(axes), project::Unit::kG, 4.0}}};
}

FeatureBlock block(std::string name, Json settings = Json::object()) {
  return {std::move(name), std::move(settings), "mote.toml:7"};
}

/// Two seconds of a signal in g, [sample][axis].
std::vector<std::int16_t> counts_of(std::int64_t rate_hz, std::int32_t axes,
                                    const std::function<double(double seconds, std::int32_t axis)>& signal) {
  std::vector<std::int16_t> counts;
  for (std::int64_t sample = 0; sample < 2 * rate_hz; ++sample)
    for (std::int32_t axis = 0; axis < axes; ++axis)
      counts.push_back(static_cast<std::int16_t>(
          std::lround(signal(static_cast<double>(sample) / static_cast<double>(rate_hz), axis) * 8192)));
  return counts;
}

/// The last row in the columns' units.
struct Row {
  Pipeline pipeline;
  std::vector<double> values;
  double operator[](const std::string& name) const {
    const auto& names = pipeline.column_names();
    const auto found = std::ranges::find(names, name);
    EXPECT_NE(found, names.end()) << name;
    return found == names.end() ? NAN : values.at(static_cast<std::size_t>(found - names.begin()));
  }
};

Row last_row(const std::vector<FeatureBlock>& blocks, const project::SensorDescription& sensor,
             const std::vector<std::int16_t>& counts) {
  auto pipeline = Pipeline::create(blocks, sensor);
  EXPECT_TRUE(pipeline.has_value()) << to_text(pipeline.error());
  if (!pipeline) return {};
  const auto rows = rows_of(*pipeline, counts);
  Row row{std::move(*pipeline), {}};
  const auto columns = static_cast<std::size_t>(row.pipeline.columns());
  EXPECT_GE(rows.size(), columns);
  for (std::size_t column = 0; column < columns && rows.size() >= columns; ++column)
    row.values.push_back(rows[rows.size() - columns + column] * row.pipeline.column_steps()[column]);
  return row;
}

double sine(double hertz, double seconds) {
  return std::sin(2 * M_PI * hertz * seconds);
}

const FeatureBlock kFrame = block("frame", {{"length_ms", 1000}, {"step_ms", 500}});

TEST(Blocks, StatisticsAreInTheSensorsUnit) {
  const auto row = last_row({kFrame, block("statistics")}, sensor(100, {"ax", "ay", "az"}),
                            counts_of(100, 3, [](double t, std::int32_t axis) {
                              return axis == 2 ? 1.0 : 0.5 + 2 * sine(5, t + 0.001);
                            }));
  const double step = 4.0 / 32768;
  EXPECT_NEAR(row["az mean"], 1.0, step);
  EXPECT_NEAR(row["az deviation"], 0.0, step);
  EXPECT_NEAR(row["ax mean"], 0.5, step);
  EXPECT_NEAR(row["ax rms"], std::sqrt(0.25 + 2.0), 2 * step);
  EXPECT_NEAR(row["ax peak"], 2.5, 0.02);
  EXPECT_NEAR(row["ax peak_to_peak"], 4.0, 0.04);
  EXPECT_NEAR(row["ay kurtosis"], 1.5, 0.01);
  EXPECT_NEAR(row["ax skewness"], 0.0, 0.01);
  EXPECT_NEAR(row["ax crest_factor"], 2.5 / 1.5, 0.02);
  EXPECT_NEAR(row["ax mean_crossings"], 0.1, 0.011);  // ten in a hundred samples
  EXPECT_EQ(row.pipeline.column_units()[0], "g");
  EXPECT_EQ(row.pipeline.column_units()[7], "");
}

TEST(Blocks, ChosenStatisticsComeInTheOrderOfTheDevice) {
  const auto pipeline =
      Pipeline::create({kFrame, block("statistics", {{"which", {"peak", "mean"}}})}, sensor(100, {"ax"}));
  ASSERT_TRUE(pipeline.has_value());
  EXPECT_THAT(pipeline->column_names(), testing::ElementsAre("ax mean", "ax peak"));
}

TEST(Blocks, PeaksNameTheFrequencies) {
  const auto row =
      last_row({kFrame, block("spectrum"), block("peaks", {{"peaks", 2}})}, sensor(100, {"ax"}),
               counts_of(100, 1, [](double t, std::int32_t) { return 2 * sine(12, t) + sine(31, t); }));
  EXPECT_NEAR(row["ax peak 1 frequency"], 12, 0.1);
  EXPECT_NEAR(row["ax peak 2 frequency"], 31, 0.1);
  EXPECT_NEAR(row["ax peak 1 height"] / row["ax peak 2 height"], 2.0, 0.2);
}

TEST(Blocks, ALogSpectrumIsInDecibelsOfTheUnit) {
  // A sine of 1 g in the middle of a bin has the magnitude 1 g * sum(window) / 2 = 128 g / 4.
  const FeatureBlock frame = block("frame", {{"length_ms", 1280}, {"step_ms", 640}});
  const auto row =
      last_row({frame, block("spectrum"), block("log", {{"base", "db_amplitude"}})}, sensor(100, {"ax"}),
               counts_of(100, 1, [](double t, std::int32_t) { return sine(25, t); }));
  const auto greatest = std::ranges::max_element(row.values);
  EXPECT_EQ(greatest - row.values.begin(), 32);
  EXPECT_NEAR(*greatest, 20 * std::log10(32.0), 0.05);
}

TEST(Blocks, BandsOfPowerAddUp) {
  const FeatureBlock frame = block("frame", {{"length_ms", 1280}, {"step_ms", 640}});
  const auto row =
      last_row({frame, block("spectrum", {{"measure", "power"}}),
                block("bands", {{"edges_hz", {0, 10, 20, 50}}}), block("log", {{"base", "db_power"}})},
               sensor(100, {"ax"}),
               counts_of(100, 1, [](double t, std::int32_t) { return sine(15.625, t); }));  // bin 20
  ASSERT_EQ(row.values.size(), 3u);
  // The bin holds (32 g)^2, its neighbours a quarter each.
  EXPECT_NEAR(row.values[1], 10 * std::log10(1.5 * 32 * 32), 0.1);
  EXPECT_LT(row.values[0], row.values[1] - 40);
  EXPECT_LT(row.values[2], row.values[1] - 40);
}

TEST(Blocks, AHighPassRemovesGravityAndKeepsMotion) {
  const auto row = last_row({block("iir", {{"band", "high"}, {"edge_hz", 0.5}}), kFrame, block("statistics")},
                            sensor(100, {"ax"}),
                            counts_of(100, 1, [](double t, std::int32_t) { return 1 + 0.5 * sine(10, t); }));
  EXPECT_NEAR(row["ax mean"], 0, 0.002);
  EXPECT_NEAR(row["ax rms"], 0.5 / std::sqrt(2.0), 0.003);
}

TEST(Blocks, DecimationKeepsWhatIsSlow) {
  const auto row =
      last_row({block("decimate", {{"factor", 4}}), kFrame, block("statistics")}, sensor(400, {"ax"}),
               counts_of(400, 1, [](double t, std::int32_t) { return sine(5, t) + sine(190, t); }));
  EXPECT_NEAR(row["ax rms"], std::sqrt(0.5), 0.003);
}

TEST(Blocks, MagnitudeIsTheVectorsLength) {
  const auto row = last_row({block("magnitude"), kFrame, block("statistics", {{"which", {"mean"}}})},
                            sensor(100, {"ax", "ay", "az"}), counts_of(100, 3, [](double, std::int32_t axis) {
                              return axis == 0 ? 0.3 : -0.4 * (axis == 1);
                            }));
  EXPECT_NEAR(row["magnitude mean"], 0.5, 4.0 / 32768);
}

TEST(Blocks, AnEnvelopeFollowsTheStrengthOfItsBand) {
  const auto row =
      last_row({block("envelope", {{"low_hz", 150}, {"high_hz", 250}, {"top_hz", 20}}), kFrame,
                block("statistics", {{"which", {"mean"}}})},
               sensor(1000, {"ax"}),
               counts_of(1000, 1, [](double t, std::int32_t) { return sine(200, t) + 2 * sine(20, t); }));
  EXPECT_NEAR(row["ax mean"], 2 / M_PI, 0.03);
}

TEST(Blocks, DetrendTakesTheLineAway) {
  const auto row =
      last_row({kFrame, block("detrend"), block("statistics", {{"which", {"peak"}}})}, sensor(100, {"ax"}),
               counts_of(100, 1, [](double t, std::int32_t) { return t - 1; }));
  EXPECT_LE(row["ax peak"], 4.0 / 32768);
}

TEST(Blocks, HaveARowEachOnTheReferencePage) {
  const auto page = read_text(std::filesystem::path(MOTE_SOURCE_DIR) / "docs" / "reference" / "features.md");
  ASSERT_TRUE(page.has_value());
  for (const BlockKind* kind : block_kinds())
    EXPECT_THAT(*page, HasSubstr(fmt::format("\n| `{}` | ", kind->name)));
}

TEST(Blocks, RefuseWhatTheyCannotTake) {
  const auto error = [](const std::vector<FeatureBlock>& blocks) {
    const auto pipeline = Pipeline::create(blocks, sensor(100, {"ax"}));
    return pipeline.has_value() ? "" : to_text(pipeline.error());
  };
  EXPECT_THAT(error({block("spectrum")}), HasSubstr("takes frames of samples of int16\n"));
  EXPECT_THAT(error({kFrame, block("spectrum")}),
              HasSubstr("is the last and gives uint32_t, but a model takes int16"));
  EXPECT_THAT(error({kFrame, block("mel")}), HasSubstr("takes a spectrum"));
  EXPECT_THAT(error({kFrame, block("iir", {{"band", "low"}, {"edge_hz", 3}})}),
              HasSubstr("filters single samples"));
  EXPECT_THAT(error({block("iir", {{"band", "low"}, {"edge_hz", 50}})}), HasSubstr("mote.toml:7: "));
  EXPECT_THAT(error({block("iir", {{"band", "low"}, {"low_hz", 5}})}), HasSubstr("unknown key iir.low_hz"));
  EXPECT_THAT(error({kFrame, block("spectrum", {{"size", 100}})}), HasSubstr("spectrum.size is 100"));
  EXPECT_THAT(error({kFrame, block("spectrum", {{"low_hz", 30.1}, {"high_hz", 30.2}})}),
              HasSubstr("spectrum.high_hz is 30.2, expected at least one bin"));
  EXPECT_THAT(error({kFrame, block("spectrum"), block("bands", {{"edges_hz", {20, 10}}})}),
              HasSubstr("ascending"));
  EXPECT_THAT(error({kFrame, block("statistics", {{"which", {"mode"}}})}),
              HasSubstr("statistics.which is [\"mode\"]"));
  EXPECT_THAT(error({block("micro_speech")}), HasSubstr("takes samples of one channel at 16000 Hz"));
}

TEST(Blocks, NamesOfChainsMakeTheirBlocks) {
  auto microphone = sensor(16000, {"sound"});
  const auto names = [&](const char* kind) {
    const auto pipeline = Pipeline::create({block(kind)}, microphone);
    std::string text;
    if (!pipeline) return to_text(pipeline.error());
    for (const auto& made : pipeline->blocks()) text += made->name + " ";
    return text;
  };
  EXPECT_EQ(names("mfcc"), "frame spectrum mel log dct ");
  EXPECT_EQ(names("micro_speech"), "frame mel_amplitude noise_reduction pcan log_scale ");
}

}  // namespace
}  // namespace mote::features
