// SPDX-License-Identifier: Apache-2.0
#include "boards/boards.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote::boards {
namespace {

using ::testing::HasSubstr;

constexpr const char* kText = R"(
name = "nano"
title = "a board for tests"
checked_on_silicon = false
source = "none"
[processor]
core = "cortex-m4"
isa = "cortex-m4"
compiler = "arm-none-eabi-g++"
flags = ["-mcpu=cortex-m4", "-mthumb"]
clock_hz = 64_000_000
[memory]
flash_bytes = 1_048_576
ram_bytes = 262_144
stack_bytes = 4096
[led]
name = "D13"
[power]
source = "data sheet"
active_ma = 4.5
[[sensor]]
name = "BMI270"
kind = "accelerometer"
axes = 3
unit = "g"
range = [2, 4, 8, 16]
rate_hz = [25, 50, 99.84, 200]
source = "data sheet"
[[sensor]]
name = "BMI270"
kind = "gyroscope"
axes = 3
unit = "dps"
range = [500, 1000, 2000]
rate_hz = [99.84, 200]
source = "data sheet"
)";

std::string with(std::string_view from, std::string_view to) {
  std::string text = kText;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

project::SensorDescription wanted(std::int64_t rate_millihertz, double range) {
  project::SensorDescription sensor;
  sensor.rate_millihertz = rate_millihertz;
  sensor.groups = {{project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, range}};
  return sensor;
}

TEST(Boards, every_board_that_comes_with_the_tool_can_be_read) {
  const auto known = names();
  ASSERT_TRUE(known.has_value());
  EXPECT_THAT(*known, ::testing::Contains("qemu-mps2-an386"));
  for (const auto& name : *known) {
    const auto board = load(name);
    ASSERT_TRUE(board.has_value()) << to_text(board.error());
    EXPECT_EQ(board->name, name);
  }
}

TEST(Boards, an_unknown_board_names_those_there_are) {
  const auto board = load("no-such-board");
  ASSERT_FALSE(board.has_value());
  EXPECT_EQ(board.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(board.error().what, HasSubstr("qemu-mps2-an386"));
}

TEST(Boards, choose_takes_the_rate_that_the_sensor_really_delivers) {
  const auto board = parse(kText, "board.toml");
  ASSERT_TRUE(board.has_value()) << to_text(board.error());
  const auto setting = choose(*board, wanted(100000, 4));
  ASSERT_TRUE(setting.has_value()) << to_text(setting.error());
  EXPECT_EQ(setting->rate_millihertz, 99840);
  EXPECT_EQ(setting->groups.size(), 1u);
  EXPECT_EQ(setting->parts.front(), "BMI270");
}

TEST(Boards, choose_sets_several_sensors_to_one_rate) {
  const auto board = parse(kText, "board.toml");
  auto both = wanted(200000, 8);
  both.groups.push_back(
      {project::SensorKind::kGyroscope, {"gx", "gy", "gz"}, project::Unit::kDegreesPerSecond, 2000});
  EXPECT_TRUE(choose(*board, both).has_value());
  both.rate_millihertz = 50000;  // the gyroscope has no such rate
  EXPECT_FALSE(choose(*board, both).has_value());
}

TEST(Boards, choose_says_what_was_asked_for_and_what_there_is) {
  const auto board = parse(kText, "board.toml");
  const auto rate = choose(*board, wanted(119000, 4));
  ASSERT_FALSE(rate.has_value());
  EXPECT_THAT(rate.error().what, HasSubstr("accelerometer with 3 axes in g, range 4, at 119 Hz"));
  EXPECT_THAT(rate.error().what, HasSubstr("at 25, 50, 99.84, 200 Hz"));
  EXPECT_FALSE(choose(*board, wanted(100000, 3)).has_value());
  auto other = wanted(100000, 4);
  other.groups.front().unit = project::Unit::kMetersPerSecondSquared;
  EXPECT_FALSE(choose(*board, other).has_value());
  other = wanted(100000, 4);
  other.groups.front().axes.pop_back();
  EXPECT_FALSE(choose(*board, other).has_value());
}

TEST(Boards, refuses_what_cannot_be_true) {
  const auto refused = [](const std::string& text) {
    const auto board = parse(text, "board.toml");
    return !board.has_value() && board.error().kind == ErrorKind::kInput &&
           board.error().where.starts_with("board.toml:");
  };
  EXPECT_TRUE(refused(with("ram_bytes = 262_144", "ram_bytes = -1")));
  EXPECT_TRUE(refused(with("stack_bytes = 4096", "stack_bytes = 500_000")));
  EXPECT_TRUE(refused(with("kind = \"accelerometer\"", "kind = \"nose\"")));
  EXPECT_TRUE(refused(with("range = [2, 4, 8, 16]", "range = []")));
  EXPECT_TRUE(refused(with("range = [2, 4, 8, 16]", "range = [0]")));
  EXPECT_TRUE(refused(with("\"-mthumb\"", "\"-mthumb; rm\"")));
  EXPECT_TRUE(refused(with("\"-mthumb\"", "\"$(shell)\"")));
  EXPECT_TRUE(refused(with("checked_on_silicon = false", "checked_on_silicon = 0")));
  EXPECT_TRUE(refused(with("title", "titel")));
}

TEST(Boards, builds_with_make_unless_it_says_otherwise) {
  EXPECT_EQ(parse(kText, "board.toml")->build.kind, "make");
  const auto board =
      parse(with("[processor]",
                 "[build]\nkind = \"arduino\"\nfqbn = \"a:b:c\"\nlibraries = [\"L\", \"M\"]\n[processor]"),
            "board.toml");
  ASSERT_TRUE(board.has_value()) << to_text(board.error());
  EXPECT_EQ(board->build.kind, "arduino");
  EXPECT_THAT(board->build.settings.at("fqbn"), ::testing::ElementsAre("a:b:c"));
  EXPECT_THAT(board->build.settings.at("libraries"), ::testing::ElementsAre("L", "M"));
}

TEST(Boards, refuses_a_build_setting_that_another_tool_could_misread) {
  for (const char* text :
       {"fqbn = \"a b\"", "fqbn = 3", "fqbn = [\"a\", 3]", "fqbn = \"a\\nb\"", "fqbn = \"\""}) {
    const auto board =
        parse(with("[processor]", std::string("[build]\n") + text + "\n[processor]"), "board.toml");
    ASSERT_FALSE(board.has_value()) << text;
    EXPECT_EQ(board.error().kind, ErrorKind::kInput);
    EXPECT_THAT(to_text(board.error()), HasSubstr("build.fqbn")) << text;
  }
}

}  // namespace
}  // namespace mote::boards
