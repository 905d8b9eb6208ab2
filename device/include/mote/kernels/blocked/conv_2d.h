// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolution of int8 for cores that multiply one pair at a time (Cortex-M3, Cortex-M0, RISC-V).
//
// A few pixels and four output channels go together, as many as the core has registers for, so that each
// input and each weight is loaded once for all of them. The windows of the pixels are copied into scratch
// memory, those of all pixels side by side.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/kernels/blocked/output.h"
#include "mote/kernels/blocked/products.h"
#include "mote/kernels/conv_2d.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Conv2dReference's result for one group; `kPixels`: that go together, 2 or 4.
///
/// Packed weights: blocks of four channels, the last of as many as are left; in each the channels of the
/// first input, of the second, and so on.
template <int32_t kPixels>
struct Conv2dBlocked {
  using Reference = Conv2dReference<int8_t, int32_t>;
  static constexpr const char* kName = "blocked";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {300, 400, 900}; }
  static constexpr bool available(Isa isa) {
    return kPixels == 2 ? isa == Isa::kCortexM3 || isa == Isa::kCortexM0 : isa == Isa::kRiscv32;
  }

  /// Exact because sums and twice the sums fit int32; the rest is shifted_output()'s argument.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return Reference::supports(shape, limits) && shape.groups == 1 && shape.rounding == Rounding::kDouble &&
           limits.max_abs_accumulator < (int64_t{1} << 30) && limits.max_shift <= -1 &&
           limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return kPixels * detail::conv_2d_inputs(shape) * static_cast<int32_t>(sizeof(int32_t));
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return Reference::packed_bytes(shape); }

  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_block_ahead<Conv2dBlocked>(shape);
  }
  /// The pixels that are read before the first of them is written, when so many are left.
  static constexpr int32_t block_pixels(Conv2dShape, int32_t rest) { return detail::at_most(kPixels, rest); }
  static constexpr int64_t macs(Conv2dShape shape) { return Reference::macs(shape); }

  /// Folds the zero point into the bias and interleaves the channels of a block.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    detail::fold_zero_point(weights_by_channel(shape.out_channels, inputs), weights, bias,
                            shape.input_zero_point, packed_bias);
    for (int32_t first = 0; first < shape.out_channels; first += kChannels) {
      const int32_t count = detail::at_most(kChannels, shape.out_channels - first);
      for (int32_t k = 0; k < inputs; ++k)
        for (int32_t ch = first; ch < first + count; ++ch) *packed_weights++ = weights[ch * inputs + k];
    }
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    int32_t* const patches = static_cast<int32_t*>(scratch);
    const int32_t pixels = shape.out_height * shape.out_width;
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      int32_t row = 0, col = 0;
      for (int32_t pixel = 0; pixel < pixels; pixel += kPixels) {
        const int32_t count = detail::at_most(kPixels, pixels - pixel);
        for (int32_t slot = 0; slot < kPixels; ++slot) {
          copy_window(shape, in, row, col, patches + slot);
          if (slot + 1 < count) advance(shape, row, col);  // the last pixel stands for those that are missing
        }
        advance(shape, row, col);
        run_block(shape, tables, patches, count, out);
        out += count * shape.out_channels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 private:
  static constexpr int32_t kChannels = 4;

  MOTE_INLINE static void advance(const Conv2dShape& shape, int32_t& row, int32_t& col) {
    if (++col < shape.out_width) return;
    col = 0;
    ++row;
  }

  /// The window of one pixel; `to` [out]: its first place in the patches.
  MOTE_INLINE static void copy_window(const Conv2dShape& shape, const int8_t* in, int32_t row, int32_t col,
                                      int32_t* to) {
    const int32_t top = row * shape.stride_height - shape.pad_top;
    const int32_t left = col * shape.stride_width - shape.pad_left;
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row) {
      const int32_t in_row = top + tap_row * shape.dilation_height;
      const bool is_row = in_row >= 0 && in_row < shape.in_height;
      const int8_t* const line = in + in_row * shape.in_width * shape.in_channels;
      if (is_row && shape.dilation_width == 1 && left >= 0 && left + shape.kernel_width <= shape.in_width) {
        to = copy_inputs(line + left * shape.in_channels, shape.kernel_width * shape.in_channels, to);
        continue;
      }
      for (int32_t tap = 0; tap < shape.kernel_width; ++tap) {
        const int32_t in_col = left + tap * shape.dilation_width;
        if (is_row && in_col >= 0 && in_col < shape.in_width)
          to = copy_inputs(line + in_col * shape.in_channels, shape.in_channels, to);
        else
          for (int32_t ch = 0; ch < shape.in_channels; ++ch, to += kPixels) *to = shape.input_zero_point;
      }
    }
  }
  MOTE_INLINE static int32_t* copy_inputs(const int8_t* from, int32_t count, int32_t* to) {
    for (; count >= 4; count -= 4, from += 4, to += 4 * kPixels) {
      to[0] = from[0];
      to[kPixels] = from[1];
      to[2 * kPixels] = from[2];
      to[3 * kPixels] = from[3];
    }
    for (; count > 0; --count, ++from, to += kPixels) *to = *from;
    return to;
  }

  /// All outputs of a block of `count` pixels.
  MOTE_SHARED static void run_block(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                    const int32_t* patches, int32_t count, int8_t* out) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    // Of its own, where no output can lie on it: what is stored as a byte could be anything.
    Outputs outputs = {
        shape.out_channels, shape.output_zero_point, tables.bias, tables.multiplier, tables.shift, {}};
    for (int32_t pixel = 1; pixel < kPixels; ++pixel)
      outputs.offset[pixel] = outputs.offset[pixel - 1] + (pixel < count ? outputs.channels : 0);
    Flash<int8_t> weights = tables.weights;
    for (int32_t ch = 0; ch < outputs.channels; ch += kChannels) {
      const int32_t channels = detail::at_most(kChannels, outputs.channels - ch);
      int32_t sums[kPixels][kChannels];
      if (channels == 4) multiply<4>(patches, weights, inputs, sums);
      if (channels == 3) multiply<3>(patches, weights, inputs, sums);
      if (channels == 2) multiply<2>(patches, weights, inputs, sums);
      if (channels == 1) multiply<1>(patches, weights, inputs, sums);
      for (int32_t lane = 0; lane < channels; ++lane)
        write_channel(outputs, ch + lane, &sums[0][lane], out + ch + lane);
      weights = weights + channels * inputs;
    }
    if (shape.activation_min == -128 && shape.activation_max == 127) return;
    const int32_t activation_min = shape.activation_min, activation_max = shape.activation_max;
    for (int32_t rest = count * outputs.channels; rest > 0; --rest, ++out)
      *out = static_cast<int8_t>(clamp(int32_t{*out}, activation_min, activation_max));
  }

  /// What the outputs of a block have in common.
  struct Outputs {
    int32_t channels;
    int32_t zero_point;
    Flash<int32_t> bias;
    Flash<int32_t> multiplier;
    Flash<int8_t> shift;
    int32_t offset[kPixels];  ///< from the first pixel's; those that are missing are the last one again
  };

  /// One channel's outputs; `sums` [in]: those of the channel, kChannels apart.
  MOTE_INLINE static void write_channel(const Outputs& outputs, int32_t ch, const int32_t* sums,
                                        int8_t* out) {
    const int32_t bias = outputs.bias[ch];
    const detail::ShiftedFactor factor =
        detail::shifted_factor({outputs.multiplier[ch], outputs.shift[ch]}, outputs.zero_point);
    for (int32_t pixel = 0; pixel < kPixels; ++pixel)
      out[outputs.offset[pixel]] = detail::shifted_output(factor, sums[pixel * kChannels] + bias);
  }

  /// The sums of one pixel.
  struct Sums {
    int32_t c0, c1, c2, c3;
  };
  template <int32_t kCount>
  MOTE_INLINE static void add(Sums& sums, int32_t x, int32_t w0, int32_t w1, int32_t w2, int32_t w3) {
    sums.c0 += x * w0;
    if (kCount > 1) sums.c1 += x * w1;
    if (kCount > 2) sums.c2 += x * w2;
    if (kCount > 3) sums.c3 += x * w3;
  }
  /// One input of all pixels; `patches`, `weights` [in, out] move on.
  template <int32_t kCount>
  MOTE_INLINE static void add_input(const int32_t*& patches, Flash<int8_t>& weights, Sums& p0, Sums& p1,
                                    Sums& p2, Sums& p3) {
    const int32_t w0 = weights[0], w1 = kCount > 1 ? weights[1] : 0, w2 = kCount > 2 ? weights[2] : 0,
                  w3 = kCount > 3 ? weights[3] : 0;
    add<kCount>(p0, patches[0], w0, w1, w2, w3);
    add<kCount>(p1, patches[1], w0, w1, w2, w3);
    if (kPixels > 2) add<kCount>(p2, patches[2 % kPixels], w0, w1, w2, w3);
    if (kPixels > 3) add<kCount>(p3, patches[3 % kPixels], w0, w1, w2, w3);
    patches += kPixels;
    weights = weights + kCount;
  }
  MOTE_INLINE static void store(const Sums& sums, int32_t* to) {
    to[0] = sums.c0;
    to[1] = sums.c1;
    to[2] = sums.c2;
    to[3] = sums.c3;
  }

  /// The products of all pixels with kCount channels.
  template <int32_t kCount>
  MOTE_INLINE static void multiply(const int32_t* patches, Flash<int8_t> weights, int32_t inputs,
                                   int32_t (*to)[kChannels]) {
    const int32_t* const end = patches + inputs * kPixels;
    if (kPixels == detail::kPixelsOfAssembly && kCount == 4 && inputs > 0)
      return detail::multiply_pixels_by_four(patches, end, weights, to[0]);
    Sums p0 = {0, 0, 0, 0}, p1 = p0, p2 = p0, p3 = p0;
    if (inputs % 2 != 0) add_input<kCount>(patches, weights, p0, p1, p2, p3);
    while (patches != end) {
      add_input<kCount>(patches, weights, p0, p1, p2, p3);
      add_input<kCount>(patches, weights, p0, p1, p2, p3);
    }
    store(p0, to[0]);
    store(p1, to[1]);
    if (kPixels > 2) store(p2, to[2 % kPixels]);
    if (kPixels > 3) store(p3, to[3 % kPixels]);
  }
};

}  // namespace kernels
}  // namespace mote
