// SPDX-License-Identifier: Apache-2.0
#include "core/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace mote {
namespace {

template <class Container>
Result<Container> read_whole(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status))
    return fail(ErrorKind::kInput, "no such file", path.string(), "check the path");
  if (!std::filesystem::is_regular_file(status))
    return fail(ErrorKind::kInput, "not a regular file", path.string(),
                "give a file, not a folder or a device");
  const auto size = std::filesystem::file_size(path, code);
  if (code) return fail(ErrorKind::kInput, "cannot be read: " + code.message(), path.string());
  if (size > limit_bytes)
    return fail(ErrorKind::kInput, fmt::format("file has {} bytes, at most {} are read", size, limit_bytes),
                path.string());
  std::ifstream stream(path, std::ios::binary);
  Container content(static_cast<std::size_t>(size), typename Container::value_type{});
  stream.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(size));
  if (!stream || static_cast<std::uintmax_t>(stream.gcount()) != size)
    return fail(ErrorKind::kInput, "cannot be read", path.string(), "check its permissions");
  return content;
}

Error write_error(const std::filesystem::path& path) {
  return Error{ErrorKind::kInternal, fmt::format("cannot be written: {}", std::strerror(errno)),
               path.string(), "check that the folder exists, is writable and has room"};
}

bool write_all(int descriptor, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
  return read_whole<std::string>(path, limit_bytes);
}

Result<std::vector<std::uint8_t>> read_bytes(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
  return read_whole<std::vector<std::uint8_t>>(path, limit_bytes);
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  std::string temporary = path.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) return std::unexpected(write_error(path));
  ::fchmod(descriptor, 0644);
  const bool written = write_all(descriptor, content.data(), content.size());
  const bool closed = ::close(descriptor) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    Error error = write_error(path);
    ::unlink(temporary.c_str());
    return std::unexpected(std::move(error));
  }
  return {};
}

Result<void> write_file(const std::filesystem::path& path, std::span<const std::uint8_t> content) {
  return write_file(path, std::string_view(reinterpret_cast<const char*>(content.data()), content.size()));
}

std::vector<std::filesystem::path> list_files(const std::filesystem::path& directory,
                                              std::string_view suffix) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code))
    if (entry.is_regular_file() && entry.path().filename().string().ends_with(suffix))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace mote
