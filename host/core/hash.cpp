// SPDX-License-Identifier: Apache-2.0
#include "core/hash.h"

#include <sha1.h>
#include <sha2.h>

#include <array>

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

std::string sha1(std::string_view text) {
  char digest[SHA1_DIGEST_STRING_LENGTH] = {};
  SHA1Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest);
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<std::uint8_t, SHA256_BLOCK_LENGTH> inner{}, outer{};
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA2_CTX context;
  const auto add = [&context](const void* data, std::size_t size) {
    SHA256Update(&context, static_cast<const std::uint8_t*>(data), size);
  };
  if (key.size() > inner.size()) {
    SHA256Init(&context);
    add(key.data(), key.size());
    SHA256Final(inner.data(), &context);
  } else {
    std::copy(key.begin(), key.end(), inner.begin());
  }
  for (std::size_t at = 0; at < inner.size(); ++at) {
    outer[at] = inner[at] ^ 0x5C;
    inner[at] ^= 0x36;
  }
  SHA256Init(&context);
  add(inner.data(), inner.size());
  add(text.data(), text.size());
  SHA256Final(digest.data(), &context);
  SHA256Init(&context);
  add(outer.data(), outer.size());
  add(digest.data(), digest.size());
  char text_digest[SHA256_DIGEST_STRING_LENGTH] = {};
  return SHA256End(&context, text_digest);
}

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  MOTE_TRY(const auto bytes, read_bytes(path));
  return sha256(bytes);
}

}  // namespace mote
