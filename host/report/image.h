// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "report/html.h"

namespace mote::report {

/// A grey PNG of `width` x `height` pixels, [row][column] from the top left. Not compressed.
std::string grey_png(std::int32_t width, std::int32_t height, std::span<const std::uint8_t> pixels);

/// Bytes in base 64 (RFC 4648).
std::string base64(std::string_view bytes);

/// A heat map inside the page: time runs to the right, `pixels` are [step][height] with the first at the
/// bottom. `title` says what it shows, for people who do not see it.
Html heat_map(std::string_view title, std::string_view caption, std::int32_t width, std::int32_t height,
              std::span<const std::uint8_t> pixels);

}  // namespace mote::report
