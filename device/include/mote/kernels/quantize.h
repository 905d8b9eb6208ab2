// SPDX-License-Identifier: Apache-2.0
#pragma once

// QUANTIZE and DEQUANTIZE of every pair of types that TFLite Micro has, and what else is a change of scale:
// RELU and RELU6 of int16.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/elementwise.h"

namespace mote {
namespace kernels {

/// From one scale to another, clamped; multiplier and shift are input scale / output scale.
struct RequantizeShape {
  int32_t count;
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t multiplier;      ///< Q31
  int32_t shift;           ///< -31..22 from int8, -31..14 from int16, -31..30 from int32
  int32_t activation_min;  ///< at least the output type's smallest value
  int32_t activation_max;  ///< at most the output type's largest value
  Rounding rounding;
};

/// Between floats and numbers of this scale.
struct AffineShape {
  int32_t count;
  float scale;  ///< above 0
  int32_t zero_point;
};

namespace functions {

/// clamp(requantize(in - input zero point) + output zero point); bit-exact to TFLite Micro's reference.
///
/// Defined there where no shifted input overflows, which is every input of int8 and int16; of int32, this
/// wraps beyond.
template <class From, class To>
struct RequantizeFunction {
  using Shape = RequantizeShape;
  using In = From;
  using Out = To;
  static constexpr bool defined(const RequantizeShape& shape) {
    const int32_t most = sizeof(From) == 4 ? 30 : 30 - static_cast<int32_t>(8 * sizeof(From));
    return shape.multiplier >= 0 && shape.shift >= -31 && shape.shift <= most &&
           shape.activation_min <= shape.activation_max && shape.activation_min >= IntegerRange<To>::kMin &&
           shape.activation_max <= IntegerRange<To>::kMax;
  }
  MOTE_INLINE static To apply(const RequantizeShape& shape, From in) {
    const int32_t centred = wrapping_subtract(static_cast<int32_t>(in), shape.input_zero_point);
    const int32_t scaled = requantize(centred, {shape.multiplier, shape.shift}, shape.rounding);
    return static_cast<To>(
        clamp(wrapping_add(scaled, shape.output_zero_point), shape.activation_min, shape.activation_max));
  }
};

/// saturate(round(in / scale) + zero point), ties away from zero; NaN gives the zero point.
template <class To>
struct QuantizeFunction {
  using Shape = AffineShape;
  using In = float;
  using Out = To;
  static constexpr bool defined(const AffineShape& shape) {
    return shape.scale > 0.0f && saturate<To>(shape.zero_point) == shape.zero_point;
  }
  MOTE_INLINE static To apply(const AffineShape& shape, float in) {
    const float scaled = in / shape.scale;
    // Beyond +-2^17 every zero point saturates; the bound keeps the conversion to int32 defined.
    const float bounded = scaled != scaled ? 0.0f : clamp(scaled, -131072.0f, 131072.0f);
    const int32_t whole = static_cast<int32_t>(bounded);
    const float fraction = bounded - static_cast<float>(whole);
    const int32_t rounded = whole + (fraction >= 0.5f ? 1 : 0) - (fraction <= -0.5f ? 1 : 0);
    return saturate<To>(rounded + shape.zero_point);
  }
};

/// scale * (in - zero point), rounded once: the difference has at most 17 bits and is exact as a float.
template <class From>
struct DequantizeFunction {
  using Shape = AffineShape;
  using In = From;
  using Out = float;
  static constexpr bool defined(const AffineShape& shape) {
    return shape.scale > 0.0f && saturate<From>(shape.zero_point) == shape.zero_point;
  }
  MOTE_INLINE static float apply(const AffineShape& shape, From in) {
    return shape.scale * static_cast<float>(in - shape.zero_point);
  }
};

}  // namespace functions

template <class From, class To>
using Requantize = Elementwise<functions::RequantizeFunction<From, To>>;
template <class To>
using Quantize = Elementwise<functions::QuantizeFunction<To>>;
template <class From>
using Dequantize = Elementwise<functions::DequantizeFunction<From>>;

}  // namespace kernels
}  // namespace mote
