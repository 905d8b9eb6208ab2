// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>

#include "core/error.h"
#include "core/evidence.h"

namespace mote::report {

/// One self-contained HTML page made of facts alone: no script, nothing from elsewhere.
///
/// A part whose stage has not run, or whose facts are out of date, says so and names the command instead of
/// showing something old. Pure.
std::string page(const Evidence& evidence);

/// Writes page() of the project in `root` to `file`. Errors (kUsage): no stage has run yet; (kInternal) the
/// file cannot be written.
Result<void> write(const std::filesystem::path& root, const std::filesystem::path& file);

}  // namespace mote::report
