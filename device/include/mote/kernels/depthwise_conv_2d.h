// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depthwise 2-D convolution, NHWC, weights [kernel_h][kernel_w][out_ch]: output channel ch reads input
// channel ch / multiplier, where multiplier = out_channels / in_channels, and the shape's groups are
// in_channels.
//
// The arithmetic is convolution's, see conv_2d.h, for the same types. Every variant is bit-exact to
// DepthwiseConv2dReference, and that to TFLite Micro's reference kernel.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/lanes.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/float_activation.h"
#include "mote/kernels/spatial.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {
namespace detail {

/// Whether the shape is a depthwise convolution's.
template <class T>
constexpr bool valid_depthwise(const Conv2dShape& shape) {
  return kernels::valid<T>(shape) && shape.groups == shape.in_channels;
}

constexpr int32_t depthwise_taps(const Conv2dShape& shape) {
  return shape.kernel_height * shape.kernel_width;
}
constexpr int32_t depth_multiplier(const Conv2dShape& shape) {
  return shape.out_channels / shape.in_channels;
}

/// input_ahead_bytes of a kernel that does some channels after others, each with one output, and has read a
/// window's rows and those above when it writes: in place, if no output lies in a row of the input below the
/// first one it needs.
constexpr int32_t depthwise_in_place(const Conv2dShape& shape) {
  return shape.out_width <= shape.in_width && shape.out_height <= shape.in_height &&
                 shape.pad_top <= (shape.kernel_height - 1) * shape.dilation_height
             ? kInPlace
             : kDisjoint;
}

/// Elements of a pixel's output that are written while the window of a channel is needed; `last` of that
/// channel's own.
constexpr int32_t depthwise_reread(const Conv2dShape& shape, bool last) {
  return shape.out_channels == 0 ? 0 : (shape.in_channels - (last ? 0 : 1)) * (depth_multiplier(shape) - 1);
}

/// The definition of the sum that an output channel gets at one pixel, with Sum = int64_t or float.
template <class Sum, class T, class Weight>
MOTE_INLINE Sum depthwise_window_sum(const Conv2dShape& shape, Flash<Weight> weights, const T* in,
                                     Sum zero_point, int32_t batch, int32_t row, int32_t col,
                                     int32_t out_ch) {
  const int32_t in_ch = out_ch / depth_multiplier(shape);
  Sum sum = 0;
  for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row)
    for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
      const int32_t in_row = row * shape.stride_height - shape.pad_top + tap_row * shape.dilation_height;
      const int32_t in_col = col * shape.stride_width - shape.pad_left + tap_col * shape.dilation_width;
      if (in_row < 0 || in_row >= shape.in_height || in_col < 0 || in_col >= shape.in_width) continue;
      sum +=
          static_cast<Sum>(weights[(tap_row * shape.kernel_width + tap_col) * shape.out_channels + out_ch]) *
          (static_cast<Sum>(
               in[nhwc(shape.in_height, shape.in_width, shape.in_channels, batch, in_row, in_col, in_ch)]) -
           zero_point);
    }
  return sum;
}

/// One product of the plain kernel: of int8 inputs it fits 16 bits, 255 * 128 being 32640.
MOTE_INLINE constexpr int32_t shifted_product(int8_t weight, int8_t value, int16_t zero_point) {
  return static_cast<int16_t>(static_cast<int16_t>(value - zero_point) * static_cast<int16_t>(weight));
}
MOTE_INLINE constexpr int32_t shifted_product(int8_t weight, int16_t value, int16_t /*zero_point*/) {
  return static_cast<int32_t>(value) * weight;
}
MOTE_INLINE constexpr float shifted_product(float weight, float value, float /*zero_point*/) {
  return value * weight;
}
MOTE_INLINE constexpr float shifted_product(int8_t weight, float value, float /*zero_point*/) {
  return value * static_cast<float>(weight);
}

/// sums[lane] of kCount neighbouring channels from `ch` on, of one window, taps clipped to the input; the
/// multiplier is 1, so that they read neighbouring input channels where they are.
template <int32_t kCount, class Sum, class T, class Value, class Weight>
MOTE_INLINE void depthwise_block(const Conv2dShape& shape, Flash<Weight> weights, const T* in, TapRange rows,
                                 TapRange cols, int32_t ch, Value zero_point, Sum* sums) {
  Sum block[kCount] = {};
  for (int32_t tap_row = rows.first; tap_row < rows.end; ++tap_row) {
    const int32_t in_row = rows.origin + tap_row * shape.dilation_height;
    const int32_t in_col = cols.origin + cols.first * shape.dilation_width;
    const T* x = in + (in_row * shape.in_width + in_col) * shape.in_channels + ch;
    Flash<Weight> row = weights + (tap_row * shape.kernel_width + cols.first) * shape.out_channels + ch;
    for (int32_t tap_col = cols.first; tap_col < cols.end; ++tap_col) {
      MOTE_LANES
      for (int32_t lane = 0; lane < kCount; ++lane)
        block[lane] += shifted_product(row[lane], x[lane], zero_point);
      x += shape.dilation_width * shape.in_channels;
      row = row + shape.out_channels;
    }
  }
  for (int32_t lane = 0; lane < kCount; ++lane) sums[lane] = block[lane];
}

/// sums[lane] of kCount neighbouring channels from `ch` on that read the same input channel, whose window is
/// `patch`.
template <int32_t kCount, class Sum, class Value, class Weight>
MOTE_INLINE void multiplied_block(const Conv2dShape& shape, Flash<Weight> weights, const Value* patch,
                                  int32_t ch, Sum* sums) {
  Sum block[kCount] = {};
  Flash<Weight> row = weights + ch;
  for (int32_t tap = 0; tap < depthwise_taps(shape); ++tap) {
    const Value value = patch[tap];
    for (int32_t lane = 0; lane < kCount; ++lane) block[lane] += shifted_product(row[lane], value, Value{0});
    row = row + shape.out_channels;
  }
  for (int32_t lane = 0; lane < kCount; ++lane) sums[lane] = block[lane];
}

/// sums[lane] of `count` neighbouring channels, at most kLanes, from `ch` on: the whole of kLanes, else half
/// of it, else one by one.
template <class Sum, class T, class Value, class Weight>
MOTE_INLINE void depthwise_lanes(const Conv2dShape& shape, Flash<Weight> weights, const T* in, TapRange rows,
                                 TapRange cols, int32_t ch, int32_t count, Value zero_point,
                                 const Value* patch, Sum* sums) {
  constexpr int32_t kHalf = kLanes / 2;
  const bool multiplied = shape.out_channels != shape.in_channels;
  if (count == kLanes) {
    if (multiplied)
      multiplied_block<kLanes>(shape, weights, patch, ch, sums);
    else
      depthwise_block<kLanes>(shape, weights, in, rows, cols, ch, zero_point, sums);
    return;
  }
  int32_t lane = 0;
  if (kLanesAreVectors && count >= kHalf) {
    if (multiplied)
      multiplied_block<kHalf>(shape, weights, patch, ch, sums);
    else
      depthwise_block<kHalf>(shape, weights, in, rows, cols, ch, zero_point, sums);
    lane = kHalf;
  }
  for (; lane < count; ++lane) {
    if (multiplied)
      multiplied_block<1>(shape, weights, patch, ch + lane, sums + lane);
    else
      depthwise_block<1>(shape, weights, in, rows, cols, ch + lane, zero_point, sums + lane);
  }
}

/// The plain kernels' walk: calls `outputs(ch, count, sums, out)` for blocks of neighbouring output channels
/// in memory order, each after the reads of the block. With a multiplier above 1 each input channel's window
/// is copied to `patch` first.
template <class Sum, class T, class Value, class Weight, class Outputs>
MOTE_INLINE void depthwise_walk(const Conv2dShape& shape, Flash<Weight> weights, const T* in, T* out,
                                Value zero_point, Value* patch, Outputs outputs) {
  const bool multiplied = shape.out_channels != shape.in_channels;
  const int32_t span = multiplied ? depth_multiplier(shape) : shape.out_channels;
  for (int32_t batch = 0; batch < shape.batch; ++batch) {
    for (int32_t row = 0; row < shape.out_height; ++row) {
      const TapRange rows = tap_range(conv_2d_rows(shape), row);
      for (int32_t col = 0; col < shape.out_width; ++col) {
        const TapRange cols = tap_range(conv_2d_cols(shape), col);
        for (int32_t first = 0; first < shape.out_channels; first += span) {
          if (multiplied) copy_window(shape, in + first / span, rows, cols, 1, zero_point, patch);
          for (int32_t ch = first; ch < first + span; ch += kLanes) {
            const int32_t count = at_most(kLanes, first + span - ch);
            Sum sums[kLanes];
            depthwise_lanes(shape, weights, in, rows, cols, ch, count, zero_point, patch, sums);
            outputs(ch, count, sums, out + ch);
          }
        }
        out += shape.out_channels;
      }
    }
    in += shape.in_height * shape.in_width * shape.in_channels;
  }
}

/// The bytes of `patch` above.
template <class Value>
constexpr int32_t depthwise_scratch(const Conv2dShape& shape) {
  return shape.out_channels == shape.in_channels
             ? 0
             : depthwise_taps(shape) * static_cast<int32_t>(sizeof(Value));
}

}  // namespace detail

/// The definition of the quantised operator. Slow, obvious, and never to be optimised.
template <class T, class Bias>
struct DepthwiseConv2dReference {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact where TFLite is defined: its sums do not overflow (they are summed in int64 here).
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return detail::valid_depthwise<T>(shape) && accumulators_fit<Bias>(limits);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return detail::depthwise_taps(shape) * shape.out_channels;
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<T>(shape, detail::depthwise_reread(shape, true));
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
            const int64_t sum = detail::depthwise_window_sum<int64_t>(
                shape, tables.weights, in, shape.input_zero_point, batch, row, col, ch);
            *out++ = detail::channel_output<T>(shape, tables, sum, ch);
          }
  }
};

/// Portable C++ for any core: neighbouring channels at a time, taps clipped to the input. In place: the
/// output trails the input by the rows and columns of padding in front; scratch memory only for multipliers
/// above 1.
template <class T, class Bias>
struct DepthwiseConv2dPlain {
  using Reference = DepthwiseConv2dReference<T, Bias>;
  using Value = int16_t;
  static constexpr const char* kName = "plain";
  static constexpr bool available(Isa) { return true; }

  /// Exact because sums fit int32 before the bias is added: 65536 products of 255 and 128, or 256 of 2^15 and
  /// 2^7.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return Reference::supports(shape, limits) &&
           detail::depthwise_taps(shape) <= (sizeof(T) == 1 ? 65536 : 256);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return detail::depthwise_scratch<Value>(shape);
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<T>(shape, detail::depthwise_reread(shape, false));
  }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }
  static void pack(Conv2dShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    Reference::pack(shape, weights, bias, packed_weights, packed_bias);
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<Bias>& tables, const T* in, T* out,
                              void* scratch) {
    detail::depthwise_walk<int32_t>(shape, tables.weights, in, out,
                                    static_cast<Value>(shape.input_zero_point), static_cast<Value*>(scratch),
                                    [&](int32_t ch, int32_t count, const int32_t* sums, T* at) {
                                      detail::lane_outputs(shape, tables, ch, count, sums, at);
                                    });
  }
};

/// The same sums for one output a channel, in place: a few channels at a time go into scratch memory, padding
/// included, as many rows at a time as fit into a strip, and the outputs go where they were.
///
/// Packed weights: [block of channels][tap][channel of the block]; the zero point is folded into the bias.
template <class T, class Bias>
struct DepthwiseConv2dStrip {
  using Reference = DepthwiseConv2dReference<T, Bias>;
  static constexpr const char* kName = "strip";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {700, 1950, 0}; }
  static constexpr bool available(Isa) { return true; }

  /// Exact as DepthwiseConv2dPlain, with smaller products.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return DepthwiseConv2dPlain<T, Bias>::supports(shape, limits) &&
           shape.out_channels == shape.in_channels && detail::depthwise_in_place(shape) == kInPlace;
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return (strip_rows(shape) * shape.stride_height + common_rows(shape)) * row_bytes(shape);
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) { return detail::depthwise_in_place(shape); }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }
  static void pack(Conv2dShape shape, const int8_t* weights, const Bias* bias, int8_t* packed_weights,
                   Bias* packed_bias) {
    const int32_t channels = shape.out_channels, taps = detail::depthwise_taps(shape);
    for (int32_t ch = 0; ch < channels; ++ch) {
      int64_t folded = bias != nullptr ? bias[ch] : 0;
      for (int32_t tap = 0; tap < taps; ++tap)
        folded -= shape.input_zero_point * weights[tap * channels + ch];
      packed_bias[ch] = static_cast<Bias>(folded);
    }
    for (int32_t first = 0; first < channels; first += kBlock)
      for (int32_t tap = 0; tap < taps; ++tap)
        for (int32_t ch = first; ch < detail::at_most(first + kBlock, channels); ++ch)
          *packed_weights++ = weights[tap * channels + ch];
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<Bias>& tables, const T* in, T* out,
                              void* scratch) {
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      for (int32_t first = 0; first < shape.out_channels; first += kBlock)
        run_block(shape, tables, first, detail::at_most(kBlock, shape.out_channels - first), in + first, out,
                  static_cast<T*>(scratch));
      in += shape.in_height * shape.in_width * shape.in_channels;
      out += shape.out_height * shape.out_width * shape.out_channels;
    }
  }

 private:
  static constexpr int32_t kBlock = 8;         ///< channels that go together
  static constexpr int32_t kStripBytes = 768;  ///< of a strip, if that is enough for one row of outputs

  /// Columns that the windows of a row of outputs cover.
  MOTE_INLINE static constexpr int32_t columns(const Conv2dShape& shape) {
    return (shape.out_width - 1) * shape.stride_width + (shape.kernel_width - 1) * shape.dilation_width + 1;
  }
  MOTE_INLINE static constexpr int32_t row_bytes(const Conv2dShape& shape) {
    return columns(shape) * detail::at_most(kBlock, shape.out_channels) * static_cast<int32_t>(sizeof(T));
  }
  /// Rows that the windows of neighbouring rows of outputs have in common; negative if they leave some out.
  MOTE_INLINE static constexpr int32_t common_rows(const Conv2dShape& shape) {
    return (shape.kernel_height - 1) * shape.dilation_height + 1 - shape.stride_height;
  }
  /// Rows of outputs from one strip.
  MOTE_INLINE static constexpr int32_t strip_rows(const Conv2dShape& shape) {
    const int32_t bytes = row_bytes(shape) > 0 ? row_bytes(shape) : 1;
    const int32_t rows = (kStripBytes / bytes - common_rows(shape)) / shape.stride_height;
    return detail::at_most(rows < 1 ? 1 : rows, shape.out_height);
  }

  /// The outputs of `channels` channels from `first` on.
  MOTE_INLINE static void run_block(const Conv2dShape& shape, const WeightTables<Bias>& tables, int32_t first,
                                    int32_t channels, const T* in, T* out, T* strip) {
    const int32_t step = strip_rows(shape) * shape.stride_height;
    const int32_t line = columns(shape) * channels;
    int32_t filled = 0;  // of the strip's rows
    for (int32_t row = 0; row < shape.out_height; row += strip_rows(shape)) {
      const int32_t rows = detail::at_most(strip_rows(shape), shape.out_height - row);
      const int32_t kept = row > 0 && filled > step ? filled - step : 0;
      for (int32_t at = 0; at < kept * line; ++at) strip[at] = strip[step * line + at];
      filled = rows * shape.stride_height + common_rows(shape);
      for (int32_t at = kept; at < filled; ++at)
        fill_row(shape, in, row * shape.stride_height + at - shape.pad_top, channels, strip + at * line);
      for (int32_t at = 0; at < rows; ++at)
        run_row(shape, tables, first, channels, strip + at * shape.stride_height * line,
                out + (row + at) * shape.out_width * shape.out_channels);
    }
  }

  /// One row of the strip; `row` of the input, which may be outside.
  MOTE_INLINE static void fill_row(const Conv2dShape& shape, const T* in, int32_t row, int32_t channels,
                                   T* to) {
    const bool outside = row < 0 || row >= shape.in_height;
    const int32_t first = outside ? columns(shape) : detail::at_most(columns(shape), shape.pad_left);
    const int32_t end = outside ? first : detail::at_most(columns(shape), shape.pad_left + shape.in_width);
    const T zero_point = static_cast<T>(shape.input_zero_point);
    for (int32_t at = 0; at < first * channels; ++at) to[at] = zero_point;
    const T* from =
        in + row * shape.in_width * shape.in_channels + (first - shape.pad_left) * shape.in_channels;
    for (int32_t col = first; col < end; ++col, from += shape.in_channels)
      if (channels == kBlock)
        for (int32_t ch = 0; ch < kBlock; ++ch) to[col * kBlock + ch] = from[ch];
      else
        for (int32_t ch = 0; ch < channels; ++ch) to[col * channels + ch] = from[ch];
    for (int32_t at = end * channels; at < columns(shape) * channels; ++at) to[at] = zero_point;
  }

  /// One row of outputs of a block.
  MOTE_INLINE static void run_row(const Conv2dShape& shape, const WeightTables<Bias>& tables, int32_t first,
                                  int32_t channels, const T* rows, T* out) {
    constexpr int32_t kCount = kLanes < kBlock ? kLanes : kBlock;
    const Flash<int8_t> weights = tables.weights + first * detail::depthwise_taps(shape);
    for (int32_t col = 0; col < shape.out_width; ++col) {
      const T* x = rows + col * shape.stride_width * channels;
      T* to = out + col * shape.out_channels + first;
      int32_t ch = 0;
      for (; ch + kCount <= channels; ch += kCount)
        run_lanes<kCount>(shape, tables, weights + ch, x + ch, first + ch, channels, to + ch);
      for (int32_t rest = channels % kCount; rest > 0; --rest, ++ch)
        run_lanes<1>(shape, tables, weights + ch, x + ch, first + ch, channels, to + ch);
    }
  }

  /// kCount neighbouring channels of one output, of a block of `channels`.
  template <int32_t kCount>
  MOTE_INLINE static void run_lanes(const Conv2dShape& shape, const WeightTables<Bias>& tables,
                                    Flash<int8_t> weights, const T* x, int32_t ch, int32_t channels, T* out) {
    int32_t sums[kCount] = {};
    const int32_t line = columns(shape) * channels;
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row) {
      const T* at = x + tap_row * shape.dilation_height * line;
      for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
        MOTE_LANES
        for (int32_t lane = 0; lane < kCount; ++lane) sums[lane] += detail::product(weights[lane], at[lane]);
        weights = weights + channels;
        at += shape.dilation_width * channels;
      }
    }
    detail::lane_outputs(shape, tables, ch, kCount, sums, out);
  }
};

/// The definition of the float operator; scale, bias and error bound as Conv2dFloatReference with
/// kernel_height * kernel_width inputs.
template <class Weight>
struct DepthwiseConv2dFloatReference {
  static constexpr const char* kName = "float_reference";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Conv2dShape shape) { return detail::valid_depthwise<int8_t>(shape); }
  static constexpr int32_t scratch_bytes(Conv2dShape) { return 0; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return detail::depthwise_taps(shape) * shape.out_channels * static_cast<int32_t>(sizeof(Weight));
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<float>(shape, detail::depthwise_reread(shape, true));
  }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }
  static void pack(Conv2dShape shape, const Weight* weights, Weight* packed) {
    for (int32_t index = 0; index < detail::depthwise_taps(shape) * shape.out_channels; ++index)
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
                detail::depthwise_window_sum(shape, tables.weights, in, 0.0f, batch, row, col, ch);
            *out++ = detail::float_output(activation, tables, sum, ch, ch);
          }
  }
};

/// The same sums, neighbouring channels at a time; see DepthwiseConv2dPlain. Padding is skipped, or with a
/// multiplier above 1 adds products with 0, which change nothing while weights are finite.
template <class Weight>
struct DepthwiseConv2dFloatPlain {
  using Reference = DepthwiseConv2dFloatReference<Weight>;
  static constexpr const char* kName = "float_plain";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(Conv2dShape shape) { return Reference::supports(shape); }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return detail::depthwise_scratch<float>(shape);
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_input_ahead<float>(shape, detail::depthwise_reread(shape, false));
  }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }
  static void pack(Conv2dShape shape, const Weight* weights, Weight* packed) {
    Reference::pack(shape, weights, packed);
  }

  MOTE_INLINE static void run(Conv2dShape shape, FloatActivation activation,
                              const FloatWeightTables<Weight>& tables, const float* in, float* out,
                              void* scratch) {
    detail::depthwise_walk<float>(shape, tables.weights, in, out, 0.0f, static_cast<float*>(scratch),
                                  [&](int32_t ch, int32_t count, const float* sums, float* at) {
                                    for (int32_t lane = 0; lane < count; ++lane)
                                      at[lane] = detail::float_output(activation, tables, sums[lane],
                                                                      ch + lane, ch + lane);
                                  });
  }
};

}  // namespace kernels
}  // namespace mote
