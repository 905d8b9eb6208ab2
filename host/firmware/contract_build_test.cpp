// SPDX-License-Identifier: Apache-2.0
// Firmware for a board that does not fit its model must not compile, and the compiler must name both values.
// Each case is a twin of the one that compiles and differs from it in one number.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files.h"
#include "core/process.h"
#include "support/require.h"

namespace mote::firmware {
namespace {

using ::testing::HasSubstr;

struct BoardNumbers {
  std::string rate_millihertz = "100000";
  std::string kind = "kAccelerometer";
  std::string axes = "3";
  std::string unit = "kG";
  std::string range_milli = "4000";
  std::string more_groups = "";
  std::string ram_bytes = "4096";
  std::string flash_bytes = "65536";
  std::string window_values = "60";  ///< that the window of the self-test has
  std::string second_rate = "100000";
  std::string second_axes = "3";
  std::string second_unit = "kG";
  std::string second_window = "20";
  std::string wake_class = "0";
};

/// A program with the linear model (100 Hz, accelerometer, 3 axes, g, 4 g), a board and a second model with
/// these numbers.
std::string program(const BoardNumbers& board) {
  return fmt::format(R"(
#include "linear.h"
#include "mote/runtime/application.h"
using namespace mote::runtime;
struct Board {{
  using Sensor = SensorContract<{}, SensorGroup<SensorKind::{}, {}, Unit::{}, {}>{}>;
  static constexpr int32_t kRamBytes = {}, kFlashBytes = {}, kStackBytes = 512;
  static mote::Flash<char> name() {{ return MOTE_TEXT("twin"); }}
  static void init() {{}}
  static SensorCheck check_sensor() {{ return {{Fault::kNone, 0}}; }}
  static void start_sampling(void (*)(void*), void*) {{}}
  static void stop_sampling() {{}}
  static SampleStatus read_sample(int16_t*) {{ return SampleStatus::kEnd; }}
  static bool stack_intact() {{ return true; }}
  static int32_t stack_unused_bytes() {{ return 0; }}
  static constexpr int64_t kTicksPerSecond = 1000000;
  static uint32_t ticks() {{ return 0; }}
  static ResetCause reset_cause() {{ return ResetCause::kUnknown; }}
  static void feed_watchdog() {{}}
  static void set_led(bool) {{}}
  static void set_busy(bool) {{}}
  static void write_serial(const char*, int32_t) {{}}
  static void delay_ms(int32_t) {{}}
  static void disable_interrupts() {{}}
  static void enable_interrupts() {{}}
  static void wait_for_interrupt() {{}}
  static bool keep_blinking(int32_t) {{ return false; }}
  static void finish() {{}}
}};
struct Stored : NoSelfTest {{
  static constexpr bool kPresent = true;
  static constexpr int32_t kValues = {};
}};
struct Settings : DefaultSettings {{
  using SelfTest = Stored;
}};
struct Second : mote_models::linear::Model {{
  using Contract = SensorContract<{}, SensorGroup<SensorKind::kAccelerometer, {}, Unit::{}, 4000>>;
  static constexpr int32_t kWindowSamples = {};
}};
static Application<mote_models::linear::Model, Board, Settings, WakeSecond<Second, {}>> application;
int main() {{
  application.run();
  return 0;
}}
)",
                     board.rate_millihertz, board.kind, board.axes, board.unit, board.range_milli,
                     board.more_groups, board.ram_bytes, board.flash_bytes, board.window_values,
                     board.second_rate, board.second_axes, board.second_unit, board.second_window,
                     board.wake_class);
}

class ContractBuild : public ::testing::TestWithParam<const char*> {
 protected:
  /// What the compiler says; empty if the program compiles.
  std::string compile(const BoardNumbers& board) {
    const auto file = folder_.path() / "main.cpp";
    EXPECT_TRUE(write_file(file, program(board)).has_value());
    const std::string source = MOTE_SOURCE_DIR;
    const auto result =
        run_process({GetParam(), "-std=c++14", "-fsyntax-only", "-ffreestanding", "-Wall", "-Wextra",
                     "-Wconversion", "-Wshadow", "-Werror", "-I" + source + "/device/include",
                     "-I" + source + "/tests/support/linear_model", file.string()});
    EXPECT_TRUE(result.has_value());
    if (!result.has_value()) return "did not run";
    EXPECT_EQ(result->exit_code == 0, result->errors.empty()) << result->errors;
    return result->errors;
  }

  void SetUp() override { MOTE_REQUIRE_OR_SKIP(test::have_tool(GetParam()), GetParam()); }

  test::TemporaryDirectory folder_;
};

INSTANTIATE_TEST_SUITE_P(Compilers, ContractBuild,
                         ::testing::Values("g++", "arm-none-eabi-g++", "clang++-19"),
                         [](const auto& compiler) {
                           return std::string(compiler.param).substr(0, 1) + std::to_string(compiler.index);
                         });

TEST_P(ContractBuild, compiles_for_the_board_that_fits) {
  EXPECT_EQ(compile({}), "");
}

TEST_P(ContractBuild, compiles_at_a_rate_within_one_per_cent) {
  EXPECT_EQ(compile({.rate_millihertz = "99840"}), "");
}

TEST_P(ContractBuild, refuses_another_rate) {
  const auto message = compile({.rate_millihertz = "50000"});
  EXPECT_THAT(message, HasSubstr("another rate than the model was trained on"));
  EXPECT_THAT(message, HasSubstr("RequireSampleRate<100000, 50000>"));
}

TEST_P(ContractBuild, refuses_a_rate_just_beyond_one_per_cent) {
  EXPECT_EQ(compile({.rate_millihertz = "101000"}), "");
  EXPECT_THAT(compile({.rate_millihertz = "101001"}), HasSubstr("RequireSampleRate<100000, 101001>"));
  EXPECT_EQ(compile({.rate_millihertz = "99000"}), "");
  EXPECT_THAT(compile({.rate_millihertz = "98999"}), HasSubstr("RequireSampleRate<100000, 98999>"));
}

TEST_P(ContractBuild, refuses_another_axis_count) {
  const auto message = compile({.axes = "6"});
  EXPECT_THAT(message, HasSubstr("another number of axes"));
  EXPECT_THAT(message, HasSubstr("RequireAxisCount<3, 6>"));
}

TEST_P(ContractBuild, refuses_another_unit) {
  const auto message = compile({.unit = "kMetersPerSecondSquared"});
  EXPECT_THAT(message, HasSubstr("another unit"));
  EXPECT_THAT(
      message,
      HasSubstr("RequireUnit<mote::runtime::Unit::kG, mote::runtime::Unit::kMetersPerSecondSquared>"));
}

TEST_P(ContractBuild, refuses_another_range) {
  const auto message = compile({.range_milli = "2000"});
  EXPECT_THAT(message, HasSubstr("another range"));
  EXPECT_THAT(message, HasSubstr("RequireRange<4000, 2000>"));
}

TEST_P(ContractBuild, refuses_another_kind_of_sensor) {
  const auto message = compile({.kind = "kGyroscope"});
  EXPECT_THAT(message, HasSubstr("another sensor"));
  EXPECT_THAT(
      message,
      HasSubstr(
          "RequireKind<mote::runtime::SensorKind::kAccelerometer, mote::runtime::SensorKind::kGyroscope>"));
}

TEST_P(ContractBuild, refuses_another_number_of_sensors) {
  const auto message =
      compile({.more_groups = ", SensorGroup<SensorKind::kGyroscope, 3, Unit::kDegreesPerSecond, 2000000>"});
  EXPECT_THAT(message, HasSubstr("another number of sensors"));
  EXPECT_THAT(message, HasSubstr("RequireGroupCount<1, 2>"));
}

TEST_P(ContractBuild, refuses_another_window) {
  const auto message = compile({.window_values = "57"});
  EXPECT_THAT(message, HasSubstr("another size than the model expects"));
  EXPECT_THAT(message, HasSubstr("RequireWindow<60, 57>"));
}

TEST_P(ContractBuild, refuses_too_little_memory) {
  const auto message = compile({.ram_bytes = "600"});
  EXPECT_THAT(message, HasSubstr("more memory than the board has"));
  EXPECT_THAT(message, ::testing::ContainsRegex("RequireMemory<[0-9]+L*, 600L*>"));
  EXPECT_THAT(compile({.flash_bytes = "359"}), ::testing::ContainsRegex("RequireMemory<360L*, 359L*>"));
  EXPECT_EQ(compile({.flash_bytes = "360"}), "");
}

TEST_P(ContractBuild, refuses_a_second_model_that_takes_other_samples) {
  EXPECT_THAT(compile({.second_rate = "50000"}), HasSubstr("RequireSampleRate<50000, 100000>"));
  EXPECT_THAT(compile({.second_axes = "6"}), HasSubstr("RequireAxisCount<6, 3>"));
  EXPECT_THAT(
      compile({.second_unit = "kMetersPerSecondSquared"}),
      HasSubstr("RequireUnit<mote::runtime::Unit::kMetersPerSecondSquared, mote::runtime::Unit::kG>"));
  EXPECT_THAT(compile({.second_window = "40"}), HasSubstr("RequireWindow<40, 20>"));
}

TEST_P(ContractBuild, refuses_a_second_model_that_no_class_wakes) {
  EXPECT_EQ(compile({.wake_class = "2"}), "");
  EXPECT_THAT(compile({.wake_class = "3"}), HasSubstr("RequireClass<3, 3>"));
}

}  // namespace
}  // namespace mote::firmware
