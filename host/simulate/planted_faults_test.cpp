// SPDX-License-Identifier: Apache-2.0
// What goes wrong in the field, planted in the emulator: each ends in its blink code, read off the LED,
// within a second of emulated time, and nothing is reported as a result afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulate/simulate_fixture.h"

namespace mote::simulate {
namespace {

/// A board, and how many turns of an empty loop take it a second.
struct PlantedBoard {
  const char* name;
  std::int64_t loops_a_second;
};

constexpr double kHighestDelayMs = 1000;
constexpr double kSampleMs = 10;
/// Boot, and the stretch from the start of sampling to the first sample.
constexpr double kBootMs = 60;

class PlantedFault : public SimulateFixture, public ::testing::WithParamInterface<PlantedBoard> {
 protected:
  void SetUp() override { use_board(GetParam().name); }

  /// The firmware stops with this fault, and the first blink begins within a second of `onset_samples`.
  void expect_in_time(const Played& played, const char* name, int blinks, int onset_samples) {
    expect_fault(played, name, blinks);
    const auto first = first_blink_ms(played.seen.led);
    ASSERT_TRUE(first.has_value());
    EXPECT_LE(*first, onset_samples * kSampleMs + kHighestDelayMs + kBootMs);
    EXPECT_GE(*first, onset_samples * kSampleMs);
  }

  std::vector<std::string> slow(double seconds) const {
    return {
        fmt::format("SLOW_LOOPS={}", std::llround(seconds * static_cast<double>(GetParam().loops_a_second)))};
  }
};

TEST_P(PlantedFault, none_leaves_the_firmware_running) {
  build();
  const Recording recording = motion("a", 203, 1);
  const auto played = play_or_fail(recording);
  EXPECT_FALSE(played.transcript.fault.has_value());
  EXPECT_EQ(played.transcript.windows, by_plain_loop(recording));
  ASSERT_TRUE(played.transcript.end.has_value());
  EXPECT_NEAR(static_cast<double>(played.transcript.end->rate_millihertz), 100000, 200);
  // The stack gets no deeper than its worst case says. That is two to three and a half times what is used: it
  // counts faults reported in the interrupt, and 128 bytes for each helper of libgcc.
  const Json& stack = built_["stack"];
  ASSERT_TRUE(stack.value("known", true)) << stack;
  const std::int64_t used = stack_bytes_ - played.transcript.end->stack_unused;
  EXPECT_GE(stack["worst_case_bytes"].get<std::int64_t>(), used);
  EXPECT_LE(stack["worst_case_bytes"].get<std::int64_t>(), 4 * used);
}

TEST_P(PlantedFault, sensor_missing) {
  build();
  request_.defects.is_missing = true;
  expect_in_time(play_or_fail(motion("a", 100, 1)), "sensor_missing", 6, 0);
}

TEST_P(PlantedFault, sensor_stalls) {
  build();
  request_.defects.silent_samples = 1000;
  expect_in_time(play_or_fail(motion("a", 130, 1)), "sensor_stalled", 6, 130);
}

TEST_P(PlantedFault, half_the_rate) {
  build();
  request_.defects.pace_millihertz = 50000;
  const auto played = play_or_fail(motion("a", 500, 1));
  expect_in_time(played, "sample_rate", 4, 0);
  EXPECT_NEAR(static_cast<double>(played.transcript.fault->detail), 50000, 100);
}

TEST_P(PlantedFault, board_rotated_by_90_degrees) {
  firmware_.watch.up_at_rest = "az";
  build();
  expect_in_time(play_or_fail(at_rest("a", 300, 0)), "orientation", 9, 0);
  EXPECT_FALSE(play_or_fail(at_rest("b", 150, 2)).transcript.fault.has_value());
}

TEST_P(PlantedFault, stuck_value) {
  build();
  Recording recording = motion("a", 500, 1);
  for (std::size_t sample = 110; sample < 500; ++sample) recording.counts[sample * 3 + 1] = 1234;
  expect_in_time(play_or_fail(recording), "sensor_stuck", 6, 110);
}

TEST_P(PlantedFault, saturated) {
  build();
  Recording recording = motion("a", 500, 1);
  for (std::size_t sample = 110; sample < 500; ++sample) recording.counts[sample * 3 + 2] = 32767;
  expect_in_time(play_or_fail(recording), "sensor_saturated", 6, 110);
}

TEST_P(PlantedFault, one_bit_of_a_weight_flipped) {
  build();
  flip_a_bit_of_the_weights();
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_in_time(played, "constants_corrupted", 7, 0);
  EXPECT_TRUE(played.transcript.windows.empty());
}

TEST_P(PlantedFault, stack_overflow) {
  build_with_stack_overflow();
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_in_time(played, "stack_overflow", 3, 0);
  EXPECT_TRUE(played.transcript.windows.empty());
}

TEST_P(PlantedFault, inference_too_slow_for_the_rate) {
  build(slow(0.2));  // four hops
  const auto played = play_or_fail(motion("a", 500, 1));
  expect_in_time(played, "samples_lost", 5, Model::kWindowSamples);
  EXPECT_GT(played.transcript.fault->detail, Model::kHopSamples);
}

TEST_P(PlantedFault, main_loop_hangs) {
  build(slow(30));
  const auto played = play_or_fail(motion("a", 500, 1));
  expect_in_time(played, "main_loop_hung", 5, Model::kWindowSamples);
  EXPECT_TRUE(played.transcript.windows.empty());
}

TEST_P(PlantedFault, model_of_another_contract) {
  build();
  request_.axes = 6;
  expect_in_time(play_or_fail(motion("a", 100, 1)), "contract_mismatch", 4, 0);
  request_.axes = 3;
  request_.rate_millihertz = 50000;
  expect_in_time(play_or_fail(motion("a", 100, 1)), "contract_mismatch", 4, 0);
}

TEST_P(PlantedFault, another_result_of_the_stored_window) {
  firmware_.self_test = self_test_of_linear(motion("a", Model::kWindowSamples, 1));
  firmware_.self_test->outputs.back() = static_cast<std::int8_t>(firmware_.self_test->outputs.back() ^ 1);
  build();
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_in_time(played, "self_test", 7, 0);
  EXPECT_EQ(played.transcript.fault->detail, Model::kClasses - 1);
  EXPECT_TRUE(played.transcript.windows.empty());
}

INSTANTIATE_TEST_SUITE_P(Boards, PlantedFault,
                         ::testing::Values(PlantedBoard{"qemu-mps2-an386", 31'250'000},
                                           PlantedBoard{"qemu-mps2-an385-m0plus", 31'250'000},
                                           PlantedBoard{"qemu-microbit", 7'812'500},
                                           PlantedBoard{"rp2040js-pico", 41'666'667},
                                           PlantedBoard{"simavr-atmega328p", 2'000'000}),
                         [](const auto& board) {
                           std::string name = board.param.name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class Restart : public SimulateFixture {
 protected:
  void SetUp() override { use_board("qemu-mps2-an386"); }
};

TEST_F(Restart, in_mid_window_gives_a_clean_boot_and_no_stale_window) {
  firmware_.self_test = self_test_of_linear(motion("a", Model::kWindowSamples, 1));
  build({"RESTART_IN_RUN=9"});
  const Recording recording = motion("a", 203, 1);
  const auto played = play_or_fail(recording);
  EXPECT_EQ(played.transcript.restarts, 1);
  EXPECT_EQ(played.transcript.windows, by_plain_loop(recording));
  ASSERT_TRUE(played.transcript.end.has_value());
  EXPECT_EQ(played.transcript.end->samples, 203);
}

TEST_F(Restart, events_are_those_that_the_host_counts) {
  firmware_.decision = {.average_windows = 2, .votes = 2, .voting_windows = 3, .refractory_seconds = 0.4};
  build();
  const Recording recording = motion("a", 1203, 5);
  const auto played = play_or_fail(recording);
  runtime::DecisionFilter<Model::kClasses, 2, 3> filter;
  std::vector<EventRecord> expected;
  const auto windows = compute_all(recording);
  for (std::size_t window = 0; window < windows.size(); ++window) {
    bool is_event = false;
    const auto decision = filter.next({Model::kThresholdQ8, Model::kBackgroundClass, 2, 2, 3, 8},
                                      windows[window].outputs.data(), &is_event);
    if (is_event)
      expected.push_back({static_cast<std::int64_t>(window), decision.class_index,
                          Model::label(decision.class_index).data(), decision.confidence});
  }
  EXPECT_GE(expected.size(), 3u);
  EXPECT_EQ(played.transcript.events, expected);
}

/// Boards with a watchdog: where no interrupt comes any more, only it can see that the main loop stands
/// still.
class HardwareWatchdog : public SimulateFixture, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override { use_board(GetParam()); }
};

TEST_P(HardwareWatchdog, resets_a_board_that_hangs_with_interrupts_off_and_the_boot_line_says_so) {
  const Recording recording = motion("a", 203, 1);
  build({"HANG_IN_RUN=7"});
  const auto played = play_or_fail(recording);
  EXPECT_EQ(played.transcript.restarts, 1);
  EXPECT_EQ(played.transcript.boot.at("reset"), "watchdog");
  EXPECT_EQ(played.transcript.windows, by_plain_loop(recording));
  ASSERT_TRUE(played.transcript.end.has_value());
  EXPECT_EQ(played.transcript.end->samples, 203);
  build();
  const auto undisturbed = play_or_fail(recording);
  EXPECT_EQ(undisturbed.transcript.restarts, 0);
  EXPECT_EQ(undisturbed.transcript.boot.at("reset"), "power_on");
}

INSTANTIATE_TEST_SUITE_P(Boards, HardwareWatchdog, ::testing::Values("simavr-atmega328p", "rp2040js-pico"),
                         [](const auto& board) {
                           std::string name = board.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace mote::simulate
