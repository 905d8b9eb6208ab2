// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

/// Skips the running test, visibly, when `condition` does not hold; with MOTE_REQUIRE=all in the environment
/// the missing thing is a failure instead.
#define MOTE_REQUIRE_OR_SKIP(condition, what_is_missing)            \
  do {                                                              \
    if (!(condition)) {                                             \
      const char* require = std::getenv("MOTE_REQUIRE");            \
      if (require != nullptr && std::string_view(require) == "all") \
        FAIL() << "required but missing: " << (what_is_missing);    \
      GTEST_SKIP() << "missing: " << (what_is_missing);             \
    }                                                               \
  } while (false)

namespace mote::test {

/// The folder with reference models and recordings: MOTE_REFERENCE_DATA, else shared/data beside the
/// checkout.
inline std::filesystem::path reference_data_dir() {
  if (const char* directory = std::getenv("MOTE_REFERENCE_DATA")) return directory;
  return std::filesystem::path(MOTE_SOURCE_DIR) / ".." / "shared" / "data";
}

/// Whether `tool` is on the PATH.
inline bool have_tool(const std::string& tool) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const auto end = rest.find(':');
    const std::filesystem::path candidate = std::filesystem::path(rest.substr(0, end)) / tool;
    std::error_code ignored;
    if (std::filesystem::exists(candidate, ignored)) return true;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return false;
}

/// A fresh, empty folder that is removed with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mote-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace mote::test
