// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/capture.h"

namespace mote::recordings {

/// How the columns of a CSV file are to be understood; a column is told by its name in the heading or by its
/// number, from 1.
struct CsvOptions {
  std::vector<std::string> columns;         ///< the axes in the sensor's order; empty: found by name
  std::optional<bool> heading;              ///< whether the first line is one; not set: found out
  std::optional<std::string> label_column;  ///< none: the file has one label
  std::optional<std::string> time_column;   ///< not set: one named timestamp, time, time_ms or t, if any
};

/// Reads motion data: comma, semicolon or tab between columns, with or without a heading, blank lines between
/// captures.
///
/// `where` names the file in errors (kInput), which carry line and column: not text, no samples, lines beyond
/// 4,096 characters or 256 columns, another column count than the first line, no number, NaN or infinite,
/// beyond kWrongUnitFactor times the range, time stamps that go backwards, a file cut off in its last line,
/// a heading that cannot be told from data, a column that is not there.
Result<std::vector<Capture>> parse_csv(std::string_view text, std::string_view where,
                                       const project::SensorDescription& sensor, const CsvOptions& options);

}  // namespace mote::recordings
