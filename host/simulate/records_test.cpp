// SPDX-License-Identifier: Apache-2.0
#include "simulate/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.h"

namespace mote::simulate {
namespace {

using ::testing::HasSubstr;

const std::string kBoot =
    "mote-boot model=linear version=1.2.3 date=2026-01-02 hash=0123456789abcdef board=b reset=power_on "
    "sensor=accelerometer:x:g:4 up_at_rest=- "
    "rate_millihertz=100000 "
    "window=20 hop=5 "
    "axes=3 memory=64\n";
const std::string kWindow0 =
    "mote-result window=0 class=2 confidence=193 decision=idle window_crc=c4fc output_crc=4a0f lost=0\n";
const std::string kWindow1 =
    "mote-result window=1 class=0 confidence=255 decision=uncertain window_crc=329f output_crc=e262 lost=4\n";
const std::string kModel =
    "mote-model model=other version=1.0.0 date=2026-01-03 hash=fedcba9876543210 woken_by=idle memory=128\n";
const std::string kWoken0 =
    "mote-woken model=other window=0 class=1 confidence=200 decision=left window_crc=0123 output_crc=89ab\n";
const std::string kFault = "mote-fault code=4 name=samples_lost blinks=5 detail=-12\n";
const std::string kEnd = "mote-end windows=2 samples=25 lost=4 rate_millihertz=100010 stack_unused=1500\n";

TEST(ParseRecords, reads_a_whole_run) {
  const auto transcript =
      parse_records(kBoot + kWindow0 + "mote-log label=idle confidence=3\n" + kWindow1 + kEnd, "serial");
  ASSERT_TRUE(transcript.has_value()) << to_text(transcript.error());
  EXPECT_EQ(transcript->boot.at("hash"), "0123456789abcdef");
  EXPECT_EQ(transcript->boot.size(), 13u);
  ASSERT_EQ(transcript->windows.size(), 2u);
  EXPECT_EQ(transcript->windows[0], (WindowRecord{0, 2, 193, "idle", "c4fc", "4a0f", 0}));
  EXPECT_EQ(transcript->windows[1], (WindowRecord{1, 0, 255, "uncertain", "329f", "e262", 4}));
  EXPECT_EQ(*transcript->end, (EndRecord{2, 25, 4, 100010, 1500}));
  EXPECT_FALSE(transcript->fault.has_value());
}

TEST(ParseRecords, knows_which_window_an_event_began_with) {
  const auto transcript =
      parse_records(kBoot + kWindow0 + kWindow1 + "mote-event event=0 class=0 label=punch confidence=255\n" +
                        "mote-health samples=6000 lost=0 rate_millihertz=99840 stack_unused=800\n" + kEnd,
                    "serial");
  ASSERT_TRUE(transcript.has_value()) << to_text(transcript.error());
  ASSERT_EQ(transcript->events.size(), 1u);
  EXPECT_EQ(transcript->events[0], (EventRecord{1, 0, "punch", 255}));
  EXPECT_FALSE(
      parse_records(kBoot + kWindow0 + "mote-event event=1 class=0 label=punch confidence=255\n", "serial"));
  EXPECT_FALSE(
      parse_records(kBoot + "mote-health samples=-1 lost=0 rate_millihertz=1 stack_unused=8\n", "serial"));
}

TEST(ParseRecords, begins_anew_after_a_restart_and_counts_it) {
  std::string again = kBoot;
  again.replace(again.find("power_on"), 8, "watchdog");
  const auto transcript = parse_records(kBoot + kWindow0 + kWindow1 + again + kWindow0, "serial");
  ASSERT_TRUE(transcript.has_value()) << to_text(transcript.error());
  EXPECT_EQ(transcript->restarts, 1);
  EXPECT_EQ(transcript->windows.size(), 1u);
  EXPECT_EQ(transcript->boot.at("reset"), "watchdog");
}

TEST(ParseRecords, reads_what_a_second_model_made_of_the_windows_that_wake_it) {
  const auto transcript = parse_records(kBoot + kModel + kWindow0 + kWoken0 + kWindow1 + kEnd, "serial");
  ASSERT_TRUE(transcript.has_value()) << to_text(transcript.error());
  EXPECT_EQ(transcript->second.at("hash"), "fedcba9876543210");
  ASSERT_EQ(transcript->woken.size(), 1u);
  EXPECT_EQ(transcript->woken[0], (WokenRecord{0, 1, 200, "left", "0123", "89ab"}));
  // A firmware that stops in between has said why.
  EXPECT_TRUE(parse_records(kBoot + kModel + kWindow0 + kFault, "serial").has_value());
}

TEST(ParseRecords, reads_a_fault) {
  const auto transcript = parse_records(kBoot + kFault, "serial");
  ASSERT_TRUE(transcript.has_value());
  EXPECT_EQ(*transcript->fault, (FaultRecord{4, "samples_lost", 5, -12}));
}

TEST(ParseRecords, refuses_everything_else_and_names_the_line) {
  const auto refused = [](const std::string& serial, const char* complaint, const char* line) {
    const auto transcript = parse_records(serial, "serial");
    ASSERT_FALSE(transcript.has_value()) << serial;
    EXPECT_EQ(transcript.error().kind, ErrorKind::kInput);
    EXPECT_THAT(transcript.error().what, HasSubstr(complaint));
    EXPECT_THAT(transcript.error().where, HasSubstr(line));
  };
  refused("", "no boot line", "serial");
  refused(kWindow0, "before the boot", "serial:1");
  refused(kBoot + "mote-boot model=other" + kBoot.substr(kBoot.find(" version")), "second boot", "serial:2");
  refused(kBoot + kWindow1, "expected 0 ... 0", "serial:2");
  refused(kBoot + kFault + kWindow0, "after the firmware has stopped", "serial:3");
  refused(kBoot + kWindow0 + kEnd, "expected 1 ... 1", "serial:3");
  refused(kBoot + "hello\n", "no record", "serial:2");
  refused(kBoot + "mote-result window=0 class=2\n", "2 fields, expected 7", "serial:2");
  refused(kBoot + kWindow0.substr(0, 40), "cut off", "serial:2");
  refused(kBoot + std::string(5000, 'x') + "\n", "5000 characters", "serial:2");
  const auto change = [](std::string line, const char* from, const char* to) {
    return line.replace(line.find(from), std::string(from).size(), to);
  };
  refused(kBoot + change(kWindow0, "confidence=193", "confidence=256"), "expected 0 ... 255", "serial:2");
  refused(kBoot + change(kWindow0, "confidence=193", "confidence=19x"), "confidence is '19x'", "serial:2");
  refused(kBoot + change(kWindow0, "class=2", "class=99999999999999999999"), "class is", "serial:2");
  refused(kBoot + change(kWindow0, "c4fc", "c4fg"), "hexadecimal", "serial:2");
  refused(kBoot + change(kWindow0, "c4fc", "c4fc0"), "hexadecimal", "serial:2");
  refused(kBoot + change(kWindow0, "decision=idle", "decision="), "expected decision=", "serial:2");
  refused(kBoot + change(kWindow0, "idle", "id\x01le"), "not printable", "serial:2");
  refused(change(kBoot, "rate_millihertz=100000", "rate_millihertz=0"), "rate_millihertz", "serial:1");
  const std::string two = kBoot + kModel;
  const char* const unasked = "does not wake the second model";
  refused(kBoot + kWindow0 + kWoken0, unasked, "serial:3");
  refused(two + kWoken0, unasked, "serial:3");
  refused(two + kWindow0 + kWoken0 + kWoken0, unasked, "serial:5");
  refused(two + change(kWindow0, "=idle", "=uncertain") + kWoken0, unasked, "serial:4");
  refused(two + kWindow0 + kWindow1, "before the second model", "serial:4");
  refused(two + kWindow0 + change(kEnd, "windows=2", "windows=1"), "before the second model", "serial:4");
  refused(two + kWindow0 + change(kWoken0, "window=0", "window=1"), "expected 0 ... 0", "serial:4");
  refused(two + kWindow0 + change(kWoken0, "other", "another"), "'another', expected 'other'", "serial:4");
  refused(two + kModel, "not the first one behind the boot line", "serial:3");
  refused(kBoot + kWindow0 + kModel, "not the first one behind the boot line", "serial:3");
  refused(kBoot + change(kModel, "memory=128", "memory=0"), "memory is '0'", "serial:2");
  refused(kBoot + change(kWindow0, "lost=0", "lost=7") + change(kWindow1, "lost=4", "lost=6"), "lost is '6'",
          "serial:3");
}

TEST(ParseRecords, survives_damage) {
  Rng rng(1);
  const std::string whole = kBoot + kModel + kWindow0 + kWoken0 + kWindow1 + kEnd;
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string damaged = whole;
    for (int byte = 0; byte < 3; ++byte)
      damaged[static_cast<std::size_t>(rng.below(damaged.size()))] = static_cast<char>(rng.below(256));
    refused += !parse_records(damaged, "serial").has_value();
  }
  EXPECT_GT(refused, 3000);
}

}  // namespace
}  // namespace mote::simulate
