// SPDX-License-Identifier: Apache-2.0
#pragma once

// Check sums of result records (CRC-16) and of a model's constants (CRC-32), without tables.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"

namespace mote {

/// The value that a CRC-16 starts with.
constexpr uint16_t kCrc16Initial = 0xFFFF;

/// The value that a CRC-32 starts with; the finished one is its complement (crc32_finish).
constexpr uint32_t kCrc32Initial = 0xFFFFFFFF;

/// `crc` continued by one byte: CRC-16/CCITT-FALSE, polynomial 0x1021.
///
/// About 10 instructions. A byte times x^8 + x^12 + x^5 + 1 needs no loop, because the upper half of the
/// polynomial's quotient is the byte with its own upper nibble folded in.
MOTE_INLINE constexpr uint16_t crc16_update(uint16_t crc, uint8_t byte) {
  const uint16_t first = static_cast<uint16_t>((crc >> 8) ^ byte);
  const uint16_t folded = static_cast<uint16_t>(first ^ (first >> 4));
  return static_cast<uint16_t>(static_cast<uint16_t>(crc << 8) ^ static_cast<uint16_t>(folded << 12) ^
                               static_cast<uint16_t>(folded << 5) ^ folded);
}

/// `crc` continued by `count` bytes in RAM.
inline uint16_t crc16_update(uint16_t crc, const void* bytes, int32_t count) {
  const uint8_t* const first = static_cast<const uint8_t*>(bytes);
  for (int32_t index = 0; index < count; ++index) crc = crc16_update(crc, first[index]);
  return crc;
}

/// `crc` continued by one byte: CRC-32 of IEEE 802.3, polynomial 0xEDB88320 reflected.
MOTE_INLINE constexpr uint32_t crc32_update(uint32_t crc, uint8_t byte) {
  crc ^= byte;
  for (int32_t bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
  return crc;
}

/// `crc` continued by `count` bytes in RAM.
inline uint32_t crc32_update(uint32_t crc, const void* bytes, int32_t count) {
  const uint8_t* const first = static_cast<const uint8_t*>(bytes);
  for (int32_t index = 0; index < count; ++index) crc = crc32_update(crc, first[index]);
  return crc;
}

/// `crc` continued by `count` elements of a table, each as its bytes: little endian, as every supported core
/// is.
template <class T>
inline uint32_t crc32_update(uint32_t crc, Flash<T> table, int32_t count) {
  for (int32_t index = 0; index < count; ++index) {
    const T value = table[index];
    uint8_t bytes[sizeof(T)];
    __builtin_memcpy(bytes, &value, sizeof(T));
    for (const uint8_t byte : bytes) crc = crc32_update(crc, byte);
  }
  return crc;
}

/// The finished CRC-32.
MOTE_INLINE constexpr uint32_t crc32_finish(uint32_t crc) {
  return ~crc;
}

}  // namespace mote
