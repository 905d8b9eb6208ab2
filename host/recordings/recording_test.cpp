// SPDX-License-Identifier: Apache-2.0
#include "recordings/recording.h"

#include <gtest/gtest.h>

#include "recordings/iso_time.h"

namespace mote::recordings {
namespace {

TEST(Counts, RoundHalfAwayFromZeroAndSaturate) {
  EXPECT_EQ(to_count(1.0, 8192), 8192);
  EXPECT_EQ(to_count(0.5, 1), 1);
  EXPECT_EQ(to_count(-0.5, 1), -1);
  EXPECT_EQ(to_count(-1.5, 1), -2);
  EXPECT_EQ(to_count(4.0, 8192), 32767);
  EXPECT_EQ(to_count(-4.0, 8192), -32768);
  EXPECT_EQ(to_count(1e300, 8192), 32767);
}

TEST(Counts, UseTheRangeOfTheirAxis) {
  project::SensorDescription sensor;
  sensor.groups = {{project::SensorKind::kAccelerometer, {"a"}, project::Unit::kG, 4},
                   {project::SensorKind::kGyroscope, {"b"}, project::Unit::kDegreesPerSecond, 2000}};
  EXPECT_EQ(to_counts({1, 1000, -1, -1000}, sensor), (std::vector<std::int16_t>{8192, 16384, -8192, -16384}));
}

TEST(Counts, ClippingIsCountedBySample) {
  EXPECT_EQ(clipped_samples({32767, -32768, 0, 0, 1, 32767}, 2), 2);
}

TEST(Counts, ContentHashIsThatOfLittleEndianCounts) {
  EXPECT_EQ(content_hash({0x6261, 0x0063}),  // "abc\0"
            "dc1114cd074914bd872cc1f9a23ec910ea2203bc79779ab2e17da25782a624fc");
}

TEST(Csv, IsWrittenAsShortAsItCanBe) {
  Recording recording;
  recording.description.sensor.groups = {{project::SensorKind::kOther, {"a", "b"}, project::Unit::kG, 4}};
  recording.values = {0.1, -1, 1.0 / 3.0, 2.5e-7};
  EXPECT_EQ(to_csv(recording), "a,b\n0.1,-1\n0.3333333333333333,2.5e-07\n");
  recording.time_ms = {0, 9.594};
  EXPECT_EQ(to_csv(recording), "time_ms,a,b\n0,0.1,-1\n9.594,0.3333333333333333,2.5e-07\n");
}

TEST(RateEstimate, AddsRecordingsUpAndNeedsTimeToPass) {
  RateEstimate estimate;
  EXPECT_FALSE(estimate.rate_hz().has_value());
  estimate.add({5});
  EXPECT_FALSE(estimate.rate_hz().has_value());
  estimate.add({0, 10, 20});
  estimate.add({100, 110, 120});  // starts elsewhere
  EXPECT_DOUBLE_EQ(estimate.rate_hz().value(), 100.0);
}

TEST(Time, ReadsWhatPeopleWriteAndWritesOneForm) {
  for (const char* text : {"2026-01-31T10:20:30.125Z", "2026-01-31 10:20:30.125",
                           "2026-01-31T11:20:30.125+01:00", "2026-01-31T05:50:30.1259-04:30"})
    EXPECT_EQ(format_time(parse_time(text).value()), "2026-01-31T10:20:30.125Z") << text;
  EXPECT_EQ(format_time(parse_time("2026-01-31").value()), "2026-01-31T00:00:00.000Z");
  EXPECT_EQ(format_time(parse_time("1969-12-31T23:59:59.5").value()), "1969-12-31T23:59:59.500Z");
}

TEST(Time, RefusesWhatIsNone) {
  for (const char* text : {"", "2026-02-29", "2026-1-3", "2026-01-31T24:00", "2026-01-31T10:60",
                           "2026-01-31T10", "2026-01-31T10:20:61", "2026-01-31T10:20:30.",
                           "2026-01-31T10:20Zx", "2026-01-31T10:20+1", "0000-01-01", "+026-01-01"})
    EXPECT_FALSE(parse_time(text).has_value()) << text;
}

}  // namespace
}  // namespace mote::recordings
