// SPDX-License-Identifier: Apache-2.0
#pragma once

// What convolution, depthwise convolution and transposed convolution share: their shape, and the windows of
// the input.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/spatial.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Sizes and quantisation: input [batch][in_height][in_width][in_channels], output likewise.
///
/// Float kernels leave the quantisation alone.
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
  int32_t groups;  ///< divides in_channels and out_channels; in_channels for a depthwise convolution
  int32_t input_zero_point;   ///< a value of the input's type; 0 for int16
  int32_t output_zero_point;  ///< likewise
  int32_t activation_min;     ///< quantised, a value of the output's type
  int32_t activation_max;     ///< at least activation_min
  Rounding rounding;
  /// Scratch memory in bytes that a variant may take where more makes it faster; 0: as little as it can.
  int32_t scratch_allowance = 0;
};

/// Whether the sizes and ranges of `shape` have a meaning for inputs and outputs of type T.
template <class T = int8_t>
constexpr bool valid(const Conv2dShape& shape) {
  return shape.batch >= 0 && shape.in_height >= 0 && shape.in_width >= 0 && shape.in_channels >= 0 &&
         shape.out_height >= 0 && shape.out_width >= 0 && shape.out_channels >= 0 &&
         shape.kernel_height >= 1 && shape.kernel_width >= 1 && shape.stride_height >= 1 &&
         shape.stride_width >= 1 && shape.dilation_height >= 1 && shape.dilation_width >= 1 &&
         shape.pad_top >= 0 && shape.pad_left >= 0 && shape.groups >= 1 &&
         shape.in_channels % shape.groups == 0 && shape.out_channels % shape.groups == 0 &&
         valid_quantization<T>(shape) &&
         (sizeof(T) == 1 || (shape.input_zero_point == 0 && shape.output_zero_point == 0));
}

namespace detail {

/// The two axes that the kernel slides along.
MOTE_INLINE constexpr SpatialAxis conv_2d_rows(const Conv2dShape& shape) {
  return SpatialAxis{shape.in_height,     shape.out_height,      shape.kernel_height,
                     shape.stride_height, shape.dilation_height, shape.pad_top};
}
MOTE_INLINE constexpr SpatialAxis conv_2d_cols(const Conv2dShape& shape) {
  return SpatialAxis{shape.in_width,     shape.out_width,      shape.kernel_width,
                     shape.stride_width, shape.dilation_width, shape.pad_left};
}

/// input_ahead_bytes of a kernel that computes outputs of type T in memory order; `reread` as in
/// spatial_input_ahead().
template <class T>
constexpr int32_t conv_2d_input_ahead(const Conv2dShape& shape, int32_t reread) {
  return spatial_input_ahead(conv_2d_rows(shape), conv_2d_cols(shape), shape.batch, shape.in_channels,
                             shape.out_channels, reread) *
         static_cast<int32_t>(sizeof(T));
}

/// Multiply-accumulates of a convolution as the field counts them: those with the padding too.
constexpr int64_t conv_2d_macs(const Conv2dShape& shape) {
  return int64_t{shape.batch} * shape.out_height * shape.out_width * shape.out_channels *
         shape.kernel_height * shape.kernel_width * (shape.in_channels / shape.groups);
}

/// Position of an element of an NHWC tensor.
MOTE_INLINE constexpr int32_t nhwc(int32_t height, int32_t width, int32_t channels, int32_t batch,
                                   int32_t row, int32_t col, int32_t ch) {
  return ((batch * height + row) * width + col) * channels + ch;
}

/// Copies one row of a window, `channels` neighbouring channels from `in` on, as [tap][channel]: `width` taps
/// of which `cols` are inside. A value is copied as value - zero_point, a tap outside as 0.
///
/// Returns the end of what it wrote. Value is int16_t (255 at most for int8 inputs) or float.
template <class T, class Value>
MOTE_INLINE Value* copy_window_row(const Conv2dShape& shape, const T* in, TapRange cols, int32_t channels,
                                   Value zero_point, Value* patch) {
  const int32_t kernel = shape.kernel_width * channels;
  const int32_t first = cols.first * channels;
  const int32_t end = cols.end * channels;
  if (end <= first) {
    for (int32_t index = 0; index < kernel; ++index) patch[index] = 0;
    return patch + kernel;
  }
  for (int32_t index = 0; index < first; ++index) patch[index] = 0;
  // Neighbouring taps that are neighbours in the input too go together.
  const bool dense = shape.dilation_width == 1 && channels == shape.in_channels;
  const int32_t run = dense ? end - first : channels;
  const T* from = in + (cols.origin + cols.first * shape.dilation_width) * shape.in_channels;
  for (int32_t to = first; to < end; to += run) {
    for (int32_t index = 0; index < run; ++index)
      patch[to + index] = static_cast<Value>(static_cast<Value>(from[index]) - zero_point);
    from += shape.dilation_width * shape.in_channels;
  }
  for (int32_t index = end; index < kernel; ++index) patch[index] = 0;
  return patch + kernel;
}

/// Copies one window, `channels` neighbouring channels from `in` on, as [tap row][tap col][channel]; see
/// above.
template <class T, class Value>
MOTE_INLINE Value* copy_window(const Conv2dShape& shape, const T* in, TapRange rows, TapRange cols,
                               int32_t channels, Value zero_point, Value* patch) {
  for (int32_t tap = 0; tap < shape.kernel_height; ++tap) {
    const bool inside = tap >= rows.first && tap < rows.end;
    const int32_t row = inside ? rows.origin + tap * shape.dilation_height : 0;
    patch = copy_window_row(shape, in + row * shape.in_width * shape.in_channels,
                            inside ? cols : TapRange{0, 0, 0}, channels, zero_point, patch);
  }
  return patch;
}

/// The lowest position of the input that an output reads; `rows`, `cols`: its taps, one of each at least.
constexpr int64_t conv_2d_first_read(const Conv2dShape& shape, TapRange rows, TapRange cols) {
  return (int64_t{rows.origin + rows.first * shape.dilation_height} * shape.in_width + cols.origin +
          cols.first * shape.dilation_width) *
         shape.in_channels;
}

/// input_ahead_bytes of a kernel of bytes that reads all pixels of a block before it writes the first of
/// them; Kernel::block_pixels(shape, rest) says how many those are when `rest` are left.
///
/// Every pixel counts: with a dilation a later pixel may read what lies before the first read of its
/// neighbour.
template <class Kernel>
constexpr int32_t conv_2d_block_ahead(const Conv2dShape& shape) {
  const int64_t in_size = int64_t{shape.in_height} * shape.in_width * shape.in_channels;
  const int64_t out_size = int64_t{shape.out_height} * shape.out_width * shape.out_channels;
  if (in_size == 0 || out_size == 0 || shape.batch == 0) return 0;
  const int64_t growth = (shape.batch - 1) * (out_size - in_size);
  int64_t ahead = growth;  // of the last batch's first read
  const int32_t pixels = shape.out_height * shape.out_width;
  int32_t pixel = 0, block = 0, next_block = Kernel::block_pixels(shape, pixels);
  for (int32_t row = 0; row < shape.out_height; ++row) {
    const TapRange rows = tap_range(conv_2d_rows(shape), row);
    for (int32_t col = 0; col < shape.out_width; ++col, ++pixel) {
      if (pixel == next_block) {
        block = pixel;
        next_block = pixel + Kernel::block_pixels(shape, pixels - pixel);
      }
      const TapRange cols = tap_range(conv_2d_cols(shape), col);
      if (rows.end <= rows.first || cols.end <= cols.first) continue;
      const int64_t lead = int64_t{block} * shape.out_channels - conv_2d_first_read(shape, rows, cols) +
                           (growth > 0 ? growth : 0);
      if (block > 0 && lead > ahead) ahead = lead;
    }
  }
  return ahead > 0 ? static_cast<int32_t>(ahead) : 0;
}

}  // namespace detail
}  // namespace kernels
}  // namespace mote
