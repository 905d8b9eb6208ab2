// SPDX-License-Identifier: Apache-2.0
#include "firmware/project_sources.h"

#include <set>

#include "core/files.h"
#include "core/resources.h"
#include "core/text.h"

namespace mote::firmware {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kSourceLimitBytes = std::uintmax_t{64} << 20;

/// Paths after `#include "mote/` in a source text.
std::set<std::string> device_includes(std::string_view text) {
  constexpr std::string_view kStart = "#include \"mote/";
  std::set<std::string> found;
  for (auto at = text.find(kStart); at != std::string_view::npos; at = text.find(kStart, at + 1)) {
    const auto end = text.find('"', at + kStart.size());
    if (end == std::string_view::npos) break;
    found.insert(std::string(text.substr(at + 10, end - at - 10)));
  }
  return found;
}

}  // namespace

Result<std::vector<std::string>> copy_sources(const fs::path& from, const fs::path& to,
                                              std::string_view extra) {
  std::vector<std::string> sources;
  for (const auto suffix : {std::string_view(".h"), std::string_view(".cpp"), extra}) {
    for (const auto& file : list_files(from, suffix)) {
      // Names go into the Makefile, where others than these have a meaning.
      if (to_identifier(file.stem().string()) != file.stem().string())
        return fail(ErrorKind::kInput, "the name of a source file is no identifier", file.string(),
                    "remove the file");
      MOTE_TRY(const std::string text, read_text(file, kSourceLimitBytes));
      MOTE_CHECK(write_file(to / file.filename(), text));
      if (suffix == ".cpp") sources.push_back(file.filename().string());
    }
  }
  return sources;
}

Result<void> copy_device_headers(const fs::path& project, const fs::path& to) {
  MOTE_TRY(const fs::path library, resource("device/include"));
  std::set<std::string> copied;
  std::set<std::string> wanted;
  for (const auto& entry : fs::recursive_directory_iterator(project)) {
    if (!entry.is_regular_file()) continue;
    MOTE_TRY(const std::string text, read_text(entry.path(), kSourceLimitBytes));
    wanted.merge(device_includes(text));
  }
  while (!wanted.empty()) {
    const std::string name = *wanted.begin();
    wanted.erase(wanted.begin());
    if (name.find("..") != std::string::npos || !copied.insert(name).second) continue;
    MOTE_TRY(const std::string text, read_text(library / name, kSourceLimitBytes));
    MOTE_CHECK(write_file(to / name, text));
    wanted.merge(device_includes(text));
  }
  return {};
}

}  // namespace mote::firmware
