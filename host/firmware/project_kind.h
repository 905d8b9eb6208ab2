// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string_view>

#include "core/error.h"
#include "firmware/project_files.h"

namespace mote::firmware {

struct FirmwareRequest;

/// An ecosystem that firmware projects are written for.
struct ProjectKind {
  std::string_view name;  ///< as in board.toml
  /// Writes all files of a project into `folder`, which does not exist yet. `text` is complete but for the
  /// names of the sources. Errors: kInput as build().
  Result<void> (*write)(const FirmwareRequest& request, ProjectText& text,
                        const std::filesystem::path& folder);
  /// Whether `make` in the folder then gives build/firmware.elf. If not, the project is written and neither
  /// compiled nor measured.
  bool is_built_here;
};

namespace project_kinds {
#define MOTE_PROJECT_KIND(name) extern const ProjectKind name;
#include "firmware/project_kinds.def"
#undef MOTE_PROJECT_KIND
}  // namespace project_kinds

/// The kind that `board` asks for. Errors (kInput): there is none of this name.
Result<const ProjectKind*> project_kind(const boards::Board& board);

}  // namespace mote::firmware
