// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote {

/// Largest file that is read whole unless the caller says otherwise.
inline constexpr std::uintmax_t kDefaultFileLimitBytes = std::uintmax_t{256} << 20;

/// Reads a whole file. Errors (kInput): it is absent, is no regular file, or is longer than `limit_bytes`.
Result<std::string> read_text(const std::filesystem::path& path,
                              std::uintmax_t limit_bytes = kDefaultFileLimitBytes);

/// As read_text(), as bytes.
Result<std::vector<std::uint8_t>> read_bytes(const std::filesystem::path& path,
                                             std::uintmax_t limit_bytes = kDefaultFileLimitBytes);

/// Writes `content` to a temporary file beside `path` and renames it, so that `path` is either what it was or
/// the whole new content. Makes missing folders. Errors (kInternal): folder not writable, disk full.
Result<void> write_file(const std::filesystem::path& path, std::string_view content);

/// As above, for bytes.
Result<void> write_file(const std::filesystem::path& path, std::span<const std::uint8_t> content);

/// Regular files directly in `directory` whose name ends in `suffix`, sorted by name; none if it is absent.
std::vector<std::filesystem::path> list_files(const std::filesystem::path& directory,
                                              std::string_view suffix);

}  // namespace mote
