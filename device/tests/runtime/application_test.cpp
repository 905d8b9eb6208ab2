// SPDX-License-Identifier: Apache-2.0
// The whole firmware loop on the host: a board that is all in memory, and a hand-written linear model. Time
// passes when the firmware sleeps (one sample period) and during inference (kBusyTicks sample periods).
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

struct CorruptedModel : Model {
  static std::uint32_t weights_crc32() { return kWeightsCrc32 ^ 0x10; }
};

struct DebugSettings : Settings {
  static constexpr bool kDebugLog = true;
};

TEST(Application, reports_every_window_as_a_plain_loop_computes_it) {
  World setup;
  setup.counts = motion(203);
  auto expected = expected_results(setup.counts);
  ASSERT_GT(expected.size(), 37u);
  expected.insert(expected.begin(),
                  "mote-boot model=linear version=1.2.3 date=2026-01-02 hash=0123456789abcdef board=memory "
                  "reset=power_on sensor=- up_at_rest=- "
                  "rate_millihertz=100000 window=20 hop=5 axes=3 memory=64");
  expected.push_back("mote-end windows=37 samples=203 lost=0 rate_millihertz=100000 stack_unused=100");
  EXPECT_EQ(run(setup), expected);
  EXPECT_TRUE(world.finished);
  EXPECT_EQ(world.led.size(), 37u);
}

TEST(Application, loses_nothing_while_inference_is_faster_than_the_ring_fills) {
  World setup;
  setup.counts = motion(203);
  auto expected = expected_results(setup.counts);
  setup.busy_ticks = 4;
  const auto lines = run(setup);
  EXPECT_EQ(std::vector<std::string>(lines.begin() + 1, lines.end() - 1), expected);
}

TEST(Application, counts_lost_samples_and_stops_above_the_budget) {
  World setup;
  setup.counts = motion(2000);
  setup.busy_ticks = 6;  // against a hop of 5
  const auto lines = run(setup);
  int with_loss = 0;
  for (const auto& line : lines) with_loss += line.starts_with("mote-result") && !line.ends_with("lost=0");
  EXPECT_GT(with_loss, 0);
  EXPECT_THAT(lines.back(), HasSubstr("mote-fault code=4 name=samples_lost blinks=5 detail="));
  EXPECT_THAT(world.blinks, ElementsAre(5, 5));
  EXPECT_FALSE(world.sampling);
}

TEST(Application, classifies_no_window_with_a_gap) {
  World setup;
  setup.counts = motion(2000);
  setup.busy_ticks = 6;
  const auto clean = expected_results(setup.counts);
  for (const auto& line : run(setup)) {
    if (!line.starts_with("mote-result")) continue;
    // A window start may be anywhere behind a gap; its check sum must be that of some contiguous stretch.
    const std::string crc = line.substr(line.find("window_crc="), 15);
    bool contiguous = false;
    for (std::size_t start = 0; start + 20 <= 2000 && !contiguous; ++start) {
      const std::vector<std::int16_t> stretch(
          setup.counts.begin() + static_cast<std::ptrdiff_t>(start * 3),
          setup.counts.begin() + static_cast<std::ptrdiff_t>(start * 3 + 60));
      contiguous = expected_results(stretch).front().find(crc) != std::string::npos;
    }
    EXPECT_TRUE(contiguous) << line;
  }
}

TEST(Application, stops_when_the_sensor_falls_silent) {
  World setup;
  setup.counts = motion(500);
  setup.stall_at = 150;
  const auto lines = run(setup);
  EXPECT_EQ(lines.back(), "mote-fault code=6 name=sensor_stalled blinks=6 detail=150");
  EXPECT_THAT(world.blinks, ElementsAre(6, 6));
}

TEST(Application, stops_before_sampling_when_the_constants_are_damaged) {
  World setup;
  setup.counts = motion(100);
  const auto lines = run<CorruptedModel>(setup);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("mote-boot"));
  EXPECT_THAT(lines[1], HasSubstr("mote-fault code=7 name=constants_corrupted blinks=7"));
  EXPECT_EQ(world.next, 0u);
}

TEST(Application, stops_before_sampling_when_the_sensor_is_missing) {
  World setup;
  setup.check = {Fault::kSensorMissing, 3};
  const auto lines = run(setup);
  EXPECT_EQ(lines.back(), "mote-fault code=5 name=sensor_missing blinks=6 detail=3");
}

TEST(Application, reports_nothing_computed_beside_an_overrun) {
  World setup;
  setup.counts = motion(100);
  setup.overrun = true;
  const auto lines = run(setup);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1], "mote-fault code=2 name=memory_overrun blinks=3 detail=64");
}

TEST(Application, stops_when_the_stack_has_overflowed) {
  World setup;
  setup.counts = motion(100);
  setup.stack_intact = false;
  EXPECT_EQ(run(setup).back(), "mote-fault code=1 name=stack_overflow blinks=3 detail=512");
}

TEST(Application, logs_only_behind_the_debug_switch) {
  World setup;
  setup.counts = motion(20);
  run(setup);
  EXPECT_THAT(world.serial, Not(HasSubstr("mote-log")));
  run<HazardousModel, DebugSettings>(setup);
  EXPECT_THAT(world.serial, HasSubstr("mote-log label=flex confidence="));
}

TEST(Application, stops_when_samples_come_at_half_the_rate) {
  World setup;
  setup.counts = motion(500);
  setup.tick_us = 20000;
  EXPECT_EQ(run(setup).back(), "mote-fault code=9 name=sample_rate blinks=4 detail=50000");
  EXPECT_LT(world.next * 20, 1000u);
}

TEST(Application, stops_when_the_rate_is_three_percent_off_for_a_second_and_not_at_one_percent) {
  World setup;
  setup.counts = motion(500);
  setup.tick_us = 9700;
  EXPECT_EQ(run(setup).back(), "mote-fault code=9 name=sample_rate blinks=4 detail=103092");
  EXPECT_LE(world.next, 102u);
  setup.tick_us = 9900;
  EXPECT_THAT(run(setup).back(), HasSubstr("mote-end windows=97 samples=500 lost=0 rate_millihertz=101010"));
}

TEST(Application, stops_when_an_axis_never_changes) {
  World setup;
  setup.counts = motion(500);
  for (std::size_t sample = 120; sample < 500; ++sample) setup.counts[sample * 3 + 1] = 77;
  EXPECT_EQ(run(setup).back(), "mote-fault code=11 name=sensor_stuck blinks=6 detail=1");
  EXPECT_LE(world.next, 120u + 100u);
}

TEST(Application, stops_when_an_axis_stays_at_the_end_of_its_range) {
  World setup;
  setup.counts = motion(500);
  for (std::size_t sample = 120; sample < 500; ++sample)
    setup.counts[sample * 3 + 2] = static_cast<std::int16_t>(sample % 2 == 0 ? -32768 : -32767);
  EXPECT_EQ(run(setup).back(), "mote-fault code=12 name=sensor_saturated blinks=6 detail=2");
  EXPECT_LE(world.next, 120u + 26u);
}

struct MountedSettings : Settings {
  static constexpr RestGravity rest_gravity() { return {2, 1, 0, 8192}; }
};

/// A device at rest: gravity on one axis, and a little noise.
std::vector<std::int16_t> at_rest(int samples, int axis, int gravity) {
  std::vector<std::int16_t> counts;
  for (int index = 0; index < samples * 3; ++index)
    counts.push_back(
        static_cast<std::int16_t>((index % 3 == axis ? gravity : 0) + index % 7 * 10 + index % 2));
  return counts;
}

TEST(Application, stops_when_gravity_is_not_where_the_mounting_says) {
  World setup;
  setup.counts = at_rest(300, 2, 8192);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()), HasSubstr("mote-end"));
  setup.counts = at_rest(300, 0, 8192);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()),
              HasSubstr("mote-fault code=10 name=orientation blinks=9 detail=3"));
  EXPECT_LE(world.next, 51u);
  setup.counts = at_rest(300, 2, -8192);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()),
              HasSubstr("name=orientation blinks=9 detail=-99"));
  EXPECT_THAT(run(setup).back(), HasSubstr("mote-end"));  // not declared, not checked
}

TEST(Application, says_nothing_of_the_mounting_while_there_is_motion) {
  World setup;
  setup.counts = motion(500);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()), HasSubstr("mote-end"));
}

TEST(Application, stops_when_gravity_has_the_wrong_size) {
  World setup;
  setup.counts = at_rest(300, 2, 8192 / 4);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()),
              HasSubstr("mote-fault code=3 name=contract_mismatch blinks=4 detail=25"));
}

TEST(Application, stops_from_the_interrupt_when_the_main_loop_does_not_come_round) {
  World setup;
  setup.counts = motion(500);
  setup.busy_ticks = 100;
  const auto lines = run(setup);
  ASSERT_EQ(lines.size(), 2u);  // nothing is reported as a result
  EXPECT_EQ(lines.back(), "mote-fault code=13 name=main_loop_hung blinks=5 detail=50");
  EXPECT_TRUE(world.finished);
}

struct WrongInput : StoredWindow {
  static std::int16_t count(std::int32_t index) {
    return static_cast<std::int16_t>(StoredWindow::count(index) + (index == 33 ? 300 : 0));
  }
};
struct WrongInputSettings : Settings {
  using SelfTest = WrongInput;
};
/// A core that adds wrongly.
struct DefectiveModel : Model {
  static void run(std::uint8_t* memory) {
    Model::run(memory);
    memory[kInputBytes + 1] = static_cast<std::uint8_t>(memory[kInputBytes + 1] ^ 1);
  }
};

TEST(Application, computes_the_stored_window_before_anything_else) {
  World setup;
  setup.counts = motion(203);
  const auto untested = run(setup);
  EXPECT_EQ((run<HazardousModel, TestedSettings>(setup)), untested);
  EXPECT_EQ((run<HazardousModel, WrongInputSettings>(setup).back()),
            "mote-fault code=14 name=self_test blinks=7 detail=-1");
  EXPECT_EQ(world.next, 0u);
  EXPECT_EQ((run<DefectiveModel, TestedSettings>(setup).back()),
            "mote-fault code=14 name=self_test blinks=7 detail=1");
}

TEST(Application, reports_its_health_once_a_minute) {
  World setup;
  setup.counts = motion(12100);
  int reports = 0;
  for (const auto& line : run(setup))
    reports += line.starts_with("mote-health samples=") &&
               line.ends_with("lost=0 rate_millihertz=100000 stack_unused=100");
  EXPECT_EQ(reports, 2);
}

/// The linear model behind a pipeline that makes one row of two samples: their mean.
struct PairedModel : Model {
  static constexpr std::int32_t kWindowSamples = 40;
  static constexpr std::int32_t kHopSamples = 10;
  class Features {
   public:
    void restart() { is_second_ = false; }
    const std::int16_t* push(const std::int16_t* counts) {
      for (int axis = 0; axis < 3; ++axis)
        row_[axis] = static_cast<std::int16_t>(is_second_ ? (row_[axis] + counts[axis]) >> 1 : counts[axis]);
      is_second_ = !is_second_;
      return is_second_ ? nullptr : row_;
    }

   private:
    std::int16_t row_[3];
    bool is_second_ = false;
  };
};

/// The means of each two samples.
std::vector<std::int16_t> in_pairs(const std::vector<std::int16_t>& counts) {
  std::vector<std::int16_t> rows;
  for (std::size_t at = 0; at + 3 < counts.size(); at += at % 6 == 2 ? 4 : 1)
    rows.push_back(static_cast<std::int16_t>((counts[at] + counts[at + 3]) >> 1));
  return rows;
}

TEST(Application, classifies_rows_of_features_as_a_plain_loop_over_them_does) {
  const auto counts = motion(400);
  World setup;
  setup.counts = counts;
  const auto lines = run<PairedModel>(setup);
  const auto expected = expected_results(in_pairs(counts));
  ASSERT_GT(expected.size(), 30u);
  EXPECT_EQ(std::vector<std::string>(lines.begin() + 1, lines.end() - 1), expected);
  EXPECT_THAT(lines.front(), HasSubstr(" window=40 hop=10 "));
}

TEST(ModelWindow, forgets_half_a_row_when_it_starts_over) {
  const auto counts = motion(40);
  ModelWindow<PairedModel, 5> window;
  window.restart();
  EXPECT_FALSE(window.add(counts.data()));
  window.restart();
  for (std::size_t sample = 0; sample < 40; ++sample)
    ASSERT_EQ(window.add(counts.data() + 3 * sample), sample == 39) << sample;
  const auto rows = in_pairs(counts);
  ModelWindow<Model, 5> plain;
  plain.restart();
  for (std::size_t row = 0; row < 20; ++row) plain.add(rows.data() + 3 * row);
  alignas(16) std::uint8_t memory[Model::kMemoryBytes], other[Model::kMemoryBytes];
  EXPECT_EQ(window.copy_to(memory), plain.copy_to(other));
}

}  // namespace
}  // namespace mote::runtime
