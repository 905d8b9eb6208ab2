// SPDX-License-Identifier: Apache-2.0
#include "core/resources.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

namespace mote {

Result<std::filesystem::path> resource(std::string_view path) {
  std::error_code ignored;
  std::vector<std::filesystem::path> roots;
  if (const char* home = std::getenv("MOTE_HOME")) roots.emplace_back(home);
  const auto tool = std::filesystem::read_symlink("/proc/self/exe", ignored);
  roots.push_back(tool.parent_path().parent_path() / "share" / "mote");
  roots.emplace_back(MOTE_SOURCE_ROOT);
  for (const auto& root : roots)
    if (std::filesystem::exists(root / path, ignored)) return root / path;
  return fail(ErrorKind::kInternal, fmt::format("'{}', which comes with mote, was not found", path), "",
              "set MOTE_HOME to the folder that holds it");
}

Result<std::filesystem::path> module_file(std::string_view name) {
  std::error_code ignored;
  const auto tool = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const auto installed = tool.parent_path() / MOTE_MODULES_INSTALLED;
  for (const auto& folder : {installed, std::filesystem::path(MOTE_MODULES_BUILT)})
    if (std::filesystem::is_regular_file(folder / name, ignored)) return folder / name;
  return fail(ErrorKind::kInternal, fmt::format("'{}', which comes with mote, was not found", name),
              installed.lexically_normal().string(), "install mote again");
}

}  // namespace mote
