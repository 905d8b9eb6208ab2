// SPDX-License-Identifier: Apache-2.0
#include "features/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/text.h"

namespace mote::features {
namespace {

constexpr std::size_t kMostFoundBytes = 60;

std::string found_text(const Json& settings, std::string_view key) {
  const auto found = settings.find(key);
  if (found == settings.end()) return "missing";
  return escape_comment(
      found->dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, kMostFoundBytes));
}

std::string words_text(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const auto word : words) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", word);
  return text;
}

std::optional<std::size_t> index_of(std::initializer_list<std::string_view> words, const Json& word) {
  if (!word.is_string()) return std::nullopt;
  const auto* const found = std::find(words.begin(), words.end(), word.get<std::string>());
  if (found == words.end()) return std::nullopt;
  return static_cast<std::size_t>(found - words.begin());
}

}  // namespace

std::unexpected<Error> Settings::refuse(std::string_view key, std::string_view expected) const {
  return fail(ErrorKind::kInput,
              fmt::format("{}.{} is {}, expected {}", block_->block, key, found_text(block_->settings, key),
                          expected),
              block_->where);
}

std::unexpected<Error> Settings::refuse_block(std::string_view what, std::string_view hint) const {
  return fail(ErrorKind::kInput, fmt::format("block \"{}\" {}", block_->block, what), block_->where,
              std::string(hint));
}

Result<void> Settings::allow_only(std::initializer_list<std::string_view> known) const {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const auto& [key, value] : block_->settings.items()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    const std::string nearest = nearest_name(key, names);
    return fail(ErrorKind::kInput,
                fmt::format("unknown key {}.{}", block_->block, escape_comment(key.substr(0, 60))),
                block_->where,
                nearest.empty() ? (names.empty() ? "this block has no settings"
                                                 : fmt::format("known here: {}", fmt::join(names, ", ")))
                                : fmt::format("did you mean {}?", nearest));
  }
  return {};
}

Result<double> Settings::number(std::string_view key, double low, double high,
                                std::optional<double> fallback) const {
  const std::string expected = fmt::format("a number from {} to {}", low, high);
  const auto found = block_->settings.find(key);
  if (found == block_->settings.end()) {
    if (fallback.has_value()) return *fallback;
    return refuse(key, expected);
  }
  const double value = found->is_number() ? found->get<double>() : std::nan("");
  if (!(value >= low && value <= high)) return refuse(key, expected);
  return value;
}

Result<std::int32_t> Settings::integer(std::string_view key, std::int32_t low, std::int32_t high,
                                       std::optional<std::int32_t> fallback) const {
  const std::string expected = fmt::format("a whole number from {} to {}", low, high);
  const auto found = block_->settings.find(key);
  if (found == block_->settings.end()) {
    if (fallback.has_value()) return *fallback;
    return refuse(key, expected);
  }
  if (!found->is_number_integer() || !json_fits<std::int32_t>(*found)) return refuse(key, expected);
  const auto value = found->get<std::int32_t>();
  if (value < low || value > high) return refuse(key, expected);
  return value;
}

Result<bool> Settings::boolean(std::string_view key, bool fallback) const {
  const auto found = block_->settings.find(key);
  if (found == block_->settings.end()) return fallback;
  if (!found->is_boolean()) return refuse(key, "true or false");
  return found->get<bool>();
}

Result<std::size_t> Settings::choice(std::string_view key, std::initializer_list<std::string_view> words,
                                     std::optional<std::string_view> fallback) const {
  const auto found = block_->settings.find(key);
  const Json word = found != block_->settings.end() ? *found
                    : fallback.has_value()          ? Json(*fallback)
                                                    : Json();
  const auto index = index_of(words, word);
  if (!index.has_value()) return refuse(key, "one of " + words_text(words));
  return *index;
}

Result<std::vector<std::size_t>> Settings::choices(std::string_view key,
                                                   std::initializer_list<std::string_view> words) const {
  std::vector<std::size_t> chosen;
  const auto found = block_->settings.find(key);
  if (found == block_->settings.end()) {
    for (std::size_t index = 0; index < words.size(); ++index) chosen.push_back(index);
    return chosen;
  }
  const std::string expected = fmt::format("a list of some of {}, each once", words_text(words));
  if (!found->is_array() || found->empty()) return refuse(key, expected);
  for (const Json& word : *found) {
    const auto index = index_of(words, word);
    if (!index.has_value() || std::ranges::find(chosen, *index) != chosen.end()) return refuse(key, expected);
    chosen.push_back(*index);
  }
  return chosen;
}

Result<std::vector<double>> Settings::numbers(std::string_view key, double low, double high) const {
  constexpr std::size_t kMost = 64;
  const std::string expected = fmt::format("a list of 1 to {} numbers from {} to {}", kMost, low, high);
  const auto found = block_->settings.find(key);
  if (found == block_->settings.end() || !found->is_array() || found->empty() || found->size() > kMost)
    return refuse(key, expected);
  std::vector<double> values;
  for (const Json& item : *found) {
    const double value = item.is_number() ? item.get<double>() : std::nan("");
    if (!(value >= low && value <= high)) return refuse(key, expected);
    values.push_back(value);
  }
  return values;
}

Result<std::int32_t> Settings::samples(std::string_view key, double rate_hz, std::int32_t low,
                                       std::int32_t high) const {
  const double step_ms = 1000.0 / rate_hz;
  MOTE_TRY(const double milliseconds, number(key, 0, 1e9));
  const double count = std::round(milliseconds / step_ms);
  if (!(count >= low && count <= high))
    return refuse(key, fmt::format("{:.6g} to {:.6g} ms ({} to {} samples of {:.6g} ms)", low * step_ms,
                                   high * step_ms, low, high, step_ms));
  return static_cast<std::int32_t>(count);
}

}  // namespace mote::features
