// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

#include "check/item.h"

namespace mote::check {

/// The entry `item` of signoff.toml, none if there is no such file or entry:
/// `[supply-voltage]`, `name = "Ada L."`, `date = "2026-03-02"`, `version = "1.0.0"`.
/// Errors (kInput): no TOML; an entry without name, date (YYYY-MM-DD) or version.
Result<std::optional<SignOff>> read_sign_off(const std::filesystem::path& root, std::string_view item);

}  // namespace mote::check
