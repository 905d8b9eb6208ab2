// SPDX-License-Identifier: Apache-2.0
#include "core/hash.h"

#include <sha2.h>

#include "core/files.h"

namespace mote {

std::string sha256(std::span<const std::uint8_t> bytes) {
  char digest[SHA256_DIGEST_STRING_LENGTH] = {};
  SHA256Data(bytes.data(), bytes.size(), digest);
  return digest;
}

std::string sha256(std::string_view text) {
  return sha256(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  MOTE_TRY(const auto bytes, read_bytes(path));
  return sha256(bytes);
}

}  // namespace mote
