// SPDX-License-Identifier: Apache-2.0
#include "report/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "mote/core/crc.h"

namespace mote::report {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(value >> shift & 0xFF));
  return bytes;
}

/// A chunk of a PNG: length, type, content, CRC of the latter two.
std::string chunk(std::string_view type, std::string_view content) {
  const std::string body = std::string(type) + std::string(content);
  const std::uint32_t crc =
      crc32_finish(crc32_update(kCrc32Initial, body.data(), static_cast<std::int32_t>(body.size())));
  return big_endian(static_cast<std::uint32_t>(content.size())) + body + big_endian(crc);
}

std::uint32_t adler32(std::string_view bytes) {
  std::uint32_t low = 1, high = 0;
  for (const char byte : bytes) {
    low = (low + static_cast<unsigned char>(byte)) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}

/// A zlib stream (RFC 1950) of stored blocks.
std::string stored(std::string_view bytes) {
  constexpr std::size_t kMostBytes = 65535;
  std::string stream = {0x78, 0x01};
  const std::uint32_t sum = adler32(bytes);
  do {
    const std::string_view block = bytes.substr(0, kMostBytes);
    bytes.remove_prefix(block.size());
    const auto size = static_cast<std::uint32_t>(block.size());
    stream.push_back(bytes.empty() ? 1 : 0);
    for (const std::uint32_t half : {size, ~size})
      for (const int shift : {0, 8}) stream.push_back(static_cast<char>(half >> shift & 0xFF));
    stream += block;
  } while (!bytes.empty());
  return stream + big_endian(sum);
}

}  // namespace

std::string grey_png(std::int32_t width, std::int32_t height, std::span<const std::uint8_t> pixels) {
  std::string lines;
  for (std::int32_t row = 0; row < height; ++row) {
    lines.push_back(0);  // no filter
    for (std::int32_t column = 0; column < width; ++column)
      lines.push_back(static_cast<char>(pixels[static_cast<std::size_t>(row * width + column)]));
  }
  const std::string header = big_endian(static_cast<std::uint32_t>(width)) +
                             big_endian(static_cast<std::uint32_t>(height)) +
                             std::string({8, 0, 0, 0, 0});  // 8 bits, grey
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", header) + chunk("IDAT", stored(lines)) + chunk("IEND", "");
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    const std::size_t here = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t index = 0; index < 3; ++index)
      three = three << 8 | (index < here ? static_cast<unsigned char>(bytes[at + index]) : 0u);
    for (std::size_t digit = 0; digit < 4; ++digit)
      text.push_back(digit <= here ? kDigits[three >> (18 - 6 * digit) & 63] : '=');
  }
  return text;
}

Html heat_map(std::string_view title, std::string_view caption, std::int32_t width, std::int32_t height,
              std::span<const std::uint8_t> pixels) {
  if (width < 1 || height < 1 ||
      pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    return {};
  std::vector<std::uint8_t> turned;
  for (std::int32_t row = height - 1; row >= 0; --row)
    for (std::int32_t column = 0; column < width; ++column)
      turned.push_back(
          static_cast<std::uint8_t>(255 - pixels[static_cast<std::size_t>(column * height + row)]));
  return element(
      "figure", {{"class", "heat-map"}},
      element("img", {{"alt", std::string(title)},
                      {"src", "data:image/png;base64," + base64(grey_png(width, height, turned))}}) +
          element("figcaption", text(caption)));
}

}  // namespace mote::report
