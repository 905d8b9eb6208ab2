// SPDX-License-Identifier: Apache-2.0
#include "firmware/firmware.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "boards/emulator.h"
#include "core/files.h"
#include "core/process.h"
#include "core/text.h"
#include "firmware/faults.h"
#include "firmware/project_files.h"
#include "support/require.h"

namespace mote::firmware {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Firmware : public ::testing::Test {
 protected:
  void SetUp() override {
    MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++") && test::have_tool("make"),
                         "arm-none-eabi-g++ and make");
    request_.model = "linear";
    request_.generated = std::filesystem::path(MOTE_SOURCE_DIR) / "tests/support/linear_model";
    request_.sensor.rate_millihertz = 100000;
    request_.sensor.groups = {
        {project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4.0}};
    request_.hop_samples = 5;
    request_.board = boards::load("qemu-mps2-an386").value();
    request_.output = folder_.path() / "firmware";
  }

  std::string text_of(const std::string& name) { return read_text(request_.output / name).value_or(""); }

  test::TemporaryDirectory folder_;
  FirmwareRequest request_;
};

TEST_F(Firmware, builds_an_image_and_tells_exactly_what_it_takes) {
  const auto result = build(request_);
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_TRUE(std::filesystem::exists(result->image));
  const auto& facts = result->facts;
  EXPECT_EQ(facts["board"], "qemu-mps2-an386");
  EXPECT_EQ(facts["stack_bytes"], 2048);
  EXPECT_EQ(facts["sections"][".stack"], 2048);
  EXPECT_EQ(facts["flash_bytes"], facts["code_bytes"].get<int>() + facts["constant_bytes"].get<int>());
  EXPECT_EQ(facts["ram_bytes"],
            2048 + facts["sections"][".bss"].get<int>() + facts["sections"][".data"].get<int>());
  EXPECT_EQ(facts["sections"][".data"], 0);
  EXPECT_LT(facts["flash_bytes"], 8192);
  EXPECT_TRUE(facts["symbols_of_kernels"].empty())
      << facts["symbols_of_kernels"];  // the linear model is its own
  EXPECT_TRUE(facts["heap_symbols"].empty());
}

TEST_F(Firmware, gives_the_same_image_in_two_folders) {
  ASSERT_TRUE(build(request_).has_value());
  const auto first = read_text(request_.output / "build/firmware.elf").value();
  request_.output = folder_.path() / "another" / "folder with spaces";
  ASSERT_TRUE(build(request_).has_value());
  EXPECT_EQ(read_text(request_.output / "build/firmware.elf").value(), first);
}

TEST_F(Firmware, can_be_rebuilt_from_its_folder_alone) {
  ASSERT_TRUE(build(request_).has_value());
  const auto first = read_text(request_.output / "build/firmware.elf").value();
  const auto moved = folder_.path() / "moved";
  std::filesystem::rename(request_.output, moved);
  ASSERT_EQ(run_process({"make", "-C", moved.string(), "clean", "build/firmware.elf"})->exit_code, 0);
  EXPECT_EQ(read_text(moved / "build/firmware.elf").value(), first);
}

TEST_F(Firmware, holds_the_debug_log_only_behind_its_switch) {
  const auto release = build(request_);
  ASSERT_TRUE(release.has_value());
  EXPECT_THAT(text_of("model_config.h"), HasSubstr("kDebugLog = false"));
  EXPECT_TRUE(release->facts["debug_strings"].empty());
  request_.debug_log = true;
  const auto debug = build(request_);
  ASSERT_TRUE(debug.has_value());
  EXPECT_THAT(text_of("model_config.h"), HasSubstr("kDebugLog = true"));
  EXPECT_THAT(debug->facts["debug_strings"], ::testing::Contains("mote-log"));
}

TEST_F(Firmware, its_readme_explains_every_blink_code) {
  ASSERT_TRUE(build(request_).has_value());
  const std::string readme = text_of("README.md");
  for (const auto& fault : fault_table()) {
    EXPECT_THAT(readme, HasSubstr(fault.name));
    EXPECT_THAT(readme, HasSubstr(fault.remedy));
  }
  EXPECT_THAT(readme, HasSubstr("200 ms"));
}

TEST_F(Firmware, is_not_built_for_another_sensor_and_leaves_the_old_one_alone) {
  ASSERT_TRUE(build(request_).has_value());
  const auto before = text_of("build/firmware.elf");
  request_.sensor.rate_millihertz = 119000;
  const auto result = build(request_);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kInput);
  EXPECT_THAT(result.error().what, HasSubstr("RequireSampleRate<100000, 119000>"));
  EXPECT_EQ(text_of("build/firmware.elf"), before);
  EXPECT_FALSE(std::filesystem::exists(request_.output.string() + ".new"));
}

TEST_F(Firmware, is_not_built_for_a_board_that_is_too_small) {
  request_.board.ram_bytes = 2200;
  const auto ram = build(request_);
  ASSERT_FALSE(ram.has_value());
  EXPECT_THAT(ram.error().what, HasSubstr("RequireMemory<"));
  request_.board.ram_bytes = 1 << 20;
  request_.board.flash_bytes = 4096;
  const auto flash = build(request_);
  ASSERT_FALSE(flash.has_value());
  EXPECT_THAT(flash.error().what, HasSubstr("overflowed"));
}

TEST_F(Firmware, is_not_built_if_the_stack_could_grow_beyond_what_is_reserved) {
  const auto fits = build(request_);
  ASSERT_TRUE(fits.has_value()) << to_text(fits.error());
  const auto& stack = fits->facts["stack"];
  EXPECT_EQ(stack["reserved_bytes"], 2048);
  EXPECT_EQ(stack["worst_case_bytes"], stack["main_bytes"].get<int>() + stack["interrupt_bytes"].get<int>() +
                                           stack["exception_frame_bytes"].get<int>());
  request_.board.stack_bytes = stack["worst_case_bytes"].get<int>() + 8;
  const auto small = build(request_);
  ASSERT_FALSE(small.has_value());
  EXPECT_EQ(small.error().kind, ErrorKind::kFinding);
  EXPECT_THAT(small.error().what, HasSubstr(stack["worst_case_bytes"].dump()));
  EXPECT_THAT(small.error().what, HasSubstr("mote_timer_interrupt"));
  EXPECT_THAT(small.error().hint, HasSubstr("stack_bytes"));
}

TEST_F(Firmware, is_not_built_if_a_function_of_the_model_calls_itself) {
  const auto changed = folder_.path() / "changed";
  for (const char* name : {"linear.h", "linear.cpp"})
    ASSERT_TRUE(write_file(changed / name, read_text(request_.generated / name).value()).has_value());
  std::string source = read_text(changed / "linear.cpp").value();
  const std::string signature = "void Model::run(uint8_t* memory) {\n";
  const auto at = source.find(signature);
  ASSERT_NE(at, std::string::npos);
  source.insert(at + signature.size(),
                "  if (memory[0] == 77) { memory[0] = 0; run(memory); memory[1] = 1; }\n");
  ASSERT_TRUE(write_file(changed / "linear.cpp", source).has_value());
  request_.generated = changed;
  const auto result = build(request_);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().kind, ErrorKind::kFinding);
  EXPECT_THAT(result.error().what, HasSubstr("Model::run(unsigned char*)"));
}

TEST_F(Firmware, says_so_if_the_core_is_not_one_whose_stack_is_known) {
  request_.board.core = "another";
  const auto result = build(request_);
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->facts["stack"]["known"], false);
  EXPECT_THAT(result->facts["stack"]["reason"].get<std::string>(), HasSubstr("another"));
}

TEST_F(Firmware, says_what_to_do_without_a_model) {
  request_.model = "absent";
  const auto result = build(request_);
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().hint, HasSubstr("mote compile"));
}

TEST(FirmwareFiles, ring_holds_a_hop_and_fits_an_8_bit_index) {
  EXPECT_EQ(ring_samples(1, 100000), 16);
  EXPECT_EQ(ring_samples(20, 100000), 32);
  EXPECT_EQ(ring_samples(32, 100000), 32);
  EXPECT_EQ(ring_samples(33, 100000), 64);
  EXPECT_EQ(ring_samples(4096, 100000), 128);
  EXPECT_EQ(ring_samples(4096, 16000000), 2048);  // a tenth of a second of sound
}

TEST(FaultsPage, is_what_the_table_says) {
  const auto page = std::filesystem::path(MOTE_SOURCE_DIR) / "docs/reference/faults.md";
  EXPECT_EQ(read_text(page).value_or(""), faults_page()) << "made by the target mote_faults_page";
}

}  // namespace
}  // namespace mote::firmware
