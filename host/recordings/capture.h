// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mote::recordings {

/// Consecutive samples with equal label.
struct Run {
  std::string label;  ///< empty if the file tells none
  std::int64_t first_sample = 0;
  bool operator==(const Run&) const = default;
};

/// Samples that nothing interrupts, as every reader of files gives them.
struct Capture {
  std::vector<double> values;  ///< [sample][axis], in the sensor's units
  std::vector<double> time;  ///< [sample] since `time_origin`, in the file's unit; empty without time stamps
  double time_origin = 0;    ///< the first time stamp
  std::vector<Run> runs;     ///< at least one, by first_sample
  std::int64_t first_line = 0;  ///< in a file of text lines, a line a sample; 0: no such file
  std::int64_t samples = 0;
  std::string name = {};  ///< of an array in an archive; else empty
};

/// All that one file holds.
struct FileContent {
  std::vector<Capture> captures;
  std::optional<double> rate_hz;   ///< if the file tells it other than by time stamps
  std::string rate_place;          ///< where it does: "byte 24", "interval_ms"
  std::string device;              ///< if the file tells it and it is a plain name
  std::string signature;           ///< Edge Impulse: "verified", "not verified", "unsigned"; else empty
  std::vector<std::string> notes;  ///< what was converted or assumed, for people
};

/// A value beyond this multiple of the sensor's range has the wrong unit.
inline constexpr double kWrongUnitFactor = 1.5;

/// Most values that are read of one file: 2^25, more than half an hour of one channel at 16 kHz.
inline constexpr std::int64_t kMaxFileValues = std::int64_t{1} << 25;

}  // namespace mote::recordings
