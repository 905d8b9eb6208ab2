// SPDX-License-Identifier: Apache-2.0
#include "recordings/export.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files.h"
#include "recordings/import.h"
#include "recordings/store.h"
#include "support/require.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view kNames[] = {"edge-impulse-json", "edge-impulse-cbor", "edge-impulse-csv", "npy",
                                       "wav"};

/// Two projects with the same sensor: recordings of the first go through files into the second.
class Export : public testing::Test {
 protected:
  void set_up(const project::SensorDescription& sensor) {
    for (project::Project* project : {&from_, &to_}) {
      *project = project::gesture_template("gesture");
      project->sensor = sensor;
    }
    from_.root = folder_.path() / "from";
    to_.root = folder_.path() / "to";
    Addition addition(from_);
    for (int number = 0; number < 3; ++number) {
      Recording recording;
      recording.description.id = fmt::format("s{}-punch-001", number);
      recording.description.label = "punch";
      recording.description.session = fmt::format("s{}", number);
      recording.description.person = number == 0 ? "" : "ada";
      recording.description.sensor = sensor;
      for (int index = 0; index < 65536; index += 5) {
        const auto count = static_cast<std::int16_t>((index * 7919 + number) % 65536 - 32768);
        const auto axis = static_cast<std::int32_t>(recording.values.size()) % sensor.axis_count();
        recording.values.push_back(count / sensor.counts_per_unit(axis));
      }
      while (recording.values.size() % static_cast<std::size_t>(sensor.axis_count()) != 0)
        recording.values.pop_back();
      recording.description.samples =
          static_cast<std::int64_t>(recording.values.size()) / sensor.axis_count();
      recording.description.content_sha256 = content_hash(to_counts(recording.values, sensor));
      ASSERT_TRUE(addition.add(recording).has_value());
      items_.push_back({recording.description, number == 2 ? "test" : "train"});
    }
    ASSERT_TRUE(addition.commit().has_value());
  }

  Result<std::vector<std::string>> write(std::string_view format, const std::string& key = "") {
    return export_recordings(from_, items_, folder_.path() / "out", {*export_format_from(format), key});
  }

  void expect_round_trip(std::string_view format, const std::string& key) {
    const auto written = write(format, key);
    ASSERT_TRUE(written.has_value()) << to_text(written.error());
    EXPECT_EQ(written->size(), 4u);
    const auto layout = scan_folder(folder_.path() / "out", FolderMeaning::kUnknown);
    ASSERT_TRUE(layout.has_value()) << to_text(layout.error());
    ImportOptions options;
    options.hmac_key = key;
    if (format == "npy") options.rate_hz = to_.sensor.rate_hz();
    const auto result = import_sources(to_, layout->sources, options);
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    ASSERT_EQ(result->recordings.size(), 3u);
    for (const auto& item : items_) {
      const auto& recordings = result->recordings;
      const auto same =
          std::find_if(recordings.begin(), recordings.end(),
                       [&](const Description& description) { return description.id == item.description.id; });
      ASSERT_NE(same, recordings.end()) << item.description.id;
      EXPECT_EQ(same->content_sha256, item.description.content_sha256);
      EXPECT_EQ(same->person, item.description.person);
      EXPECT_EQ(same->part, item.part);
      EXPECT_EQ(to_counts(read_samples(to_, *same)->values, to_.sensor),
                to_counts(read_samples(from_, item.description)->values, from_.sensor));
    }
    fs::remove_all(folder_.path() / "out");
    fs::remove_all(to_.recordings());
  }

  test::TemporaryDirectory folder_;
  project::Project from_, to_;
  std::vector<ExportItem> items_;
};

project::SensorDescription motion() {
  project::SensorDescription sensor;
  sensor.rate_millihertz = 119'000;
  sensor.groups = {
      {project::SensorKind::kAccelerometer, {"x", "y", "z"}, project::Unit::kMetersPerSecondSquared, 39.227},
      {project::SensorKind::kGyroscope, {"gx"}, project::Unit::kDegreesPerSecond, 2000}};
  return sensor;
}

project::SensorDescription microphone() {
  project::SensorDescription sensor;
  sensor.rate_millihertz = 16'000'000;
  sensor.groups = {{project::SensorKind::kMicrophone, {"audio"}, project::Unit::kFullScale, 1}};
  return sensor;
}

TEST_F(Export, MotionComesBackWithTheSameRawCounts) {
  set_up(motion());
  for (const auto format : kNames) {
    SCOPED_TRACE(format);
    expect_round_trip(format, "");
  }
  expect_round_trip("edge-impulse-json", "secret");
}

TEST_F(Export, AudioComesBackWithTheSameRawCounts) {
  set_up(microphone());
  for (const auto format : kNames) {
    SCOPED_TRACE(format);
    expect_round_trip(format, "");
  }
  expect_round_trip("edge-impulse-cbor", "secret");
}

TEST_F(Export, OneAxisOfAnotherSensorComesBackToo) {
  auto sensor = motion();
  sensor.groups.erase(sensor.groups.begin());
  set_up(sensor);
  for (const auto format : kNames) {
    SCOPED_TRACE(format);
    expect_round_trip(format, "");
  }
}

TEST_F(Export, WhatCannotBeIsRefused) {
  auto sensor = motion();
  sensor.rate_millihertz = 12'500;
  set_up(sensor);
  EXPECT_EQ(to_text(write("wav").error()),
            "a WAV file holds whole rates only, the project's is 12.5 Hz\n  hint: choose another --format");
  EXPECT_EQ(to_text(write("npy", "secret").error()),
            "--hmac-key has no meaning: only edge-impulse-json and -cbor are signed");
  ASSERT_TRUE(write_file(folder_.path() / "out" / "x", std::string_view("x")).has_value());
  EXPECT_EQ(write("npy").error().what, "is there already and not an empty folder");
  EXPECT_FALSE(export_format_from("mp3").has_value());
}

TEST_F(Export, CsvStartsWithMillisecondsAsEdgeImpulseHasIt) {
  set_up(motion());
  ASSERT_TRUE(write("edge-impulse-csv").has_value());
  const std::string text = read_text(folder_.path() / "out" / "training" / "punch.s0-punch-001.csv").value();
  EXPECT_THAT(text.substr(0, text.find('\n')), "timestamp,x,y,z,gx");
  EXPECT_THAT(text, HasSubstr("\n0,"));
  EXPECT_THAT(text, HasSubstr("\n8.403361344537815,"));
}

}  // namespace
}  // namespace mote::recordings
