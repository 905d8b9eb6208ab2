// SPDX-License-Identifier: Apache-2.0
#pragma once

// One value written into a range of the output: zeros, the border of a padded tensor, a shape as numbers.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

namespace detail {

/// The number that a shape keeps as 32 bits: an integer's value, or a float's bits.
template <class T>
MOTE_INLINE constexpr T from_bits(int32_t bits) {
  return static_cast<T>(bits);
}
template <>
MOTE_INLINE float from_bits<float>(int32_t bits) {
  float value = 0.0f;
  __builtin_memcpy(&value, &bits, sizeof(value));
  return value;
}

}  // namespace detail

/// `count` elements from element `offset` of the output on become the value.
struct FillShape {
  int32_t offset;
  int32_t count;
  int32_t value_bits;  ///< an integer's value, or the bits of a float
};

/// No input at all: every element is what the shape says.
template <class T>
struct Fill {
  static constexpr const char* kName = "fill";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const FillShape& shape, Limits) {
    return shape.offset >= 0 && shape.count >= 0 && shape.offset <= INT32_MAX - shape.count;
  }
  static constexpr int32_t scratch_bytes(const FillShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const FillShape&) { return kDisjoint; }
  static constexpr int64_t macs(const FillShape&) { return 0; }

  MOTE_INLINE static void run(const FillShape& shape, T* out, void* /*scratch*/) {
    const T value = detail::from_bits<T>(shape.value_bits);
    for (int32_t index = 0; index < shape.count; ++index) out[shape.offset + index] = value;
  }
};

}  // namespace kernels
}  // namespace mote
