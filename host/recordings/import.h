// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/csv.h"
#include "recordings/recording.h"

namespace mote::recordings {

/// Measured and declared rate may differ by this share.
inline constexpr double kRateTolerance = 0.05;
/// Two declared rates may differ by this share, as the device's contract has it.
inline constexpr double kDeclaredRateTolerance = 0.01;
/// Shortest recording that is kept.
inline constexpr std::int64_t kMinSamples = 4;
/// What a label is mapped to so that its samples are left out.
inline constexpr std::string_view kLeaveOut = "-";

/// What a person says about the files to import.
struct ImportOptions {
  std::string label;  ///< of all samples; empty if csv.label_column tells
  std::string session;
  std::string person;
  std::string device;
  std::string recorded;           ///< start of the first file (iso_time.h); empty: from time stamps, if any
  std::optional<double> rate_hz;  ///< needed if there are no time stamps
  CsvOptions csv;
  std::map<std::string, std::string> label_map;  ///< label in the file -> label of the project, or kLeaveOut
  std::map<std::string, std::string> conditions;
};

/// What one file brought.
struct ImportedFile {
  std::string name;
  std::int64_t recordings = 0;
  std::int64_t samples = 0;
  std::optional<double> measured_rate_hz;
  std::int64_t clipped_samples = 0;   ///< samples with an axis at the end of its range
  std::int64_t short_runs = 0;        ///< runs of the label column below kMinSamples, left out
  std::int64_t left_out_samples = 0;  ///< of labels mapped to kLeaveOut
};

struct ImportResult {
  std::vector<ImportedFile> files;
  std::vector<Description> recordings;
  std::vector<std::string> warnings;  ///< accepted, but a person should look
};

/// Reads motion data from CSV files and adds it to the project's recordings: everything or nothing.
///
/// A file gives one recording for each stretch without blank lines and with one label. Errors (kInput, with
/// file and line): as parse_csv(); no time stamps and no rate; a rate that contradicts the time stamps or the
/// project; a pause inside a capture; a capture below kMinSamples; a label that the project has not; samples
/// that are in the project already, or twice in the files. kUsage: names that are no plain names; label and
/// label column both or neither.
Result<ImportResult> import_files(const project::Project& project,
                                  const std::vector<std::filesystem::path>& files,
                                  const ImportOptions& options);

}  // namespace mote::recordings
