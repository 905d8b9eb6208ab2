// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"

namespace mote {

/// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::uint8_t> bytes);
std::string sha256(std::string_view text);

/// SHA-1 of the text, 40 lower-case hexadecimal digits: for rules of data sets that use it, not for safety.
std::string sha1(std::string_view text);

/// HMAC-SHA-256 (RFC 2104) of the text, 64 lower-case hexadecimal digits.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// SHA-256 of a file's content. Errors as read_bytes().
Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace mote
