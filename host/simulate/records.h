// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote::simulate {

/// One `mote-result` line.
struct WindowRecord {
  std::int64_t window = 0;
  std::int32_t class_index = 0;
  std::int32_t confidence = 0;  ///< in 1/256
  std::string decision;         ///< a label or "uncertain"
  std::string window_crc;       ///< four hexadecimal digits
  std::string output_crc;
  std::int64_t lost = 0;  ///< samples lost since boot

  bool operator==(const WindowRecord&) const = default;
};

/// One `mote-event` line.
struct EventRecord {
  std::int64_t window = 0;  ///< number of the window that it began with
  std::int32_t class_index = 0;
  std::string label;
  std::int32_t confidence = 0;  ///< in 1/256

  bool operator==(const EventRecord&) const = default;
};

/// One `mote-woken` line: what the second model made of a window.
struct WokenRecord {
  std::int64_t window = 0;
  std::int32_t class_index = 0;
  std::int32_t confidence = 0;  ///< in 1/256
  std::string decision;         ///< a label of the second model or "uncertain"
  std::string window_crc;       ///< four hexadecimal digits
  std::string output_crc;

  bool operator==(const WokenRecord&) const = default;
};

/// The `mote-fault` line.
struct FaultRecord {
  std::int32_t code = 0;
  std::string name;
  std::int32_t blinks = 0;
  std::int64_t detail = 0;

  bool operator==(const FaultRecord&) const = default;
};

/// The `mote-end` line.
struct EndRecord {
  std::int64_t windows = 0;
  std::int64_t samples = 0;
  std::int64_t lost = 0;
  std::int64_t rate_millihertz = 0;  ///< measured last; 0: not yet
  std::int64_t stack_unused = 0;     ///< bytes that never were used

  bool operator==(const EndRecord&) const = default;
};

/// Everything that a firmware said on its serial port from boot to its end.
struct Transcript {
  std::map<std::string, std::string> boot;
  std::int32_t restarts = 0;  ///< times that it has booted again; what is below is of the last run
  std::vector<WindowRecord> windows;
  std::vector<EventRecord> events;
  std::map<std::string, std::string> second;  ///< the `mote-model` line; empty: the firmware has one model
  std::vector<WokenRecord> woken;
  std::optional<FaultRecord> fault;
  std::optional<EndRecord> end;

  bool operator==(const Transcript&) const = default;
};

/// Parses the serial output of a firmware, which is not trusted. Every line must be a record of
/// docs/reference/records.md with exactly its fields in their order, numbers in their range, windows numbered
/// from 0 without a gap; the boot line first, another one only after a restart, with the same fields but for
/// `reset`; the second model woken by the windows that the first decides for `woken_by` and by no other; and
/// nothing after a fault or the end. `mote-log` and
/// `mote-health` lines are skipped. Errors (kInput): anything else; `where` is put before the line number.
Result<Transcript> parse_records(std::string_view serial, std::string_view where);

}  // namespace mote::simulate
