// SPDX-License-Identifier: Apache-2.0
// Every kind of block on emulated cores: the rows of the generated code are the host's.
#include "bench/measure_features.h"

#include <gtest/gtest.h>

#include <map>

#include "support/require.h"

namespace mote::bench {
namespace {

using project::FeatureBlock;

project::SensorDescription sensor(std::int64_t rate_hz, std::vector<std::string> axes) {
  return {.name = "",
          .rate_millihertz = rate_hz * 1000,
          .mounting = "",
          .groups = {{project::SensorKind::kOther, std::move(axes), project::Unit::kCounts, 32768.0}}};
}

/// Blocks of a project, and the sensor they stand behind.
struct Chain {
  project::SensorDescription sensor;
  std::vector<FeatureBlock> blocks;
};

/// A pipeline for each kind of block, which has it in it.
std::map<std::string, Chain> chains() {
  const auto motion = sensor(100, {"x", "y", "z"});
  const auto sound = sensor(16000, {"sound"});
  const auto block = [](std::string name, Json settings = Json::object()) {
    return FeatureBlock{std::move(name), std::move(settings), ""};
  };
  const FeatureBlock frame = block("frame", {{"length_ms", 200}, {"step_ms", 50}});
  const FeatureBlock spectrum = block("spectrum"), log = block("log");
  const FeatureBlock mel_amplitude = block("mel_amplitude");
  const FeatureBlock sound_frame = block("frame", {{"length_ms", 30}, {"step_ms", 20}});
  const FeatureBlock noise_reduction = block("noise_reduction", {{"estimates", true}});
  return {
      {"frame", {motion, {frame}}},
      {"iir", {motion, {block("iir", {{"band", "high"}, {"edge_hz", 0.5}})}}},
      {"decimate", {motion, {block("decimate", {{"factor", 4}})}}},
      {"rectify", {motion, {block("rectify")}}},
      {"difference", {motion, {block("difference")}}},
      {"magnitude", {motion, {block("magnitude"), frame}}},
      {"envelope", {sound, {block("envelope", {{"low_hz", 2000}, {"high_hz", 4000}, {"top_hz", 500}})}}},
      {"detrend", {motion, {frame, block("detrend", {{"trend", "line"}})}}},
      {"statistics", {motion, {frame, block("statistics")}}},
      {"spectrum", {motion, {frame, spectrum, log}}},
      {"bands",
       {motion,
        {frame, block("spectrum", {{"measure", "power"}}), block("bands", {{"edges_hz", {0, 7, 20, 50}}}),
         log}}},
      {"peaks", {motion, {frame, spectrum, block("peaks", {{"peaks", 2}})}}},
      {"mel",
       {sound,
        {sound_frame, block("spectrum", {{"high_hz", 4000}}),
         block("mel", {{"bands", 20}, {"high_hz", 4000}}), log}}},
      {"log", {motion, {frame, spectrum, block("log", {{"base", "db_amplitude"}})}}},
      {"dct", {motion, {frame, spectrum, log, block("dct", {{"coefficients", 4}})}}},
      {"mfcc", {sound, {block("mfcc", {{"coefficients", 10}})}}},
      {"mel_amplitude", {sound, {sound_frame, mel_amplitude, block("log_scale")}}},
      {"noise_reduction",
       {sound, {sound_frame, mel_amplitude, noise_reduction, block("pcan"), block("log_scale")}}},
      {"pcan", {sound, {sound_frame, mel_amplitude, noise_reduction, block("pcan"), block("log_scale")}}},
      {"log_scale", {sound, {sound_frame, mel_amplitude, block("log_scale")}}},
      {"micro_speech", {sound, {block("micro_speech")}}},
  };
}

void expect_equal_rows(const std::string& board) {
  for (const auto& [kind, chain] : chains()) {
    const auto pipeline = features::Pipeline::create(chain.blocks, chain.sensor);
    ASSERT_TRUE(pipeline.has_value()) << kind << ": " << to_text(pipeline.error());
    const auto measured = measure_features(*pipeline, boards::load(board).value());
    ASSERT_TRUE(measured.has_value()) << kind << ": " << to_text(measured.error());
    EXPECT_GT(measured->row.instructions, 0) << kind;
    testing::Test::RecordProperty(kind, static_cast<int>(measured->row.instructions));
  }
}

TEST(FeatureBlocks, EveryKindHasAPipelineHere) {
  const auto known = chains();
  for (const features::BlockKind* kind : features::block_kinds())
    EXPECT_TRUE(known.contains(std::string(kind->name))) << kind->name;
}

class FeaturesOnArm : public testing::TestWithParam<const char*> {};

TEST_P(FeaturesOnArm, AreTheHosts) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++") && test::have_tool("qemu-system-arm"),
                       "arm-none-eabi-g++ and qemu-system-arm");
  expect_equal_rows(GetParam());
}
INSTANTIATE_TEST_SUITE_P(Boards, FeaturesOnArm, testing::Values("qemu-mps2-an386", "qemu-microbit"),
                         [](const auto& each) {
                           return std::string(each.param).ends_with("microbit") ? "M0" : "M4";
                         });

TEST(FeaturesOnRiscv, AreTheHosts) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("riscv64-unknown-elf-g++") && test::have_tool("qemu-system-riscv32"),
                       "riscv64-unknown-elf-g++ and qemu-system-riscv32");
  expect_equal_rows("qemu-riscv32-virt");
}

TEST(FeatureMeasurement, CountsAFrameByHand) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++") && test::have_tool("qemu-system-arm"),
                       "arm-none-eabi-g++ and qemu-system-arm");
  // 5 samples of 3 values go in and 60 values come out for each row: some 10 instructions a value.
  const Chain chain = chains().at("frame");
  const auto measured = measure_features(features::Pipeline::create(chain.blocks, chain.sensor).value(),
                                         boards::load("qemu-mps2-an386").value());
  ASSERT_TRUE(measured.has_value()) << to_text(measured.error());
  EXPECT_GT(measured->row.instructions, 2 * 60);
  EXPECT_LT(measured->row.instructions, 12 * (60 + 15));
  EXPECT_GT(measured->code_bytes, 0);
  EXPECT_EQ(measured->ram_bytes, 8 + 120 + 120);
}

}  // namespace
}  // namespace mote::bench
