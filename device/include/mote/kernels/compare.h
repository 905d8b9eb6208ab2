// SPDX-License-Identifier: Apache-2.0
#pragma once

// Comparisons with broadcasting; a bool is a byte, 0 or 1. GREATER(a, b) is LESS(b, a), GREATER_EQUAL(a, b)
// is LESS_EQUAL(b, a).

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/binary.h"
#include "mote/kernels/binary_quantized.h"
#include "mote/kernels/broadcast.h"

namespace mote {
namespace kernels {

/// Quantised operands of different scales: each is multiplied by its scale, which is below 1, with 8 bits
/// more.
struct CompareQuantizedShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
  int32_t a_zero_point;
  int32_t b_zero_point;
  int32_t a_multiplier;  ///< Q31
  int32_t a_shift;       ///< -31..0
  int32_t b_multiplier;
  int32_t b_shift;
  Rounding rounding;
};

constexpr bool valid(const CompareQuantizedShape& shape) {
  return detail::valid_broadcast(shape) && detail::fits<int16_t>(shape.a_zero_point) &&
         detail::fits<int16_t>(shape.b_zero_point) &&
         detail::valid_factor(shape.a_multiplier, shape.a_shift, 0) &&
         detail::valid_factor(shape.b_multiplier, shape.b_shift, 0);
}

namespace functions {

struct IsEqual {
  template <class T>
  MOTE_INLINE static bool holds(T a, T b) {
    return a == b;
  }
};
struct IsNotEqual {
  template <class T>
  MOTE_INLINE static bool holds(T a, T b) {
    return a != b;
  }
};
struct IsLess {
  template <class T>
  MOTE_INLINE static bool holds(T a, T b) {
    return a < b;
  }
};
struct IsLessEqual {
  template <class T>
  MOTE_INLINE static bool holds(T a, T b) {
    return a <= b;
  }
};

/// Numbers as they are; NaN is unequal to everything and neither less nor greater.
template <class Relation, class T>
struct Compare {
  using Shape = BinaryShape;
  using A = T;
  using B = T;
  using Out = uint8_t;
  static constexpr bool defined(const BinaryShape& shape) { return valid(shape); }
  MOTE_INLINE static uint8_t apply(const BinaryShape&, T a, T b) {
    return Relation::holds(a, b) ? uint8_t{1} : uint8_t{0};
  }
};

template <class Relation>
struct CompareBool : Compare<Relation, uint8_t> {
  MOTE_INLINE static uint8_t apply(const BinaryShape&, uint8_t a, uint8_t b) {
    return Relation::holds(a != 0, b != 0) ? uint8_t{1} : uint8_t{0};
  }
};

template <class Relation, class T>
struct CompareQuantized {
  using Shape = CompareQuantizedShape;
  using A = T;
  using B = T;
  using Out = uint8_t;
  static constexpr bool defined(const CompareQuantizedShape& shape) { return valid(shape); }
  MOTE_INLINE static uint8_t apply(const CompareQuantizedShape& shape, T a, T b) {
    const int32_t scaled_a =
        to_common_scale(a, shape.a_zero_point, 8, {shape.a_multiplier, shape.a_shift}, shape.rounding);
    const int32_t scaled_b =
        to_common_scale(b, shape.b_zero_point, 8, {shape.b_multiplier, shape.b_shift}, shape.rounding);
    return Relation::holds(scaled_a, scaled_b) ? uint8_t{1} : uint8_t{0};
  }
};

}  // namespace functions

template <class T>
using Equal = Binary<functions::Compare<functions::IsEqual, T>>;
template <class T>
using NotEqual = Binary<functions::Compare<functions::IsNotEqual, T>>;
template <class T>
using Less = Binary<functions::Compare<functions::IsLess, T>>;
template <class T>
using LessEqual = Binary<functions::Compare<functions::IsLessEqual, T>>;
using EqualBool = Binary<functions::CompareBool<functions::IsEqual>>;
using NotEqualBool = Binary<functions::CompareBool<functions::IsNotEqual>>;
template <class T>
using EqualQuantized = Binary<functions::CompareQuantized<functions::IsEqual, T>>;
template <class T>
using NotEqualQuantized = Binary<functions::CompareQuantized<functions::IsNotEqual, T>>;
template <class T>
using LessQuantized = Binary<functions::CompareQuantized<functions::IsLess, T>>;
template <class T>
using LessEqualQuantized = Binary<functions::CompareQuantized<functions::IsLessEqual, T>>;

}  // namespace kernels
}  // namespace mote
