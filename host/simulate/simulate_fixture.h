// SPDX-License-Identifier: Apache-2.0
#pragma once
// Firmware with the hand-written linear model, built for a board and played into, and what a plain loop over
// the same recording gives.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "core/random.h"
#include "core/resources.h"
#include "firmware/firmware.h"
#include "linear_model/linear.h"
#include "mote/core/crc.h"
#include "mote/dsp/window.h"
#include "mote/runtime/decision.h"
#include "simulate/rp2040js.h"
#include "simulate/simulate.h"
#include "support/require.h"

namespace mote::simulate {

using mote_models::linear::Model;

inline Recording motion(const std::string& id, int samples, std::uint64_t seed) {
  Rng rng(seed);
  Recording recording{id, {}};
  for (int index = 0; index < samples * 3; ++index)
    recording.counts.push_back(
        static_cast<std::int16_t>(static_cast<int>(rng.below(16384)) - (index % 3 == 2 ? 0 : 8192)));
  return recording;
}

/// A device at rest: gravity on one axis, and a little noise.
inline Recording at_rest(const std::string& id, int samples, int axis) {
  Rng rng(9);
  Recording recording{id, {}};
  for (int index = 0; index < samples * 3; ++index)
    recording.counts.push_back(
        static_cast<std::int16_t>(static_cast<int>(rng.below(60)) + (index % 3 == axis ? 8192 : 0)));
  return recording;
}

/// What a model makes of one window of raw counts.
struct ComputedWindow {
  std::uint16_t input_crc = 0;
  std::vector<std::int8_t> outputs;
};
template <class UsedModel = Model>
ComputedWindow compute(const std::int16_t* counts) {
  std::int16_t features[UsedModel::kInputBytes];
  for (int element = 0; element < UsedModel::kInputBytes; ++element)
    features[element] = dsp::normalize(counts[element], UsedModel::normalization(element % 3));
  alignas(16) std::uint8_t memory[UsedModel::kMemoryBytes];
  kernels::Requantize<int16_t, int8_t>::run(UsedModel::input_quantization(), features,
                                            UsedModel::input(memory), nullptr);
  ComputedWindow window;
  window.input_crc = crc16_update(kCrc16Initial, UsedModel::input(memory), UsedModel::kInputBytes);
  UsedModel::run(memory);
  window.outputs.assign(UsedModel::output(memory), UsedModel::output(memory) + UsedModel::kOutputBytes);
  return window;
}

/// Every window of a recording, at the first model's hop.
template <class UsedModel = Model>
std::vector<ComputedWindow> compute_all(const Recording& recording) {
  std::vector<ComputedWindow> windows;
  const auto samples = static_cast<std::int64_t>(recording.counts.size() / 3);
  for (std::int64_t index = 0; index < dsp::window_count(samples, Model::kWindowSamples, Model::kHopSamples);
       ++index)
    windows.push_back(
        compute<UsedModel>(recording.counts.data() + dsp::window_start(index, Model::kHopSamples) * 3));
  return windows;
}

inline std::string hexadecimal(unsigned crc) {
  return fmt::format("{:04x}", crc);
}

/// The records that a plain loop over the recording gives.
inline std::vector<WindowRecord> by_plain_loop(const Recording& recording) {
  std::vector<WindowRecord> records;
  for (const ComputedWindow& window : compute_all(recording)) {
    const auto decision = runtime::decide(window.outputs.data(), Model::kClasses, Model::kThresholdQ8);
    records.push_back(
        {std::ssize(records), decision.class_index, decision.confidence,
         decision.decision == runtime::kUncertain ? "uncertain" : Model::label(decision.class_index).data(),
         hexadecimal(window.input_crc),
         hexadecimal(crc16_update(kCrc16Initial, window.outputs.data(), Model::kOutputBytes)), 0});
  }
  return records;
}

/// Those of a second model that the first wakes with `label`.
template <class Second>
std::vector<WokenRecord> woken_by_plain_loop(const Recording& recording, const std::string& label) {
  const auto first = by_plain_loop(recording);
  const auto windows = compute_all<Second>(recording);
  std::vector<WokenRecord> records;
  for (std::size_t index = 0; index < first.size(); ++index) {
    if (first[index].decision != label) continue;
    const auto& outputs = windows[index].outputs;
    const auto decision = runtime::decide(outputs.data(), Second::kClasses, Second::kThresholdQ8);
    records.push_back(
        {first[index].window, decision.class_index, decision.confidence,
         decision.decision == runtime::kUncertain ? "uncertain" : Second::label(decision.class_index).data(),
         hexadecimal(windows[index].input_crc),
         hexadecimal(crc16_update(kCrc16Initial, outputs.data(), Second::kOutputBytes))});
  }
  return records;
}

/// The self-test of a firmware with this model.
inline firmware::SelfTest self_test_of_linear(const Recording& window) {
  const ComputedWindow computed = compute(window.counts.data());
  return {window.counts, false, computed.input_crc, computed.outputs};
}

class SimulateFixture : public ::testing::Test {
 protected:
  void use_board(const std::string& name) {
    request_.board = boards::load(name).value();
    for (const std::string& tool : {request_.board.compiler, std::string("make")})
      MOTE_REQUIRE_OR_SKIP(test::have_tool(tool), tool);
    if (request_.board.emulator == "rp2040js")
      MOTE_REQUIRE_OR_SKIP(find_rp2040js().has_value(), to_text(find_rp2040js().error()));
    else if (request_.board.emulator == "simavr")
      MOTE_REQUIRE_OR_SKIP(module_file("mote-simavr").has_value(), "libsimavr-dev");
    else
      MOTE_REQUIRE_OR_SKIP(test::have_tool(request_.board.emulator), request_.board.emulator);
    request_.axes = 3;
    request_.rate_millihertz = 100000;
  }

  /// firmware_ for the board.
  void describe(std::vector<std::string> defines) {
    firmware_.model = "linear";
    firmware_.generated = std::filesystem::path(MOTE_SOURCE_DIR) / "tests/support/linear_model";
    firmware_.sensor.rate_millihertz = 100000;
    firmware_.sensor.groups = {
        {project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4.0}};
    firmware_.hop_samples = Model::kHopSamples;
    firmware_.board = request_.board;
    firmware_.output = folder_.path() / "firmware";
    firmware_.defines = std::move(defines);
  }

  /// Builds firmware_ for the board.
  void build(std::vector<std::string> defines = {}) {
    describe(std::move(defines));
    const auto result = firmware::build(firmware_);
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    request_.image = result->image;
    built_ = result->facts;
    // On AVR all RAM that variables leave is the stack's.
    stack_bytes_ = request_.board.isa == "avr"
                       ? request_.board.ram_bytes - result->memory.ram_bytes + result->memory.stack_bytes
                       : request_.board.stack_bytes;
  }

  /// What stands in the way of building it.
  Error build_error() {
    describe({});
    const auto result = firmware::build(firmware_);
    EXPECT_FALSE(result.has_value());
    return result.has_value() ? Error{} : result.error();
  }

  /// Builds firmware whose model takes more stack than there is.
  void build_with_stack_overflow() {
    build();
    build({fmt::format("EAT_STACK_BYTES={}", stack_bytes_)});
  }

  /// One bit in the built image, of this model.
  void flip_a_bit_of_the_weights(const std::string& model = "linear") {
    auto bytes = read_bytes(request_.image).value();
    const auto image = firmware::read_elf(bytes, "image").value();
    const auto weights = std::ranges::find_if(image.symbols, [&](const firmware::ElfSymbol& symbol) {
      return symbol.name.find(model + "::") != std::string::npos &&
             symbol.name.find("kWeights") != std::string::npos;
    });
    ASSERT_NE(weights, image.symbols.end());
    bytes.at(weights->file_offset + 17) ^= 0x10;
    request_.image = folder_.path() / "damaged.elf";
    ASSERT_TRUE(write_file(request_.image, bytes).has_value());
  }

  Played play_or_fail(const Recording& recording) {
    auto played = play(request_, recording);
    EXPECT_TRUE(played.has_value()) << to_text(played.error());
    return played.value_or(Played{});
  }

  /// The LED changes where the decision does: whole hops of 50 ms apart, up to the time of the report.
  void expect_whole_hops(const Played& played) {
    const auto& edges = played.seen.led;
    ASSERT_GE(edges.size(), 3u);
    for (std::size_t index = 1; index < edges.size(); ++index) {
      const double hops = (edges[index].time_ms - edges[index - 1].time_ms) / 50.0;
      EXPECT_NEAR(hops, std::round(hops), 0.01);
      EXPECT_GE(hops, 0.9);
    }
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
  firmware::FirmwareRequest firmware_;
  Json built_;                    ///< facts of the firmware
  std::int64_t stack_bytes_ = 0;  ///< that its stack may take
};

}  // namespace mote::simulate
