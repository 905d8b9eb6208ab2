// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/error.h"

namespace mote {

/// JSON value; object keys are kept sorted, so that equal facts are equal bytes.
using Json = nlohmann::json;

/// Parses text from outside. Errors (kInput): not JSON, or nested deeper than 64 levels; `where` is put
/// before the line and column.
Result<Json> parse_json(std::string_view text, std::string_view where);

/// Reads and parses a file.
Result<Json> read_json(const std::filesystem::path& path);

/// The value as text with two spaces of indentation and a final newline; invalid UTF-8 is replaced.
std::string to_json_text(const Json& value);

/// The member `key` of `object` as T. Errors (kInput): absent or of another type.
template <class T>
Result<T> json_field(const Json& object, std::string_view key, std::string_view where) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || found == object.end())
    return fail(ErrorKind::kInput, "field '" + std::string(key) + "' is missing", std::string(where));
  try {
    return found->template get<T>();
  } catch (const nlohmann::json::exception&) {
    return fail(ErrorKind::kInput,
                "field '" + std::string(key) + "' has the wrong type: " + found->type_name(),
                std::string(where));
  }
}

}  // namespace mote
