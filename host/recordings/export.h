// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/recording.h"

namespace mote::recordings {

/// What recordings are written as.
enum class ExportFormat : std::uint8_t { kEdgeImpulseJson, kEdgeImpulseCbor, kEdgeImpulseCsv, kNpy, kWav };

/// "edge-impulse-json", "edge-impulse-cbor", "edge-impulse-csv", "npy", "wav"; none for another word.
std::optional<ExportFormat> export_format_from(std::string_view name);

struct ExportOptions {
  ExportFormat format = ExportFormat::kEdgeImpulseJson;
  std::string hmac_key;  ///< signs JSON and CBOR; empty: not signed
};

/// One recording and its part: "train", "validation", "test", or empty if it is not decided.
struct ExportItem {
  Description description;
  std::string part;
};

/// Writes recordings to `folder`, which must be new or empty, laid out as Edge Impulse has it:
/// training/<label>.<id>.<ending> and testing/, with an info.labels that tells labels, parts, sessions and
/// persons; scan_folder() reads it back. JSON, CBOR and CSV hold physical units (audio raw counts), NPY raw
/// counts as int16, WAV raw counts as 16-bit samples, an axis a channel: importing them into the same project
/// gives the same raw counts.
///
/// Returns the files written, below `folder`. Errors (kUsage): the folder holds something; a key for a format
/// that is not signed; a rate that the whole number in a WAV file misses by more than 1 %; (kInput) as
/// read_samples(); (kInternal) it cannot be written.
Result<std::vector<std::string>> export_recordings(const project::Project& project,
                                                   const std::vector<ExportItem>& items,
                                                   const std::filesystem::path& folder,
                                                   const ExportOptions& options);

}  // namespace mote::recordings
