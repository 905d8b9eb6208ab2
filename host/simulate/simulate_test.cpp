// SPDX-License-Identifier: Apache-2.0
// The whole firmware in the emulator: its records equal what the same headers compute here, and each planted
// fault ends in its line and in its blink code, counted at the LED.
#include "simulate/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulate/simulate_fixture.h"

namespace mote::simulate {
namespace {

using ::testing::HasSubstr;

class Simulate : public SimulateFixture {
 protected:
  void SetUp() override { use_board("qemu-mps2-an386"); }
};

TEST_F(Simulate, records_from_the_device_equal_those_of_the_host_for_every_window) {
  build();
  const std::vector<Recording> recordings = {motion("a", 203, 1), motion("b", 20, 2), motion("c", 19, 3),
                                             motion("d", 119, 4)};
  const auto played = play_all(request_, recordings);
  ASSERT_TRUE(played.has_value()) << to_text(played.error());
  ASSERT_EQ(played->size(), recordings.size());
  for (std::size_t index = 0; index < recordings.size(); ++index) {
    const Transcript& transcript = (*played)[index].transcript;
    EXPECT_EQ((*played)[index].id, recordings[index].id);
    EXPECT_EQ(transcript.windows, by_plain_loop(recordings[index])) << recordings[index].id;
    ASSERT_TRUE(transcript.end.has_value());
    EXPECT_EQ(transcript.end->samples, static_cast<std::int64_t>(recordings[index].counts.size() / 3));
    EXPECT_EQ(transcript.end->lost, 0);
    EXPECT_FALSE((*played)[index].blinks.has_value());
  }
  EXPECT_EQ(played->front().transcript.boot.at("model"), "linear");
  EXPECT_EQ(played->front().transcript.boot.at("board"), "qemu-mps2-an386");
}

TEST_F(Simulate, two_runs_are_identical) {
  build();
  const std::vector<Recording> recordings = {motion("a", 203, 1), motion("b", 50, 2)};
  const auto first = play_all(request_, recordings);
  const auto second = play_all(request_, recordings);
  ASSERT_TRUE(first.has_value() && second.has_value());
  for (std::size_t index = 0; index < recordings.size(); ++index)
    EXPECT_EQ((*first)[index].seen, (*second)[index].seen);
  EXPECT_EQ(to_json_text(facts(request_.board, *first).value()),
            to_json_text(facts(request_.board, *second).value()));
}

TEST_F(Simulate, windows_come_at_the_declared_rate_and_inference_is_measured) {
  build();
  const auto quick = play_or_fail(motion("a", 203, 1));
  const auto base = steps_per_inference(request_.board, {quick});
  build({"SLOW_LOOPS=100000"});  // two instructions a turn
  const auto slow = play_or_fail(motion("a", 203, 1));
  EXPECT_NEAR(static_cast<double>(steps_per_inference(request_.board, {slow}) - base), 200000, 20);
  EXPECT_GT(base, 180);
  EXPECT_LT(base, 3000);
  expect_whole_hops(quick);
}

TEST_F(Simulate, slow_inference_makes_the_lost_counter_rise_and_then_stops_with_five_blinks) {
  build({"SLOW_LOOPS=1700000"});  // 3.4 million instructions, 54 ms, against a hop of 50 ms
  const auto played = play_or_fail(motion("a", 3000, 1));
  expect_fault(played, "samples_lost", 5);
  const auto& windows = played.transcript.windows;
  ASSERT_FALSE(windows.empty());
  EXPECT_EQ(windows.front().lost, 0);
  EXPECT_GT(windows.back().lost, 0);
  EXPECT_GT(played.transcript.fault->detail, windows.back().lost);
}

TEST_F(Simulate, slow_but_fast_enough_inference_loses_nothing) {
  build({"SLOW_LOOPS=1400000"});  // 45 ms against a hop of 50 ms
  const Recording recording = motion("a", 400, 1);
  const auto played = play_or_fail(recording);
  EXPECT_EQ(played.transcript.windows, by_plain_loop(recording));
}

/// The names of all boards that have an emulator.
std::vector<std::string> emulated_boards() {
  std::vector<std::string> found;
  const auto known = boards::names().value();
  for (const std::string& name : known)
    if (!boards::load(name).value().emulator.empty()) found.push_back(name);
  return found;
}

class EveryEmulatedBoard : public SimulateFixture, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override { use_board(GetParam()); }
};

TEST_P(EveryEmulatedBoard, records_equal_those_of_the_host_and_two_runs_are_identical) {
  build();
  const Recording recording = motion("a", 203, 1);
  const auto played = play_or_fail(recording);
  const auto expected = by_plain_loop(recording);
  EXPECT_EQ(played.transcript.windows, expected);
  ASSERT_TRUE(played.transcript.end.has_value());
  EXPECT_EQ(played.transcript.end->samples, 203);
  EXPECT_EQ(played.transcript.end->lost, 0);
  EXPECT_EQ(played.transcript.boot.at("board"), GetParam());
  EXPECT_EQ(played.seen.inference_ms.size(), expected.size());
  const auto steps = steps_per_inference(request_.board, {played});
  EXPECT_GT(steps, 180);
  EXPECT_LT(steps, 180 * 50);
  expect_whole_hops(played);
  EXPECT_EQ(play_or_fail(recording).seen, played.seen);
}

TEST_P(EveryEmulatedBoard, another_sensor_stops_with_four_blinks_and_a_damaged_image_with_seven) {
  build();
  request_.axes = 6;
  expect_fault(play_or_fail(motion("a", 100, 1)), "contract_mismatch", 4);
  request_.axes = 3;
  flip_a_bit_of_the_weights();
  expect_fault(play_or_fail(motion("a", 100, 1)), "constants_corrupted", 7);
}

TEST_P(EveryEmulatedBoard, slow_inference_loses_samples_and_stops_with_five_blinks) {
  // A turn takes two steps at least, or one on a core with hardware loops: more than a hop of 50 ms.
  build({fmt::format("SLOW_LOOPS={:.0f}", 60e6 / request_.board.step_ns())});
  expect_fault(play_or_fail(motion("a", 1000, 1)), "samples_lost", 5);
}

TEST_P(EveryEmulatedBoard, a_stack_that_grows_over_its_end_stops_with_three_blinks) {
  build_with_stack_overflow();
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_fault(played, "stack_overflow", 3);
  EXPECT_TRUE(played.transcript.windows.empty());
}

INSTANTIATE_TEST_SUITE_P(Boards, EveryEmulatedBoard, ::testing::ValuesIn(emulated_boards()),
                         [](const auto& board) {
                           std::string name = board.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// The same on a core of 8 bits with 2 KB of RAM, in another emulator.
class SimulateAvr : public Simulate {
 protected:
  void SetUp() override { use_board("simavr-atmega328p"); }
};

TEST_F(SimulateAvr, records_from_the_device_equal_those_of_the_host_for_every_window) {
  build();
  const std::vector<Recording> recordings = {motion("a", 203, 1), motion("b", 20, 2), motion("c", 19, 3)};
  const auto played = play_all(request_, recordings);
  ASSERT_TRUE(played.has_value()) << to_text(played.error());
  for (std::size_t index = 0; index < recordings.size(); ++index) {
    const Transcript& transcript = (*played)[index].transcript;
    EXPECT_EQ(transcript.windows, by_plain_loop(recordings[index])) << recordings[index].id;
    ASSERT_TRUE(transcript.end.has_value());
    EXPECT_EQ(transcript.end->samples, static_cast<std::int64_t>(recordings[index].counts.size() / 3));
    EXPECT_EQ(transcript.end->lost, 0);
  }
  EXPECT_EQ(played->front().transcript.boot.at("board"), "simavr-atmega328p");
  EXPECT_EQ(played->front().transcript.boot.at("reset"), "power_on");
}

TEST_F(SimulateAvr, two_runs_are_identical) {
  build();
  const Recording recording = motion("a", 203, 1);
  const auto first = play_or_fail(recording);
  const auto second = play_or_fail(recording);
  EXPECT_EQ(first.seen, second.seen);
  EXPECT_EQ(to_json_text(facts(request_.board, {first}).value()),
            to_json_text(facts(request_.board, {second}).value()));
}

TEST_F(SimulateAvr, windows_come_at_the_declared_rate_and_inference_is_measured_in_cycles) {
  build();
  const auto quick = play_or_fail(motion("a", 203, 1));
  const auto base = steps_per_inference(request_.board, {quick});
  EXPECT_GT(base, 180 * 8);  // a multiplication of two bytes, loads and loop
  EXPECT_LT(base, 180 * 50);
  expect_whole_hops(quick);
  EXPECT_EQ(facts(request_.board, {quick}).value().at("cycles_per_inference"), base);
}

TEST_F(SimulateAvr, an_image_for_another_processor_is_refused) {
  request_.image = folder_.path() / "image.elf";
  ASSERT_TRUE(write_file(request_.image, "no image").has_value());
  const auto played = play(request_, motion("a", 20, 1));
  ASSERT_FALSE(played.has_value());
  EXPECT_EQ(played.error().kind, ErrorKind::kInput);
  EXPECT_THAT(played.error().what, HasSubstr("no AVR ELF file"));
}

}  // namespace
}  // namespace mote::simulate
