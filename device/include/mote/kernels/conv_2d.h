// SPDX-License-Identifier: Apache-2.0
#pragma once

// 2-D convolution, NHWC, weights [out_ch][kernel_h][kernel_w][in_ch / groups]; a 1-D convolution has
// height 1.
//
// Quantised: sum over the kernel's taps inside the input of (in - input zero point) * weight, plus the bias;
// then as the fully connected layer, with a multiplier and shift an output channel. T is int8_t (Bias
// int32_t) or int16_t (Bias int64_t, or int32_t, which makes the sums int32 as in TFLite). Every variant is
// bit-exact to Conv2dReference, and that to TFLite Micro's reference kernel. Depthwise convolution has its
// own kernels.

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

/// The weights of one output channel.
constexpr int32_t conv_2d_inputs(const Conv2dShape& shape) {
  return shape.kernel_height * shape.kernel_width * (shape.in_channels / shape.groups);
}

/// The definition of the sum that an output channel gets at one pixel, with Sum = int64_t or float.
template <class Sum, class T, class Weight>
MOTE_INLINE Sum conv_2d_window_sum(const Conv2dShape& shape, Flash<Weight> weights, const T* in,
                                   Sum zero_point, int32_t batch, int32_t row, int32_t col, int32_t out_ch) {
  const int32_t depth = shape.in_channels / shape.groups;
  const int32_t first_ch = out_ch / (shape.out_channels / shape.groups) * depth;
  Sum sum = 0;
  for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row)
    for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
      const int32_t in_row = row * shape.stride_height - shape.pad_top + tap_row * shape.dilation_height;
      const int32_t in_col = col * shape.stride_width - shape.pad_left + tap_col * shape.dilation_width;
      if (in_row < 0 || in_row >= shape.in_height || in_col < 0 || in_col >= shape.in_width) continue;
      for (int32_t ch = 0; ch < depth; ++ch)
        sum +=
            static_cast<Sum>(
                weights[nhwc(shape.kernel_height, shape.kernel_width, depth, out_ch, tap_row, tap_col, ch)]) *
            (static_cast<Sum>(in[nhwc(shape.in_height, shape.in_width, shape.in_channels, batch, in_row,
                                      in_col, first_ch + ch)]) -
             zero_point);
    }
  return sum;
}

/// Copies the windows of all groups of one output pixel, [group][tap row][tap col][channel of the group].
template <class T, class Value>
MOTE_INLINE void copy_windows(const Conv2dShape& shape, const T* in, TapRange rows, TapRange cols,
                              Value zero_point, Value* patch) {
  const int32_t depth = shape.in_channels / shape.groups;
  for (int32_t group = 0; group < shape.groups; ++group)
    patch = copy_window(shape, in + group * depth, rows, cols, depth, zero_point, patch);
}

}  // namespace detail

/// The definition of the quantised operator. Slow, obvious, and never to be optimised.
template <class T, class Bias>
struct Conv2dReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: its sums do not overflow (they are summed in int64 here).
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return valid<T>(shape) && accumulators_fit<Bias>(limits);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return shape.out_channels * detail::conv_2d_inputs(shape);
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<T>(shape, reread(shape));
  }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Copies the weights; a null bias becomes zeros.
  static void pack(Conv2dShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    detail::copy_weights(packed_bytes(shape), shape.out_channels, weights, bias, packed_weights, packed_bias);
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<Bias>& tables, const T* in, T* out,
                              void* /*scratch*/) {
    for (int32_t batch = 0; batch < shape.batch; ++batch)
      for (int32_t row = 0; row < shape.out_height; ++row)
        for (int32_t col = 0; col < shape.out_width; ++col)
          for (int32_t ch = 0; ch < shape.out_channels; ++ch) {
            const int64_t sum = detail::conv_2d_window_sum<int64_t>(
                shape, tables.weights, in, shape.input_zero_point, batch, row, col, ch);
            *out++ = detail::channel_output<T>(shape, tables, sum, ch);
          }
  }

 private:
  template <class, class>
  friend struct Conv2dPlain;
  template <class>
  friend struct Conv2dFloatReference;

  /// The last group's channels read their window until the last of them is written; earlier groups' channels
  /// lie before theirs in the input too.
  static constexpr int32_t reread(const Conv2dShape& shape) {
    const int32_t depth = shape.in_channels / shape.groups;
    const int32_t width = shape.out_channels / shape.groups;
    return width == 0 ? 0 : width - 1 + (width > depth ? (shape.groups - 1) * (width - depth) : 0);
  }
};

/// Portable C++ for any core: each window is copied once, minus the zero point, into scratch memory as int16;
/// then four output channels at a time are products of contiguous rows.
///
/// The output trails the input by nothing but what the windows overlap: a pixel's window is copied before its
/// first output is written.
template <class T, class Bias>
struct Conv2dPlain {
  using Reference = Conv2dReference<T, Bias>;
  static constexpr const char* kName = "plain";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {500, 1550, 0}; }
  static constexpr bool available(Isa) { return true; }

  /// Exact because a copied value fits int16; 65536 products of 255 and 128 fit int32; of int16 inputs at
  /// most 256 products are summed before they go into an int64 sum, or all of them where the limits say that
  /// they fit int32.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return Reference::supports(shape, limits) && (sizeof(T) > 1 || detail::conv_2d_inputs(shape) <= 65536);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return shape.kernel_height * shape.kernel_width * shape.in_channels *
           static_cast<int32_t>(sizeof(int16_t));
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<T>(shape, 0);
  }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }
  static void pack(Conv2dShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    Reference::pack(shape, weights, bias, packed_weights, packed_bias);
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<Bias>& tables, const T* in, T* out,
                              void* scratch) {
    int16_t* const patch = static_cast<int16_t*>(scratch);
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      for (int32_t row = 0; row < shape.out_height; ++row) {
        const TapRange rows = tap_range(detail::conv_2d_rows(shape), row);
        for (int32_t col = 0; col < shape.out_width; ++col) {
          const TapRange cols = tap_range(detail::conv_2d_cols(shape), col);
          detail::copy_windows(shape, in, rows, cols, static_cast<int16_t>(shape.input_zero_point), patch);
          run_pixel(shape, tables, patch, out);
          out += shape.out_channels;
        }
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 private:
  MOTE_INLINE static void run_pixel(const Conv2dShape& shape, const WeightTables<Bias>& tables,
                                    const int16_t* patch, T* out) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    const int32_t width = shape.out_channels / shape.groups;
    for (int32_t group_end = width; group_end <= shape.out_channels && width > 0; group_end += width) {
      for (int32_t ch = group_end - width; ch < group_end; ch += kLanes) {
        const int32_t count = detail::at_most(kLanes, group_end - ch);
        Bias sums[kLanes];
        detail::row_products(patch, tables.weights + ch * inputs, count, inputs, sums);
        detail::lane_outputs(shape, tables, ch, count, sums, out + ch);
      }
      patch += inputs;
    }
  }
};

/// The definition of the float operator: sums in the order of the taps, times the scale if weights are int8,
/// then adds the bias (null: none).
///
/// int8 weights stand for weight * scale exactly (hybrid layer; activations stay float, where TFLite
/// quantises them anew in each run). Against exact arithmetic the error is at most (inputs + 2) * 2^-24 *
/// (sum |weight * in| + |bias|), to first order, with kernel_height * kernel_width * in_channels / groups
/// inputs; fused multiply-adds, which a compiler may use, stay within it.
template <class Weight>
struct Conv2dFloatReference {
  static constexpr const char* kName = "float_reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Conv2dShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return shape.out_channels * detail::conv_2d_inputs(shape) * static_cast<int32_t>(sizeof(Weight));
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<float>(shape, Conv2dReference<int8_t, int32_t>::reread(shape));
  }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }
  static void pack(Conv2dShape shape, const Weight* weights, Weight* packed) {
    for (int32_t index = 0; index < shape.out_channels * detail::conv_2d_inputs(shape); ++index)
      packed[index] = weights[index];
  }

  MOTE_INLINE static void run(Conv2dShape shape, FloatActivation activation,
                              const FloatWeightTables<Weight>& tables, const float* in, float* out,
                              void* /*scratch*/) {
    for (int32_t batch = 0; batch < shape.batch; ++batch)
      for (int32_t row = 0; row < shape.out_height; ++row)
        for (int32_t col = 0; col < shape.out_width; ++col)
          for (int32_t ch = 0; ch < shape.out_channels; ++ch) {
            const float sum =
                detail::conv_2d_window_sum(shape, tables.weights, in, 0.0f, batch, row, col, ch);
            *out++ = detail::float_output(activation, tables, sum, ch, ch);
          }
  }
};

/// The same sums, eight output channels at a time from packed weights and a copy of the window.
///
/// The bound is the reference's; the padding adds products with 0, which change nothing while weights are
/// finite.
template <class Weight>
struct Conv2dFloatPlain {
  using Reference = Conv2dFloatReference<Weight>;
  static constexpr const char* kName = "float_plain";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Conv2dShape shape) { return valid(shape); }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return shape.kernel_height * shape.kernel_width * shape.in_channels * static_cast<int32_t>(sizeof(float));
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<float>(shape, 0);
  }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }

  /// Each group's output channels in the order of detail::pack_float_rows().
  static void pack(Conv2dShape shape, const Weight* weights, Weight* packed) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    const int32_t width = shape.out_channels / shape.groups;
    for (int32_t group = 0; group < shape.groups; ++group)
      detail::pack_float_rows(width, inputs, weights + group * width * inputs,
                              packed + group * width * inputs);
  }

  MOTE_INLINE static void run(Conv2dShape shape, FloatActivation activation,
                              const FloatWeightTables<Weight>& tables, const float* in, float* out,
                              void* scratch) {
    float* const patch = static_cast<float*>(scratch);
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      for (int32_t row = 0; row < shape.out_height; ++row) {
        const TapRange rows = tap_range(detail::conv_2d_rows(shape), row);
        for (int32_t col = 0; col < shape.out_width; ++col) {
          const TapRange cols = tap_range(detail::conv_2d_cols(shape), col);
          detail::copy_windows(shape, in, rows, cols, 0.0f, patch);
          run_pixel(shape, activation, tables, patch, out);
          out += shape.out_channels;
        }
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 private:
  MOTE_INLINE static void run_pixel(const Conv2dShape& shape, FloatActivation activation,
                                    const FloatWeightTables<Weight>& tables, const float* patch, float* out) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    const int32_t width = shape.out_channels / shape.groups;
    for (int32_t group_end = width; group_end <= shape.out_channels && width > 0; group_end += width) {
      for (int32_t ch = group_end - width; ch < group_end; ch += detail::kFloatRows) {
        const int32_t count = detail::at_most(detail::kFloatRows, group_end - ch);
        float sums[detail::kFloatRows];
        detail::float_row_products(patch, tables.weights + ch * inputs, count, inputs, sums);
        for (int32_t lane = 0; lane < count; ++lane)
          out[ch + lane] = detail::float_output(activation, tables, sums[lane], ch + lane, ch + lane);
      }
      patch += inputs;
    }
  }
};

}  // namespace kernels
}  // namespace mote
