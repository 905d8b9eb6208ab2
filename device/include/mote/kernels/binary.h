// SPDX-License-Identifier: Apache-2.0
#pragma once

// Elementwise functions of two operands with broadcasting: what they have in common, arithmetic on float and
// on plain integers, and logic. binary_quantized.h has the arithmetic of quantised numbers.
//
// Integers wrap where they overflow. Float results are those of the one IEEE operation (FLOOR_DIV: of a
// division in double), clamped.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/float_rounding.h"
#include "mote/kernels/broadcast.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// A function without parameters.
struct BinaryShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
};

/// A function of floats with a fused activation; without one, the lowest and the largest float.
struct BinaryFloatShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
  float activation_min;
  float activation_max;
};

/// A function of plain int32 with a fused activation; without one, INT32_MIN and INT32_MAX.
struct BinaryInt32Shape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[2];
  int32_t activation_min;
  int32_t activation_max;
};

constexpr bool valid(const BinaryShape& shape) {
  return detail::valid_broadcast(shape);
}
constexpr bool valid(const BinaryFloatShape& shape) {
  return detail::valid_broadcast(shape) && shape.activation_min <= shape.activation_max;
}
constexpr bool valid(const BinaryInt32Shape& shape) {
  return detail::valid_broadcast(shape) && shape.activation_min <= shape.activation_max;
}

/// out = Function::apply(shape, a, b), where Function names the types Shape, A, B and Out and says which
/// shapes it is defined for.
template <class Function>
struct Binary {
  using Shape = typename Function::Shape;
  using A = typename Function::A;
  using B = typename Function::B;
  using Out = typename Function::Out;

  static constexpr const char* kName = "reference";

  /// A copy with its shape folded in is hardly larger than the shape is alone.
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {150, 2000, 0}; }
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const Shape& shape, Limits) { return Function::defined(shape); }
  static constexpr int32_t scratch_bytes(const Shape&) { return 0; }

  /// In place where the operand does not repeat and its elements are as large as the output's.
  static constexpr int32_t input_ahead_bytes(const Shape& shape, int32_t input) {
    return detail::broadcast_input_ahead(shape, input,
                                         static_cast<int32_t>(input == 0 ? sizeof(A) : sizeof(B)),
                                         static_cast<int32_t>(sizeof(Out)));
  }
  static constexpr int64_t macs(const Shape&) { return 0; }

  MOTE_INLINE static void run(const Shape& shape, const A* a, const B* b, Out* out, void* /*scratch*/) {
    const int32_t last = kBroadcastAxes - 1;
    const int32_t count = shape.size[last];
    const bool a_repeats = detail::repeats(shape, 0, last);
    const bool b_repeats = detail::repeats(shape, 1, last);
    detail::for_each_row<2>(shape, [&](const int32_t* offset) __attribute__((__always_inline__)) {
      const A* a_row = a + offset[0];
      const B* b_row = b + offset[1];
      const A first_a = a_row[0];
      const B first_b = b_row[0];
      for (int32_t index = 0; index < count; ++index) {
        const A a_value = a_repeats ? first_a : a_row[index];
        const B b_value = b_repeats ? first_b : b_row[index];
        out[index] = Function::apply(shape, a_value, b_value);
      }
      out += count;
    });
  }
};

/// What Binary computes.
namespace functions {

/// The types of a function from two numbers of one type to a third of it.
template <class S, class T>
struct BinaryTypes {
  using Shape = S;
  using A = T;
  using B = T;
  using Out = T;

  /// Whether TFLite defines the function for every input; the result equals its reference's then.
  static constexpr bool defined(const S& shape) { return valid(shape); }
};

MOTE_INLINE constexpr float add(float a, float b) {
  return a + b;
}
MOTE_INLINE constexpr float subtract(float a, float b) {
  return a - b;
}
MOTE_INLINE constexpr float multiply(float a, float b) {
  return a * b;
}
MOTE_INLINE constexpr float divide(float a, float b) {
  return a / b;
}
MOTE_INLINE constexpr int32_t add(int32_t a, int32_t b) {
  return wrapping_add(a, b);
}
MOTE_INLINE constexpr int32_t subtract(int32_t a, int32_t b) {
  return wrapping_subtract(a, b);
}
MOTE_INLINE constexpr int32_t multiply(int32_t a, int32_t b) {
  return wrapping_multiply(a, b);
}

/// Truncated; anything by 0 is 0.
MOTE_INLINE constexpr int32_t divide(int32_t a, int32_t b) {
  return b == 0 ? 0 : (b == -1 ? wrapping_subtract(0, a) : a / b);
}

template <class Shape, class T>
struct Add : BinaryTypes<Shape, T> {
  MOTE_INLINE static T apply(const Shape& shape, T a, T b) {
    return clamp(add(a, b), shape.activation_min, shape.activation_max);
  }
};

template <class Shape, class T>
struct Subtract : BinaryTypes<Shape, T> {
  MOTE_INLINE static T apply(const Shape& shape, T a, T b) {
    return clamp(subtract(a, b), shape.activation_min, shape.activation_max);
  }
};

template <class Shape, class T>
struct Multiply : BinaryTypes<Shape, T> {
  MOTE_INLINE static T apply(const Shape& shape, T a, T b) {
    return clamp(multiply(a, b), shape.activation_min, shape.activation_max);
  }
};

template <class Shape, class T>
struct Divide : BinaryTypes<Shape, T> {
  MOTE_INLINE static T apply(const Shape& shape, T a, T b) {
    return clamp(divide(a, b), shape.activation_min, shape.activation_max);
  }
};

template <class T>
struct SquaredDifference : BinaryTypes<BinaryShape, T> {
  MOTE_INLINE static T apply(const BinaryShape&, T a, T b) {
    return multiply(subtract(a, b), subtract(a, b));
  }
};

/// Quantised numbers too: operands and output share scale and zero point.
template <class T>
struct Maximum : BinaryTypes<BinaryShape, T> {
  MOTE_INLINE static T apply(const BinaryShape&, T a, T b) { return a > b ? a : b; }
};

template <class T>
struct Minimum : BinaryTypes<BinaryShape, T> {
  MOTE_INLINE static T apply(const BinaryShape&, T a, T b) { return a < b ? a : b; }
};

struct FloorDivide : BinaryTypes<BinaryShape, float> {
  MOTE_INLINE static float apply(const BinaryShape&, float a, float b) {
    return static_cast<float>(floor_f64(static_cast<double>(a) / static_cast<double>(b)));
  }
};

/// a - floor(a / b) * b, exact but for the one rounding where a and b differ in sign; the sign is that of b.
struct FloorModulo : BinaryTypes<BinaryShape, float> {
  MOTE_INLINE static float apply(const BinaryShape&, float a, float b) {
    const float truncated = truncated_remainder_f32(a, b);
    return truncated != 0.0f && (b < 0.0f) != (truncated < 0.0f) ? truncated + b : truncated;
  }
};

/// in >= 0 ? in : in * slope.
struct PreluFloat : BinaryTypes<BinaryShape, float> {
  MOTE_INLINE static float apply(const BinaryShape&, float in, float slope) {
    return in >= 0.0f ? in : in * slope;
  }
};

/// A bool is a byte, false where it is 0; written as 0 or 1.
struct LogicalAnd : BinaryTypes<BinaryShape, uint8_t> {
  MOTE_INLINE static uint8_t apply(const BinaryShape&, uint8_t a, uint8_t b) {
    return a != 0 && b != 0 ? uint8_t{1} : uint8_t{0};
  }
};

struct LogicalOr : BinaryTypes<BinaryShape, uint8_t> {
  MOTE_INLINE static uint8_t apply(const BinaryShape&, uint8_t a, uint8_t b) {
    return a != 0 || b != 0 ? uint8_t{1} : uint8_t{0};
  }
};

}  // namespace functions

using AddFloat = Binary<functions::Add<BinaryFloatShape, float>>;
using SubtractFloat = Binary<functions::Subtract<BinaryFloatShape, float>>;
using MultiplyFloat = Binary<functions::Multiply<BinaryFloatShape, float>>;
using DivideFloat = Binary<functions::Divide<BinaryFloatShape, float>>;
using AddInt32 = Binary<functions::Add<BinaryInt32Shape, int32_t>>;
using SubtractInt32 = Binary<functions::Subtract<BinaryInt32Shape, int32_t>>;
using MultiplyInt32 = Binary<functions::Multiply<BinaryInt32Shape, int32_t>>;
using DivideInt32 = Binary<functions::Divide<BinaryInt32Shape, int32_t>>;
using SquaredDifferenceFloat = Binary<functions::SquaredDifference<float>>;
using SquaredDifferenceInt32 = Binary<functions::SquaredDifference<int32_t>>;
template <class T>
using Maximum = Binary<functions::Maximum<T>>;
template <class T>
using Minimum = Binary<functions::Minimum<T>>;
using FloorDivide = Binary<functions::FloorDivide>;
using FloorModulo = Binary<functions::FloorModulo>;
using PreluFloat = Binary<functions::PreluFloat>;
using LogicalAnd = Binary<functions::LogicalAnd>;
using LogicalOr = Binary<functions::LogicalOr>;

}  // namespace kernels
}  // namespace mote
