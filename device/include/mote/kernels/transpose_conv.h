// SPDX-License-Identifier: Apache-2.0
#pragma once

// Transposed 2-D convolution, NHWC, weights [out_ch][kernel_h][kernel_w][in_ch]: each input pixel adds its
// product with the kernel to the outputs from (row * stride - pad_top, col * stride - pad_left) on.
//
// The shape is convolution's with one group and no dilation; the arithmetic too, see conv_2d.h, for the same
// types. The kernels gather: an output's inputs are those whose kernel reaches it, in the order in which
// TFLite's kernels, which scatter into a buffer of sums, add them. Bit-exact to those, and without the
// buffer.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/spatial.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {
namespace detail {

template <class T>
constexpr bool valid_transpose(const Conv2dShape& shape) {
  return kernels::valid<T>(shape) && shape.groups == 1 && shape.dilation_height == 1 &&
         shape.dilation_width == 1;
}

/// The input positions first..end-1 whose kernel reaches an output position along one axis; that of `in` with
/// its tap out + pad - in * stride.
struct TransposeReach {
  SpatialAxis axis;

  MOTE_INLINE constexpr int32_t first(int32_t out) const {
    const int32_t before =
        out + axis.pad - axis.kernel + 1;  // an input at stride * position >= before reaches it
    return before <= 0 ? 0 : (before + axis.stride - 1) / axis.stride;
  }
  MOTE_INLINE constexpr int32_t end(int32_t out) const {
    const int32_t end = (out + axis.pad) / axis.stride + 1;
    return end < axis.in ? end : axis.in;
  }
  constexpr bool any(int32_t out) const { return first(out) < end(out); }
};

template <class T>
constexpr int32_t transpose_conv_input_ahead(const Conv2dShape& shape) {
  return reach_input_ahead(TransposeReach{conv_2d_rows(shape)}, TransposeReach{conv_2d_cols(shape)},
                           shape.batch, shape.in_channels, shape.out_channels, shape.out_channels - 1) *
         static_cast<int32_t>(sizeof(T));
}

/// Multiply-accumulates: every input with every weight, those that fall outside the output too.
constexpr int64_t transpose_conv_macs(const Conv2dShape& shape) {
  return int64_t{shape.batch} * shape.in_height * shape.in_width * shape.in_channels * shape.kernel_height *
         shape.kernel_width * shape.out_channels;
}

/// The weights that one kernel has.
constexpr int32_t transpose_conv_weights(const Conv2dShape& shape) {
  return shape.out_channels * shape.kernel_height * shape.kernel_width * shape.in_channels;
}

/// Calls `store(ch, sum)` for each output in memory order, with Sum = int64_t or float.
template <class Sum, class T, class Weight, class Store>
MOTE_INLINE void for_each_transposed_sum(const Conv2dShape& shape, Flash<Weight> weights, const T* in,
                                         Sum zero_point, Store store) {
  const TransposeReach rows{conv_2d_rows(shape)}, cols{conv_2d_cols(shape)};
  for (int32_t batch = 0; batch < shape.batch; ++batch)
    for (int32_t row = 0; row < shape.out_height; ++row)
      for (int32_t col = 0; col < shape.out_width; ++col)
        for (int32_t out_ch = 0; out_ch < shape.out_channels; ++out_ch) {
          Sum sum = 0;
          for (int32_t in_row = rows.first(row); in_row < rows.end(row); ++in_row)
            for (int32_t in_col = cols.first(col); in_col < cols.end(col); ++in_col) {
              const int32_t tap_row = row + shape.pad_top - in_row * shape.stride_height;
              const int32_t tap_col = col + shape.pad_left - in_col * shape.stride_width;
              const Flash<Weight> kernel = weights + nhwc(shape.kernel_height, shape.kernel_width,
                                                          shape.in_channels, out_ch, tap_row, tap_col, 0);
              const T* pixel =
                  in + nhwc(shape.in_height, shape.in_width, shape.in_channels, batch, in_row, in_col, 0);
              for (int32_t ch = 0; ch < shape.in_channels; ++ch)
                sum += static_cast<Sum>(kernel[ch]) * (static_cast<Sum>(pixel[ch]) - zero_point);
            }
          store(out_ch, sum);
        }
}

}  // namespace detail

/// The quantised operator.
template <class T, class Bias>
struct TransposeConvReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: its sums do not overflow (they are summed in int64 here).
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return detail::valid_transpose<T>(shape) && accumulators_fit<Bias>(limits);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return detail::transpose_conv_weights(shape); }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::transpose_conv_input_ahead<T>(shape);
  }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::transpose_conv_macs(shape); }

  /// Copies the weights; a null bias becomes zeros.
  static void pack(Conv2dShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    detail::copy_weights(packed_bytes(shape), shape.out_channels, weights, bias, packed_weights, packed_bias);
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<Bias>& tables, const T* in, T* out,
                              void* /*scratch*/) {
    detail::for_each_transposed_sum<int64_t>(
        shape, tables.weights, in, int64_t{shape.input_zero_point},
        [&](int32_t ch, int64_t sum) { *out++ = detail::channel_output<T>(shape, tables, sum, ch); });
  }
};

/// The float operator; scale, bias and error bound as Conv2dFloatReference.
template <class Weight>
struct TransposeConvFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Conv2dShape shape) { return detail::valid_transpose<int8_t>(shape); }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return detail::transpose_conv_weights(shape) * static_cast<int32_t>(sizeof(Weight));
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::transpose_conv_input_ahead<float>(shape);
  }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::transpose_conv_macs(shape); }
  static void pack(Conv2dShape shape, const Weight* weights, Weight* packed) {
    for (int32_t index = 0; index < detail::transpose_conv_weights(shape); ++index)
      packed[index] = weights[index];
  }

  MOTE_INLINE static void run(Conv2dShape shape, FloatActivation activation,
                              const FloatWeightTables<Weight>& tables, const float* in, float* out,
                              void* /*scratch*/) {
    detail::for_each_transposed_sum(shape, tables.weights, in, 0.0f, [&](int32_t ch, float sum) {
      *out++ = detail::float_output(activation, tables, sum, ch, ch);
    });
  }
};

}  // namespace kernels
}  // namespace mote
