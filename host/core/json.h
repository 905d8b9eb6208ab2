// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/error.h"

namespace mote {

/// JSON value; object keys are kept sorted, so that equal facts are equal bytes.
using Json = nlohmann::json;

/// Parses text from outside. Errors (kInput): not JSON, nested deeper than 64 levels, more than
/// 2^24 values; `where` is put before the line and column.
Result<Json> parse_json(std::string_view text, std::string_view where);

/// Parses CBOR (RFC 8949, without tags) from outside. Errors (kInput): not CBOR, with the byte; bytes behind
/// the value; nested deeper than 64 levels; more than 2^24 values. The same limits hold for parse_json().
Result<Json> parse_cbor(std::string_view bytes, std::string_view where);

/// Reads and parses a file.
Result<Json> read_json(const std::filesystem::path& path);

/// The value as text with two spaces of indentation and a final newline; invalid UTF-8 is replaced.
std::string to_json_text(const Json& value);

/// False if a whole number is wanted (as T, or as the elements of a vector T) and `value` has a fraction, is
/// out of range or is no number; true for every other T, which conversion itself checks.
template <class T>
bool json_fits(const Json& value) {
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    if (value.is_number_unsigned()) return std::in_range<T>(value.get<std::uint64_t>());
    return value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
  } else if constexpr (requires { typename T::value_type; }) {
    using Element = typename T::value_type;
    if constexpr (std::is_same_v<T, std::vector<Element>> && std::is_integral_v<Element>)
      return !value.is_array() || std::all_of(value.begin(), value.end(), json_fits<Element>);
  }
  return true;
}

/// The member `key` of `object` as T. Errors (kInput): absent, of another type, or for a whole number with a
/// fraction or out of the range of T.
template <class T>
Result<T> json_field(const Json& object, std::string_view key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end())
    return fail(ErrorKind::kInput, "field '" + std::string(key) + "' is missing", std::string(where));
  if (!json_fits<T>(*found))
    return fail(ErrorKind::kInput,
                "field '" + std::string(key) + "' has " +
                    found->dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 40) +
                    ", expected whole numbers in range",
                std::string(where));
  try {
    return found->template get<T>();
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorKind::kInput,
                "field '" + std::string(key) + "' has the wrong type: " + found->type_name(),
                std::string(where));
  }
}

}  // namespace mote
