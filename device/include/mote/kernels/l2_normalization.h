// SPDX-License-Identifier: Apache-2.0
#pragma once

// Length 1 over the last axis: out[n] = in[n] / sqrt(sum over m of in[m]^2).
//
// int8 is bit-exact to TFLite Micro's reference kernel: the reciprocal of the root by five Newton steps; the
// output has scale 1/128 and zero point 0.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/math.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// [rows][depth]
struct L2NormalizationShape {
  int32_t rows;
  int32_t depth;             ///< 1..33025: as many squares of 255 fit int32
  int32_t input_zero_point;  ///< -128..127
  Rounding rounding;
};

/// The int8 operator. A row of zero points stays zero.
struct L2NormalizationReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(L2NormalizationShape shape, Limits) {
    return shape.rows >= 0 && shape.depth >= 1 && shape.depth <= 33025 && shape.input_zero_point >= -128 &&
           shape.input_zero_point <= 127;
  }
  static constexpr int32_t scratch_bytes(L2NormalizationShape) { return 0; }

  /// In place: a row's length is known before its first output.
  static constexpr int32_t input_ahead_bytes(L2NormalizationShape) { return 0; }
  static constexpr int64_t macs(L2NormalizationShape shape) { return int64_t{shape.rows} * shape.depth; }

  MOTE_INLINE static void run(L2NormalizationShape shape, const int8_t* in, int8_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      int32_t sum = 0;
      for (int32_t index = 0; index < shape.depth; ++index) {
        const int32_t value = in[index] - shape.input_zero_point;
        sum += value * value;
      }
      Requantization factor = inverse_square_root(sum);
      factor.shift += 7;  // the output's scale
      for (int32_t index = 0; index < shape.depth; ++index) {
        const int32_t value = requantize(in[index] - shape.input_zero_point, factor, shape.rounding);
        out[index] = saturate<int8_t>(value);
      }
      in += shape.depth;
      out += shape.depth;
    }
  }
};

/// Sizes of the float operator.
struct L2NormalizationFloatShape {
  int32_t rows;
  int32_t depth;
};

/// The float operator; lengths below 10^-6 count as 10^-6.
///
/// Relative error at most (depth / 2 + 2) * 2^-24: the squares and their sum, halved by the root; root and
/// division.
struct L2NormalizationFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(L2NormalizationFloatShape shape) {
    return shape.rows >= 0 && shape.depth >= 1;
  }
  static constexpr int32_t scratch_bytes(L2NormalizationFloatShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(L2NormalizationFloatShape) { return 0; }
  static constexpr int64_t macs(L2NormalizationFloatShape shape) { return int64_t{shape.rows} * shape.depth; }

  MOTE_INLINE static void run(L2NormalizationFloatShape shape, const float* in, float* out,
                              void* /*scratch*/) {
    for (int32_t row = 0; row < shape.rows; ++row) {
      float sum = 0.0f;
      for (int32_t index = 0; index < shape.depth; ++index) sum += in[index] * in[index];
      const float root = sqrt_f32(sum);
      const float length = root < 1e-6f ? 1e-6f : root;
      for (int32_t index = 0; index < shape.depth; ++index) out[index] = in[index] / length;
      in += shape.depth;
      out += shape.depth;
    }
  }
};

}  // namespace kernels
}  // namespace mote
