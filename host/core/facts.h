// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"

namespace mote {

/// What one stage found out, on disk as `<project>/run/<stage>.json`:
/// `{"schema": "mote.<stage>/<version>", "made_by": "mote 0.1.0", "inputs": {path: sha256}, "outputs": {path:
/// sha256},
///   "facts": {...}}`. Paths are relative to the project folder.
struct FactSchema {
  std::string stage;  ///< lower case, names the file
  int version = 1;    ///< raised when a reader of the old form would misunderstand the new one
};

/// Where the fact of `stage` lies.
std::filesystem::path fact_path(const std::filesystem::path& project, std::string_view stage);

/// Writes a fact with the SHA-256 of every file in `inputs` and `outputs` (absolute or relative to
/// `project`). Errors: one of the files cannot be read; the fact cannot be written.
Result<void> write_fact(const std::filesystem::path& project, const FactSchema& schema,
                        const std::vector<std::filesystem::path>& inputs,
                        const std::vector<std::filesystem::path>& outputs, const Json& facts);

/// Reads a fact's "facts". Errors: kUsage if the stage has not run ("run `mote <stage>` first"), kInput if
/// the file is damaged or of another schema version, kFinding if a file it was made from, or that it made,
/// has changed since ("stale"); the hint names the command to repeat.
Result<Json> read_fact(const std::filesystem::path& project, const FactSchema& schema);

/// A fact with what it was made from and what it made.
struct Fact {
  Json facts;
  Json inputs;                            ///< path: SHA-256
  Json outputs;                           ///< path: SHA-256
  std::vector<std::string> changed = {};  ///< the files among both that changed or vanished since
};

/// Reads a fact whole, stale or not. Errors: as read_fact() without staleness.
Result<Fact> read_whole_fact(const std::filesystem::path& project, const FactSchema& schema);

/// As read_fact() but tells staleness apart: the files that changed or vanished since, empty if none.
Result<std::vector<std::string>> stale_files(const std::filesystem::path& project, const FactSchema& schema);

}  // namespace mote
