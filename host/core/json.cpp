// SPDX-License-Identifier: Apache-2.0
#include "core/json.h"

#include <fmt/format.h>

#include "core/files.h"

namespace mote {
namespace {

constexpr int kMaxDepth = 64;

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view where) {
  bool too_deep = false;
  const auto guard = [&too_deep](int depth, Json::parse_event_t, Json&) {
    too_deep = too_deep || depth > kMaxDepth;
    return !too_deep;
  };
  try {
    Json value = Json::parse(text, guard);
    if (too_deep)
      return fail(ErrorKind::kInput, fmt::format("JSON is nested deeper than {} levels", kMaxDepth),
                  std::string(where));
    return value;
  } catch (const nlohmann::json::exception& exception) {
    return fail(ErrorKind::kInput, fmt::format("is not JSON: {}", exception.what()), std::string(where));
  }
}

Result<Json> read_json(const std::filesystem::path& path) {
  MOTE_TRY(const std::string text, read_text(path));
  return parse_json(text, path.string());
}

std::string to_json_text(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mote
