// SPDX-License-Identifier: Apache-2.0
#include "check/sign_off.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

#include "core/files.h"

namespace mote::check {
namespace {

constexpr std::uintmax_t kLimitBytes = 64 * 1024;

/// A date as text, whether written with quotes or as TOML's own date.
std::string date_text(const toml::node_view<const toml::node>& node) {
  if (const auto date = node.value<toml::date>())
    return fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
  return node.value_or(std::string());
}

bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const bool hyphen = place == 4 || place == 7;
    if (hyphen ? text[place] != '-' : text[place] < '0' || text[place] > '9') return false;
  }
  return true;
}

}  // namespace

Result<std::optional<SignOff>> read_sign_off(const std::filesystem::path& root, std::string_view item) {
  const auto path = root / "signoff.toml";
  if (!std::filesystem::exists(path)) return std::nullopt;
  MOTE_TRY(const std::string text, read_text(path, kLimitBytes));
  toml::table document;
  try {
    document = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::kInput, std::string(error.description()),
                fmt::format("{}:{}", path.string(), error.source().begin.line));
  }
  const toml::table& read_only = document;
  const auto entry = read_only[item];
  if (!entry) return std::nullopt;
  SignOff sign_off{entry["name"].value_or(std::string()), date_text(entry["date"]),
                   entry["version"].value_or(std::string())};
  if (sign_off.name.empty() || sign_off.version.empty() || !is_date(sign_off.date))
    return fail(ErrorKind::kInput, fmt::format("[{}] needs name, date (YYYY-MM-DD) and version", item),
                path.string());
  return sign_off;
}

}  // namespace mote::check
