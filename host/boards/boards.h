// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "project/project.h"

namespace mote::boards {

/// One sensor of a board with the settings that exist; what is absent or empty can be anything.
struct SensorOption {
  std::string name;  ///< part, for people: "BMI270"
  std::optional<project::SensorKind> kind;
  std::optional<std::int32_t> axes;
  std::optional<project::Unit> unit;
  std::vector<double> ranges;  ///< in `unit`
  std::vector<std::int64_t> rates_millihertz;
};

/// What a board's firmware is built with; `mote firmware` writes a project for it.
struct BuildDescription {
  std::string kind = "make";                                 ///< a line of firmware/project_kinds.def
  std::map<std::string, std::vector<std::string>> settings;  ///< the kind's own: texts, or lists of them
};

/// A board as its board.toml describes it.
struct Board {
  std::string name;                 ///< of its folder
  std::string title;                ///< for people
  bool checked_on_silicon = false;  ///< whether anybody has run it on the real thing
  std::string isa;                  ///< as `mote compile --isa` takes it
  std::string core;                 ///< "cortex-m4"
  std::string compiler;             ///< program
  std::vector<std::string> flags;   ///< of compiler and linker, for this core
  std::int64_t clock_hz = 0;
  std::int64_t flash_bytes = 0;
  std::int64_t ram_bytes = 0;
  std::int64_t stack_bytes = 0;  ///< reserved for the stack, part of ram_bytes
  std::string led;
  std::string power_source;         ///< where the currents are from
  std::optional<double> active_ma;  ///< current while the processor runs; none: not known
  std::optional<double> sleep_ma;
  std::string emulator;  ///< program; empty: real hardware
  std::string emulator_machine;
  std::string
      emulator_firmware;  ///< what runs before the image, as -bios takes it; empty: the emulator's choice
  std::optional<std::int32_t> icount_shift;  ///< an instruction takes 2^shift ns; none: cycles are counted
  /// Addresses whose accesses the emulator traces; none: those of the MPS2 board.
  std::optional<std::uint32_t> led_register, time_register;
  std::int32_t led_bit = 0, busy_bit = 1;  ///< of the LED register
  std::int64_t time_hz = 0;                ///< at which the time register counts
  std::vector<SensorOption> sensors;
  std::string code;  ///< of boards that share their code: its folder in boards/common; empty: its own
  BuildDescription build;
  std::filesystem::path folder;      ///< holds board.h, the sources and memory.ld
  std::filesystem::path own_folder;  ///< holds board.toml, and what this board does not share

  /// What the emulator counts, an instruction or a cycle, in emulated time.
  double step_ns() const;
};

/// How a board's sensors are set for a model: the groups in the model's channel order.
struct SensorSetting {
  std::vector<std::string> parts;  ///< name of the sensor for each group
  std::vector<project::SensorGroup> groups;
  std::int64_t rate_millihertz = 0;  ///< what the board really delivers
};

/// Parses a board.toml; `where` names it in errors (kInput).
Result<Board> parse(std::string_view toml, std::string_view where);

/// The boards that come with the tool, by name.
Result<std::vector<std::string>> names();

/// Errors: kUsage if there is no such board (names those there are), kInput as parse().
Result<Board> load(const std::string& name);

/// The setting of the board's sensors that delivers what `wanted` describes: for each group a sensor of its
/// kind, axis count, unit and range, all at one rate within 1 %. Errors (kInput): there is none; says what
/// the board has and what was asked for.
Result<SensorSetting> choose(const Board& board, const project::SensorDescription& wanted);

}  // namespace mote::boards
