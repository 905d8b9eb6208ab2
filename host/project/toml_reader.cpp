// SPDX-License-Identifier: Apache-2.0
#include "project/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/text.h"

namespace mote::project {
namespace {

constexpr std::size_t kMaxTextBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxLineBytes = 1000;
constexpr std::size_t kMaxFoundBytes = 100;
constexpr std::string_view kPlainName =
    "a plain name (1 to 32 letters, digits, '_' or '-', starting with a letter)";

const toml::table& empty_table() {
  static const toml::table kEmpty;
  return kEmpty;
}

/// Refuses text whose parsing could need unbounded time or stack.
Result<void> check_size(std::string_view text, std::string_view where) {
  if (text.size() > kMaxTextBytes)
    return fail(ErrorKind::kInput,
                fmt::format("has {} bytes, at most {} are read", text.size(), kMaxTextBytes),
                std::string(where));
  std::size_t number = 0;
  for (const auto line : split(text, '\n')) {
    ++number;
    if (line.size() > kMaxLineBytes)
      return fail(ErrorKind::kInput,
                  fmt::format("line has {} characters, at most {} are read", line.size(), kMaxLineBytes),
                  fmt::format("{}:{}", where, number));
  }
  return {};
}

/// A number, truth value or short string.
std::optional<Json> plain_value(const toml::node& node) {
  if (const auto* const value = node.as_boolean()) return Json(value->get());
  if (const auto* const value = node.as_integer()) return Json(value->get());
  if (const auto* const value = node.as_floating_point())
    return std::isfinite(value->get()) ? std::optional<Json>(value->get()) : std::nullopt;
  if (const auto* const value = node.as_string(); value != nullptr && value->get().size() <= 200)
    return Json(value->get());
  return std::nullopt;
}

/// One line of at most kMaxFoundBytes printable characters.
std::string shortened(std::string_view text) {
  std::string line = escape_comment(text.substr(0, kMaxFoundBytes));
  if (text.size() > kMaxFoundBytes) line += "...";
  return line;
}

}  // namespace

Result<toml::table> parse_toml(std::string_view text, std::string_view where) {
  MOTE_CHECK(check_size(text, where));
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::kInput,
                fmt::format("is not TOML: {}", escape_comment(error.description().substr(0, 200))),
                fmt::format("{}:{}", where, error.source().begin.line),
                "strings need quotes, names stand before '=', tables in [brackets]");
  } catch (const std::exception& error) {
    return fail(ErrorKind::kInput, fmt::format("is not TOML: {}", shortened(error.what())),
                std::string(where));
  }
}

std::string TomlReader::path(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

std::string TomlReader::where(std::string_view key) const {
  const toml::node* node = table_->get(key);
  const auto line = node != nullptr ? node->source().begin.line : table_->source().begin.line;
  return line == 0 ? std::string(where_) : fmt::format("{}:{}", where_, line);
}

std::string TomlReader::found(std::string_view key) const {
  const toml::node* node = table_->get(key);
  if (node == nullptr) return "missing";
  if (node->is_table()) return "a table";
  if (node->is_array()) return "an array";
  if (node->is_string()) return fmt::format("\"{}\"", shortened(node->as_string()->get()));
  if (node->is_floating_point()) return fmt::format("{}", node->as_floating_point()->get());
  std::ostringstream text;
  node->visit([&text](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) text << value;
  });
  return shortened(text.str());
}

std::unexpected<Error> TomlReader::refuse(std::string_view key, std::string_view found,
                                          std::string_view expected) const {
  return fail(ErrorKind::kInput, fmt::format("{} is {}, expected {}", path(key), found, expected),
              where(key));
}

std::unexpected<Error> TomlReader::missing(std::string_view key, std::string_view expected) const {
  return fail(ErrorKind::kInput, fmt::format("{} is missing, expected {}", path(key), expected), where());
}

Result<void> TomlReader::allow_only(std::initializer_list<std::string_view> known) const {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const auto& [key, value] : *table_) {
    const std::string name(key.str());
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string nearest = nearest_name(name, names);
    return fail(ErrorKind::kInput, fmt::format("unknown key {}", path(shortened(name))), where(name),
                nearest.empty() ? fmt::format("known here: {}", fmt::join(names, ", "))
                                : fmt::format("did you mean {}?", nearest));
  }
  return {};
}

Result<std::string> TomlReader::text(std::string_view key, std::optional<std::string> fallback) const {
  constexpr std::string_view kExpected = "a string of at most 200 characters";
  const toml::node* node = table_->get(key);
  if (node == nullptr) {
    if (fallback.has_value()) return *std::move(fallback);
    return missing(key, kExpected);
  }
  const auto* value = node->as_string();
  if (value == nullptr || value->get().size() > 200) return refuse(key, found(key), kExpected);
  return value->get();
}

Result<double> TomlReader::number(std::string_view key, double low, double high,
                                  std::optional<double> fallback) const {
  const std::string expected = fmt::format("a number from {} to {}", low, high);
  const toml::node* node = table_->get(key);
  if (node == nullptr) {
    if (fallback.has_value()) return *fallback;
    return missing(key, expected);
  }
  if (!node->is_number()) return refuse(key, found(key), expected);
  const double value = node->value<double>().value_or(std::nan(""));
  if (!(value >= low && value <= high)) return refuse(key, found(key), expected);
  return value;
}

Result<bool> TomlReader::boolean(std::string_view key, std::optional<bool> fallback) const {
  constexpr std::string_view kExpected = "true or false";
  const toml::node* node = table_->get(key);
  if (node == nullptr) {
    if (fallback.has_value()) return *fallback;
    return missing(key, kExpected);
  }
  const auto value = node->value_exact<bool>();
  if (!value.has_value()) return refuse(key, found(key), kExpected);
  return *value;
}

Result<std::int64_t> TomlReader::integer(std::string_view key, std::int64_t low, std::int64_t high,
                                         std::optional<std::int64_t> fallback) const {
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  const toml::node* node = table_->get(key);
  if (node == nullptr) {
    if (fallback.has_value()) return *fallback;
    return missing(key, expected);
  }
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < low || value->get() > high) return refuse(key, found(key), expected);
  return value->get();
}

Result<std::string> TomlReader::plain_name(std::string_view key, std::optional<std::string> fallback) const {
  if (!has(key) && !fallback.has_value()) return missing(key, kPlainName);
  MOTE_TRY(std::string name, text(key, std::move(fallback)));
  if (has(key) && !is_plain_name(name)) return refuse(key, found(key), kPlainName);
  return name;
}

Result<std::vector<std::string>> TomlReader::plain_names(
    std::string_view key, std::size_t low, std::size_t high,
    std::optional<std::vector<std::string>> fallback) const {
  const std::string expected = fmt::format("an array of {} to {} names", low, high);
  const toml::node* node = table_->get(key);
  if (node == nullptr) {
    if (fallback.has_value()) return *std::move(fallback);
    return missing(key, expected);
  }
  const toml::array* array = node->as_array();
  if (array == nullptr) return refuse(key, found(key), expected);
  if (array->size() < low || array->size() > high)
    return refuse(key, fmt::format("an array of {}", array->size()), expected);
  std::vector<std::string> names;
  for (const auto& element : *array) {
    const std::string name = element.is_string() ? element.as_string()->get() : std::string();
    if (!is_plain_name(name))
      return fail(ErrorKind::kInput,
                  fmt::format("{} has entry {} \"{}\", expected {}", path(key), names.size() + 1,
                              shortened(name), kPlainName),
                  where(key));
    if (std::find(names.begin(), names.end(), name) != names.end())
      return fail(ErrorKind::kInput,
                  fmt::format("{} has {} twice, expected different names", path(key), name), where(key));
    names.push_back(name);
  }
  return names;
}

Result<TomlReader> TomlReader::table(std::string_view key, bool required) const {
  const toml::node* node = table_->get(key);
  if (node == nullptr && required) return missing(key, fmt::format("a table [{}]", path(key)));
  if (node == nullptr) return TomlReader(empty_table(), path(key), where_);
  if (!node->is_table()) return refuse(key, found(key), fmt::format("a table [{}]", path(key)));
  return TomlReader(*node->as_table(), path(key), where_);
}

Result<std::vector<TomlReader>> TomlReader::tables(std::string_view key) const {
  const std::string expected = fmt::format("at least one table [[{}]]", path(key));
  const toml::node* node = table_->get(key);
  if (node == nullptr) return missing(key, expected);
  const toml::array* array = node->as_array();
  if (array == nullptr || array->empty() || !array->is_homogeneous<toml::table>())
    return refuse(key, found(key), expected);
  std::vector<TomlReader> readers;
  for (const auto& element : *array)
    readers.emplace_back(*element.as_table(), fmt::format("{}[{}]", path(key), readers.size() + 1), where_);
  return readers;
}

Result<Json> TomlReader::plain_values(std::initializer_list<std::string_view> known) const {
  constexpr std::size_t kMostItems = 64;
  constexpr std::string_view kExpected = "a number, true, false, a string, or a list of at most 64 of these";
  Json values = Json::object();
  for (const auto& [key, node] : *table_) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    Json value = Json::array();
    if (const auto* const list = node.as_array()) {
      if (list->size() > kMostItems) return refuse(key.str(), found(key.str()), kExpected);
      for (const toml::node& item : *list) {
        auto plain = plain_value(item);
        if (!plain.has_value()) return refuse(key.str(), found(key.str()), kExpected);
        value.push_back(*std::move(plain));
      }
    } else {
      auto plain = plain_value(node);
      if (!plain.has_value()) return refuse(key.str(), found(key.str()), kExpected);
      value = *std::move(plain);
    }
    values[std::string(key.str())] = std::move(value);
  }
  return values;
}

}  // namespace mote::project
