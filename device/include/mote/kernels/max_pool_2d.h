// SPDX-License-Identifier: Apache-2.0
#pragma once

// Maximum over a sliding window, NHWC. int8 and int16 are bit-exact to TFLite Micro's reference kernel; float
// is exact.

#include <stdint.h>

#include "mote/kernels/pool_2d.h"

namespace mote {
namespace kernels {

/// The quantised operator, T = int8_t or int16_t: clamp(max of the window, activation_min, activation_max).
template <class T>
struct MaxPool2dReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Pool2dShape shape, Limits) { return valid<T>(shape); }
  static constexpr int32_t scratch_bytes(Pool2dShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(Pool2dShape shape) {
    return detail::pool_2d_input_ahead<T>(shape);
  }
  static constexpr int64_t macs(Pool2dShape) { return 0; }

  MOTE_INLINE static void run(Pool2dShape shape, const T* in, T* out, void* /*scratch*/) {
    detail::for_each_window(shape, in, out, [&](const T* first, int32_t rows, int32_t cols) {
      int32_t largest = *first;
      for (int32_t row = 0; row < rows; ++row)
        for (int32_t col = 0; col < cols; ++col) {
          const int32_t value = first[(row * shape.in_width + col) * shape.channels];
          if (value > largest) largest = value;
        }
      return static_cast<T>(clamp(largest, shape.activation_min, shape.activation_max));
    });
  }
};

/// The float operator.
struct MaxPool2dFloat {
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
      float largest = *first;
      for (int32_t row = 0; row < rows; ++row)
        for (int32_t col = 0; col < cols; ++col) {
          const float value = first[(row * shape.in_width + col) * shape.channels];
          if (value > largest) largest = value;
        }
      return clamp(largest, activation.activation_min, activation.activation_max);
    });
  }
};

}  // namespace kernels
}  // namespace mote
