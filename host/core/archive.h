// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote {

/// A file inside an archive. Its name comes from outside and is no path to write to.
struct ArchiveFile {
  std::string name;
  std::vector<std::uint8_t> content;
};

/// What may be unpacked of one archive, since a small one can hold a large one.
inline constexpr std::size_t kMaxUnpackedBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMaxArchiveFiles = 10'000;

/// Unpacks a ZIP archive (stored or deflated, zip64 too). Errors (kInput, with `where`): no ZIP archive,
/// damaged, encrypted, more files or bytes than the limits.
Result<std::vector<ArchiveFile>> unzip(std::span<const std::uint8_t> bytes, std::string_view where);

}  // namespace mote
