// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/json.h"

namespace mote::bench {

/// What `mote bench --json` printed, of which a comparison needs this.
struct Recorded {
  std::string model;
  std::string board;
  std::string optimize;
  std::int64_t instructions = 0;
  std::int64_t code_bytes = 0;
  std::int64_t ram_bytes = 0;
};

/// A loss that somebody took on purpose: valid for exactly this number of instructions.
struct Accepted {
  std::string model;
  std::string board;
  std::string optimize;
  std::int64_t instructions = 0;
  std::string reason;
};

/// One model on one board, before and after.
struct Change {
  Recorded before;
  Recorded after;
  bool is_loss = false;  ///< more instructions than the limit allows
  std::string accepted;  ///< the reason, if the loss is accepted
  double ratio() const;  ///< of instructions, after / before
};

/// Instructions may grow by this share before it counts as a loss; they are deterministic, so that it leaves
/// room for code that was changed for another reason, not for noise.
inline constexpr double kAllowedGrowth = 0.02;

/// Errors (kInput): a field is missing or of another type; `where` names the file.
Result<Recorded> recorded_from(const Json& json, std::string_view where);

/// The results in a file, or in every .json file of a folder, by name. Errors (kInput).
Result<std::vector<Recorded>> read_recorded(const std::filesystem::path& path);

/// Parses accepted.toml: tables [[accepted]] with model, board, optimize, instructions, reason. Errors
/// (kInput): a field is missing, of another type, or empty.
Result<std::vector<Accepted>> parse_accepted(std::string_view toml, std::string_view where);

/// The models and boards that are in both. A loss is accepted if an entry names it with its number of
/// instructions.
std::vector<Change> compare(const std::vector<Recorded>& before, const std::vector<Recorded>& after,
                            const std::vector<Accepted>& accepted);

}  // namespace mote::bench
