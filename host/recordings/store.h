// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/recording.h"

namespace mote::recordings {

/// The files of a recording: recordings/<label>/<id>.csv or .wav, and .json.
std::filesystem::path samples_path(const project::Project& project, const Description& description);
std::filesystem::path json_path(const project::Project& project, const Description& description);

/// Reads all descriptions of a project, by folder and file name, without the samples. Errors (kInput): a
/// damaged description, one in another place than it says, samples without .json or the other way round, an
/// id used twice.
Result<std::vector<Description>> read_descriptions(const project::Project& project);

/// Reads the samples of one recording and verifies them against its description. Errors (kInput, with file
/// and line): changed since import (checksum), other axes or another sample count than described.
Result<Recording> read_samples(const project::Project& project, const Description& description);

/// Recordings that are added to a project, all or none: written aside first, then moved into place. What was
/// not committed vanishes with the object.
class Addition {
 public:
  explicit Addition(const project::Project& project);
  ~Addition();
  Addition(const Addition&) = delete;
  Addition& operator=(const Addition&) = delete;

  /// Writes a recording aside and sets storage (WAV for one channel of a microphone) and
  /// file_sha256 in it. Its id must be new. Errors (kInternal): folder not writable, disk full.
  Result<void> add(Recording& recording);
  /// Moves all into place, or none. Errors as add().
  Result<void> commit();

 private:
  Result<void> write(const std::filesystem::path& target, std::string_view content);

  const project::Project& project_;
  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> targets_;
  std::vector<std::filesystem::path> moved_;
};

}  // namespace mote::recordings
