// SPDX-License-Identifier: Apache-2.0
#pragma once

// 2-D convolution, NHWC, weights [out_ch][kernel_h][kernel_w][in_ch]; a 1-D convolution has height 1.
//
// int8: acc = bias + sum over the kernel's taps inside the input of (in - input zero point) * weight; then as
// the fully connected layer, with a multiplier and shift an output channel. Bit-exact to Conv2dReference, and
// that to TFLite Micro's reference kernel (double rounding). Groups and depthwise are not covered.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/spatial.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Sizes and quantisation: input [batch][in_height][in_width][in_channels], output likewise.
struct Conv2dShape {
  int32_t batch;
  int32_t in_height;
  int32_t in_width;
  int32_t in_channels;
  int32_t out_height;
  int32_t out_width;
  int32_t out_channels;
  int32_t kernel_height;
  int32_t kernel_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t dilation_height;
  int32_t dilation_width;
  int32_t pad_top;
  int32_t pad_left;
  int32_t input_zero_point;   ///< -128..127
  int32_t output_zero_point;  ///< -128..127
  int32_t activation_min;     ///< -128..127, quantised
  int32_t activation_max;     ///< activation_min..127
};

/// Constants of an int8 layer, in the order that the variant's pack() wrote; out_channels of each but the
/// weights.
struct Conv2dTables {
  Flash<int8_t> weights;  ///< aligned to 4 bytes
  Flash<int32_t> bias;
  Flash<int32_t> multiplier;
  Flash<int8_t> shift;
};

/// Constants of a float layer, in the model's order; bias may be null.
struct Conv2dFloatTables {
  Flash<float> weights;
  Flash<float> bias;
};

/// Whether the sizes and ranges of `shape` have a meaning.
constexpr bool valid(const Conv2dShape& shape) {
  return shape.batch >= 0 && shape.in_height >= 0 && shape.in_width >= 0 && shape.in_channels >= 0 &&
         shape.out_height >= 0 && shape.out_width >= 0 && shape.out_channels >= 0 &&
         shape.kernel_height >= 1 && shape.kernel_width >= 1 && shape.stride_height >= 1 &&
         shape.stride_width >= 1 && shape.dilation_height >= 1 && shape.dilation_width >= 1 &&
         shape.pad_top >= 0 && shape.pad_left >= 0 && shape.input_zero_point >= -128 &&
         shape.input_zero_point <= 127 && shape.output_zero_point >= -128 && shape.output_zero_point <= 127 &&
         shape.activation_min >= -128 && shape.activation_min <= shape.activation_max &&
         shape.activation_max <= 127;
}

namespace detail {

/// The weights of one output channel.
constexpr int32_t conv_2d_inputs(const Conv2dShape& shape) {
  return shape.kernel_height * shape.kernel_width * shape.in_channels;
}

/// The two axes that the kernel slides along.
MOTE_INLINE constexpr SpatialAxis conv_2d_rows(const Conv2dShape& shape) {
  return SpatialAxis{shape.in_height,     shape.out_height,      shape.kernel_height,
                     shape.stride_height, shape.dilation_height, shape.pad_top};
}
MOTE_INLINE constexpr SpatialAxis conv_2d_cols(const Conv2dShape& shape) {
  return SpatialAxis{shape.in_width,     shape.out_width,      shape.kernel_width,
                     shape.stride_width, shape.dilation_width, shape.pad_left};
}

/// input_ahead, in elements, of a kernel that computes outputs in memory order.
constexpr int32_t conv_2d_input_ahead(const Conv2dShape& shape) {
  return spatial_input_ahead(conv_2d_rows(shape), conv_2d_cols(shape), shape.batch, shape.in_channels,
                             shape.out_channels, shape.out_channels - 1);
}

/// Position of an element of an NHWC tensor.
MOTE_INLINE constexpr int32_t nhwc(int32_t height, int32_t width, int32_t channels, int32_t batch,
                                   int32_t row, int32_t col, int32_t ch) {
  return ((batch * height + row) * width + col) * channels + ch;
}

}  // namespace detail

/// The definition of the operator. Slow, obvious, and never to be optimised.
struct Conv2dReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: accumulators fit int32 (they are summed in int64 here).
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return valid(shape) && accumulators_fit_int32(limits);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return shape.out_channels * detail::conv_2d_inputs(shape);
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) { return detail::conv_2d_input_ahead(shape); }
  static constexpr int64_t macs(Conv2dShape shape) {
    int64_t rows = 0;
    int64_t cols = 0;
    for (int32_t row = 0; row < shape.out_height; ++row) {
      const TapRange taps = tap_range(detail::conv_2d_rows(shape), row);
      rows += taps.end > taps.first ? taps.end - taps.first : 0;
    }
    for (int32_t col = 0; col < shape.out_width; ++col) {
      const TapRange taps = tap_range(detail::conv_2d_cols(shape), col);
      cols += taps.end > taps.first ? taps.end - taps.first : 0;
    }
    return rows * cols * shape.batch * shape.in_channels * shape.out_channels;
  }

  /// Copies the weights; a null bias becomes zeros.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    for (int32_t index = 0; index < packed_bytes(shape); ++index) packed_weights[index] = weights[index];
    for (int32_t ch = 0; ch < shape.out_channels; ++ch) packed_bias[ch] = bias != nullptr ? bias[ch] : 0;
  }

  MOTE_INLINE static void run(Conv2dShape shape, const Conv2dTables& tables, const int8_t* in, int8_t* out,
                              void* /*scratch*/) {
    for (int32_t batch = 0; batch < shape.batch; ++batch)
      for (int32_t row = 0; row < shape.out_height; ++row)
        for (int32_t col = 0; col < shape.out_width; ++col)
          for (int32_t ch = 0; ch < shape.out_channels; ++ch) {
            const int64_t acc = tables.bias[ch] + window_sum(shape, tables.weights, in, batch, row, col, ch);
            const Requantization factor = {tables.multiplier[ch], tables.shift[ch]};
            const int32_t value = requantize(static_cast<int32_t>(acc), factor) + shape.output_zero_point;
            out[detail::nhwc(shape.out_height, shape.out_width, shape.out_channels, batch, row, col, ch)] =
                static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
          }
  }

 private:
  MOTE_INLINE static int64_t window_sum(const Conv2dShape& shape, Flash<int8_t> weights, const int8_t* in,
                                        int32_t batch, int32_t row, int32_t col, int32_t out_ch) {
    int64_t sum = 0;
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row)
      for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
        const int32_t in_row = row * shape.stride_height - shape.pad_top + tap_row * shape.dilation_height;
        const int32_t in_col = col * shape.stride_width - shape.pad_left + tap_col * shape.dilation_width;
        if (in_row < 0 || in_row >= shape.in_height || in_col < 0 || in_col >= shape.in_width) continue;
        for (int32_t ch = 0; ch < shape.in_channels; ++ch) {
          const int32_t weight = weights[detail::nhwc(shape.kernel_height, shape.kernel_width,
                                                      shape.in_channels, out_ch, tap_row, tap_col, ch)];
          const int32_t value =
              in[detail::nhwc(shape.in_height, shape.in_width, shape.in_channels, batch, in_row, in_col, ch)];
          sum += weight * (value - shape.input_zero_point);
        }
      }
    return sum;
  }
};

/// The float operator: sums in the order of the taps, then adds the bias (null: none).
///
/// Error bound as FullyConnectedFloat, with kernel_height * kernel_width * in_channels inputs.
struct Conv2dFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Conv2dShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead(shape) * static_cast<int32_t>(sizeof(float));
  }
  static constexpr int64_t macs(Conv2dShape shape) { return Conv2dReference::macs(shape); }

  MOTE_INLINE static void run(Conv2dShape shape, FloatActivation activation, const Conv2dFloatTables& tables,
                              const float* in, float* out, void* /*scratch*/) {
    for (int32_t batch = 0; batch < shape.batch; ++batch)
      for (int32_t row = 0; row < shape.out_height; ++row)
        for (int32_t col = 0; col < shape.out_width; ++col)
          for (int32_t ch = 0; ch < shape.out_channels; ++ch) {
            float acc = window_sum(shape, tables.weights, in, batch, row, col, ch);
            if (tables.bias) acc += tables.bias[ch];
            out[detail::nhwc(shape.out_height, shape.out_width, shape.out_channels, batch, row, col, ch)] =
                clamp(acc, activation.activation_min, activation.activation_max);
          }
  }

 private:
  MOTE_INLINE static float window_sum(const Conv2dShape& shape, Flash<float> weights, const float* in,
                                      int32_t batch, int32_t row, int32_t col, int32_t out_ch) {
    float sum = 0.0f;
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row)
      for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
        const int32_t in_row = row * shape.stride_height - shape.pad_top + tap_row * shape.dilation_height;
        const int32_t in_col = col * shape.stride_width - shape.pad_left + tap_col * shape.dilation_width;
        if (in_row < 0 || in_row >= shape.in_height || in_col < 0 || in_col >= shape.in_width) continue;
        for (int32_t ch = 0; ch < shape.in_channels; ++ch)
          sum +=
              weights[detail::nhwc(shape.kernel_height, shape.kernel_width, shape.in_channels, out_ch,
                                   tap_row, tap_col, ch)] *
              in[detail::nhwc(shape.in_height, shape.in_width, shape.in_channels, batch, in_row, in_col, ch)];
      }
    return sum;
  }
};

}  // namespace kernels
}  // namespace mote
