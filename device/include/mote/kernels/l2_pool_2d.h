// SPDX-License-Identifier: Apache-2.0
#pragma once

// Root of the mean square over the part of a sliding window that lies inside the input, NHWC, float.

#include <stdint.h>

#include "mote/core/math.h"
#include "mote/kernels/pool_2d.h"

namespace mote {
namespace kernels {

/// clamp(sqrt(sum of squares in memory order / count)).
///
/// Relative error at most (count + 3) * 2^-25, to first order: squares, sum and division, halved by the root,
/// which is correctly rounded.
struct L2Pool2dFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Pool2dShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(Pool2dShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(Pool2dShape shape) {
    return detail::pool_2d_input_ahead<float>(shape);
  }
  static constexpr int64_t macs(Pool2dShape) { return 0; }

  MOTE_INLINE static void run(Pool2dShape shape, FloatActivation activation, const float* in, float* out,
                              void* /*scratch*/) {
    detail::for_each_window(shape, in, out, [&](const float* first, int32_t rows, int32_t cols) {
      float sum = 0.0f;
      for (int32_t row = 0; row < rows; ++row)
        for (int32_t col = 0; col < cols; ++col) {
          const float value = first[(row * shape.in_width + col) * shape.channels];
          sum += value * value;
        }
      const float root = sqrt_f32(sum / static_cast<float>(rows * cols));
      return clamp(root, activation.activation_min, activation.activation_max);
    });
  }
};

}  // namespace kernels
}  // namespace mote
