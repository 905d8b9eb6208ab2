// SPDX-License-Identifier: Apache-2.0
#pragma once

// CAST: numbers to another type, without any scale.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/elementwise.h"

namespace mote {
namespace kernels {

struct CastShape {
  int32_t count;
};

namespace functions {

/// As C++ converts: integers modulo 2^bits, integers to float to nearest.
template <class To, class From>
struct Conversion {
  MOTE_INLINE static To convert(From value) { return static_cast<To>(value); }
};

/// Floats towards zero; what C++ leaves undefined saturates, and NaN is 0.
template <>
struct Conversion<int32_t, float> {
  MOTE_INLINE static int32_t convert(float value) {
    if (!(value >= -2147483648.0f)) return value < 0.0f ? INT32_MIN : 0;
    return value < 2147483648.0f ? static_cast<int32_t>(value) : INT32_MAX;
  }
};
template <>
struct Conversion<uint32_t, float> {
  MOTE_INLINE static uint32_t convert(float value) {
    if (!(value > -1.0f)) return 0;
    return value < 4294967296.0f ? static_cast<uint32_t>(value) : UINT32_MAX;
  }
};
template <>
struct Conversion<int64_t, float> {
  MOTE_INLINE static int64_t convert(float value) {
    if (!(value >= -9223372036854775808.0f)) return value < 0.0f ? INT64_MIN : 0;
    return value < 9223372036854775808.0f ? static_cast<int64_t>(value) : INT64_MAX;
  }
};

/// Floats to short integers by way of int32, modulo 2^bits, as processors do it.
template <>
struct Conversion<int8_t, float> {
  MOTE_INLINE static int8_t convert(float value) {
    return static_cast<int8_t>(Conversion<int32_t, float>::convert(value));
  }
};
template <>
struct Conversion<int16_t, float> {
  MOTE_INLINE static int16_t convert(float value) {
    return static_cast<int16_t>(Conversion<int32_t, float>::convert(value));
  }
};

template <class From, class To>
struct CastFunction {
  using Shape = CastShape;
  using In = From;
  using Out = To;
  static constexpr bool defined(const CastShape&) { return true; }
  MOTE_INLINE static To apply(const CastShape&, From value) { return Conversion<To, From>::convert(value); }
};

template <class To>
struct CastFromBool {
  using Shape = CastShape;
  using In = uint8_t;
  using Out = To;
  static constexpr bool defined(const CastShape&) { return true; }
  MOTE_INLINE static To apply(const CastShape&, uint8_t value) { return static_cast<To>(value != 0 ? 1 : 0); }
};

}  // namespace functions

template <class From, class To>
using Cast = Elementwise<functions::CastFunction<From, To>>;

/// A bool is a byte, false where it is 0.
template <class To>
using CastFromBool = Elementwise<functions::CastFromBool<To>>;

}  // namespace kernels
}  // namespace mote
