// SPDX-License-Identifier: Apache-2.0
// A second model runs where the first one wakes it, on the same windows and in the same memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "application_fixture.h"

namespace mote::runtime {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// Another model of the same samples: other axes, larger memory with the input elsewhere. It trusts nothing
/// of the memory but its input and leaves nothing there but its output.
struct OtherModel : Model {
  static constexpr std::int32_t kMemoryBytes = 200;
  static constexpr std::int32_t kConstantBytes = 10;
  static Flash<char> name() { return MOTE_TEXT("other"); }
  static dsp::AxisNormalization normalization(std::int32_t axis) { return Model::normalization(2 - axis); }
  static std::int8_t* input(std::uint8_t* memory) { return reinterpret_cast<std::int8_t*>(memory) + 130; }
  static const std::int8_t* output(const std::uint8_t* memory) {
    return reinterpret_cast<const std::int8_t*>(memory) + 2;
  }
  static void run(std::uint8_t* memory) {
    ++runs;
    alignas(16) std::uint8_t own[Model::kMemoryBytes];
    for (int index = 0; index < kInputBytes; ++index)
      own[index] = static_cast<std::uint8_t>(input(memory)[index]);
    for (int index = 0; index < kMemoryBytes; ++index) memory[index] = 0xA5;
    Model::run(own);
    for (int index = 0; index < kClasses; ++index)
      memory[2 + index] = static_cast<std::uint8_t>(Model::output(own)[index]);
  }
  static std::uint32_t weights_crc32() { return kWeightsCrc32 ^ damage; }
  inline static int runs = 0;
  inline static std::uint32_t damage = 0;
};

/// What OtherModel makes of a window by itself.
std::string expected_woken(const std::vector<std::int16_t>& counts, std::int64_t window) {
  std::int16_t features[60];
  for (int element = 0; element < 60; ++element)
    features[element] =
        dsp::normalize(counts[static_cast<std::size_t>(dsp::window_start(window, 5) * 3 + element)],
                       Model::normalization(2 - element % 3));
  alignas(16) std::uint8_t memory[Model::kMemoryBytes];
  kernels::Requantize<int16_t, int8_t>::run(Model::input_quantization(), features, Model::input(memory),
                                            nullptr);
  const int window_crc = crc16_update(kCrc16Initial, Model::input(memory), 60);
  Model::run(memory);
  const Decision decision = decide(Model::output(memory), 3, Model::kThresholdQ8);
  char line[160];
  std::snprintf(line, sizeof line,
                "mote-woken model=other window=%d class=%d confidence=%d decision=%s window_crc=%04x "
                "output_crc=%04x",
                static_cast<int>(window), decision.class_index, decision.confidence,
                decision.decision == kUncertain ? "uncertain" : Model::label(decision.class_index).data(),
                window_crc, crc16_update(kCrc16Initial, Model::output(memory), 3));
  return line;
}

std::vector<std::string> starting_with(const std::vector<std::string>& lines, const std::string& start) {
  std::vector<std::string> found;
  for (const auto& line : lines)
    if (line.starts_with(start)) found.push_back(line);
  return found;
}

struct WokenSettings : Settings {
  static void on_woken(std::int32_t class_index, std::int32_t) { ++calls[class_index]; }
  inline static int calls[Model::kClasses] = {};
};

TEST(SecondModel, runs_on_exactly_the_windows_that_wake_it_and_changes_nothing_for_the_first) {
  World setup;
  setup.counts = motion(1003);
  const auto alone = run(setup);
  OtherModel::runs = 0;
  const auto lines = run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup);
  std::vector<std::string> expected;
  const auto results = expected_results(setup.counts);
  std::int64_t window = 0;
  for (std::size_t index = 0; index < results.size(); ++index) {
    expected.push_back(results[index]);
    if (!results[index].starts_with("mote-result")) continue;
    if (index + 1 < results.size() && results[index + 1].starts_with("mote-event"))
      expected.push_back(results[++index]);
    const bool wakes = results[index].find("decision=flex") != std::string::npos ||
                       results[index].find("label=flex") != std::string::npos;
    if (wakes) expected.push_back(expected_woken(setup.counts, window));
    ++window;
  }
  const auto woken = starting_with(expected, "mote-woken");
  ASSERT_GT(woken.size(), 5u);
  ASSERT_LT(woken.size(), static_cast<std::size_t>(window) - 5);
  ASSERT_GT(lines.size(), 3u);
  EXPECT_EQ(std::vector<std::string>(lines.begin() + 2, lines.end() - 1), expected);
  EXPECT_EQ(OtherModel::runs, std::ssize(woken));
  EXPECT_EQ(starting_with(lines, "mote-result"), starting_with(alone, "mote-result"));
  EXPECT_EQ(lines.back(), alone.back());
}

TEST(SecondModel, shares_the_working_memory_which_is_that_of_the_larger) {
  World setup;
  setup.counts = motion(20);
  auto lines = run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup);
  EXPECT_THAT(lines[0], HasSubstr("mote-boot model=linear "));
  EXPECT_THAT(lines[0], HasSubstr(" memory=200"));
  EXPECT_EQ(lines[1],
            "mote-model model=other version=1.2.3 date=2026-01-02 hash=0123456789abcdef woken_by=flex "
            "memory=200");
  lines = run<HazardousModel, Settings, WakeSecond<Model, 1>>(setup);
  EXPECT_THAT(lines[0], HasSubstr(" memory=64"));
  // Besides the working memory, a window of its own and some words.
  using One = Application<Model, MemoryBoard, Settings>;
  using Two = Application<Model, MemoryBoard, Settings, WakeSecond<Model, 1>>;
  EXPECT_LE(sizeof(Two), sizeof(One) + Model::kInputBytes + 24);
}

TEST(SecondModel, may_be_the_first_one_again) {
  World setup;
  setup.counts = motion(503);
  setup.busy_ticks = 4;  // samples of the next window wait while the second runs
  const auto lines = run<HazardousModel, Settings, WakeSecond<Model, 1>>(setup);
  int woken = 0;
  std::string result;
  for (const auto& line : lines) {
    if (line.starts_with("mote-result")) result = line;
    if (!line.starts_with("mote-woken")) continue;
    ++woken;
    const std::string crcs = line.substr(line.find("window_crc="));
    EXPECT_THAT(result, HasSubstr(crcs)) << line;
  }
  EXPECT_GT(woken, 3);
}

TEST(SecondModel, sees_no_window_with_a_gap) {
  World setup;
  setup.counts = motion(2000);
  setup.busy_ticks = 6;  // against a hop of 5: samples are lost
  std::string result;
  int woken_behind_a_gap = 0;
  for (const auto& line : run<HazardousModel, Settings, WakeSecond<Model, 1>>(setup)) {
    if (line.starts_with("mote-result")) result = line;
    if (!line.starts_with("mote-woken")) continue;
    woken_behind_a_gap += !result.ends_with("lost=0");
    EXPECT_THAT(result, HasSubstr(line.substr(line.find("window_crc="), 15)));
  }
  EXPECT_GT(woken_behind_a_gap, 0);
}

TEST(SecondModel, calls_the_hook_for_a_certain_class_that_is_not_the_background) {
  World setup;
  setup.counts = motion(1003);
  const auto lines = run<HazardousModel, WokenSettings, WakeSecond<OtherModel, 1>>(setup);
  int punches = 0, flexes = 0;
  for (const auto& line : starting_with(lines, "mote-woken")) {
    punches += line.find("decision=punch") != std::string::npos;
    flexes += line.find("decision=flex") != std::string::npos;
  }
  EXPECT_GT(punches + flexes, 0);
  EXPECT_THAT(WokenSettings::calls, ElementsAre(punches, flexes, 0));
}

TEST(SecondModel, stops_before_sampling_when_its_constants_are_damaged) {
  World setup;
  setup.counts = motion(100);
  OtherModel::damage = 0x10;
  const auto lines = run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup);
  OtherModel::damage = 0;
  EXPECT_THAT(lines.back(), HasSubstr("name=constants_corrupted"));
  EXPECT_EQ(world.next, 0u);
}

TEST(SecondModel, is_not_woken_by_the_stored_window) {
  World setup;
  setup.counts = motion(203);
  const auto lines = run<HazardousModel, TestedSettings, WakeSecond<OtherModel, 1>>(setup);
  EXPECT_EQ(lines, (run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup)));
}

}  // namespace
}  // namespace mote::runtime
