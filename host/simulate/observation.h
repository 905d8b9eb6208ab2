// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote::simulate {

/// The moment when the LED goes on or off.
struct LedEdge {
  bool on = false;
  double time_ms = 0;  ///< emulated time since boot

  bool operator==(const LedEdge&) const = default;
};

/// What could be seen of a board from outside while it ran.
struct Observation {
  std::vector<LedEdge> led;
  std::vector<double> inference_ms;  ///< how long the "busy" signal was on, each time

  bool operator==(const Observation&) const = default;
};

/// Reads the trace of the MPS2 board's FPGA registers that QEMU writes (-trace mps2_fpgaio_*): bit 0 of the
/// LED register is the LED, bit 1 the busy signal, and the value of the counter that was read last is the
/// time, in ticks of `time_hz`. Errors (kInput): a line that is neither.
Result<Observation> read_fpgaio_trace(std::string_view trace, std::int64_t time_hz, std::string_view where);

/// Where a trace of all registers shows what there is to see.
struct TracedRegisters {
  std::uint64_t led_address = 0;
  int led_bit = 0;
  int busy_bit = 1;  ///< of the same register
  std::uint64_t time_address = 0;
  std::int64_t time_hz = 0;  ///< at which the 32-bit counter there runs
};

/// The same of a trace of all registers (-trace memory_region_ops_*).
Result<Observation> read_memory_trace(std::string_view trace, const TracedRegisters& registers,
                                      std::string_view where);

/// The blink code that a person would count: the number of blinks of the last group, if the group before it
/// has the same number and both have the timing of mote/runtime/fault.h; nothing if the LED shows no fault.
std::optional<int> count_blinks(const std::vector<LedEdge>& edges);

/// When the first blink of that code began; nothing if there is none.
std::optional<double> first_blink_ms(const std::vector<LedEdge>& edges);

}  // namespace mote::simulate
