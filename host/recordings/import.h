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
#include "recordings/layout.h"
#include "recordings/recording.h"
#include "recordings/wav.h"

namespace mote::recordings {

/// Measured and declared rate may differ by this share.
inline constexpr double kRateTolerance = 0.05;
/// Two declared rates may differ by this share, as the device's contract has it.
inline constexpr double kDeclaredRateTolerance = 0.01;
/// Shortest recording that is kept.
inline constexpr std::int64_t kMinSamples = 4;
/// In ImportOptions::label_map: every label that is neither the project's nor named there.
inline constexpr std::string_view kAnyOther = "*";
/// What a label is mapped to so that its samples are left out.
inline constexpr std::string_view kLeaveOut = "-";

/// What a person says about the files to import; it holds instead of what a layout says.
struct ImportOptions {
  std::string label;  ///< of all samples; empty if csv.label_column or the layout tells
  std::string session;
  std::string person;
  std::string device;
  std::string recorded;           ///< start of the first file (iso_time.h); empty: from time stamps, if any
  std::optional<double> rate_hz;  ///< needed if there are no time stamps
  CsvOptions csv;
  ChannelChoice channels;
  std::string hmac_key;          ///< Edge Impulse files must be signed with it; empty: any signature will do
  bool skip_duplicates = false;  ///< leave out captures whose samples are there already instead of refusing
  bool dry_run = false;          ///< read and check everything, store nothing
  std::map<std::string, std::string> label_map;  ///< label in the file -> label of the project, or kLeaveOut
  std::map<std::string, std::string> conditions;
};

/// What one file brought.
struct ImportedFile {
  std::string name;
  std::int64_t recordings = 0;
  std::int64_t samples = 0;
  std::optional<double> measured_rate_hz;  ///< from time stamps
  std::optional<double> told_rate_hz;      ///< as FileContent::rate_hz
  std::int64_t clipped_samples = 0;        ///< samples with an axis at the end of its range
  std::int64_t short_runs = 0;             ///< runs of the label column below kMinSamples, left out
  std::int64_t left_out_samples = 0;       ///< of labels mapped to kLeaveOut
  std::int64_t duplicates = 0;             ///< captures left out as skip_duplicates has it
  std::string signature;                   ///< as FileContent::signature
};

struct ImportResult {
  std::vector<ImportedFile> files;
  std::vector<Description> recordings;
  std::vector<std::string> notes;     ///< what was converted or assumed
  std::vector<std::string> warnings;  ///< accepted, but a person should look
};

/// Reads a file of any kind that is_recording_name() knows by its ending; every other ending is taken for
/// CSV. Errors: as the reader of that kind.
Result<FileContent> read_recording_file(const std::filesystem::path& path,
                                        const project::SensorDescription& sensor,
                                        const ImportOptions& options);

/// Reads files and adds them to the project's recordings: everything or nothing.
///
/// A file gives one recording for each uninterrupted stretch with one label. Errors (kInput, with file and
/// line or element): as read_recording_file(); no time stamps and no rate; a rate that contradicts the time
/// stamps, the file or the project (nothing is resampled); a pause inside a capture; a capture below
/// kMinSamples; a label that the project has not; labels for another number of samples; samples that are in
/// the project already, or twice in the files. kUsage: names that are no plain names; label and label column
/// both; no label; no session.
Result<ImportResult> import_sources(const project::Project& project, const std::vector<Source>& sources,
                                    const ImportOptions& options);

/// import_sources() of files of which nothing is known.
Result<ImportResult> import_files(const project::Project& project,
                                  const std::vector<std::filesystem::path>& files,
                                  const ImportOptions& options);

}  // namespace mote::recordings
