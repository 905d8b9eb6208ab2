// SPDX-License-Identifier: Apache-2.0
#include "core/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <memory>

#include "core/text.h"

namespace mote {
namespace {

using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;

std::unexpected<Error> damaged(const Reader& reader, std::string_view where) {
  const char* reason = archive_error_string(reader.get());
  return fail(
      ErrorKind::kInput,
      fmt::format("is no readable ZIP archive: {}", escape_comment(reason != nullptr ? reason : "damaged")),
      std::string(where), "copy or write it again");
}

/// The content of the entry that the reader stands at, of at most `room` bytes.
Result<std::vector<std::uint8_t>> read_entry(const Reader& reader, std::size_t room, std::string_view where) {
  constexpr std::size_t kStep = std::size_t{1} << 16;
  std::vector<std::uint8_t> content;
  for (;;) {
    const std::size_t size = content.size();
    content.resize(size + kStep);
    const la_ssize_t got = archive_read_data(reader.get(), &content[size], kStep);
    if (got < 0) return damaged(reader, where);
    content.resize(size + static_cast<std::size_t>(got));
    if (got == 0) return content;
    if (content.size() > room)
      return fail(ErrorKind::kInput, fmt::format("unpacks to more than {} bytes", kMaxUnpackedBytes),
                  std::string(where));
  }
}

}  // namespace

Result<std::vector<ArchiveFile>> unzip(std::span<const std::uint8_t> bytes, std::string_view where) {
  const Reader reader(archive_read_new(), &archive_read_free);
  if (archive_read_support_format_zip_seekable(reader.get()) != ARCHIVE_OK ||
      archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
    return damaged(reader, where);
  std::vector<ArchiveFile> files;
  std::size_t unpacked = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return files;
    if (status != ARCHIVE_OK) return damaged(reader, where);
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    if (files.size() == kMaxArchiveFiles)
      return fail(ErrorKind::kInput, fmt::format("holds more than {} files", kMaxArchiveFiles),
                  std::string(where));
    const char* name = archive_entry_pathname(entry);
    ArchiveFile file{name != nullptr ? name : "", {}};
    MOTE_TRY(file.content, read_entry(reader, kMaxUnpackedBytes - unpacked, where));
    unpacked += file.content.size();
    files.push_back(std::move(file));
  }
}

}  // namespace mote
