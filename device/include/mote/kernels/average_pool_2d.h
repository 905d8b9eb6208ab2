// SPDX-License-Identifier: Apache-2.0
#pragma once

// Mean over the part of a sliding window that lies inside the input, NHWC. int8 and int16 are bit-exact to
// TFLite Micro's reference kernel: the sum is divided with rounding half away from zero.

#include <stdint.h>

#include "mote/kernels/pool_2d.h"

namespace mote {
namespace kernels {

/// The quantised operator, T = int8_t or int16_t: clamp(round(sum / count), activation_min, activation_max).
template <class T>
struct AveragePool2dReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact because a window's sum fits int32: at most 2^23 elements of magnitude up to 2^7 (int16: 2^15 up to
  /// 2^15), and half the count.
  static constexpr bool supports(Pool2dShape shape, Limits) {
    return valid<T>(shape) &&
           int64_t{shape.kernel_height} * shape.kernel_width <= (int64_t{1} << (31 - 8 * sizeof(T)));
  }
  static constexpr int32_t scratch_bytes(Pool2dShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(Pool2dShape shape) {
    return detail::pool_2d_input_ahead<T>(shape);
  }
  static constexpr int64_t macs(Pool2dShape) { return 0; }

  MOTE_INLINE static void run(Pool2dShape shape, const T* in, T* out, void* /*scratch*/) {
    detail::for_each_window(shape, in, out, [&](const T* first, int32_t rows, int32_t cols) {
      int32_t sum = 0;
      for (int32_t row = 0; row < rows; ++row)
        for (int32_t col = 0; col < cols; ++col) sum += first[(row * shape.in_width + col) * shape.channels];
      const int32_t count = rows * cols;
      const int32_t mean = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
      return static_cast<T>(clamp(mean, shape.activation_min, shape.activation_max));
    });
  }
};

/// The float operator: the sum in memory order divided by the count.
///
/// The error is at most count * 2^-24 * (sum |in|) / count, to first order.
struct AveragePool2dFloat {
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
        for (int32_t col = 0; col < cols; ++col) sum += first[(row * shape.in_width + col) * shape.channels];
      const float mean = sum / static_cast<float>(rows * cols);
      return clamp(mean, activation.activation_min, activation.activation_max);
    });
  }
};

}  // namespace kernels
}  // namespace mote
