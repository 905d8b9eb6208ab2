// SPDX-License-Identifier: Apache-2.0
#include "features/cache.h"

#include <fmt/format.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/version.h"

namespace mote::features {
namespace {

constexpr std::size_t kHashBytes = 64;

std::string bytes_of(const std::vector<std::int16_t>& rows) {
  std::string bytes;
  bytes.reserve(rows.size() * 2);
  for (const std::int16_t value : rows) {
    bytes.push_back(static_cast<char>(value & 0xFF));
    bytes.push_back(static_cast<char>((value >> 8) & 0xFF));
  }
  return bytes;
}

std::string key_of(const Pipeline& pipeline) {
  constexpr std::int64_t kRows = 4;
  const std::string probe = sha256(bytes_of(rows_of(pipeline, noise_of(pipeline, kRows))));
  std::string text = fmt::format("{} {}\n", kVersion, probe);
  for (const auto& block : pipeline.blocks()) {
    const BlockConstants constants = block->constants();
    text += constants.type + "\n";
    for (const auto& member : constants.members) text += member + ",";
    for (const auto& table : constants.tables) text += "\n" + table.elements;
    text += "\n";
  }
  return sha256(text);
}

}  // namespace

Cache::Cache(std::filesystem::path folder, const Pipeline& pipeline)
    : folder_(std::move(folder)), pipeline_(&pipeline) {
  if (!pipeline.blocks().empty()) pipeline_key_ = key_of(pipeline);
}

std::vector<std::int16_t> Cache::rows(const std::string& content_sha256,
                                      std::span<const std::int16_t> counts) {
  if (pipeline_->blocks().empty() || content_sha256.empty()) return rows_of(*pipeline_, counts);
  const auto file = folder_ / (sha256(pipeline_key_ + content_sha256) + ".rows");
  // The file begins with the hash of what follows.
  if (const auto text = read_text(file); text.has_value() && text->size() >= kHashBytes) {
    const std::string_view content = std::string_view(*text).substr(kHashBytes);
    if (sha256(content) == text->substr(0, kHashBytes) && content.size() % 2 == 0) {
      ++hits_;
      std::vector<std::int16_t> rows(content.size() / 2);
      for (std::size_t index = 0; index < rows.size(); ++index)
        rows[index] = static_cast<std::int16_t>(static_cast<unsigned char>(content[2 * index]) |
                                                static_cast<unsigned char>(content[2 * index + 1]) << 8);
      return rows;
    }
  }
  std::vector<std::int16_t> rows = rows_of(*pipeline_, counts);
  const std::string content = bytes_of(rows);
  if (!write_file(file, sha256(content) + content)) return rows;  // then it is computed again next time
  return rows;
}

}  // namespace mote::features
