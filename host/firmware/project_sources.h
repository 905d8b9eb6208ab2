// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote::firmware {

/// Copies the .h and .cpp files of `from` (and what else ends in `extra`) and returns the names of the .cpp
/// files. Errors (kInput): a name that is no identifier.
Result<std::vector<std::string>> copy_sources(const std::filesystem::path& from,
                                              const std::filesystem::path& to, std::string_view extra = ".h");

/// Copies the headers of the device library that the sources under `project` include, directly or not, into
/// `to`/mote.
Result<void> copy_device_headers(const std::filesystem::path& project, const std::filesystem::path& to);

}  // namespace mote::firmware
