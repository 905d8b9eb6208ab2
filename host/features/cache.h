// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "features/pipeline.h"

namespace mote::features {

/// Rows of recordings that were computed before, kept in a folder by the hash of all they depend on: the
/// recording's counts, the blocks with their tables, and what the pipeline makes of a fixed noise, so that
/// changed code is another pipeline.
class Cache {
 public:
  /// `folder` is made when something is kept. `pipeline` must outlive the cache.
  Cache(std::filesystem::path folder, const Pipeline& pipeline);

  /// The rows of the recording with this content, from the folder or computed and kept; a damaged file is
  /// computed anew, and a folder that cannot be written is no error.
  std::vector<std::int16_t> rows(const std::string& content_sha256, std::span<const std::int16_t> counts);

  std::int64_t hits() const { return hits_; }

 private:
  std::filesystem::path folder_;
  const Pipeline* pipeline_;
  std::string pipeline_key_;
  std::int64_t hits_ = 0;
};

}  // namespace mote::features
