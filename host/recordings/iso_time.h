// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.h"

namespace mote::recordings {

/// Milliseconds since 1970 of "2026-01-31", "2026-01-31T10:20", "... 10:20:30", "...30.125", with "Z",
/// "+01:00" or nothing (UTC) after a time. Errors (kInput): anything else, or a day or hour that does not
/// exist.
Result<std::int64_t> parse_time(std::string_view text);

/// "2026-01-31T10:20:30.125Z"; `milliseconds` within the years 1 to 9999.
std::string format_time(std::int64_t milliseconds);

}  // namespace mote::recordings
