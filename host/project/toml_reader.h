// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/json.h"

namespace mote::project {

/// Parses TOML from outside; `where` names it in errors (kInput) together with the line. Refuses more than
/// 64 KiB and lines of more than 1,000 characters (which bounds the depth of nesting).
Result<toml::table> parse_toml(std::string_view text, std::string_view where);

/// One table of a TOML file, read strictly: a wrong type, a value outside its range, a missing and an
/// unknown key are errors (kInput) that name line, key, what was found and what was expected.
class TomlReader {
 public:
  /// `name` is the table's dotted name, empty for the whole file; both must outlive the reader.
  TomlReader(const toml::table& table, std::string name, std::string_view where)
      : table_(&table), name_(std::move(name)), where_(where) {}

  /// Refuses every key that is not in `known`, naming the nearest one.
  Result<void> allow_only(std::initializer_list<std::string_view> known) const;

  bool has(std::string_view key) const { return table_->contains(key); }
  /// Dotted name of `key`, for messages.
  std::string path(std::string_view key) const;
  /// "file:line" of `key`'s value, or of the table if the key is absent.
  std::string where(std::string_view key = {}) const;
  /// The error "`path` is `found`, expected `expected`" at the key's line.
  std::unexpected<Error> refuse(std::string_view key, std::string_view found,
                                std::string_view expected) const;
  /// The value of `key` as it would stand in TOML, cut to one short line.
  std::string found(std::string_view key) const;

  // Each returns `fallback` if the key is absent; without a fallback the key is required.
  Result<std::string> text(std::string_view key, std::optional<std::string> fallback = {}) const;
  Result<double> number(std::string_view key, double low, double high,
                        std::optional<double> fallback = {}) const;
  Result<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high,
                               std::optional<std::int64_t> fallback = {}) const;
  Result<bool> boolean(std::string_view key, std::optional<bool> fallback = {}) const;
  /// A plain name (core/text.h).
  Result<std::string> plain_name(std::string_view key, std::optional<std::string> fallback = {}) const;
  /// An array of different plain names.
  Result<std::vector<std::string>> plain_names(std::string_view key, std::size_t low, std::size_t high,
                                               std::optional<std::vector<std::string>> fallback = {}) const;
  /// Every key but those in `known`: numbers, truth values, strings of at most 200 characters, and lists of
  /// at most 64 of these.
  Result<Json> plain_values(std::initializer_list<std::string_view> known) const;
  /// The sub-table `key`; an empty one if absent and not `required`.
  Result<TomlReader> table(std::string_view key, bool required) const;
  /// The array of tables `key`, at least one.
  Result<std::vector<TomlReader>> tables(std::string_view key) const;

 private:
  std::unexpected<Error> missing(std::string_view key, std::string_view expected) const;

  const toml::table* table_;
  std::string name_;
  std::string_view where_;
};

}  // namespace mote::project
