// SPDX-License-Identifier: Apache-2.0
#include "core/temporary_folder.h"

#include <cstdlib>
#include <string>
#include <utility>

namespace mote {

Result<TemporaryFolder> TemporaryFolder::create(std::string_view prefix) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  std::string pattern = (parent / (std::string(prefix) + "-XXXXXX")).string();
  if (error || ::mkdtemp(pattern.data()) == nullptr)
    return fail(ErrorKind::kInternal, "cannot make a temporary folder", pattern);
  return TemporaryFolder(pattern);
}

TemporaryFolder::TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace mote
