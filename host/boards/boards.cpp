// SPDX-License-Identifier: Apache-2.0
#include "boards/boards.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/files.h"
#include "core/resources.h"
#include "core/text.h"
#include "mote/runtime/contract.h"
#include "project/toml_reader.h"

namespace mote::boards {
namespace {

using project::TomlReader;

constexpr double kLargestBytes = 1 << 30;
constexpr std::size_t kLargestList = 64;

/// The value of `key`, or none if it is "any"; `convert` gives none for a word it does not know.
template <class T, class Convert>
Result<std::optional<T>> any_or(const TomlReader& reader, std::string_view key, Convert convert,
                                std::string_view expected) {
  MOTE_TRY(const std::string word, reader.text(key));
  if (word == "any") return std::optional<T>{};
  const std::optional<T> value = convert(word);
  if (!value.has_value()) return reader.refuse(key, reader.found(key), expected);
  return value;
}

/// A list of positive numbers, empty for "any".
Result<std::vector<double>> any_or_numbers(const TomlReader& reader, const toml::table& table,
                                           std::string_view key, double limit) {
  constexpr std::string_view kExpected = "\"any\" or a list of positive numbers";
  if (table[key].value<std::string>() == "any") return std::vector<double>{};
  const toml::array* items = table[key].as_array();
  if (items == nullptr || items->empty() || items->size() > kLargestList)
    return reader.refuse(key, reader.found(key), kExpected);
  std::vector<double> numbers;
  for (const auto& item : *items) {
    const auto number = item.value<double>();
    if (!number.has_value() || !(*number > 0) || *number > limit)
      return reader.refuse(key, reader.found(key), kExpected);
    numbers.push_back(*number);
  }
  return numbers;
}

Result<SensorOption> read_sensor(const TomlReader& reader, const toml::table& table) {
  MOTE_CHECK(reader.allow_only({"name", "kind", "axes", "unit", "range", "rate_hz", "source"}));
  SensorOption sensor;
  MOTE_TRY(sensor.name, reader.text("name"));
  MOTE_TRY(const std::string source, reader.text("source"));
  MOTE_TRY(sensor.kind, (any_or<project::SensorKind>(reader, "kind", project::sensor_kind_from,
                                                     "\"any\" or a kind like \"accelerometer\"")));
  MOTE_TRY(sensor.unit,
           (any_or<project::Unit>(reader, "unit", project::unit_from, "\"any\" or a unit like \"g\"")));
  if (table["axes"].value<std::string>() != "any") {
    MOTE_TRY(const std::int64_t axes, reader.integer("axes", 1, 16));
    sensor.axes = static_cast<std::int32_t>(axes);
  }
  MOTE_TRY(sensor.ranges, any_or_numbers(reader, table, "range", 1e9));
  MOTE_TRY(const auto rates_hz, any_or_numbers(reader, table, "rate_hz", 1e5));
  for (const double rate_hz : rates_hz) sensor.rates_millihertz.push_back(std::llround(rate_hz * 1000.0));
  return sensor;
}

Result<void> read_processor(const TomlReader& reader, const toml::table& table, Board& board) {
  MOTE_CHECK(reader.allow_only({"core", "isa", "compiler", "flags", "clock_hz"}));
  MOTE_TRY(board.core, reader.plain_name("core"));
  MOTE_TRY(board.isa, reader.plain_name("isa"));
  MOTE_TRY(board.compiler, reader.text("compiler"));
  MOTE_TRY(board.clock_hz, reader.integer("clock_hz", 1000, 10'000'000'000));
  const toml::array* flags = table["flags"].as_array();
  // Both go into a Makefile: a letter that the shell or make understands has no place there.
  const auto plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("-=_.+").contains(letter);
  };
  if (board.compiler.empty() || !std::all_of(board.compiler.begin(), board.compiler.end(), plain))
    return reader.refuse("compiler", reader.found("compiler"), "a program's name like \"arm-none-eabi-g++\"");
  for (std::size_t index = 0; flags != nullptr && index < flags->size(); ++index) {
    const auto flag = (*flags)[index].value<std::string>();
    if (!flag.has_value() || flag->empty() || flag->front() != '-' ||
        !std::all_of(flag->begin(), flag->end(), plain))
      return reader.refuse("flags", reader.found("flags"),
                           "a list of compiler flags like \"-mcpu=cortex-m4\"");
    board.flags.push_back(*flag);
  }
  return {};
}

Result<void> read_memory(const TomlReader& reader, Board& board) {
  MOTE_CHECK(reader.allow_only({"flash_bytes", "ram_bytes", "stack_bytes"}));
  MOTE_TRY(board.flash_bytes, reader.integer("flash_bytes", 1024, static_cast<std::int64_t>(kLargestBytes)));
  MOTE_TRY(board.ram_bytes, reader.integer("ram_bytes", 256, static_cast<std::int64_t>(kLargestBytes)));
  MOTE_TRY(board.stack_bytes, reader.integer("stack_bytes", 64, board.ram_bytes));
  return {};
}

/// Where an emulator's trace shows the LED, the busy signal and the time.
Result<void> read_trace(const TomlReader& emulator, Board& board) {
  board.time_hz = board.clock_hz;
  if (emulator.has("time_hz")) {
    MOTE_TRY(board.time_hz, emulator.integer("time_hz", 1000, 10'000'000'000));
  }
  if (!emulator.has("led_register")) return {};
  MOTE_TRY(const std::int64_t led_register, emulator.integer("led_register", 0, UINT32_MAX));
  MOTE_TRY(const std::int64_t time_register, emulator.integer("time_register", 0, UINT32_MAX));
  board.led_register = static_cast<std::uint32_t>(led_register);
  board.time_register = static_cast<std::uint32_t>(time_register);
  if (!emulator.has("led_bit") && !emulator.has("busy_bit")) return {};
  MOTE_TRY(const std::int64_t led_bit, emulator.integer("led_bit", 0, 31));
  MOTE_TRY(const std::int64_t busy_bit, emulator.integer("busy_bit", 0, 31));
  board.led_bit = static_cast<std::int32_t>(led_bit);
  board.busy_bit = static_cast<std::int32_t>(busy_bit);
  return {};
}

/// [build]: the kind of project, and texts that only this kind understands.
Result<void> read_build(const TomlReader& root, const toml::table* table, BuildDescription& build) {
  if (table == nullptr) return {};
  MOTE_TRY(const auto reader, root.table("build", true));
  MOTE_TRY(build.kind, reader.plain_name("kind", "make"));
  // They go into files of other tools, where others than these letters have a meaning.
  const auto plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("-=_.+:").contains(letter);
  };
  for (const auto& [name, value] : *table) {
    if (name.str() == "kind") continue;
    std::vector<std::string>& texts = build.settings[std::string(name.str())];
    const auto add = [&](const toml::node& node) {
      texts.push_back(node.value<std::string>().value_or(""));
      return !texts.back().empty() && std::all_of(texts.back().begin(), texts.back().end(), plain);
    };
    const toml::array* const list = value.as_array();
    const bool good = list == nullptr
                          ? add(value)
                          : list->size() <= kLargestList && std::all_of(list->begin(), list->end(), add);
    if (!good)
      return reader.refuse(name.str(), reader.found(name.str()),
                           "a text of letters, digits and -=_.+: or a list of such texts");
  }
  return {};
}

Result<void> read_extras(const TomlReader& root, Board& board) {
  if (root.has("code")) {
    MOTE_TRY(board.code, root.plain_name("code"));
  }
  MOTE_TRY(const auto led, root.table("led", true));
  MOTE_CHECK(led.allow_only({"name", "also"}));
  MOTE_TRY(board.led, led.text("name"));
  MOTE_TRY(const auto power, root.table("power", true));
  MOTE_CHECK(power.allow_only({"source", "active_ma", "sleep_ma"}));
  MOTE_TRY(board.power_source, power.text("source"));
  const auto current = [&power](std::string_view key) -> Result<std::optional<double>> {
    if (!power.has(key)) return std::optional<double>{};
    MOTE_TRY(const double milliamperes, power.number(key, 0, 10000));
    return std::optional<double>{milliamperes};
  };
  MOTE_TRY(board.active_ma, current("active_ma"));
  MOTE_TRY(board.sleep_ma, current("sleep_ma"));
  if (!root.has("emulator")) return {};
  MOTE_TRY(const auto emulator, root.table("emulator", true));
  MOTE_CHECK(emulator.allow_only({"program", "machine", "firmware", "icount_shift", "led_register", "led_bit",
                                  "busy_bit", "time_register", "time_hz"}));
  MOTE_TRY(board.emulator, emulator.plain_name("program"));
  MOTE_TRY(board.emulator_machine, emulator.plain_name("machine"));
  if (emulator.has("firmware")) {
    MOTE_TRY(board.emulator_firmware, emulator.plain_name("firmware"));
  }
  if (emulator.has("icount_shift")) {
    MOTE_TRY(const std::int64_t shift, emulator.integer("icount_shift", 0, 10));
    board.icount_shift = static_cast<std::int32_t>(shift);
  }
  return read_trace(emulator, board);
}

std::string describe(const project::SensorGroup& group, std::int64_t rate_millihertz) {
  return fmt::format("{} with {} axes in {}, range {}, at {} Hz", project::to_string(group.kind),
                     group.axes.size(), project::to_string(group.unit), group.range,
                     static_cast<double>(rate_millihertz) / 1000.0);
}

std::string describe(const SensorOption& sensor) {
  std::vector<double> rates_hz;
  for (const auto rate : sensor.rates_millihertz) rates_hz.push_back(static_cast<double>(rate) / 1000.0);
  return fmt::format("{}: {} with {} axes in {}, range {}, at {} Hz", sensor.name,
                     sensor.kind ? project::to_string(*sensor.kind) : "any sensor",
                     sensor.axes ? std::to_string(*sensor.axes) : "any number of",
                     sensor.unit ? project::to_string(*sensor.unit) : "any unit",
                     sensor.ranges.empty() ? "any" : fmt::format("{}", fmt::join(sensor.ranges, ", ")),
                     rates_hz.empty() ? "any number of" : fmt::format("{}", fmt::join(rates_hz, ", ")));
}

/// The rate that `sensor` delivers when asked for `wanted`; none if it is not within 1 %.
std::optional<std::int64_t> delivered_rate(const SensorOption& sensor, std::int64_t wanted_millihertz) {
  if (sensor.rates_millihertz.empty()) return wanted_millihertz;
  const auto distance = [wanted_millihertz](std::int64_t rate) { return std::abs(rate - wanted_millihertz); };
  const auto nearest = std::min_element(
      sensor.rates_millihertz.begin(), sensor.rates_millihertz.end(),
      [&distance](std::int64_t left, std::int64_t right) { return distance(left) < distance(right); });
  if (!runtime::same_rate(wanted_millihertz, *nearest)) return std::nullopt;
  return *nearest;
}

bool delivers(const SensorOption& sensor, const project::SensorGroup& group) {
  const auto same_range = [&group](double range) {
    return std::llround(range * 1000) == std::llround(group.range * 1000);
  };
  return (!sensor.kind || *sensor.kind == group.kind) && (!sensor.unit || *sensor.unit == group.unit) &&
         (!sensor.axes || *sensor.axes == static_cast<std::int32_t>(group.axes.size())) &&
         (sensor.ranges.empty() || std::any_of(sensor.ranges.begin(), sensor.ranges.end(), same_range));
}

}  // namespace

double Board::step_ns() const {
  return icount_shift ? std::ldexp(1.0, *icount_shift) : 1e9 / static_cast<double>(clock_hz);
}

Result<Board> parse(std::string_view text, std::string_view where) {
  MOTE_TRY(const auto tree, project::parse_toml(text, where));
  const TomlReader root(tree, "", where);
  MOTE_CHECK(root.allow_only({"name", "title", "checked_on_silicon", "code", "source", "build", "processor",
                              "memory", "led", "power", "emulator", "sensor"}));
  Board board;
  MOTE_TRY(board.name, root.plain_name("name"));
  MOTE_TRY(board.title, root.text("title"));
  MOTE_TRY(const std::string source, root.text("source"));
  MOTE_TRY(board.checked_on_silicon, root.boolean("checked_on_silicon"));
  MOTE_TRY(const auto processor, root.table("processor", true));
  MOTE_CHECK(read_processor(processor, *tree["processor"].as_table(), board));
  MOTE_TRY(const auto memory, root.table("memory", true));
  MOTE_CHECK(read_memory(memory, board));
  MOTE_CHECK(read_build(root, tree["build"].as_table(), board.build));
  MOTE_CHECK(read_extras(root, board));
  MOTE_TRY(const auto sensors, root.tables("sensor"));
  for (std::size_t index = 0; index < sensors.size(); ++index) {
    MOTE_TRY(auto sensor, read_sensor(sensors[index], *tree["sensor"][index].as_table()));
    board.sensors.push_back(std::move(sensor));
  }
  return board;
}

Result<std::vector<std::string>> names() {
  MOTE_TRY(const auto folder, resource("boards"));
  std::vector<std::string> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    if (std::filesystem::exists(entry.path() / "board.toml", ignored))
      found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

Result<Board> load(const std::string& name) {
  MOTE_TRY(const auto known, names());
  if (std::find(known.begin(), known.end(), name) == known.end())
    return fail(ErrorKind::kUsage,
                fmt::format("there is no board '{}'; there are: {}", name, fmt::join(known, ", ")), "",
                "name one of them with --board, or add a board as boards/README.md says");
  MOTE_TRY(const auto folder, resource("boards"));
  const auto file = folder / name / "board.toml";
  MOTE_TRY(const std::string text, read_text(file, 1 << 16));
  MOTE_TRY(Board board, parse(text, file.string()));
  if (board.name != name)
    return fail(ErrorKind::kInput,
                fmt::format("the board calls itself '{}' but lies in the folder '{}'", board.name, name),
                file.string());
  board.own_folder = folder / name;
  board.folder = board.code.empty() ? folder / name : folder / "common" / board.code;
  return board;
}

Result<SensorSetting> choose(const Board& board, const project::SensorDescription& wanted) {
  SensorSetting setting;
  for (const auto& group : wanted.groups) {
    const auto found =
        std::find_if(board.sensors.begin(), board.sensors.end(), [&](const SensorOption& sensor) {
          const auto rate = delivered_rate(sensor, wanted.rate_millihertz);
          return delivers(sensor, group) && rate.has_value() &&
                 (setting.groups.empty() || *rate == setting.rate_millihertz);
        });
    if (found == board.sensors.end()) {
      std::vector<std::string> options;
      for (const auto& sensor : board.sensors) options.push_back(describe(sensor));
      return fail(ErrorKind::kInput,
                  fmt::format("board '{}' cannot deliver what the model expects: {}; it has {}", board.name,
                              describe(group, wanted.rate_millihertz), fmt::join(options, "; ")),
                  "", "record and train with a setting that the board has, or choose another board");
    }
    setting.parts.push_back(found->name);
    setting.groups.push_back(group);
    setting.rate_millihertz = *delivered_rate(*found, wanted.rate_millihertz);
  }
  return setting;
}

}  // namespace mote::boards
