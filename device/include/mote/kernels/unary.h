// SPDX-License-Identifier: Apache-2.0
#pragma once

// Functions of one operand: float, int16 and bool. Those of int8 are a table (lookup.h), RELU and RELU6 of
// int16 a change of scale (requantize.h).
//
// Float: exact, or the one IEEE operation, unless a line says otherwise. int16: bit-exact to TFLite Micro's
// reference.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/float_rounding.h"
#include "mote/core/math.h"
#include "mote/kernels/elementwise.h"

namespace mote {
namespace kernels {

/// A function without parameters.
struct UnaryShape {
  int32_t count;
};

/// RELU and its kin: in clamped; RELU has an infinite maximum.
struct ClampFloatShape {
  int32_t count;
  float minimum;
  float maximum;
};

struct LeakyReluFloatShape {
  int32_t count;
  float slope;  ///< below zero
};

/// A factor each for inputs from the zero point on and below; multipliers Q31, shifts -31..14.
struct LeakyReluInt16Shape {
  int32_t count;
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t positive_multiplier;
  int32_t positive_shift;
  int32_t negative_multiplier;  ///< below 0 for a negative slope
  int32_t negative_shift;
  Rounding rounding;
};

/// Zero points are 0.
struct AbsInt16Shape {
  int32_t count;
  int32_t multiplier;  ///< Q31, input scale / output scale
  int32_t shift;       ///< -31..14
  int32_t maximum;     ///< 32767; 32768 for plain numbers, of which -32768 stays what it is
  Rounding rounding;
};

/// Zero points are 0.
struct RsqrtInt16Shape {
  int32_t count;
  int32_t multiplier;  ///< Q31, 1 / (sqrt(input scale) * output scale)
  int32_t shift;       ///< -11..30
  Rounding rounding;
};

namespace functions {

template <class S, class T>
struct UnaryTypes {
  using Shape = S;
  using In = T;
  using Out = T;
  static constexpr bool defined(const S&) { return true; }
};

struct AbsFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return __builtin_fabsf(x); }
};
struct NegateFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return -x; }
};
struct FloorFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return floor_f32(x); }
};
struct CeilFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return ceil_f32(x); }
};
struct RoundFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return round_half_even_f32(x); }
};
struct SquareFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return x * x; }
};
struct SqrtFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return sqrt_f32(x); }
};

/// Two roundings: sqrt_f32 and the division.
struct RsqrtFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return 1.0f / sqrt_f32(x); }
};

/// The bounds of the following are those of mote/core/math.h.
struct ExpFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return exp_f32(x); }
};
struct LogFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return log_f32(x); }
};
struct SinFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return sin_f32(x); }
};
struct CosFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return cos_f32(x); }
};
struct TanhFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return tanh_f32(x); }
};
struct LogisticFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) { return logistic_f32(x); }
};

/// e^x - 1 below zero. By series above -1/4, so that nothing cancels: x^7 / 7! is the last term, and what is
/// left out is below 2^-29 of the result; the error is at most 4 units in the last place.
struct EluFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) {
    if (!(x < 0.0f)) return x;
    if (x < -0.25f) return exp_f32(x) - 1.0f;
    float series = 1.0f / 5040.0f;
    series = series * x + 1.0f / 720.0f;
    series = series * x + 1.0f / 120.0f;
    series = series * x + 1.0f / 24.0f;
    series = series * x + 1.0f / 6.0f;
    series = series * x + 0.5f;
    return x + series * x * x;
  }
};

/// in * clamp(in + 3, 0, 6) / 6, three roundings.
struct HardSwishFloat : UnaryTypes<UnaryShape, float> {
  MOTE_INLINE static float apply(const UnaryShape&, float x) {
    return x * clamp(x + 3.0f, 0.0f, 6.0f) / 6.0f;
  }
};

struct ClampFloat : UnaryTypes<ClampFloatShape, float> {
  static constexpr bool defined(const ClampFloatShape& shape) { return shape.minimum <= shape.maximum; }
  MOTE_INLINE static float apply(const ClampFloatShape& shape, float x) {
    return clamp(x, shape.minimum, shape.maximum);
  }
};

struct LeakyReluFloat : UnaryTypes<LeakyReluFloatShape, float> {
  MOTE_INLINE static float apply(const LeakyReluFloatShape& shape, float x) {
    return x > 0.0f ? x : x * shape.slope;
  }
};

struct LeakyReluInt16 : UnaryTypes<LeakyReluInt16Shape, int16_t> {
  static constexpr bool defined(const LeakyReluInt16Shape& shape) {
    return saturate<int16_t>(shape.input_zero_point) == shape.input_zero_point &&
           saturate<int16_t>(shape.output_zero_point) == shape.output_zero_point &&
           shape.positive_multiplier >= 0 && shape.positive_shift >= -31 && shape.positive_shift <= 14 &&
           shape.negative_multiplier > INT32_MIN && shape.negative_shift >= -31 && shape.negative_shift <= 14;
  }
  MOTE_INLINE static int16_t apply(const LeakyReluInt16Shape& shape, int16_t in) {
    const int32_t value = in - shape.input_zero_point;
    return saturate<int16_t>(wrapping_add(scaled(shape, value), shape.output_zero_point));
  }

 private:
  MOTE_INLINE static int32_t scaled(const LeakyReluInt16Shape& shape, int32_t value) {
    if (value >= 0)
      return requantize(value, {shape.positive_multiplier, shape.positive_shift}, shape.rounding);
    if (shape.negative_multiplier < 0)
      return -requantize(value, {-shape.negative_multiplier, shape.negative_shift}, shape.rounding);
    return requantize(value, {shape.negative_multiplier, shape.negative_shift}, shape.rounding);
  }
};

struct AbsInt16 : UnaryTypes<AbsInt16Shape, int16_t> {
  static constexpr bool defined(const AbsInt16Shape& shape) {
    return shape.multiplier >= 0 && shape.shift >= -31 && shape.shift <= 14;
  }
  MOTE_INLINE static int16_t apply(const AbsInt16Shape& shape, int16_t in) {
    const int32_t magnitude = in < 0 ? -int32_t{in} : int32_t{in};
    const int32_t scaled = requantize(magnitude, {shape.multiplier, shape.shift}, shape.rounding);
    return static_cast<int16_t>(clamp(scaled, INT32_MIN, shape.maximum));
  }
};

/// The largest value for 0; for what is below, too, where TFLite stops.
struct RsqrtInt16 : UnaryTypes<RsqrtInt16Shape, int16_t> {
  static constexpr bool defined(const RsqrtInt16Shape& shape) {
    return shape.multiplier >= 0 && shape.shift >= -11 && shape.shift <= 30;
  }
  MOTE_INLINE static int16_t apply(const RsqrtInt16Shape& shape, int16_t in) {
    if (in <= 0) return INT16_MAX;
    return saturate<int16_t>(inverse_square_root_scaled(in, {shape.multiplier, shape.shift}, shape.rounding));
  }
};

struct LogicalNot : UnaryTypes<UnaryShape, uint8_t> {
  MOTE_INLINE static uint8_t apply(const UnaryShape&, uint8_t x) { return x == 0 ? uint8_t{1} : uint8_t{0}; }
};

}  // namespace functions

using AbsFloat = Elementwise<functions::AbsFloat>;
using NegateFloat = Elementwise<functions::NegateFloat>;
using FloorFloat = Elementwise<functions::FloorFloat>;
using CeilFloat = Elementwise<functions::CeilFloat>;
using RoundFloat = Elementwise<functions::RoundFloat>;
using SquareFloat = Elementwise<functions::SquareFloat>;
using SqrtFloat = Elementwise<functions::SqrtFloat>;
using RsqrtFloat = Elementwise<functions::RsqrtFloat>;
using ExpFloat = Elementwise<functions::ExpFloat>;
using LogFloat = Elementwise<functions::LogFloat>;
using SinFloat = Elementwise<functions::SinFloat>;
using CosFloat = Elementwise<functions::CosFloat>;
using TanhFloat = Elementwise<functions::TanhFloat>;
using LogisticFloat = Elementwise<functions::LogisticFloat>;
using EluFloat = Elementwise<functions::EluFloat>;
using HardSwishFloat = Elementwise<functions::HardSwishFloat>;
using ClampFloat = Elementwise<functions::ClampFloat>;
using LeakyReluFloat = Elementwise<functions::LeakyReluFloat>;
using LeakyReluInt16 = Elementwise<functions::LeakyReluInt16>;
using AbsInt16 = Elementwise<functions::AbsInt16>;
using RsqrtInt16 = Elementwise<functions::RsqrtInt16>;
using LogicalNot = Elementwise<functions::LogicalNot>;

}  // namespace kernels
}  // namespace mote
