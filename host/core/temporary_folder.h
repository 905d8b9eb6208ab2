// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string_view>

#include "core/error.h"

namespace mote {

/// A fresh folder for intermediate files, removed with everything in it at the end.
class TemporaryFolder {
 public:
  /// In the system's folder for such things, its name begins with `prefix`. Errors (kInternal): it cannot be
  /// made.
  static Result<TemporaryFolder> create(std::string_view prefix);

  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path);

  std::filesystem::path path_;  ///< empty once moved from
};

}  // namespace mote
