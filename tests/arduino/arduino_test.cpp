// SPDX-License-Identifier: Apache-2.0
// Arduino sketches: compile for their core, behave on a computer as a plain loop over the samples does, and
// run with the Uno's real core in simavr. No core for Arm is installed here, so the Nanos have a stand-in for
// it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/process.h"
#include "core/text.h"
#include "simulate/simulate_fixture.h"

namespace mote::simulate {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* kRev1 = "arduino-nano-33-ble-sense-rev1";
constexpr const char* kRev2 = "arduino-nano-33-ble-sense-rev2";

/// Where Debian's package puts the core.
const fs::path kAvrCore = "/usr/share/arduino/hardware/arduino/avr";

std::string contract(int rate_millihertz, int range_milli) {
  return fmt::format(
      "-DLINEAR_CONTRACT=mote::runtime::SensorContract<{},mote::runtime::SensorGroup<mote::runtime::"
      "SensorKind::"
      "kAccelerometer,3,mote::runtime::Unit::kG,{}>>",
      rate_millihertz, range_milli);
}

class Arduino : public ::testing::Test {
 protected:
  /// Writes the sketch of the linear model; the test gives the sensor that the model wants if it is another
  /// one.
  void write_sketch(const std::string& board, int rate_millihertz = 100000, double range = 4.0) {
    request_.model = "linear";
    request_.generated = fs::path(MOTE_SOURCE_DIR) / "tests/support/linear_model";
    request_.sensor.rate_millihertz = rate_millihertz;
    request_.sensor.groups = {
        {project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, range}};
    request_.hop_samples = Model::kHopSamples;
    request_.board = boards::load(board).value();
    request_.output = folder_.path() / "firmware";
    const auto result = firmware::build(request_);
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    EXPECT_TRUE(result->image.empty());
    EXPECT_EQ(result->facts["compiled"], false);
    const auto sketch = read_text(request_.output / "linear_sketch" / "linear_sketch.ino");
    ASSERT_TRUE(sketch.has_value());
    // As arduino-cli does.
    ASSERT_TRUE(write_file(folder_.path() / "sketch.cpp", "#include <Arduino.h>\n" + *sketch).has_value());
  }

  fs::path library() const { return request_.output / "libraries" / "Mote" / "src"; }
  static std::string stand_in() { return std::string(MOTE_SOURCE_DIR) + "/tests/arduino/stand_in"; }

  std::vector<std::string> sources() const {
    std::vector<std::string> files = {(folder_.path() / "sketch.cpp").string()};
    for (const auto& file : list_files(library(), ".cpp")) files.push_back(file.string());
    return files;
  }

  /// What the compiler says; empty if all went well.
  std::string compile(std::vector<std::string> command, const std::vector<std::string>& arguments) {
    for (const char* flag : {"-std=gnu++14", "-Wall", "-Wextra", "-Werror"}) command.push_back(flag);
    command.push_back("-I" + library().string());
    command.insert(command.end(), arguments.begin(), arguments.end());
    const auto result = run_process(command, {.working_directory = folder_.path()});
    EXPECT_TRUE(result.has_value()) << to_text(result.error());
    if (!result.has_value()) return "did not run";
    EXPECT_EQ(result->exit_code == 0, result->errors.empty()) << result->errors;
    return result->errors;
  }

  std::string compile_for_cortex_m4(const std::string& contract_flag = "-DAS_IT_IS") {
    std::vector<std::string> command = {request_.board.compiler};
    command.insert(command.end(), request_.board.flags.begin(), request_.board.flags.end());
    std::vector<std::string> arguments = {
        "-Os", "-fno-exceptions", "-fno-rtti", "-I" + stand_in(), contract_flag, "-c"};
    const auto files = sources();
    arguments.insert(arguments.end(), files.begin(), files.end());
    return compile(command, arguments);
  }

  void build_for_this_computer(const std::string& header, const std::string& contract_flag = "-DAS_IT_IS") {
    std::vector<std::string> arguments = {"-O0",
                                          "-pthread",
                                          "-I" + stand_in(),
                                          contract_flag,
                                          "-o",
                                          "sketch",
                                          "-DSTAND_IN_LIBRARY=<" + header + ">",
                                          stand_in() + "/stand_in.cpp"};
    const auto files = sources();
    arguments.insert(arguments.end(), files.begin(), files.end());
    ASSERT_EQ(compile({"g++"}, arguments), "");
  }

  /// What the sketch prints while the recording comes from its sensor.
  Transcript run(const Recording& recording, const std::string& rate_hz, const std::string& silent_ms = "100",
                 const std::string& defect = "none") {
    std::vector<std::uint8_t> bytes;
    for (const std::int16_t count : recording.counts) {
      bytes.push_back(static_cast<std::uint8_t>(count & 0xFF));
      bytes.push_back(static_cast<std::uint8_t>((count >> 8) & 0xFF));
    }
    EXPECT_TRUE(write_file(folder_.path() / "recording.bin", bytes).has_value());
    const auto result =
        run_process({(folder_.path() / "sketch").string(), "recording.bin", rate_hz, silent_ms, defect},
                    {.working_directory = folder_.path()});
    EXPECT_TRUE(result.has_value()) << to_text(result.error());
    if (!result.has_value()) return {};
    EXPECT_EQ(result->exit_code, 0);
    led_ = result->errors;
    const auto transcript = parse_records(result->output, "serial");
    EXPECT_TRUE(transcript.has_value()) << to_text(transcript.error()) << result->output;
    return transcript.value_or(Transcript{});
  }

  test::TemporaryDirectory folder_;
  firmware::FirmwareRequest request_;
  std::string led_;
};

TEST_F(Arduino, a_sketch_and_a_library_that_say_how_to_compile_them) {
  write_sketch(kRev2);
  const auto readme = read_text(request_.output / "README.md").value();
  EXPECT_THAT(readme, HasSubstr("arduino-cli core install arduino:mbed_nano\n"));
  EXPECT_THAT(readme, HasSubstr("arduino-cli lib install Arduino_BMI270_BMM150\n"));
  EXPECT_THAT(readme,
              HasSubstr("arduino-cli compile --fqbn arduino:mbed_nano:nano33ble --libraries libraries "
                        "linear_sketch\n"));
  EXPECT_THAT(readme, HasSubstr("written, not compiled"));
  EXPECT_THAT(readme, HasSubstr("sensor_stalled"));
  const auto properties = read_text(library().parent_path() / "library.properties").value();
  EXPECT_THAT(properties, HasSubstr("name=Mote\n"));
  EXPECT_THAT(properties, HasSubstr("architectures=mbed_nano\n"));
  EXPECT_THAT(properties, HasSubstr("depends=Arduino_BMI270_BMM150\n"));
}

TEST_F(Arduino, the_nanos_compile_for_their_core_without_a_warning) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++"), "arm-none-eabi-g++");
  write_sketch(kRev2);
  EXPECT_EQ(compile_for_cortex_m4(), "");
  write_sketch(kRev1, 119000);
  EXPECT_EQ(compile_for_cortex_m4(contract(119000, 4000)), "");
}

TEST_F(Arduino, a_model_for_another_sensor_does_not_compile_and_both_values_are_named) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++"), "arm-none-eabi-g++");
  write_sketch(kRev2);
  EXPECT_THAT(compile_for_cortex_m4(contract(50000, 4000)), HasSubstr("RequireSampleRate<50000, 99840>"));
  EXPECT_THAT(compile_for_cortex_m4(contract(100000, 2000)), HasSubstr("RequireRange<2000, 4000>"));
}

TEST_F(Arduino, a_sensor_that_the_board_has_not_is_refused_before_anything_is_written) {
  request_.model = "linear";
  request_.generated = fs::path(MOTE_SOURCE_DIR) / "tests/support/linear_model";
  request_.sensor.rate_millihertz = 50000;
  request_.sensor.groups = {
      {project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4.0}};
  request_.board = boards::load(kRev2).value();
  request_.output = folder_.path() / "firmware";
  const auto result = firmware::build(request_);
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(to_text(result.error()), HasSubstr("at 50 Hz; it has BMI270: accelerometer"));
  EXPECT_FALSE(fs::exists(request_.output));
}

TEST_F(Arduino, records_equal_those_of_a_plain_loop) {
  write_sketch(kRev2);
  build_for_this_computer("Arduino_BMI270_BMM150.h");
  const Recording recording = motion("a", 203, 1);
  const Transcript transcript = run(recording, "99.84");
  EXPECT_EQ(transcript.boot.at("board"), kRev2);
  EXPECT_EQ(transcript.windows, by_plain_loop(recording));
  EXPECT_FALSE(transcript.fault.has_value());
  EXPECT_THAT(led_, HasSubstr("led 1 "));
}

TEST_F(Arduino, records_of_the_other_sensor_equal_those_of_a_plain_loop) {
  write_sketch(kRev1, 119000);
  build_for_this_computer("Arduino_LSM9DS1.h", contract(119000, 4000));
  const Recording recording = motion("b", 203, 2);
  EXPECT_EQ(run(recording, "119").windows, by_plain_loop(recording));
}

TEST_F(Arduino, samples_come_while_the_main_loop_is_busy) {
  write_sketch(kRev2);
  build_for_this_computer("Arduino_BMI270_BMM150.h");
  const Recording recording = motion("a", 203, 1);
  EXPECT_EQ(run(recording, "99.84", "100", "busy").windows, by_plain_loop(recording));
}

TEST_F(Arduino, a_sample_that_was_overwritten_counts_as_lost_and_no_window_holds_the_gap) {
  write_sketch(kRev2);
  build_for_this_computer("Arduino_BMI270_BMM150.h");
  const Recording recording = motion("a", 203, 1);
  const Transcript transcript = run(recording, "99.84", "100", "late");
  ASSERT_FALSE(transcript.windows.empty());
  EXPECT_GE(transcript.windows.back().lost, 1);
  EXPECT_LE(transcript.windows.back().lost, 3);
  std::set<std::string> of_the_recording;  // windows without a gap, wherever they begin
  for (std::size_t first = 0; first + Model::kWindowSamples <= 203; ++first)
    of_the_recording.insert(fmt::format("{:04x}", compute(recording.counts.data() + first * 3).input_crc));
  for (const auto& window : transcript.windows) EXPECT_TRUE(of_the_recording.contains(window.window_crc));
}

TEST_F(Arduino, a_sensor_that_falls_silent_or_is_missing_or_runs_at_another_pace_stops_with_its_blinks) {
  write_sketch(kRev2);
  build_for_this_computer("Arduino_BMI270_BMM150.h");
  const Recording recording = motion("a", 203, 1);
  const Transcript silent = run(recording, "99.84", "6000");
  ASSERT_TRUE(silent.fault.has_value());
  EXPECT_EQ(silent.fault->name, "sensor_stalled");
  const Transcript missing = run(recording, "99.84", "3000", "missing");
  ASSERT_TRUE(missing.fault.has_value());
  EXPECT_EQ(missing.fault->name, "sensor_missing");
  std::int64_t blinks = 0;
  for (const auto line : split(led_, '\n')) blinks += line.starts_with("led 1") ? 1 : 0;
  EXPECT_GE(blinks, missing.fault->blinks);
  const Transcript fast = run(recording, "119", "3000");
  ASSERT_TRUE(fast.fault.has_value());
  EXPECT_EQ(fast.fault->name, "sample_rate");
}

TEST_F(Arduino, every_count_comes_back_from_the_librarys_floats) {
  const auto file = folder_.path() / "counts.cpp";
  ASSERT_TRUE(
      write_file(file,
                 "#include <Arduino_BMI270_BMM150.h>\n#include \"imu.h\"\n#include <stdio.h>\n"
                 "StandInImu IMU({1, 1, 1});\n"
                 "int main() {\n"
                 "  for (int count = -32768; count <= 32767; ++count) {\n"
                 "    const float values[] = {count / 8192.0f, static_cast<float>(count * 4.0 / 32768.0),\n"
                 "      count / 16.384f, static_cast<float>(count * 2000.0 / 32768.0)};\n"
                 "    const float scales[] = {8192.0f, 8192.0f, 16.384f, 16.384f};\n"
                 "    for (int kind = 0; kind < 4; ++kind)\n"
                 "      if (imu::count_of(values[kind], scales[kind]) != count) return 1;\n"
                 "  }\n"
                 "  return imu::count_of(4.0f, 8192.0f) == 32767 ? 0 : 2;\n"
                 "}\n"
                 "void delay(unsigned long) {}\nunsigned long micros() { return 0; }\n"
                 "int rtos::Thread::start(void (*)()) { return 0; }\n")
          .has_value());
  const std::string source = MOTE_SOURCE_DIR;
  const auto built = run_process({"g++", "-std=gnu++14", "-I" + stand_in(),
                                  "-I" + source + "/boards/common/arduino", "-I" + source + "/device/include",
                                  file.string(), "-o", (folder_.path() / "counts").string()});
  ASSERT_TRUE(built.has_value());
  ASSERT_EQ(built->exit_code, 0) << built->errors;
  EXPECT_EQ(run_process({(folder_.path() / "counts").string()})->exit_code, 0);
}

// ---- the Uno, with its real core ----

class ArduinoUno : public Arduino {
 protected:
  void SetUp() override {
    for (const char* tool : {"avr-gcc", "avr-g++"}) MOTE_REQUIRE_OR_SKIP(test::have_tool(tool), tool);
    MOTE_REQUIRE_OR_SKIP(fs::exists(kAvrCore / "cores/arduino/Arduino.h"), "arduino-core-avr");
    MOTE_REQUIRE_OR_SKIP(module_file("mote-simavr").has_value(), "libsimavr-dev");
  }

  static std::vector<std::string> core_flags() {
    return {"-mmcu=atmega328p", "-Os", "-ffunction-sections", "-fdata-sections", "-DF_CPU=16000000L",
            "-DARDUINO=10819", "-DARDUINO_AVR_UNO", "-DARDUINO_ARCH_AVR",
            // the core means a C99 name that avr-gcc 5.4 has not
            "-DDECIMAL_DIG=__DECIMAL_DIG__", "-I" + (kAvrCore / "cores/arduino").string(),
            "-I" + (kAvrCore / "variants/standard").string()};
  }

  /// sketch.elf, from the core's objects and the sketch.
  void build_for_uno() {
    const auto flags = core_flags();
    for (const auto& [compiler, suffix] : {std::pair{"avr-gcc", ".c"}, {"avr-g++", ".cpp"}}) {
      std::vector<std::string> core = {compiler, "-c", "-w"};
      if (suffix == std::string(".cpp")) core.push_back("-std=gnu++11");
      core.insert(core.end(), flags.begin(), flags.end());
      for (const auto& file : list_files(kAvrCore / "cores/arduino", suffix)) core.push_back(file.string());
      const auto result = run_process(core, {.working_directory = folder_.path()});
      ASSERT_TRUE(result.has_value()) << to_text(result.error());
      ASSERT_EQ(result->exit_code, 0) << result->errors;
    }
    std::vector<std::string> arguments = flags;
    for (const char* flag : {"-fno-exceptions", "-fno-threadsafe-statics", "-fno-tree-switch-conversion",
                             "-Wl,--gc-sections", "-o", "sketch.elf"})
      arguments.push_back(flag);
    arguments.push_back(contract(100000, 5000));
    const auto files = sources();
    arguments.insert(arguments.end(), files.begin(), files.end());
    for (const auto& object : list_files(folder_.path(), ".o")) arguments.push_back(object.string());
    ASSERT_EQ(compile({"avr-g++"}, arguments), "");
  }

  /// What the sketch prints in so many seconds; `conversions`: of the analogue inputs, 0 ... 1023, three a
  /// sample.
  Transcript run_in_simavr(const std::vector<int>& conversions, double seconds) {
    constexpr int kSupplyMillivolts = 5000;
    std::vector<std::uint8_t> bytes;
    for (const int conversion : conversions) {
      const int millivolts = (conversion * kSupplyMillivolts + 1022) / 1023;
      bytes.push_back(static_cast<std::uint8_t>(millivolts & 0xFF));
      bytes.push_back(static_cast<std::uint8_t>(millivolts >> 8));
    }
    EXPECT_TRUE(write_file(folder_.path() / "inputs.bin", bytes).has_value());
    const auto result =
        run_process({module_file("mote-simavr")->string(), "atmega328p", "16000000", "sketch.elf",
                     "inputs.bin", std::to_string(std::llround(seconds * 16e6))},
                    {.working_directory = folder_.path()});
    EXPECT_TRUE(result.has_value()) << to_text(result.error());
    constexpr int kStillRuns = 2;
    EXPECT_EQ(result.has_value() ? result->exit_code : 0, kStillRuns);
    std::string serial = read_text(folder_.path() / "serial.txt").value_or("");
    serial.erase(serial.rfind('\n') + 1);  // the last line may be cut
    const auto transcript = parse_records(serial, "serial");
    EXPECT_TRUE(transcript.has_value()) << to_text(transcript.error()) << serial;
    return transcript.value_or(Transcript{});
  }
};

TEST_F(ArduinoUno, its_readme_tells_the_flag_that_the_core_lacks) {
  write_sketch("arduino-uno", 100000, 5.0);
  EXPECT_THAT(read_text(request_.output / "README.md").value(),
              HasSubstr("--build-property \"compiler.cpp.extra_flags=-std=gnu++14\" linear_sketch\n"));
}

TEST_F(ArduinoUno, without_a_sensor_it_boots_and_says_so) {
  write_sketch("arduino-uno", 100000, 5.0);
  build_for_uno();
  const Transcript transcript = run_in_simavr({}, 1);
  EXPECT_EQ(transcript.boot.at("board"), "arduino-uno");
  ASSERT_TRUE(transcript.fault.has_value());
  EXPECT_EQ(transcript.fault->name, "sensor_missing");
}

TEST_F(ArduinoUno, records_equal_those_of_a_plain_loop) {
  Rng rng(3);
  std::vector<int> conversions;
  Recording recording{"a", {}};
  for (int index = 0; index < 150 * 3; ++index) {
    conversions.push_back(512 + static_cast<int>(rng.below(700)) - 350);
    if (index >= 3) recording.counts.push_back(static_cast<std::int16_t>((conversions.back() - 512) * 64));
  }
  request_.self_test = self_test_of_linear({"a", {recording.counts.begin(), recording.counts.begin() + 60}});
  write_sketch("arduino-uno", 100000, 5.0);
  build_for_uno();
  const Transcript transcript =
      run_in_simavr(conversions, 1.4);  // the first sample is read by the check at boot
  EXPECT_FALSE(transcript.fault.has_value());
  auto expected = by_plain_loop(recording);
  ASSERT_GE(transcript.windows.size(), 15u);
  ASSERT_LE(transcript.windows.size(), expected.size());
  expected.resize(transcript.windows.size());
  EXPECT_EQ(transcript.windows, expected);
}

}  // namespace
}  // namespace mote::simulate
