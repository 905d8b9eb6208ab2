// SPDX-License-Identifier: Apache-2.0
#pragma once

// Mean over the part of a sliding window that lies inside the input, NHWC. int8 and int16 are bit-exact to
// TFLite Micro's reference kernel: the sum is divided with rounding half away from zero.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/simd32.h"
#include "mote/kernels/pool_2d.h"

namespace mote {
namespace kernels {

namespace detail {

/// sum / count, rounded half away from zero and clamped.
template <class T>
MOTE_INLINE T mean(const Pool2dShape& shape, int32_t sum, int32_t count) {
  const int32_t rounded = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
  return static_cast<T>(clamp(rounded, shape.activation_min, shape.activation_max));
}

}  // namespace detail

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
      return detail::mean<T>(shape, sum, rows * cols);
    });
  }
};

/// The same of int8 by SXTAB16: the sums of four channels at a time, in halfwords.
struct AveragePool2dLanes {
  static constexpr const char* kName = "cortex_m_dsp";
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// Exact because a halfword holds 256 * -128.
  static constexpr bool supports(Pool2dShape shape, Limits) {
    return valid<int8_t>(shape) && int64_t{shape.kernel_height} * shape.kernel_width <= 256;
  }
  static constexpr int32_t scratch_bytes(Pool2dShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(Pool2dShape shape) {
    return detail::pool_2d_input_ahead<int8_t>(shape);
  }
  static constexpr int64_t macs(Pool2dShape) { return 0; }

  MOTE_INLINE static void run(Pool2dShape shape, const int8_t* in, int8_t* out, void* /*scratch*/) {
    detail::for_each_pixel(shape, in, [&](const int8_t* first, int32_t rows, int32_t cols) {
      for (int32_t rest = shape.channels; rest > 0; rest -= 4, first += 4) {
        const int32_t lanes = rest < 4 ? rest : 4;
        uint32_t sums_02 = 0, sums_13 = 0;
        for (int32_t row = 0; row < rows; ++row) {
          const int8_t* at = first + row * shape.in_width * shape.channels;
          for (int32_t col = cols; col > 0; --col, at += shape.channels) {
            const uint32_t word = lanes == 4 ? simd32::load_word(at) : simd32::load_bytes(at, lanes);
            sums_02 = simd32::sxtab16(sums_02, word);
            sums_13 = simd32::sxtab16_ror8(sums_13, word);
          }
        }
        const uint32_t sums[] = {sums_02, sums_13, sums_02 >> 16, sums_13 >> 16};
        for (int32_t lane = 0; lane < lanes; ++lane)
          *out++ = detail::mean<int8_t>(shape, static_cast<int16_t>(static_cast<uint16_t>(sums[lane])),
                                        rows * cols);
      }
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
