// SPDX-License-Identifier: Apache-2.0
// The whole firmware in the emulator: its records equal what the same headers compute here, and each planted
// fault ends in its line and in its blink code, counted at the LED.
#include "simulate/simulate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "core/random.h"
#include "firmware/firmware.h"
#include "linear_model/linear.h"
#include "mote/core/crc.h"
#include "mote/dsp/window.h"
#include "mote/runtime/decision.h"
#include "simulate/rp2040js.h"
#include "support/require.h"

namespace mote::simulate {
namespace {

using mote_models::linear::Model;
using ::testing::HasSubstr;

Recording motion(const std::string& id, int samples, std::uint64_t seed) {
  Rng rng(seed);
  Recording recording{id, {}};
  for (int index = 0; index < samples * 3; ++index)
    recording.counts.push_back(
        static_cast<std::int16_t>(static_cast<int>(rng.below(16384)) - (index % 3 == 2 ? 0 : 8192)));
  return recording;
}

/// The records that a plain loop over the recording gives.
std::vector<WindowRecord> by_plain_loop(const Recording& recording) {
  std::vector<WindowRecord> records;
  const auto samples = static_cast<std::int64_t>(recording.counts.size() / 3);
  for (std::int64_t index = 0; index < dsp::window_count(samples, Model::kWindowSamples, Model::kHopSamples);
       ++index) {
    std::int16_t features[Model::kInputBytes];
    for (int element = 0; element < Model::kInputBytes; ++element)
      features[element] = dsp::normalize(
          recording
              .counts[static_cast<std::size_t>(dsp::window_start(index, Model::kHopSamples) * 3 + element)],
          Model::normalization(element % 3));
    alignas(16) std::uint8_t memory[Model::kMemoryBytes];
    kernels::Requantize<int16_t, int8_t>::run(Model::input_quantization(), features, Model::input(memory),
                                              nullptr);
    const auto window_crc = crc16_update(kCrc16Initial, Model::input(memory), Model::kInputBytes);
    Model::run(memory);
    const auto decision = runtime::decide(Model::output(memory), Model::kClasses, Model::kThresholdQ8);
    const auto hexadecimal = [](unsigned crc) {
      char text[5];
      std::snprintf(text, sizeof text, "%04x", crc);
      return std::string(text);
    };
    records.push_back(
        {index, decision.class_index, decision.confidence,
         decision.decision == runtime::kUncertain ? "uncertain" : Model::label(decision.class_index),
         hexadecimal(window_crc),
         hexadecimal(crc16_update(kCrc16Initial, Model::output(memory), Model::kOutputBytes)), 0});
  }
  return records;
}

class Simulate : public ::testing::Test {
 protected:
  void SetUp() override { use_board("qemu-mps2-an386"); }

  void use_board(const std::string& name) {
    request_.board = boards::load(name).value();
    for (const std::string& tool : {request_.board.compiler, std::string("make")})
      MOTE_REQUIRE_OR_SKIP(test::have_tool(tool), tool);
    if (request_.board.emulator == "rp2040js")
      MOTE_REQUIRE_OR_SKIP(find_rp2040js().has_value(), to_text(find_rp2040js().error()));
    else
      MOTE_REQUIRE_OR_SKIP(test::have_tool(request_.board.emulator), request_.board.emulator);
    request_.axes = 3;
    request_.rate_millihertz = 100000;
  }

  void build(std::vector<std::string> defines = {}) {
    firmware::FirmwareRequest request;
    request.model = "linear";
    request.generated = std::filesystem::path(MOTE_SOURCE_DIR) / "tests/support/linear_model";
    request.sensor.rate_millihertz = 100000;
    request.sensor.groups = {
        {project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4.0}};
    request.hop_samples = Model::kHopSamples;
    request.board = request_.board;
    request.output = folder_.path() / "firmware";
    request.defines = std::move(defines);
    const auto result = firmware::build(request);
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    request_.image = result->image;
  }

  Played play_or_fail(const Recording& recording) {
    auto played = play(request_, recording);
    EXPECT_TRUE(played.has_value()) << to_text(played.error());
    return played.value_or(Played{});
  }

  void flip_a_bit_of_a_weight() {
    auto bytes = read_bytes(request_.image).value();
    const auto image = firmware::read_elf(bytes, "image").value();
    const auto weights = std::find_if(
        image.symbols.begin(), image.symbols.end(),
        [](const firmware::ElfSymbol& symbol) { return symbol.name.find("kWeights") != std::string::npos; });
    ASSERT_NE(weights, image.symbols.end());
    bytes.at(weights->file_offset + 77) ^= 0x10;
    request_.image = folder_.path() / "damaged.elf";
    ASSERT_TRUE(write_file(request_.image, bytes).has_value());
  }

  void expect_fault(const Played& played, const char* name, int blinks) {
    ASSERT_TRUE(played.transcript.fault.has_value());
    EXPECT_EQ(played.transcript.fault->name, name);
    EXPECT_EQ(played.transcript.fault->blinks, blinks);
    EXPECT_EQ(played.blinks, blinks);
    EXPECT_FALSE(played.transcript.end.has_value());
  }

  test::TemporaryDirectory folder_;
  SimulateRequest request_;
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
  const auto base = instructions_per_inference(request_.board, {quick});
  build({"SLOW_LOOPS=100000"});  // two instructions a turn
  const auto slow = play_or_fail(motion("a", 203, 1));
  EXPECT_NEAR(static_cast<double>(instructions_per_inference(request_.board, {slow}) - base), 200000, 20);
  EXPECT_GT(base, 180);
  EXPECT_LT(base, 3000);
  // The LED changes where the decision does; edges are a multiple of hops (50 ms) apart, up to the time of
  // the report.
  ASSERT_GE(quick.seen.led.size(), 3u);
  for (std::size_t index = 1; index < quick.seen.led.size(); ++index) {
    const double hops = (quick.seen.led[index].time_ms - quick.seen.led[index - 1].time_ms) / 50.0;
    EXPECT_NEAR(hops, std::round(hops), 0.01);
    EXPECT_GE(hops, 0.9);
  }
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

TEST_F(Simulate, one_flipped_bit_of_a_weight_stops_with_seven_blinks) {
  build();
  flip_a_bit_of_a_weight();
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_fault(played, "constants_corrupted", 7);
  EXPECT_TRUE(played.transcript.windows.empty());
}

TEST_F(Simulate, a_recording_of_another_shape_or_rate_stops_with_four_blinks) {
  build();
  request_.axes = 6;
  expect_fault(play_or_fail(motion("a", 100, 1)), "contract_mismatch", 4);
  request_.axes = 3;
  request_.rate_millihertz = 50000;
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_fault(played, "contract_mismatch", 4);
  EXPECT_EQ(played.transcript.fault->detail, 50000);
}

TEST_F(Simulate, a_stack_that_grows_over_its_end_stops_with_three_blinks) {
  build({"EAT_STACK_BYTES=3000"});
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_fault(played, "stack_overflow", 3);
  EXPECT_TRUE(played.transcript.windows.empty());
}

/// The names of all boards that have an emulator.
std::vector<std::string> emulated_boards() {
  std::vector<std::string> found;
  const auto known = boards::names().value();
  for (const std::string& name : known)
    if (!boards::load(name).value().emulator.empty()) found.push_back(name);
  return found;
}

class EveryEmulatedBoard : public Simulate, public ::testing::WithParamInterface<std::string> {
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
  const auto instructions = instructions_per_inference(request_.board, {played});
  EXPECT_GT(instructions, 180);
  EXPECT_LT(instructions, 6000);
  // The LED changes where the decision does: whole hops of 50 ms apart.
  ASSERT_GE(played.seen.led.size(), 3u);
  for (std::size_t index = 1; index < played.seen.led.size(); ++index) {
    const double hops = (played.seen.led[index].time_ms - played.seen.led[index - 1].time_ms) / 50.0;
    EXPECT_NEAR(hops, std::round(hops), 0.01);
    EXPECT_GE(hops, 0.9);
  }
  EXPECT_EQ(play_or_fail(recording).seen, played.seen);
}

TEST_P(EveryEmulatedBoard, another_sensor_stops_with_four_blinks_and_a_damaged_image_with_seven) {
  build();
  request_.axes = 6;
  expect_fault(play_or_fail(motion("a", 100, 1)), "contract_mismatch", 4);
  request_.axes = 3;
  flip_a_bit_of_a_weight();
  expect_fault(play_or_fail(motion("a", 100, 1)), "constants_corrupted", 7);
}

TEST_P(EveryEmulatedBoard, slow_inference_loses_samples_and_stops_with_five_blinks) {
  // Two instructions a turn, or one on a core with hardware loops: at least one hop of 50 ms.
  const double turns = 60e6 / std::ldexp(1.0, request_.board.icount_shift);
  build({fmt::format("SLOW_LOOPS={:.0f}", turns)});
  expect_fault(play_or_fail(motion("a", 1000, 1)), "samples_lost", 5);
}

TEST_P(EveryEmulatedBoard, a_stack_that_grows_over_its_end_stops_with_three_blinks) {
  build({"EAT_STACK_BYTES=3000"});
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

}  // namespace
}  // namespace mote::simulate
