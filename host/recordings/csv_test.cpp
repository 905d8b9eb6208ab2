// SPDX-License-Identifier: Apache-2.0
#include "recordings/csv.h"

#include <gtest/gtest.h>

namespace mote::recordings {
namespace {

project::SensorDescription sensor() {
  project::SensorDescription description;
  description.rate_millihertz = 100'000;
  description.groups = {{project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4.0}};
  return description;
}

Result<std::vector<Capture>> parse(std::string_view text, const CsvOptions& options = {}) {
  return parse_csv(text, "f.csv", sensor(), options);
}

std::string message(std::string_view text, const CsvOptions& options = {}) {
  const auto blocks = parse(text, options);
  return blocks.has_value() ? "accepted" : to_text(blocks.error());
}

using Values = std::vector<double>;

TEST(Csv, FindsTheAxesByNameInAnyOrderAndIgnoresOtherColumns) {
  const auto blocks = parse("battery,az,ax,ay\n9,3,1,2\n9,1.5,-0.25,+1e-2\n");
  ASSERT_TRUE(blocks.has_value()) << to_text(blocks.error());
  ASSERT_EQ(blocks->size(), 1u);
  EXPECT_EQ(blocks->front().values, (Values{1, 2, 3, -0.25, 0.01, 1.5}));
  EXPECT_EQ(blocks->front().samples, 2);
  EXPECT_EQ(blocks->front().first_line, 2);
  EXPECT_TRUE(blocks->front().time.empty());
}

TEST(Csv, ReadsWithoutAHeading) {
  EXPECT_EQ(parse("1,2,3\n2,3,1\n")->front().values, (Values{1, 2, 3, 2, 3, 1}));
}

TEST(Csv, ReadsSemicolonsTabsQuotesByteOrderMarksAndCarriageReturns) {
  EXPECT_EQ(parse("ax;ay;az\n1;2;3\n")->front().values, (Values{1, 2, 3}));
  EXPECT_EQ(parse("\xEF\xBB\xBF\"ax\"\t\"ay\"\taz\r\n1\t 2\t\"3\"\r\n")->front().values, (Values{1, 2, 3}));
  EXPECT_EQ(parse("AX,Ay,az\n1,2,3")->front().values, (Values{1, 2, 3})) << "no final newline, other case";
}

TEST(Csv, BlankLinesSeparateCapturesAndARepeatedHeadingIsSkipped) {
  const auto blocks = parse("ax,ay,az\n1,1,1\n\n\r\nax,ay,az\n2,2,2\n3,3,3\n\n");
  ASSERT_EQ(blocks->size(), 2u);
  EXPECT_EQ((*blocks)[0].samples, 1);
  EXPECT_EQ((*blocks)[1].values, (Values{2, 2, 2, 3, 3, 3}));
  EXPECT_EQ((*blocks)[1].first_line, 6);
}

TEST(Csv, FindsTimeStampsByNameAndCountsThemFromTheFirst) {
  for (const std::string name : {"timestamp", "Time", "time_ms", "t"}) {
    const auto blocks = parse(name + ",ax,ay,az\n1657533977810,1,1,1\n1657533977819,1,1,1\n");
    ASSERT_TRUE(blocks.has_value()) << name;
    EXPECT_EQ(blocks->front().time, (Values{0, 9}));
    EXPECT_EQ(blocks->front().time_origin, 1657533977810.0);
  }
}

TEST(Csv, ColumnsCanBeToldByNumber) {
  CsvOptions options;
  options.columns = {"3", "4", "5"};
  options.time_column = "1";
  options.label_column = "2";
  const auto blocks = parse("0,up,1,2,3\n10,up,1,2,3\n20,down,1,2,3\n", options);
  ASSERT_TRUE(blocks.has_value()) << to_text(blocks.error());
  EXPECT_EQ(blocks->front().time, (Values{0, 10, 20}));
  ASSERT_EQ(blocks->front().runs.size(), 2u);
  EXPECT_EQ(blocks->front().runs[0].label, "up");
  EXPECT_EQ(blocks->front().runs[1].label, "down");
  EXPECT_EQ(blocks->front().runs[1].first_sample, 2);
}

TEST(Csv, ColumnsCanBeRenamed) {
  CsvOptions options;
  options.columns = {"z", "y", "x"};
  EXPECT_EQ(parse("x,y,z\n1,2,3\n", options)->front().values, (Values{3, 2, 1}));
}

TEST(Csv, HeadingOptionSettlesWhatIsAmbiguous) {
  CsvOptions options;
  options.columns = {"1", "2", "3"};
  EXPECT_EQ(message("a,2,3\n1,2,3\n", options),
            "f.csv:1: first line has 2 numbers and 1 other columns: heading or data?\n"
            "  hint: say --header or --no-header");
  options.heading = true;
  EXPECT_EQ(parse("1,2,3\n4,4,4\n", options)->front().values, (Values{4, 4, 4}));
  options.heading = false;
  EXPECT_EQ(message("a,2,3\n1,2,3\n", options), "f.csv:1:1: 'a' is not a number");
}

struct Bad {
  const char* text;
  const char* message;
};

const Bad kBad[] = {
    {"", "f.csv: no samples in the file\n  hint: check that the recording was saved"},
    {"ax,ay,az\n", "f.csv: no samples in the file\n  hint: check that the recording was saved"},
    {"ax,ay,az\n1,2,3\n1,2\n1,2,3\n",
     "f.csv:3: line has 2 columns, the first line has 3\n  hint: every line needs the same columns"},
    {"ax,ay,az\n1,2,3\n1,2,3,4\n",
     "f.csv:3: line has 4 columns, the first line has 3\n  hint: every line needs the same columns"},
    {"ax,ay,az\n1,2,3\n1,2",
     "f.csv:3: file is cut off in its last line: 2 of 3 columns\n"
     "  hint: copy or record it again; remove the line if the rest is whole"},
    {"ax,ay,az\n1,2,3\n1,nan,3\n",
     "f.csv:3:2: 'nan' is not a finite number\n"
     "  hint: remove the broken samples; a blank line in their place makes two recordings"},
    {"nan,1,1\n",
     "f.csv:1:1: 'nan' is not a finite number\n"
     "  hint: remove the broken samples; a blank line in their place makes two recordings"},
    {"ax,ay,az\n1,2,-inf\n",
     "f.csv:2:3: '-inf' is not a finite number\n"
     "  hint: remove the broken samples; a blank line in their place makes two recordings"},
    {"ax,ay,az\n1,2,1e999\n",
     "f.csv:2:3: '1e999' is not a finite number\n"
     "  hint: remove the broken samples; a blank line in their place makes two recordings"},
    {"ax,ay,az\n1,2x,3\n", "f.csv:2:2: '2x' is not a number"},
    {"ax,ay,az\n1,,3\n", "f.csv:2:2: '' is not a number"},
    {"ax;ay;az\n1;0,5;3\n", "f.csv:2:2: '0,5' is not a number\n  hint: write decimals with a point"},
    {"ax,ay,az\n1,6.01,3\n",
     "f.csv:2:2: 6.01 of ay is far outside the range of 4 g: wrong unit or range?\n"
     "  hint: correct unit or range in mote.toml, or convert the file"},
    {"ax,ay,az\n-9.81,0,0\n",
     "f.csv:2:1: -9.81 of ax is far outside the range of 4 g: wrong unit or range?\n"
     "  hint: correct unit or range in mote.toml, or convert the file"},
    {"t,ax,ay,az\n20,1,1,1\n10,1,1,1\n",
     "f.csv:3:1: time stamp '10' is before that of the line above\n  hint: put a blank line between "
     "recordings"},
    {"t,ax,ay,az\n0,1,1,1\n10,1,1,1\n5,1,1,1\n",
     "f.csv:4:1: time stamp '5' is before that of the line above\n  hint: put a blank line between "
     "recordings"},
    {"t,ax,ay,az\n-1e308,1,1,1\n1e308,1,1,1\n",
     "f.csv:3:1: time stamp '1e308' is no time\n  hint: name the right column with --time-column"},
    {"1,2,3,4\n",
     "f.csv:1: line has 4 columns, expected 3 (ax, ay, az)\n"
     "  hint: tell columns by number: --columns 2,3,4 for the axes, --time-column 1 for time stamps"},
    {"1,2\n",
     "f.csv:1: line has 2 columns, expected 3 (ax, ay, az)\n"
     "  hint: tell columns by number: --columns 2,3,4 for the axes, --time-column 1 for time stamps"},
    {"aX,aY,accZ\n1,2,3\n",
     "f.csv:1: no column 'az' among aX, aY, accZ\n  hint: tell the columns of ax, ay, az with --columns"},
    {"ax,ay,a_z\n1,2,3\n",
     "f.csv:1: no column 'az' among ax, ay, a_z\n"
     "  hint: tell the columns of ax, ay, az with --columns"},
    {"ax,ay,az,ax\n1,2,3,4\n",
     "f.csv:1: 2 columns are named 'ax'\n  hint: tell columns by number, from 1, with --columns"},
};

TEST(Csv, WhatIsWrongIsRefusedWithFileLineAndColumn) {
  for (const auto& bad : kBad) EXPECT_EQ(message(bad.text), bad.message) << bad.text;
}

TEST(Csv, WrongColumnOptionsAreRefused) {
  CsvOptions options;
  options.columns = {"ax", "ay"};
  EXPECT_EQ(message("ax,ay,az\n1,2,3\n", options),
            "--columns names 2 columns, the sensor has 3 axes (ax, ay, az)");
  options.columns = {"ax", "ay", "ax"};
  EXPECT_EQ(message("ax,ay,az\n1,2,3\n", options), "f.csv:1: column 'ax' is used twice");
  options.columns = {"1", "2", "4"};
  EXPECT_EQ(message("1,2,3\n", options),
            "f.csv:1: no column '4': the file has no heading and 3 columns\n"
            "  hint: give a number from 1 to 3 with --columns");
  options = {};
  options.label_column = "labl";
  EXPECT_EQ(message("ax,ay,az,label\n1,2,3,x\n", options),
            "f.csv:1: no column 'labl' among ax, ay, az, label\n"
            "  hint: tell one of these with --label-column");
  options = {};
  options.time_column = "0";
  EXPECT_EQ(message("1,2,3\n", options),
            "f.csv:1: no column '0': the file has no heading and 3 columns\n"
            "  hint: give a number from 1 to 3 with --time-column");
}

TEST(Csv, HugeLinesColumnsAndBinaryFilesAreRefused) {
  EXPECT_EQ(message("ax,ay,az\n" + std::string(5000, '1') + ",2,3\n"),
            "f.csv:2: line has 5004 characters, at most 4096 are read\n"
            "  hint: check that this is a CSV file with one sample a line");
  std::string wide = "1";
  for (int column = 0; column < 300; ++column) wide += ",1";
  EXPECT_EQ(message(wide), "f.csv:1: line has 301 columns, at most 256 are read");
  EXPECT_EQ(message(std::string_view("PK\0\1,2,3\n", 9)),
            "f.csv: is not text: it holds zero bytes\n  hint: export it as CSV in UTF-8");
  EXPECT_EQ(message("ax,ay,az\n1,2,\x1b[31m</script>\n"), "f.csv:2:3: '_[31m</script>' is not a number")
      << "nothing of the file reaches the terminal unescaped";
}

TEST(Csv, ValuesUpToOneAndAHalfRangesAreAcceptedAsClipped) {
  EXPECT_EQ(message("ax,ay,az\n6,-6,0\n"), "accepted");
}

}  // namespace
}  // namespace mote::recordings
