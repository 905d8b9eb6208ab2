// SPDX-License-Identifier: Apache-2.0
#pragma once

// Images of another height and width: RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR, NHWC. Positions are
// computed as TFLite's reference kernels compute them, rounding errors included; where those carry them
// behind the last row or column (in integers from about 45 times sqrt(input size) pixels on) the last one is
// read.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Input [batch][in_height][in_width][channels], output likewise.
struct ResizeShape {
  int32_t batch;
  int32_t in_height;
  int32_t in_width;
  int32_t channels;
  int32_t out_height;
  int32_t out_width;
  bool align_corners;       ///< the first and last pixels of both lie on each other
  bool half_pixel_centers;  ///< pixels are squares with their centre at one half
  Rounding rounding;        ///< of int8 and int16, bilinear
};

namespace detail {

/// One axis of the image.
struct ResizeAxis {
  int32_t in;
  int32_t out;
  bool align_corners;
  bool half_pixel_centers;
};

MOTE_INLINE constexpr ResizeAxis resize_rows(const ResizeShape& shape) {
  return ResizeAxis{shape.in_height, shape.out_height, shape.align_corners, shape.half_pixel_centers};
}
MOTE_INLINE constexpr ResizeAxis resize_cols(const ResizeShape& shape) {
  return ResizeAxis{shape.in_width, shape.out_width, shape.align_corners, shape.half_pixel_centers};
}

MOTE_INLINE constexpr float resize_scale(const ResizeAxis& axis) {
  return axis.align_corners && axis.out > 1
             ? static_cast<float>(axis.in - 1) / static_cast<float>(axis.out - 1)
             : static_cast<float>(axis.in) / static_cast<float>(axis.out);
}

/// The input position nearest to output position `out`.
MOTE_INLINE constexpr int32_t nearest_source(const ResizeAxis& axis, int32_t out) {
  const float position =
      (static_cast<float>(out) + (axis.half_pixel_centers ? 0.5f : 0.0f)) * resize_scale(axis);
  const int32_t whole = static_cast<int32_t>(position);  // never negative, so this is the floor
  const bool up = axis.align_corners && position - static_cast<float>(whole) >= 0.5f;
  return clamp(whole + (up ? 1 : 0), int32_t{0}, axis.in - 1);
}

/// Between which two input positions an output position lies, and how far from the first towards the second,
/// as Position: float, or an integer in units of 2^-10.
template <class Position>
struct Between {
  int32_t lower;
  int32_t upper;
  Position from_lower;
};

/// In integers: the ratio of the sizes is rounded to 2^-10 first.
MOTE_INLINE constexpr Between<int32_t> between_integer(const ResizeAxis& axis, int32_t out) {
  const bool align = axis.align_corners && axis.out > 1;
  const int32_t ins = align ? axis.in - 1 : axis.in;
  const int32_t outs = align ? axis.out - 1 : axis.out;
  const int32_t scale = (1024 * ins + outs / 2) / outs;
  const int32_t position = out * scale + (axis.half_pixel_centers ? scale / 2 - 512 : 0);
  const int32_t lower = clamp(position / 1024, int32_t{0}, axis.in - 1);
  const int32_t upper = clamp((position + 1023) / 1024, int32_t{0}, axis.in - 1);
  return Between<int32_t>{lower, upper, position - 1024 * lower};
}

/// In float.
MOTE_INLINE constexpr Between<float> between_float(const ResizeAxis& axis, int32_t out) {
  const float scale = resize_scale(axis);
  const float position = axis.half_pixel_centers ? (static_cast<float>(out) + 0.5f) * scale - 0.5f
                                                 : static_cast<float>(out) * scale;
  const int32_t whole = static_cast<int32_t>(position);
  const int32_t floor = whole - (position < static_cast<float>(whole) ? 1 : 0);
  const int32_t ceil = whole + (position > static_cast<float>(whole) ? 1 : 0);
  const int32_t lower = clamp(floor, int32_t{0}, axis.in - 1);
  return Between<float>{lower, clamp(ceil, int32_t{0}, axis.in - 1), position - static_cast<float>(lower)};
}

/// What the loops batch, row, col and channel add to the lowest position read.
template <class Source>
struct ResizeRead {
  const ResizeShape& shape;
  constexpr int64_t operator()(int32_t loop, int32_t coordinate) const {
    const int64_t row_elements = int64_t{shape.in_width} * shape.channels;
    return loop == 0   ? coordinate * row_elements * shape.in_height
           : loop == 1 ? Source::lowest(resize_rows(shape), coordinate) * row_elements
           : loop == 2 ? int64_t{Source::lowest(resize_cols(shape), coordinate)} * shape.channels
           : loop == 3 ? coordinate
                       : 0;
  }
};

struct NearestSource {
  static constexpr int32_t lowest(const ResizeAxis& axis, int32_t out) { return nearest_source(axis, out); }
};
struct IntegerSource {
  static constexpr int32_t lowest(const ResizeAxis& axis, int32_t out) {
    return between_integer(axis, out).lower;
  }
};
struct FloatSource {
  static constexpr int32_t lowest(const ResizeAxis& axis, int32_t out) {
    return between_float(axis, out).lower;
  }
};

template <class Source>
constexpr int32_t resize_input_ahead(const ResizeShape& shape) {
  const int32_t row = shape.out_width * shape.channels;
  const Walk walk = {{shape.batch, shape.out_height, shape.out_width, shape.channels, 1, 1},
                     {shape.out_height * row, row, shape.channels, 1, 0, 0}};
  return walk_ahead(walk, 1, ResizeRead<Source>{shape});
}

/// Sizes whose positions fit into int32 in units of 2^-10, and exactly into float.
constexpr bool valid(const ResizeShape& shape) {
  const int32_t most = int32_t{1} << 19;
  return shape.batch >= 1 && shape.channels >= 1 && shape.in_height >= 1 && shape.in_height <= most &&
         shape.in_width >= 1 && shape.in_width <= most && shape.out_height >= 1 && shape.out_height <= most &&
         shape.out_width >= 1 && shape.out_width <= most &&
         int64_t{shape.in_height} * shape.in_width <= INT32_MAX / shape.channels / shape.batch &&
         int64_t{shape.out_height} * shape.out_width <= INT32_MAX / shape.channels / shape.batch;
}

}  // namespace detail

/// Nearest neighbour. Exact: bits are moved.
template <class T>
struct ResizeNearest {
  static constexpr const char* kName = "nearest";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const ResizeShape& shape, Limits) { return detail::valid(shape); }
  static constexpr int32_t scratch_bytes(const ResizeShape&) { return 0; }
  static constexpr int64_t macs(const ResizeShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const ResizeShape& shape) {
    return detail::resize_input_ahead<detail::NearestSource>(shape) * static_cast<int32_t>(sizeof(T));
  }

  MOTE_INLINE static void run(const ResizeShape& shape, const T* in, T* out, void* /*scratch*/) {
    for (int32_t batch = 0; batch < shape.batch; ++batch)
      for (int32_t row = 0; row < shape.out_height; ++row) {
        const int32_t in_row =
            batch * shape.in_height + detail::nearest_source(detail::resize_rows(shape), row);
        for (int32_t col = 0; col < shape.out_width; ++col) {
          const int32_t in_col = detail::nearest_source(detail::resize_cols(shape), col);
          const T* const from = in + (in_row * shape.in_width + in_col) * shape.channels;
          for (int32_t ch = 0; ch < shape.channels; ++ch) *out++ = from[ch];
        }
      }
  }
};

namespace detail {

/// The four pixels around an output pixel.
template <class T>
struct Corners {
  const T* upper_left;
  const T* upper_right;
  const T* lower_left;
  const T* lower_right;
};

/// Calls `pixel(corners, rows, cols)` for each output pixel in memory order; `between(axis, out)`: where it
/// lies.
template <class T, class FindPosition, class Pixel>
MOTE_INLINE void for_each_pixel(const ResizeShape& shape, const T* in, FindPosition between, Pixel pixel) {
  for (int32_t batch = 0; batch < shape.batch; ++batch)
    for (int32_t row = 0; row < shape.out_height; ++row) {
      const auto rows = between(resize_rows(shape), row);
      const T* const upper = in + (batch * shape.in_height + rows.lower) * shape.in_width * shape.channels;
      const T* const lower = in + (batch * shape.in_height + rows.upper) * shape.in_width * shape.channels;
      for (int32_t col = 0; col < shape.out_width; ++col) {
        const auto cols = between(resize_cols(shape), col);
        const int32_t left = cols.lower * shape.channels;
        const int32_t right = cols.upper * shape.channels;
        pixel(Corners<T>{upper + left, upper + right, lower + left, lower + right}, rows, cols);
      }
    }
}

}  // namespace detail

/// Bilinear in integers, T is int8_t or int16_t: weights in units of 2^-10, the sum of four products divided
/// by 2^20 with rounding half away from zero (kDouble) or upwards (kSingle). Exact.
template <class T>
struct ResizeBilinearInteger {
  static constexpr const char* kName = "bilinear";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const ResizeShape& shape, Limits) {
    return detail::valid(shape) && !(shape.align_corners && shape.half_pixel_centers);
  }
  static constexpr int32_t scratch_bytes(const ResizeShape&) { return 0; }
  static constexpr int64_t macs(const ResizeShape& shape) {
    return int64_t{4} * shape.batch * shape.out_height * shape.out_width * shape.channels;
  }
  static constexpr int32_t input_ahead_bytes(const ResizeShape& shape) {
    return detail::resize_input_ahead<detail::IntegerSource>(shape) * static_cast<int32_t>(sizeof(T));
  }

  MOTE_INLINE static void run(const ResizeShape& shape, const T* in, T* out, void* /*scratch*/) {
    detail::for_each_pixel(
        shape, in, detail::between_integer,
        [&](const detail::Corners<T>& at, detail::Between<int32_t> rows, detail::Between<int32_t> cols) {
          for (int32_t ch = 0; ch < shape.channels; ++ch) {
            const int64_t upper = at.upper_left[ch] * int64_t{1024 - cols.from_lower} +
                                  at.upper_right[ch] * int64_t{cols.from_lower};
            const int64_t lower = at.lower_left[ch] * int64_t{1024 - cols.from_lower} +
                                  at.lower_right[ch] * int64_t{cols.from_lower};
            const int64_t sum = upper * (1024 - rows.from_lower) + lower * rows.from_lower;
            const int64_t half = int64_t{1} << 19;
            *out++ = static_cast<T>(shape.rounding == Rounding::kSingle
                                        ? (sum + half) >> 20
                                        : (sum > 0 ? sum + half : sum - half) / (2 * half));
          }
        });
  }
};

/// Bilinear in float, in the order of TFLite's reference: the same bits where no multiplication and addition
/// are fused. Position errors of a few units of 2^-24 of the image's extent move the result by as much of the
/// difference between neighbours; the sum itself adds at most 8 * 2^-24 * (largest corner).
struct ResizeBilinearFloat {
  static constexpr const char* kName = "bilinear";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const ResizeShape& shape, Limits) {
    return detail::valid(shape) && !(shape.align_corners && shape.half_pixel_centers);
  }
  static constexpr int32_t scratch_bytes(const ResizeShape&) { return 0; }
  static constexpr int64_t macs(const ResizeShape& shape) {
    return int64_t{4} * shape.batch * shape.out_height * shape.out_width * shape.channels;
  }
  static constexpr int32_t input_ahead_bytes(const ResizeShape& shape) {
    return detail::resize_input_ahead<detail::FloatSource>(shape) * static_cast<int32_t>(sizeof(float));
  }

  MOTE_INLINE static void run(const ResizeShape& shape, const float* in, float* out, void* /*scratch*/) {
    detail::for_each_pixel(
        shape, in, detail::between_float,
        [&](const detail::Corners<float>& at, detail::Between<float> rows, detail::Between<float> cols) {
          const float up = 1.0f - rows.from_lower;
          const float left = 1.0f - cols.from_lower;
          for (int32_t ch = 0; ch < shape.channels; ++ch)
            *out++ = at.upper_left[ch] * up * left + at.lower_left[ch] * rows.from_lower * left +
                     at.upper_right[ch] * up * cols.from_lower +
                     at.lower_right[ch] * rows.from_lower * cols.from_lower;
        });
  }
};

}  // namespace kernels
}  // namespace mote
