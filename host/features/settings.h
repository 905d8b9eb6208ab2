// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "project/project.h"

namespace mote::features {

/// The settings of one `[[features]]` table, read strictly: a wrong type, a value outside its range, a
/// missing and an unknown key are errors (kInput) that name place, key, what was found and what was expected.
class Settings {
 public:
  /// `block` must outlive the settings.
  explicit Settings(const project::FeatureBlock& block) : block_(&block) {}

  /// Refuses every key that is not in `known`, naming the nearest one.
  Result<void> allow_only(std::initializer_list<std::string_view> known) const;

  bool has(std::string_view key) const { return block_->settings.contains(key); }
  const std::string& where() const { return block_->where; }
  /// The error "<block>.<key> is <what stands there>, expected <expected>".
  std::unexpected<Error> refuse(std::string_view key, std::string_view expected) const;
  /// The error "<block> <what>", for what no single key is to blame for.
  std::unexpected<Error> refuse_block(std::string_view what, std::string_view hint = {}) const;

  /// The error "<block> cannot be made: ..." for what a design says of its parameters; one that has a place
  /// already stays as it is.
  std::unexpected<Error> refuse_design(const Error& error) const {
    if (!error.where.empty()) return std::unexpected(error);
    return refuse_block("cannot be made: " + error.what, error.hint);
  }

  // Each returns `fallback` if the key is absent; without a fallback the key is required.
  Result<double> number(std::string_view key, double low, double high,
                        std::optional<double> fallback = {}) const;
  Result<std::int32_t> integer(std::string_view key, std::int32_t low, std::int32_t high,
                               std::optional<std::int32_t> fallback = {}) const;
  Result<bool> boolean(std::string_view key, bool fallback) const;
  /// Index into `words`.
  Result<std::size_t> choice(std::string_view key, std::initializer_list<std::string_view> words,
                             std::optional<std::string_view> fallback = {}) const;
  /// Indices into `words`, at least one, each once, in the order of the file; all of them if absent.
  Result<std::vector<std::size_t>> choices(std::string_view key,
                                           std::initializer_list<std::string_view> words) const;
  /// A list of numbers, at most 64.
  Result<std::vector<double>> numbers(std::string_view key, double low, double high) const;
  /// A duration in milliseconds as whole samples of `rate_hz`, at least `low` and at most `high` of them,
  /// rounded to the nearest.
  Result<std::int32_t> samples(std::string_view key, double rate_hz, std::int32_t low,
                               std::int32_t high) const;

 private:
  const project::FeatureBlock* block_;
};

}  // namespace mote::features
