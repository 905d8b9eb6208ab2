// SPDX-License-Identifier: Apache-2.0
#include "firmware/project_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"
#include "firmware/faults.h"

namespace mote::firmware {
namespace {

std::string_view enumerator(project::SensorKind kind) {
  using enum project::SensorKind;
  switch (kind) {
    case kAccelerometer:
      return "kAccelerometer";
    case kGyroscope:
      return "kGyroscope";
    case kMagnetometer:
      return "kMagnetometer";
    case kMicrophone:
      return "kMicrophone";
    case kOther:
      break;
  }
  return "kOther";
}

std::string_view enumerator(project::Unit unit) {
  using enum project::Unit;
  switch (unit) {
    case kG:
      return "kG";
    case kMetersPerSecondSquared:
      return "kMetersPerSecondSquared";
    case kDegreesPerSecond:
      return "kDegreesPerSecond";
    case kRadiansPerSecond:
      return "kRadiansPerSecond";
    case kMicrotesla:
      return "kMicrotesla";
    case kFullScale:
      return "kFullScale";
    case kCounts:
      break;
  }
  return "kCounts";
}

}  // namespace

std::string setting_text(const boards::SensorSetting& setting) {
  std::vector<std::string> groups;
  for (std::size_t index = 0; index < setting.groups.size(); ++index) {
    const auto& group = setting.groups[index];
    groups.push_back(fmt::format("{} as {}, {} axes in {}, range {}", escape_comment(setting.parts[index]),
                                 project::to_string(group.kind), group.axes.size(),
                                 project::to_string(group.unit), group.range));
  }
  return fmt::format("{} at {} Hz", fmt::join(groups, "; "),
                     static_cast<double>(setting.rate_millihertz) / 1000.0);
}

namespace {

/// "accelerometer:ax,ay,az:g:4", sensor by sensor.
std::string contract_text(const boards::SensorSetting& setting) {
  std::vector<std::string> groups;
  for (const auto& group : setting.groups)
    groups.push_back(fmt::format("{}:{}:{}:{}", project::to_string(group.kind), fmt::join(group.axes, ","),
                                 project::to_string(group.unit), group.range));
  return fmt::format("{}", fmt::join(groups, ";"));
}

/// Where gravity lies at rest, in channels and counts.
struct RestAxis {
  int axis = -1;
  int sign = 1;
  int first_axis = 0;
  std::int64_t counts_per_g = 1;
};

RestAxis rest_axis(const boards::SensorSetting& setting, const project::WatchSettings& watch) {
  constexpr double kStandardGravity = 9.80665;
  RestAxis rest;
  if (!watch.up_at_rest) return rest;
  const bool is_down = watch.up_at_rest->starts_with('-');
  const std::string name = watch.up_at_rest->substr(is_down ? 1 : 0);
  int channel = 0;
  for (const auto& group : setting.groups) {
    for (std::size_t index = 0; index < group.axes.size(); ++index) {
      if (group.axes[index] != name) continue;
      const double unit = group.unit == project::Unit::kMetersPerSecondSquared ? kStandardGravity : 1;
      rest = {channel + static_cast<int>(index), is_down ? -1 : 1, channel,
              std::llround(std::clamp(32768.0 * unit / group.range, 1.0, 32767.0))};
    }
    channel += static_cast<int>(group.axes.size());
  }
  return rest;
}

}  // namespace

std::int32_t ring_samples(std::int32_t hop_samples, std::int64_t rate_millihertz) {
  const std::int64_t tenth_of_a_second = rate_millihertz / 10000;
  std::int32_t capacity = 16;
  while (capacity < hop_samples && capacity < std::max<std::int64_t>(128, tenth_of_a_second)) capacity *= 2;
  return capacity;
}

std::string contract_type(const boards::SensorSetting& setting) {
  std::string type = fmt::format("mote::runtime::SensorContract<{}", setting.rate_millihertz);
  for (const auto& group : setting.groups)
    type += fmt::format(
        ",\n    mote::runtime::SensorGroup<mote::runtime::SensorKind::{}, {}, mote::runtime::Unit::{}, {}>",
        enumerator(group.kind), group.axes.size(), enumerator(group.unit), std::llround(group.range * 1000));
  return type + ">";
}

std::string model_includes(const ProjectText& project) {
  std::string text = fmt::format("#include \"{}.h\"\n", project.model);
  if (!project.woken.empty()) text += fmt::format("#include \"woken/{}.h\"\n", project.woken);
  return text;
}

std::string application_type(const ProjectText& project) {
  const std::string one = fmt::format("mote_models::{}::Model, Board, Settings", project.model);
  if (project.woken.empty()) return fmt::format("mote::runtime::Application<{}>", one);
  return fmt::format(
      "mote::runtime::Application<\n    {},\n    mote::runtime::WakeSecond<mote_models::{}::Model, {}>>", one,
      project.woken, project.woken_class);
}

std::string main_cpp(const ProjectText& project) {
  return fmt::format(
      "{0}It belongs to you; copy the folder before you change it, `mote firmware` writes it anew.\n\n"
      "#include \"board.h\"\n#include \"model_config.h\"\n{1}#include "
      "\"mote/runtime/application.h\"\n\n"
      "// If the board's sensor is not what the model was trained on, the next line does not compile, and "
      "the message\n"
      "// says what differs.\n"
      "static {2} application;\n\n"
      "int main() {{\n  application.run();\n  return 0;\n}}\n",
      kGeneratedCpp, model_includes(project), application_type(project));
}

std::string model_config_h(const ProjectText& project) {
  const auto& decision = project.decision;
  const double hop_seconds = project.hop_samples * 1000.0 /
                             static_cast<double>(std::max<std::int64_t>(project.setting.rate_millihertz, 1));
  const RestAxis rest = rest_axis(project.setting, project.watch);
  std::string text = fmt::format(
      "{0}\n#pragma once\n\n#include <stdint.h>\n\n#include \"mote/runtime/settings.h\"\n{1}\n"
      "/// What may be changed without training again.\n"
      "struct Settings : mote::runtime::DefaultSettings {{\n"
      "  /// Prints every class's confidence after each window; off in a release.\n"
      "  static constexpr bool kDebugLog = {2};\n"
      "  /// Samples that wait while the main loop is busy, a power of two.\n"
      "  static constexpr int32_t kRingSamples = {3};\n"
      "  /// Lost samples within a minute that are tolerated. More than that is a fault.\n"
      "  static constexpr int32_t kLostBudgetSamples = {4};\n",
      kGeneratedCpp, project.has_self_test ? "#include \"self_test.h\"\n" : "", project.debug_log,
      ring_samples(project.hop_samples, project.setting.rate_millihertz),
      project.watch.lost_samples_per_minute.value_or(project.hop_samples));
  text += fmt::format(
      "  /// Windows whose probabilities are averaged.\n"
      "  static constexpr int32_t kAveragedWindows = {};\n"
      "  /// Windows that must decide for a class, among the latest so many, before it is an event.\n"
      "  static constexpr int32_t kVotes = {}, kVotingWindows = {};\n"
      "  /// Windows after an event in which there is no other ({:.4g} s).\n"
      "  static constexpr int32_t kRefractoryWindows = {};\n"
      "  /// Whether an axis that never changes is a broken sensor.\n"
      "  static constexpr bool kConstantIsFault = {};\n",
      decision.average_windows, decision.votes, decision.voting_windows, decision.refractory_seconds,
      std::llround(std::ceil(decision.refractory_seconds / hop_seconds)), project.watch.constant_is_fault);
  if (project.watch.up_at_rest)
    text += fmt::format(
        "  /// At rest, '{}' points up: {{axis, sign, first axis of the accelerometer, counts of 1 g}}.\n"
        "  static constexpr mote::runtime::RestGravity rest_gravity() {{ return {{{}, {}, {}, {}}}; }}\n",
        escape_comment(*project.watch.up_at_rest), rest.axis, rest.sign, rest.first_axis, rest.counts_per_g);
  text += fmt::format(
      "  /// For the boot line.\n"
      "  static mote::Flash<char> sensor() {{ return MOTE_TEXT(\"{}\"); }}\n"
      "  static mote::Flash<char> up_at_rest() {{ return MOTE_TEXT(\"{}\"); }}\n",
      escape_c_string(contract_text(project.setting)),
      escape_c_string(project.watch.up_at_rest.value_or("")));
  if (project.has_self_test) text += "  using SelfTest = self_test::Window;\n";
  return text + "};\n";
}

std::string board_config_h(const ProjectText& project) {
  const auto& board = project.board;
  return fmt::format(
      "{0}From boards/{1}/board.toml.\n#pragma once\n\n#include <stdint.h>\n\n#include "
      "\"mote/core/text.h\"\n#include \"mote/runtime/contract.h\"\n\n"
      "namespace board_config {{\n\n"
      "/// {2}\n"
      "using Sensor = {3};\n\n"
      "constexpr int32_t kFlashBytes = {4};\nconstexpr int32_t kRamBytes = {5};\nconstexpr int32_t "
      "kStackBytes = {6};\n"
      "constexpr int64_t kClockHz = {7};\n\n"
      "inline mote::Flash<char> name() {{ return MOTE_TEXT(\"{8}\"); }}\n\n"
      "}}  // namespace board_config\n",
      kGeneratedCpp, board.name, setting_text(project.setting), contract_type(project.setting),
      board.flash_bytes, board.ram_bytes, board.stack_bytes, board.clock_hz, escape_c_string(board.name));
}

std::string makefile(const ProjectText& project) {
  const auto& board = project.board;
  std::vector<std::string> sources = {"main.cpp"};
  for (const auto& name : project.model_sources) sources.push_back("model/" + name);
  for (const auto& name : project.woken_sources) sources.push_back("woken/" + name);
  for (const auto& name : project.board_sources) sources.push_back("board/" + name);
  std::string defines;
  for (const auto& define : project.defines) defines += " -D" + define;
  std::string text = fmt::format(
      "# SPDX-License-Identifier: Apache-2.0\n# Generated by `mote firmware`. `make` builds "
      "build/firmware.elf.\n"
      "# Paths are relative and nothing holds a time, so that the same files give the same image "
      "everywhere.\n"
      "CXX = {}\n"
      "TARGET = {}\n"
      "# Frames and calls of every function, where the compiler can tell them (GCC 10 and later; a cache "
      "would lose "
      "them).\nexport CCACHE_DISABLE = 1\n"
      "STACK := $(shell $(CXX) -fcallgraph-info=su -E -x c /dev/null >/dev/null 2>&1 && echo "
      "-fcallgraph-info=su)\n"
      "FLAGS = $(TARGET) -std=c++14 -g -gno-record-gcc-switches '-fdebug-prefix-map=$(CURDIR)=.' "
      "-ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics \\\n"
      "  -ffunction-sections -fdata-sections -Wall -Wextra \\\n"
      "  -I. -Iboard -Imodel -Iinclude{}\n"
      "LINK = $(TARGET) -nostdlib -Wl,--gc-sections -Wl,--build-id=none -T board/memory.ld \\\n"
      "  -Wl,--defsym=mote_flash_bytes={} -Wl,--defsym=mote_ram_bytes={} "
      "-Wl,--defsym=mote_stack_bytes={}\n\n",
      board.compiler, fmt::join(board.flags, " "), defines, board.flash_bytes, board.ram_bytes,
      board.stack_bytes);
  std::vector<std::string> objects;
  std::string rules;
  for (const auto& source : sources) {
    std::string object = "build/" + source + ".o";  // two folders may hold files of the same name
    std::ranges::replace(object.begin() + 6, object.end(), '/', '-');
    objects.push_back(object);
    // What runs for every sample and window is small beside the model, and there is much of it.
    const std::string_view level = source == "main.cpp" ? "-Os" : "-O2";
    rules += fmt::format(
        "{}: {} $(HEADERS) Makefile\n\t@mkdir -p build\n\t$(CXX) {} $(FLAGS) $(STACK) -c {} -o {}\n\n",
        object, source, level, source, object);
  }
  text += fmt::format(
      "HEADERS = $(wildcard *.h board/*.h model/*.h woken/*.h include/mote/*/*.h include/mote/*/*.def "
      "include/mote/*/*/*.h)\nOBJECTS = {}\n\n",
      fmt::join(objects, " "));
  text +=
      "build/firmware.elf: $(OBJECTS) board/memory.ld\n\t$(CXX) $(LINK) $(OBJECTS) -lgcc -o $@\n\n" + rules;
  return text + "clean:\n\trm -rf build\n\n.PHONY: clean\n";
}

std::string readme_of_records() {
  return fmt::format(
      "## What it prints\n\n"
      "One line each, 115200 baud: `mote-boot` once, `mote-result` after every window (in release builds "
      "too), `mote-event` where one begins,\n`mote-woken` after every window "
      "that a second model looked at, `mote-health` once a minute, "
      "`mote-fault` when it stops. With `kDebugLog` in `model_config.h` also `mote-log`, one line a class.\n"
      "The LED is lit while a class other than the background is recognised with enough confidence.\n\n"
      "## When it blinks\n\n{}",
      fault_table_markdown());
}

std::string readme(const ProjectText& project) {
  const auto& board = project.board;
  return fmt::format(
      "# Firmware: {0} on {1}\n\n"
      "Generated by `mote firmware`; the code belongs to you. `make` rebuilds `build/firmware.elf` with "
      "`{2}`.\n\n"
      "- board: {3}{4}\n- sensor: {5}\n- LED: {6}\n\n"
      "| file | what it is |\n|---|---|\n"
      "| `main.cpp` | the application: model and board put together |\n"
      "| `model_config.h` | what needs no training: debug log, ring size, smoothing, what is watched; "
      "`on_event` for an actuator or a radio |\n"
      "| `model/` | the generated model{8} |\n"
      "| `board/` | driver, start-up code, linker script, `board_config.h` |\n"
      "| `include/mote/` | the part of the device library that is used |\n\n{7}",
      project.model, board.name, board.compiler, escape_comment(board.title),
      board.checked_on_silicon ? "" : " (not checked on silicon)", setting_text(project.setting),
      escape_comment(board.led), readme_of_records(),
      project.woken.empty() ? "" : fmt::format("; `woken/`: {}, which it wakes", project.woken));
}

}  // namespace mote::firmware
