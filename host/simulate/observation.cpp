// SPDX-License-Identifier: Apache-2.0
#include "simulate/observation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/text.h"
#include "mote/runtime/fault.h"

namespace mote::simulate {
namespace {

constexpr double kToleranceMs = 20;  ///< of the times of a blink code

/// The hexadecimal number behind `key`; none if it is not there.
std::optional<std::uint64_t> field(std::string_view line, std::string_view key) {
  const auto at = line.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = line.substr(at + key.size());
  std::uint64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (parsed.ec != std::errc()) return std::nullopt;
  return value;
}

/// A blink: how long the LED was dark before, and how long it was lit.
struct Blink {
  double dark_ms;
  double lit_ms;
};

/// Blinks of 200 ms, that is, none of the normal operation's, from the end backwards.
std::vector<Blink> blinks_from_the_end(const std::vector<LedEdge>& edges) {
  std::vector<Blink> blinks;
  for (std::size_t index = edges.size(); index >= 2; index -= 2) {
    const LedEdge& on = edges[index - 2];
    const LedEdge& off = edges[index - 1];
    if (!on.on || off.on) break;
    const double dark_since = index >= 3 ? edges[index - 3].time_ms : 0;
    blinks.push_back({on.time_ms - dark_since, off.time_ms - on.time_ms});
    if (std::abs(blinks.back().lit_ms - runtime::kBlinkOnMs) > kToleranceMs) {
      blinks.pop_back();
      break;
    }
  }
  return blinks;
}

/// How a trace tells of registers.
struct Format {
  std::string_view starts[3];  ///< of lines: a read, a write, something else
  std::string_view address;    ///< in front of a register's address
  std::string_view value;
  TracedRegisters registers;
};

Result<Observation> read_trace(const Format& format, std::string_view trace, std::string_view where) {
  const TracedRegisters& registers = format.registers;
  const std::uint64_t led_bit = std::uint64_t{1} << registers.led_bit;
  const std::uint64_t busy_bit = std::uint64_t{1} << registers.busy_bit;
  Observation seen;
  std::uint64_t leds = 0, ticks = 0, busy_since = 0;
  const double ms_per_tick = 1000.0 / static_cast<double>(registers.time_hz);
  for (std::int64_t number = 1; !trace.empty(); ++number) {
    const auto end = std::min(trace.find('\n'), trace.size());
    const std::string_view line = trace.substr(0, end);
    trace.remove_prefix(std::min(end + 1, trace.size()));
    if (std::ranges::none_of(format.starts, [&](std::string_view start) { return line.starts_with(start); }))
      return fail(ErrorKind::kInput,
                  fmt::format("'{}' is no line of the trace", escape_comment(line.substr(0, 80))),
                  fmt::format("{}:{}", where, number));
    const bool read = line.starts_with(format.starts[0]);
    const auto address = field(line, format.address);
    const auto value = field(line, format.value);
    if (!address.has_value() || !value.has_value()) continue;
    // The counter has 32 bits; it is read far more often than it wraps (every 42 s or more).
    if (read && *address == registers.time_address) ticks += static_cast<std::uint32_t>(*value - ticks);
    if (read || *address != registers.led_address) continue;
    const std::uint64_t changed = leds ^ *value;
    leds = *value;
    if ((changed & led_bit) != 0)
      seen.led.push_back({(leds & led_bit) != 0, static_cast<double>(ticks) * ms_per_tick});
    if ((changed & busy_bit) == 0) continue;
    if ((leds & busy_bit) != 0)
      busy_since = ticks;
    else
      seen.inference_ms.push_back(static_cast<double>(ticks - busy_since) * ms_per_tick);
  }
  return seen;
}

}  // namespace

Result<Observation> read_fpgaio_trace(std::string_view trace, std::int64_t time_hz, std::string_view where) {
  const Format format = {{"mps2_fpgaio_read ", "mps2_fpgaio_write ", "mps2_fpgaio_reset "},
                         "offset 0x",
                         "data 0x",
                         {.led_address = 0x0, .time_address = 0x18, .time_hz = time_hz}};
  return read_trace(format, trace, where);
}

Result<Observation> read_memory_trace(std::string_view trace, const TracedRegisters& registers,
                                      std::string_view where) {
  const Format format = {{"memory_region_ops_read ", "memory_region_ops_write ", "memory_region_ops_"},
                         "addr 0x",
                         "value 0x",
                         registers};
  return read_trace(format, trace, where);
}

std::optional<int> count_blinks(const std::vector<LedEdge>& edges) {
  std::vector<int> groups = {0};  // from the last to the first
  for (const Blink& blink : blinks_from_the_end(edges)) {
    ++groups.back();
    const bool between = std::abs(blink.dark_ms - runtime::kBlinkOffMs) <= kToleranceMs;
    const bool may_be_first = groups.size() == 2;
    const bool pause = blink.dark_ms >= runtime::kBlinkPauseMs ||
                       (may_be_first && blink.dark_ms >= runtime::kFirstPauseMs - kToleranceMs);
    if (!between && !pause) return std::nullopt;
    if (pause) groups.push_back(0);
    if (groups.size() == 3) break;
  }
  if (groups.size() != 3 || groups[0] != groups[1]) return std::nullopt;
  return groups[0];
}

std::optional<double> first_blink_ms(const std::vector<LedEdge>& edges) {
  const std::vector<Blink> blinks = blinks_from_the_end(edges);
  if (!count_blinks(edges)) return std::nullopt;
  return edges[edges.size() - 2 * blinks.size()].time_ms;
}

}  // namespace mote::simulate
