// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depthwise convolution of int8 for Cortex-M cores with vectors (MVE: M55, M85).
//
// Eight neighbouring channels of a pixel go together. The products of two taps fit int16 together; their sums
// are widened to two vectors of int32, of even and odd channels. Where the taps of a window lie is kept in a
// table, which serves the pixels of a row that lie inside as it is; a tap outside the input lies in a row of
// zero points.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/core/mve.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/cortex_m_mve/output.h"
#include "mote/kernels/depthwise_conv_2d.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// DepthwiseConv2dReference's result for one output a channel.
///
/// Packed weights: [block of eight channels][tap][channel of the block]; missing channels have weight 0.
struct DepthwiseConv2dMve {
  using Reference = DepthwiseConv2dReference<int8_t, int32_t>;
  static constexpr const char* kName = "cortex_m_mve";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {400, 500, 700}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMMve; }

  /// Exact because two products of at most 127 * 128 fit int16, and sums fit int32 with the zero point folded
  /// into the bias, taps outside the input being the zero point; a scaled sum that does not fit int16 is
  /// saturated, which changes nothing for an int8 result. The rest is mve_can_scale().
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return detail::valid_depthwise<int8_t>(shape) && shape.out_channels == shape.in_channels &&
           detail::depthwise_taps(shape) <= kMostTaps && limits.min_weight >= -127 &&
           detail::mve_can_scale(limits, shape.rounding);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) { return shape.in_channels; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return (shape.out_channels + kBlock - 1) / kBlock * kBlock * detail::depthwise_taps(shape);
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    // The second pixel's first channels are written before the first pixel's last ones are read.
    return detail::conv_2d_input_ahead<int8_t>(shape, 0) + (pixels(shape) - 1) * shape.out_channels;
  }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }

  /// Folds the zero point into the bias and gathers the weights of a block.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t channels = shape.out_channels, taps = detail::depthwise_taps(shape);
    detail::fold_zero_point(weights_by_input(channels, taps), weights, bias, shape.input_zero_point,
                            packed_bias);
    for (int32_t first = 0; first < channels; first += kBlock)
      for (int32_t tap = 0; tap < taps; ++tap)
        for (int32_t ch = first; ch < first + kBlock; ++ch)
          *packed_weights++ = ch < channels ? weights[tap * channels + ch] : int8_t{0};
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    if (shape.activation_min == shape.output_zero_point)
      run_all<false>(shape, tables, in, out, scratch);
    else
      run_all<true>(shape, tables, in, out, scratch);
  }

 private:
  template <bool kRounded>
  MOTE_INLINE static void run_all(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                  const int8_t* in, int8_t* out, void* scratch) {
    int8_t* const outside = static_cast<int8_t*>(scratch);
    for (int32_t ch = 0; ch < shape.in_channels; ++ch)
      outside[ch] = static_cast<int8_t>(shape.input_zero_point);
    const Outputs outputs = {{shape.output_zero_point, shape.activation_min, shape.activation_max},
                             shape.out_channels,
                             detail::depthwise_taps(shape)};
    Window windows[2];  // of a pair of pixels
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      int32_t waiting = 0;  // pixels whose windows are known
      for (int32_t row = 0; row < shape.out_height; ++row) {
        const int32_t top = row * shape.stride_height - shape.pad_top;
        const bool is_row = is_inside(top, shape.kernel_height, shape.dilation_height, shape.in_height);
        windows[0].inside = windows[1].inside = false;
        for (int32_t col = 0; col < shape.out_width; ++col) {
          const int32_t left = col * shape.stride_width - shape.pad_left;
          const bool inside =
              is_row && is_inside(left, shape.kernel_width, shape.dilation_width, shape.in_width);
          Window& window = windows[waiting];
          // The window of the pixel before the last one, moved.
          if (window.inside && inside) {
            window.offset += pixels(shape) * shape.stride_width * shape.in_channels;
          } else {
            find_taps(shape, in, outside, top, left, window.taps);
            window.offset = 0;
          }
          window.inside = inside;
          if (++waiting < pixels(shape)) continue;
          waiting = 0;
          if (pixels(shape) == 2 && shape.activation_min == -128 && shape.activation_max == 127)
            run_pair<kRounded, false>(outputs, tables, windows, out);
          else if (pixels(shape) == 2)
            run_pair<kRounded, true>(outputs, tables, windows, out);
          else
            run_pixel<kRounded, false>(outputs, tables, window, out);
          out += pixels(shape) * shape.out_channels;
        }
      }
      if (waiting > 0) {
        run_pixel<kRounded, true>(outputs, tables, windows[0], out);
        out += shape.out_channels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

  static constexpr int32_t kBlock = 8;
  static constexpr int32_t kMostTaps = 32;

  /// Pixels that are computed together.
  MOTE_INLINE static constexpr int32_t pixels(const Conv2dShape& shape) {
    return detail::depthwise_taps(shape) == 9 ? 2 : 1;
  }

  /// Where the inputs of a pixel lie.
  struct Window {
    const int8_t* taps[kMostTaps];  ///< the first channel of each
    int32_t offset;                 ///< of all of them
    bool inside;                    ///< no tap is padding
  };

  /// What the code for all shapes needs to know of one.
  struct Outputs {
    detail::MveOutputs values;
    int32_t channels;
    int32_t taps;
  };

  MOTE_INLINE static bool is_inside(int32_t first, int32_t kernel, int32_t dilation, int32_t size) {
    return first >= 0 && first + (kernel - 1) * dilation < size;
  }

  /// Where the first channel of each tap lies.
  MOTE_INLINE static void find_taps(const Conv2dShape& shape, const int8_t* in, const int8_t* outside,
                                    int32_t top, int32_t left, const int8_t** taps) {
    const int32_t row_step = shape.dilation_height * shape.in_width * shape.in_channels;
    const int8_t* line = in + top * shape.in_width * shape.in_channels;
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row, line += row_step) {
      const int32_t row = top + tap_row * shape.dilation_height;
      const bool is_row = row >= 0 && row < shape.in_height;
      for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
        const int32_t col = left + tap_col * shape.dilation_width;
        *taps++ = is_row && col >= 0 && col < shape.in_width ? line + col * shape.in_channels : outside;
      }
    }
  }

  /// Eight channels of the tables.
  struct Constants {
    const int32_t* bias;
    const int32_t* multiplier;
    const int8_t* shift;
  };

  /// All channels of one pixel.
  template <bool kRounded, bool kNine>
  MOTE_SHARED static void run_pixel(const Outputs& shared, const WeightTables<int32_t>& tables,
                                    const Window& window, int8_t* out) {
    const Outputs outputs = shared;  // a copy that no output may alias
    int32_t offset = window.offset;
    const int8_t* weights = mve::address(tables.weights);
    const int32_t* bias = mve::address(tables.bias);
    const int32_t* multiplier = mve::address(tables.multiplier);
    const int8_t* shift = mve::address(tables.shift);
    int32_t rest = outputs.channels;
    for (; rest >= kBlock; rest -= kBlock, offset += kBlock, out += kBlock) {
      const Constants constants = {bias, multiplier, shift};
      run_block<kRounded, kNine, true>(outputs, constants, window.taps, offset, weights, kBlock, out);
      bias += kBlock;
      multiplier += kBlock;
      shift += kBlock;
    }
    if (rest > 0)
      run_last<kRounded, kNine>(outputs, {bias, multiplier, shift}, window.taps, offset, weights, rest, out);
  }

  /// The last `rest` channels of a pixel, fewer than a block.
  template <bool kRounded, bool kNine>
  MOTE_SHARED static void run_last(const Outputs& outputs, Constants constants, const int8_t* const* taps,
                                   int32_t offset, const int8_t* weights, int32_t rest, int8_t* out) {
    int32_t bias[kBlock] = {}, multiplier[kBlock] = {};
    int8_t shift[kBlock] = {};
    for (int32_t lane = 0; lane < rest; ++lane) {
      bias[lane] = constants.bias[lane];
      multiplier[lane] = constants.multiplier[lane];
      shift[lane] = constants.shift[lane];
    }
    run_block<kRounded, kNine, false>(outputs, {bias, multiplier, shift}, taps, offset, weights, rest, out);
  }

  /// All channels of two pixels with nine taps each.
  template <bool kRounded, bool kClamped>
  MOTE_SHARED static void run_pair(const Outputs& shared, const WeightTables<int32_t>& tables,
                                   const Window (&windows)[2], int8_t* out) {
    const Outputs outputs = shared;  // a copy that no output may alias
    const int8_t* weights = mve::address(tables.weights);
    const int32_t* bias = mve::address(tables.bias);
    const int32_t* multiplier = mve::address(tables.multiplier);
    const int8_t* shift = mve::address(tables.shift);
    int8_t* other = out + outputs.channels;
    int32_t offset = windows[0].offset, other_offset = windows[1].offset;
    int32_t rest = outputs.channels;
    for (; rest >= kBlock; rest -= kBlock) {
      mve::WordPair sums = mve::load_word_pair(bias), other_sums = sums;
      for (int32_t tap = 0; tap < 8; tap += 2)
        add_pair(windows, offset, other_offset, tap, weights + tap * kBlock, sums, other_sums);
      const mve::Halves weight = mve::load_halves(weights + 8 * kBlock);
      add(mve::multiply(mve::load_halves(windows[0].taps[8] + offset), weight), sums);
      add(mve::multiply(mve::load_halves(windows[1].taps[8] + other_offset), weight), other_sums);
      const mve::WordPair factor = mve::load_word_pair(multiplier);
      const mve::Halves shifts = mve::load_halves(shift);
      mve::store_halves(out, scaled<kRounded, kClamped>(outputs, sums, factor, shifts));
      mve::store_halves(other, scaled<kRounded, kClamped>(outputs, other_sums, factor, shifts));
      offset += kBlock;
      other_offset += kBlock;
      weights += 9 * kBlock;
      bias += kBlock;
      multiplier += kBlock;
      shift += kBlock;
      out += kBlock;
      other += kBlock;
    }
    if (rest == 0) return;
    const Constants constants = {bias, multiplier, shift};
    run_last<kRounded, true>(outputs, constants, windows[0].taps, offset, weights, rest, out);
    run_last<kRounded, true>(outputs, constants, windows[1].taps, other_offset, weights, rest, other);
  }
  /// The products of taps `tap` and `tap` + 1 of two pixels.
  MOTE_INLINE static void add_pair(const Window (&windows)[2], int32_t offset, int32_t other_offset,
                                   int32_t tap, const int8_t* weights, mve::WordPair& sums,
                                   mve::WordPair& other_sums) {
    mve::Halves weight = mve::load_halves(weights);
    mve::Halves sum = mve::multiply(mve::load_halves(windows[0].taps[tap] + offset), weight);
    mve::Halves other_sum = mve::multiply(mve::load_halves(windows[1].taps[tap] + other_offset), weight);
    weight = mve::load_halves(weights + kBlock);
    sum = mve::add(sum, mve::multiply(mve::load_halves(windows[0].taps[tap + 1] + offset), weight));
    other_sum =
        mve::add(other_sum, mve::multiply(mve::load_halves(windows[1].taps[tap + 1] + other_offset), weight));
    add(sum, sums);
    add(other_sum, other_sums);
  }

  template <bool kWhole>
  MOTE_INLINE static mve::Halves load(const int8_t* from, int32_t count) {
    return kWhole ? mve::load_halves(from) : mve::load_halves(from, count);
  }

  MOTE_INLINE static void add(mve::Halves sum, mve::WordPair& sums) {
    sums.even = mve::add(sums.even, mve::widen_even(sum));
    sums.odd = mve::add(sums.odd, mve::widen_odd(sum));
  }
  template <bool kWhole>
  MOTE_INLINE static void add_pair(const int8_t* const* taps, int32_t offset, const int8_t* weights,
                                   int32_t count, mve::WordPair& sums) {
    const mve::Halves first = mve::multiply(load<kWhole>(taps[0] + offset, count), mve::load_halves(weights));
    const mve::Halves second =
        mve::multiply(load<kWhole>(taps[1] + offset, count), mve::load_halves(weights + kBlock));
    add(mve::add(first, second), sums);
  }

  /// `count` channels; `weights` [in, out] moves on.
  template <bool kRounded, bool kNine, bool kWhole>
  MOTE_INLINE static void run_block(const Outputs& outputs, const Constants& constants,
                                    const int8_t* const* taps, int32_t offset, const int8_t*& weights,
                                    int32_t count, int8_t* out) {
    mve::WordPair sums = mve::load_word_pair(constants.bias);
    if (kNine) {
      add_pair<kWhole>(taps, offset, weights, count, sums);
      add_pair<kWhole>(taps + 2, offset, weights + 2 * kBlock, count, sums);
      add_pair<kWhole>(taps + 4, offset, weights + 4 * kBlock, count, sums);
      add_pair<kWhole>(taps + 6, offset, weights + 6 * kBlock, count, sums);
      add(mve::multiply(load<kWhole>(taps[8] + offset, count), mve::load_halves(weights + 8 * kBlock)), sums);
      weights += 9 * kBlock;
    } else {
      for (int32_t pair = outputs.taps / 2; pair > 0; --pair, taps += 2, weights += 2 * kBlock)
        add_pair<kWhole>(taps, offset, weights, count, sums);
      if (outputs.taps % 2 != 0) {
        add(mve::multiply(load<kWhole>(taps[0] + offset, count), mve::load_halves(weights)), sums);
        weights += kBlock;
      }
    }
    const mve::Halves result = scaled<kRounded, true>(
        outputs, sums, mve::load_word_pair(constants.multiplier), mve::load_halves(constants.shift));
    if (kWhole)
      mve::store_halves(out, result);
    else
      mve::store_halves(out, result, count);
  }
  /// Outputs from their sums. `kClamped`: to other than the range of int8.
  template <bool kRounded, bool kClamped>
  MOTE_INLINE static mve::Halves scaled(const Outputs& outputs, const mve::WordPair& sums,
                                        const mve::WordPair& multiplier, mve::Halves shift) {
    const mve::Words even = detail::mve_scaled<kRounded>(sums.even, multiplier.even, mve::widen_even(shift));
    const mve::Words odd = detail::mve_scaled<kRounded>(sums.odd, multiplier.odd, mve::widen_odd(shift));
    const int32_t zero_point = outputs.values.zero_point;
    if (!kClamped) return mve::saturated_bytes(mve::saturating_add(mve::narrow(even, odd), zero_point));
    const mve::Halves result =
        mve::clamp(mve::narrow(even, odd), mve::all_halves(outputs.values.activation_min - zero_point),
                   mve::all_halves(outputs.values.activation_max - zero_point));
    return mve::add(result, mve::all_halves(zero_point));
  }
};

}  // namespace kernels
}  // namespace mote
