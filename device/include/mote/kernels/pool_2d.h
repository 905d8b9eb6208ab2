// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the pooling operators share: their shape, and the walk over windows.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/spatial.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Sizes of a pooling layer: input [batch][in_height][in_width][channels], output likewise; same scale on
/// both.
///
/// Every window holds at least one input element; the padding counts for nothing.
struct Pool2dShape {
  int32_t batch;
  int32_t in_height;
  int32_t in_width;
  int32_t channels;
  int32_t out_height;
  int32_t out_width;
  int32_t kernel_height;
  int32_t kernel_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t pad_top;
  int32_t pad_left;
  int32_t activation_min;  ///< quantised, a value of the type; float kernels leave both alone
  int32_t activation_max;  ///< at least activation_min
};

namespace detail {

MOTE_INLINE constexpr SpatialAxis pool_2d_rows(const Pool2dShape& shape) {
  return SpatialAxis{shape.in_height, shape.out_height, shape.kernel_height, shape.stride_height, 1,
                     shape.pad_top};
}
MOTE_INLINE constexpr SpatialAxis pool_2d_cols(const Pool2dShape& shape) {
  return SpatialAxis{shape.in_width, shape.out_width, shape.kernel_width, shape.stride_width, 1,
                     shape.pad_left};
}

/// Whether each window along the axis holds an input element.
constexpr bool no_empty_window(SpatialAxis axis) {
  for (int32_t out = 0; out < axis.out; ++out) {
    const TapRange taps = tap_range(axis, out);
    if (taps.end <= taps.first) return false;
  }
  return true;
}

/// input_ahead_bytes for elements of type T.
template <class T>
constexpr int32_t pool_2d_input_ahead(const Pool2dShape& shape) {
  return spatial_input_ahead(pool_2d_rows(shape), pool_2d_cols(shape), shape.batch, shape.channels,
                             shape.channels, 0) *
         static_cast<int32_t>(sizeof(T));
}

/// Calls `visit(first, rows, cols)` for each pixel of the output in memory order; `first` is the first input
/// element of its window, `rows` x `cols` how much of the window lies inside the input.
template <class T, class Visit>
MOTE_INLINE void for_each_pixel(const Pool2dShape& shape, const T* in, Visit visit) {
  for (int32_t batch = 0; batch < shape.batch; ++batch)
    for (int32_t row = 0; row < shape.out_height; ++row) {
      const TapRange rows = tap_range(pool_2d_rows(shape), row);
      for (int32_t col = 0; col < shape.out_width; ++col) {
        const TapRange cols = tap_range(pool_2d_cols(shape), col);
        const int32_t in_row = batch * shape.in_height + rows.origin + rows.first;
        visit(in + (in_row * shape.in_width + cols.origin + cols.first) * shape.channels,
              rows.end - rows.first, cols.end - cols.first);
      }
    }
}

/// Calls `reduce(first, rows, cols)` for each output in memory order and stores what it returns; `first` is
/// the first input element of the window and channel.
template <class T, class Reduce>
MOTE_INLINE void for_each_window(const Pool2dShape& shape, const T* in, T* out, Reduce reduce) {
  for_each_pixel(shape, in, [&](const T* first, int32_t rows, int32_t cols) {
    for (int32_t ch = 0; ch < shape.channels; ++ch) *out++ = reduce(first + ch, rows, cols);
  });
}

}  // namespace detail

/// Whether the sizes and ranges of `shape` have a meaning for elements of type T; TFLite refuses an empty
/// window too.
template <class T = int8_t>
constexpr bool valid(const Pool2dShape& shape) {
  constexpr int32_t kMost = (int32_t{1} << (8 * sizeof(T) - 1)) - 1;
  return shape.batch >= 0 && shape.in_height >= 0 && shape.in_width >= 0 && shape.channels >= 0 &&
         shape.out_height >= 0 && shape.out_width >= 0 && shape.kernel_height >= 1 &&
         shape.kernel_width >= 1 && shape.stride_height >= 1 && shape.stride_width >= 1 &&
         shape.pad_top >= 0 && shape.pad_left >= 0 && shape.activation_min >= -kMost - 1 &&
         shape.activation_min <= shape.activation_max && shape.activation_max <= kMost &&
         detail::no_empty_window(detail::pool_2d_rows(shape)) &&
         detail::no_empty_window(detail::pool_2d_cols(shape));
}

}  // namespace kernels
}  // namespace mote
