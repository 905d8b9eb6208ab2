// SPDX-License-Identifier: Apache-2.0
#include "tflite/small_types.h"

#include <bit>

namespace mote::tflite {
namespace {

/// The bits of a half as those of a float: a half has 10 fraction bits and the bias 15, a float 23 and 127.
std::uint32_t widen(std::uint32_t half) {
  const std::uint32_t sign = (half & 0x8000u) << 16;
  const std::uint32_t exponent = half >> 10 & 0x1Fu;
  const std::uint32_t fraction = half & 0x3FFu;
  if (exponent == 0x1F) return sign | 0x7F800000u | fraction << 13;
  if (exponent != 0) return sign | (exponent + 127 - 15) << 23 | fraction << 13;
  return sign | std::bit_cast<std::uint32_t>(static_cast<float>(fraction) * 0x1p-24f);
}

}  // namespace

std::vector<std::uint8_t> widen_float16(const std::vector<std::uint8_t>& halves) {
  std::vector<std::uint8_t> floats;
  floats.reserve(2 * halves.size());
  for (std::size_t at = 0; at + 1 < halves.size(); at += 2) {
    const std::uint32_t bits = widen(halves[at] | static_cast<std::uint32_t>(halves[at + 1]) << 8);
    for (int shift = 0; shift < 32; shift += 8) floats.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  return floats;
}

std::vector<std::uint8_t> unpack_int4(const std::vector<std::uint8_t>& packed,
                                      const std::vector<std::int32_t>& shape) {
  std::vector<std::uint8_t> numbers;
  numbers.reserve(2 * packed.size());
  for (const std::uint8_t pair : packed)
    for (const std::uint32_t half : {pair & 15u, pair >> 4 & 15u})
      numbers.push_back(static_cast<std::uint8_t>(half >= 8 ? half | 0xF0u : half));
  std::uint64_t count = 1;
  for (const std::int32_t extent : shape) {
    if (extent < 1 || count > packed.size() * 2) return numbers;
    count *= static_cast<std::uint64_t>(extent);
  }
  if (count + 1 == numbers.size()) numbers.pop_back();  // the last byte is half used
  return numbers;
}

}  // namespace mote::tflite
