// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/recording.h"

namespace mote::recordings {

/// The files of a recording: recordings/<label>/<id>.csv and .json.
std::filesystem::path csv_path(const project::Project& project, const Description& description);
std::filesystem::path json_path(const project::Project& project, const Description& description);

/// Reads all descriptions of a project, by folder and file name, without the samples. Errors (kInput): a
/// damaged description, one in another place than it says, a .csv without .json or the other way round, an id
/// used twice.
Result<std::vector<Description>> read_descriptions(const project::Project& project);

/// Reads the samples of one recording and verifies them against its description. Errors (kInput, with file
/// and line): changed since import (checksum), other axes or another sample count than described.
Result<Recording> read_samples(const project::Project& project, const Description& description);

/// Adds recordings, all or none: writes them aside first, then moves them into place. Sets csv_sha256 in
/// each. Ids must be new. Errors (kInternal): folder not writable, disk full.
Result<void> add_recordings(const project::Project& project, std::vector<Recording>& recordings);

}  // namespace mote::recordings
