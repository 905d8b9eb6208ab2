// SPDX-License-Identifier: Apache-2.0
#pragma once

// Change of scale: int16 or int8 to int8, and float to int8. Bit-exact to TFLite Micro's QUANTIZE (double
// rounding).

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `count` elements; multiplier and shift are input scale / output scale.
struct QuantizeShape {
  int32_t count;
  int32_t input_zero_point;   ///< 0 for int16, -128..127 for int8
  int32_t output_zero_point;  ///< -128..127
  int32_t multiplier;         ///< Q31
  int32_t shift;              ///< -31..14; above 0 is to the left
};

/// `count` floats to int8 of `scale` and `zero_point`.
struct QuantizeFloatShape {
  int32_t count;
  float scale;         ///< above 0
  int32_t zero_point;  ///< -128..127
};

/// out = saturate(requantize(in - input zero point) + output zero point); `In` is int8_t or int16_t.
template <class In>
struct QuantizeReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where the shifted input fits int32: |in - zero point| is at most 2^16.
  static constexpr bool supports(QuantizeShape shape, Limits) {
    return shape.count >= 0 && shape.shift >= -31 && shape.shift <= 14 && shape.multiplier >= 0 &&
           shape.input_zero_point >= -128 && shape.input_zero_point <= 127 &&
           shape.output_zero_point >= -128 && shape.output_zero_point <= 127;
  }
  static constexpr int32_t scratch_bytes(QuantizeShape) { return 0; }

  /// In place for both input types: element n is written after elements 0..n were read, which end behind it.
  static constexpr int32_t input_ahead_bytes(QuantizeShape) { return 0; }
  static constexpr int64_t macs(QuantizeShape) { return 0; }

  MOTE_INLINE static void run(QuantizeShape shape, const In* in, int8_t* out, void* /*scratch*/) {
    const Requantization factor = {shape.multiplier, shape.shift};
    for (int32_t index = 0; index < shape.count; ++index) {
      // |requantize| is below 2^31 - 2^15 because the multiplier is below 1, so that adding the zero point is
      // safe.
      const int32_t value = requantize(in[index] - shape.input_zero_point, factor) + shape.output_zero_point;
      out[index] = static_cast<int8_t>(clamp(value, int32_t{-128}, int32_t{127}));
    }
  }
};

/// out = saturate(round(in / scale) + zero point), ties away from zero; NaN gives the zero point.
struct QuantizeFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(QuantizeFloatShape shape) {
    return shape.count >= 0 && shape.scale > 0.0f && shape.zero_point >= -128 && shape.zero_point <= 127;
  }
  static constexpr int32_t scratch_bytes(QuantizeFloatShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(QuantizeFloatShape) { return 0; }
  static constexpr int64_t macs(QuantizeFloatShape) { return 0; }

  MOTE_INLINE static void run(QuantizeFloatShape shape, const float* in, int8_t* out, void* /*scratch*/) {
    for (int32_t index = 0; index < shape.count; ++index) {
      const float scaled = in[index] / shape.scale;
      // Beyond +-256 every zero point saturates; the bound keeps the conversion to int32 defined.
      const float bounded = scaled != scaled ? 0.0f : clamp(scaled, -512.0f, 512.0f);
      const int32_t whole = static_cast<int32_t>(bounded);
      const float fraction = bounded - static_cast<float>(whole);
      const int32_t rounded = whole + (fraction >= 0.5f ? 1 : 0) - (fraction <= -0.5f ? 1 : 0);
      out[index] = static_cast<int8_t>(clamp(rounded + shape.zero_point, int32_t{-128}, int32_t{127}));
    }
  }
};

}  // namespace kernels
}  // namespace mote
