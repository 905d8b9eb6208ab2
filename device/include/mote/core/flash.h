// SPDX-License-Identifier: Apache-2.0
#pragma once

// Read-only tables that live where the program lives. On AVR that is another address space than RAM, and C++
// has no
// `__flash`: the table is declared MOTE_FLASH_DATA and read with the LPM instruction through Flash<T>.

#include <stddef.h>
#include <stdint.h>

#include "mote/core/config.h"

#if defined(__AVR__)
#define MOTE_FLASH_DATA __attribute__((progmem))
#else
#define MOTE_FLASH_DATA
#endif

namespace mote {
namespace detail {

#if defined(__AVR__)
template <size_t kBytes>
struct FlashWord;

template <>
struct FlashWord<1> {
  using Type = uint8_t;
  MOTE_INLINE static Type read(uint16_t address) {
    Type value;
    asm("lpm %0, Z" : "=r"(value) : "z"(address));
    return value;
  }
};

template <>
struct FlashWord<2> {
  using Type = uint16_t;
  MOTE_INLINE static Type read(uint16_t address) {
    Type value;
    asm("lpm %A0, Z+\n\tlpm %B0, Z" : "=&r"(value), "+z"(address));
    return value;
  }
};

template <>
struct FlashWord<4> {
  using Type = uint32_t;
  MOTE_INLINE static Type read(uint16_t address) {
    Type value;
    asm("lpm %A0, Z+\n\tlpm %B0, Z+\n\tlpm %C0, Z+\n\tlpm %D0, Z" : "=&r"(value), "+z"(address));
    return value;
  }
};

template <>
struct FlashWord<8> {
  using Type = uint64_t;
  MOTE_INLINE static Type read(uint16_t address) {
    return FlashWord<4>::read(address) | static_cast<uint64_t>(FlashWord<4>::read(address + 4)) << 32;
  }
};

template <class T>
MOTE_INLINE T read_flash(const T* address) {
  const auto word = FlashWord<sizeof(T)>::read(reinterpret_cast<uint16_t>(address));
  T value;
  __builtin_memcpy(&value, &word, sizeof(T));
  return value;
}
#else
template <class T>
MOTE_INLINE constexpr T read_flash(const T* address) {
  return *address;
}
#endif

}  // namespace detail

/// A pointer to constant data in program memory (the first 64 KB of it on AVR).
///
/// T is a number of 1, 2, 4 or 8 bytes. Off AVR it is a plain pointer and costs nothing.
template <class T>
class Flash {
 public:
  constexpr Flash() : address_(nullptr) {}

  /// `address` [in]: the first element of an array declared MOTE_FLASH_DATA, or null.
  constexpr Flash(const T* address) : address_(address) {}  // NOLINT: a table converts to its Flash

  /// The element `index`; not checked.
  MOTE_INLINE T operator[](int32_t index) const {
    return detail::read_flash(address_ + static_cast<ptrdiff_t>(index));
  }

  /// The table from element `offset` on.
  MOTE_INLINE constexpr Flash operator+(int32_t offset) const {
    return Flash(address_ + static_cast<ptrdiff_t>(offset));
  }

  /// Whether the table is there at all (a bias may be absent).
  constexpr explicit operator bool() const { return address_ != nullptr; }

#if !defined(__AVR__)
  /// The plain address; does not exist where it could not be read through.
  MOTE_INLINE constexpr const T* data() const { return address_; }
#endif

 private:
  const T* address_;
};

}  // namespace mote
