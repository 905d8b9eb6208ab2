// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolution of int8 for Cortex-M cores with the DSP extension (M4, M7, M33, ...).
//
// The windows of four pixels are widened into scratch memory, a word for two inputs of a pixel, those of the
// four pixels side by side. Two output channels share a register, as in FullyConnectedDsp: three instructions
// do the work of four multiply-accumulates, and a word of weights serves four pixels. What is left is 12
// instructions for 16 multiply-accumulates.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/conv_2d.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Conv2dReference's result for one group.
///
/// Packed weights: pairs of channels; in each the rows of the kernel, their bytes padded to fours; of each
/// four the inputs (0, 2) and (1, 3) as a word, a halfword 256 * w[odd channel] + w[even channel]. Missing
/// inputs and channels have weight 0.
struct Conv2dDsp {
  static constexpr const char* kName = "cortex_m_dsp";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {1250, 3250}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// Exact for the reasons of FullyConnectedDsp::supports(); as there the odd channel's sum needs 24 bits.
  /// The output's zero point is added before the shift, which must not overflow: see DepthwiseConv2dDsp.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return valid(shape) && shape.groups == 1 && shape.rounding == Rounding::kDouble &&
           limits.min_weight >= -127 && limits.max_abs_accumulator < (int64_t{1} << 23) &&
           limits.max_shift <= -1 && limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) { return quads(shape) * kQuadBytes; }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return (shape.out_channels + 1) / 2 * 2 * 4 * quads(shape);
  }
  /// Four pixels are read before the first of them is written.
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    const int64_t in_size = int64_t{shape.in_height} * shape.in_width * shape.in_channels;
    const int64_t out_size = int64_t{shape.out_height} * shape.out_width * shape.out_channels;
    if (in_size == 0 || out_size == 0 || shape.batch == 0) return 0;
    const int64_t growth = (shape.batch - 1) * (out_size - in_size);
    int64_t ahead = growth;  // of the last batch's first read
    for (int32_t pixel = kPixels; pixel < shape.out_height * shape.out_width; pixel += kPixels) {
      const int32_t row = pixel / shape.out_width;
      int64_t read = first_read(shape, row, pixel % shape.out_width);
      if (row + 1 < shape.out_height && first_read(shape, row + 1, 0) < read)
        read = first_read(shape, row + 1, 0);
      const int64_t lead = int64_t{pixel} * shape.out_channels - read + (growth > 0 ? growth : 0);
      if (lead > ahead) ahead = lead;
    }
    return ahead > 0 ? static_cast<int32_t>(ahead) : 0;
  }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Folds the zero point into the bias and interleaves the weights.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    for (int32_t ch = 0; ch < shape.out_channels; ++ch) {
      int64_t folded = bias != nullptr ? bias[ch] : 0;
      for (int32_t k = 0; k < inputs; ++k) folded -= shape.input_zero_point * weights[ch * inputs + k];
      packed_bias[ch] = static_cast<int32_t>(folded);
    }
    for (int32_t ch = 0; ch < shape.out_channels; ch += 2)
      for (int32_t row = 0; row < shape.kernel_height; ++row)
        for (int32_t k = 0; k < row_inputs(shape); k += 4)
          for (int32_t slot = 0; slot < 4; ++slot) {
            const int32_t input = k + (slot & 1) * 2 + (slot >> 1);  // slots hold inputs 0, 2, 1, 3
            const int32_t even = weight_or_zero(shape, weights, ch, row, input);
            const int32_t odd = weight_or_zero(shape, weights, ch + 1, row, input);
            const uint32_t halfword = static_cast<uint32_t>(256 * odd + even);
            *packed_weights++ = static_cast<int8_t>(static_cast<uint8_t>(halfword));
            *packed_weights++ = static_cast<int8_t>(static_cast<uint8_t>(halfword >> 8));
          }
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    uint32_t* const patches = static_cast<uint32_t*>(scratch);
    const int32_t pixels = shape.out_height * shape.out_width;
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      int32_t row = 0, col = 0;
      for (int32_t pixel = 0; pixel < pixels; pixel += kPixels) {
        const int32_t count = detail::at_most(kPixels, pixels - pixel);
        for (int32_t slot = 0; slot < count; ++slot) {
          widen_window(shape, in, row, col, patches + slot);
          if (++col < shape.out_width) continue;
          col = 0;
          ++row;
        }
        run_pixels(shape, tables, patches, count, out);
        out += count * shape.out_channels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 private:
  static constexpr int32_t kPixels = 4;
  static constexpr int32_t kQuadWords = 2 * kPixels;  ///< of four inputs of each pixel
  static constexpr int32_t kQuadBytes = kQuadWords * 4;

  /// The lowest position of the input that an output reads.
  static constexpr int64_t first_read(const Conv2dShape& shape, int32_t row, int32_t col) {
    const TapRange rows = tap_range(detail::conv_2d_rows(shape), row);
    const TapRange cols = tap_range(detail::conv_2d_cols(shape), col);
    return (int64_t{rows.origin + rows.first * shape.dilation_height} * shape.in_width + cols.origin +
            cols.first * shape.dilation_width) *
           shape.in_channels;
  }

  /// Inputs in one row of the kernel.
  MOTE_INLINE static constexpr int32_t row_inputs(const Conv2dShape& shape) {
    return shape.kernel_width * shape.in_channels;
  }
  MOTE_INLINE static constexpr int32_t row_quads(const Conv2dShape& shape) {
    return (row_inputs(shape) + 3) / 4;
  }
  /// Fours of inputs of one pixel.
  MOTE_INLINE static constexpr int32_t quads(const Conv2dShape& shape) {
    return shape.kernel_height * row_quads(shape);
  }

  static int32_t weight_or_zero(const Conv2dShape& shape, const int8_t* weights, int32_t ch, int32_t row,
                                int32_t input) {
    return ch < shape.out_channels && input < row_inputs(shape)
               ? weights[(ch * shape.kernel_height + row) * row_inputs(shape) + input]
               : 0;
  }

  /// Four bytes to the two words of a pixel.
  MOTE_INLINE static void widen(uint32_t bytes, uint32_t* to) {
    to[0] = simd32::sxtb16(bytes);
    to[kPixels] = simd32::sxtb16_ror8(bytes);
  }

  /// The window of one pixel, `to` [out]: its first word in the patches.
  MOTE_INLINE static void widen_window(const Conv2dShape& shape, const int8_t* in, int32_t row, int32_t col,
                                       uint32_t* to) {
    const int32_t top = row * shape.stride_height - shape.pad_top;
    const int32_t left = col * shape.stride_width - shape.pad_left;
    const bool inside = shape.dilation_width == 1 && left >= 0 && left + shape.kernel_width <= shape.in_width;
    for (int32_t tap = 0; tap < shape.kernel_height; ++tap) {
      const int32_t in_row = top + tap * shape.dilation_height;
      const int8_t* const line = in + in_row * shape.in_width * shape.in_channels;
      if (in_row < 0 || in_row >= shape.in_height)
        widen_padding(shape, row_quads(shape), to);
      else if (inside)
        widen_bytes(line + left * shape.in_channels, row_inputs(shape), to);
      else
        widen_border(shape, line, left, to);
      to += row_quads(shape) * kQuadWords;
    }
  }

  MOTE_INLINE static void widen_padding(const Conv2dShape& shape, int32_t quads, uint32_t* to) {
    for (; quads > 0; --quads, to += kQuadWords) widen(padding(shape), to);
  }
  MOTE_INLINE static constexpr uint32_t padding(const Conv2dShape& shape) {
    return (static_cast<uint32_t>(shape.input_zero_point) & 0xFFu) * 0x01010101u;
  }

  /// Neighbouring bytes, zeros up to the next four.
  MOTE_INLINE static void widen_bytes(const int8_t* from, int32_t count, uint32_t* to) {
    for (; count >= 4; count -= 4, from += 4, to += kQuadWords) widen(simd32::load_word(from), to);
    if (count > 0) widen(simd32::load_bytes(from, count), to);
  }

  /// A row of the kernel of which some taps may be outside, or apart.
  MOTE_INLINE static void widen_border(const Conv2dShape& shape, const int8_t* line, int32_t left,
                                       uint32_t* to) {
    if (shape.in_channels % 4 == 0) {
      for (int32_t tap = 0; tap < shape.kernel_width; ++tap) {
        const int32_t at = left + tap * shape.dilation_width;
        if (at < 0 || at >= shape.in_width)
          widen_padding(shape, shape.in_channels / 4, to);
        else
          widen_bytes(line + at * shape.in_channels, shape.in_channels, to);
        to += shape.in_channels / 4 * kQuadWords;
      }
      return;
    }
    int32_t tap = 0, ch = 0;
    for (int32_t quad = row_quads(shape); quad > 0; --quad, to += kQuadWords) {
      uint32_t bytes = 0;
      for (int32_t slot = 0; slot < 4 && tap < shape.kernel_width; ++slot) {
        const int32_t at = left + tap * shape.dilation_width;
        const int32_t value =
            at < 0 || at >= shape.in_width ? shape.input_zero_point : line[at * shape.in_channels + ch];
        bytes |= (static_cast<uint32_t>(value) & 0xFFu) << (8 * slot);
        if (++ch < shape.in_channels) continue;
        ch = 0;
        ++tap;
      }
      widen(bytes, to);
    }
  }

  /// The sums of a pair of channels, modulo 2^32: 256 * A_odd + A_even, and A_even.
  struct Sums {
    uint32_t raw;
    uint32_t even;
  };

  /// What the outputs of a channel have in common.
  struct Factor {
    int32_t multiplier;
    int32_t rounding;       ///< half of 2^exponent, and the zero point times 2^exponent
    int32_t exponent_less;  ///< exponent - 1
  };

  MOTE_INLINE static Factor factor(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                   int32_t ch) {
    const int32_t exponent_less = ~static_cast<int32_t>(tables.shift[ch]);
    return {tables.multiplier[ch], wrapping_shift_left(2 * shape.output_zero_point + 1, exponent_less),
            exponent_less};
  }

  /// An output from twice its accumulator.
  MOTE_INLINE static int8_t output(const Conv2dShape& shape, const Factor& factor, int32_t doubled) {
    int32_t rounded = simd32::smmlar(doubled, factor.multiplier, factor.rounding);
    // Rounding away from zero; what is below the least output anyway needs none.
    if (shape.activation_min != shape.output_zero_point) rounded += doubled >> 31;
    const int32_t value = simd32::ssat8_asr1(rounded >> factor.exponent_less);
    if (shape.activation_min == -128 && shape.activation_max == 127) return static_cast<int8_t>(value);
    return static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
  }

  MOTE_INLINE static int32_t doubled_even(Sums sums) { return static_cast<int32_t>(sums.even << 1); }
  /// 256 * A_odd, of which 2 * A_odd is what the shift leaves.
  MOTE_INLINE static int32_t doubled_odd(Sums sums) {
    return static_cast<int32_t>(sums.raw - sums.even) >> 7;
  }

  /// All outputs of up to four pixels.
  MOTE_INLINE static void run_pixels(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                     const uint32_t* patches, int32_t count, int8_t* out) {
    Flash<int8_t> weights = tables.weights;
    if (count >= kPixels - 1) {
      for (int32_t ch = 0; ch < shape.out_channels; ch += 2)
        run_four(shape, tables, ch, weights, patches, count, out);
    } else {
      for (int32_t ch = 0; ch < shape.out_channels; ch += 2) {
        for (int32_t pixel = 0; pixel < count; ++pixel)
          run_one(shape, tables, ch, weights, patches + pixel, out + pixel * shape.out_channels);
        weights = weights + quads(shape) * 8;
      }
    }
  }

  MOTE_INLINE static Sums start(const Conv2dShape& shape, const WeightTables<int32_t>& tables, int32_t ch) {
    const uint32_t even = static_cast<uint32_t>(tables.bias[ch]);
    const uint32_t odd = ch + 1 < shape.out_channels ? static_cast<uint32_t>(tables.bias[ch + 1]) : 0;
    return {(odd << 8) + even, even};
  }

  /// Channels ch and ch + 1, if there is one, of one pixel.
  MOTE_INLINE static void run_one(const Conv2dShape& shape, const WeightTables<int32_t>& tables, int32_t ch,
                                  Flash<int8_t> weights, const uint32_t* patch, int8_t* out) {
    Sums sums = start(shape, tables, ch);
    for (int32_t quad = quads(shape); quad > 0; --quad, patch += kQuadWords) {
      uint32_t weights_02, weights_13;
      simd32::load_word_pair(weights, weights_02, weights_13);
      sums.raw = simd32::smlad(weights_02, patch[0], sums.raw);
      sums.even = simd32::smlad(simd32::sxtb16(weights_02), patch[0], sums.even);
      sums.raw = simd32::smlad(weights_13, patch[kPixels], sums.raw);
      sums.even = simd32::smlad(simd32::sxtb16(weights_13), patch[kPixels], sums.even);
    }
    out[ch] = output(shape, factor(shape, tables, ch), doubled_even(sums));
    if (ch + 1 < shape.out_channels)
      out[ch + 1] = output(shape, factor(shape, tables, ch + 1), doubled_odd(sums));
  }

  /// The same of four pixels, of which the last may be left out; `weights` [in, out] moves on.
  MOTE_INLINE static void run_four(const Conv2dShape& shape, const WeightTables<int32_t>& tables, int32_t ch,
                                   Flash<int8_t>& weights, const uint32_t* patches, int32_t count,
                                   int8_t* out) {
    Sums p0 = start(shape, tables, ch), p1 = p0, p2 = p0, p3 = p0;
    const int32_t rest = quads(shape) % kUnrolledQuads;
    accumulate<1>(weights, patches, patches + rest * kQuadWords, p0, p1, p2, p3);
    accumulate<kUnrolledQuads>(weights, patches, patches + (quads(shape) - rest) * kQuadWords, p0, p1, p2,
                               p3);
    const int32_t line = shape.out_channels;
    out += ch;
    const Factor first = factor(shape, tables, ch);
    out[0] = output(shape, first, doubled_even(p0));
    out[line] = output(shape, first, doubled_even(p1));
    out[2 * line] = output(shape, first, doubled_even(p2));
    if (count == kPixels) out[3 * line] = output(shape, first, doubled_even(p3));
    if (ch + 1 == shape.out_channels) return;
    const Factor second = factor(shape, tables, ch + 1);
    out[1] = output(shape, second, doubled_odd(p0));
    out[line + 1] = output(shape, second, doubled_odd(p1));
    out[2 * line + 1] = output(shape, second, doubled_odd(p2));
    if (count == kPixels) out[3 * line + 1] = output(shape, second, doubled_odd(p3));
  }

  static constexpr int32_t kUnrolledQuads = 4;

  /// Adds the products of quads of inputs up to `end`, kQuads at a time; `weights` and `patches` [in, out]
  /// move on.
  template <int32_t kQuads>
  MOTE_INLINE static void accumulate(Flash<int8_t>& weights, const uint32_t*& patches, const uint32_t* end,
                                     Sums& p0, Sums& p1, Sums& p2, Sums& p3) {
    if (patches == end) return;
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // All 14 registers; the compiler, left alone, keeps sums on the stack.
    const int8_t* address = weights.data();
    uint32_t w, even, x0, x1;
    asm("1:\n\t"
        ".rept %c[pairs]\n\t"
        "ldr %[w], [%[address]], #4\n\t"
        "ldrd %[x0], %[x1], [%[x]], #8\n\t"
        "sxtb16 %[even], %[w]\n\t"
        "smlad %[r0], %[w], %[x0], %[r0]\n\t"
        "smlad %[e0], %[even], %[x0], %[e0]\n\t"
        "smlad %[r1], %[w], %[x1], %[r1]\n\t"
        "smlad %[e1], %[even], %[x1], %[e1]\n\t"
        "ldrd %[x0], %[x1], [%[x]], #8\n\t"
        "smlad %[r2], %[w], %[x0], %[r2]\n\t"
        "smlad %[e2], %[even], %[x0], %[e2]\n\t"
        "smlad %[r3], %[w], %[x1], %[r3]\n\t"
        "smlad %[e3], %[even], %[x1], %[e3]\n\t"
        ".endr\n\t"
        "ldr %[w], %[end]\n\t"
        "cmp %[x], %[w]\n\t"
        "bne 1b"
        : [r0] "+r"(p0.raw), [e0] "+r"(p0.even), [r1] "+r"(p1.raw), [e1] "+r"(p1.even), [r2] "+r"(p2.raw),
          [e2] "+r"(p2.even), [r3] "+r"(p3.raw), [e3] "+r"(p3.even), [x] "+r"(patches),
          [address] "+r"(address), [w] "=&r"(w), [even] "=&r"(even), [x0] "=&r"(x0), [x1] "=&r"(x1)
        : [end] "m"(end), [pairs] "i"(2 * kQuads)
        : "cc", "memory");
    weights = Flash<int8_t>(address);
#else
    for (; patches != end; patches += kPixels) {
      const uint32_t w = simd32::load_word(weights);
      const uint32_t even = simd32::sxtb16(w);
      p0 = {simd32::smlad(w, patches[0], p0.raw), simd32::smlad(even, patches[0], p0.even)};
      p1 = {simd32::smlad(w, patches[1], p1.raw), simd32::smlad(even, patches[1], p1.even)};
      p2 = {simd32::smlad(w, patches[2], p2.raw), simd32::smlad(even, patches[2], p2.even)};
      p3 = {simd32::smlad(w, patches[3], p3.raw), simd32::smlad(even, patches[3], p3.even)};
      weights = weights + 4;
    }
#endif
  }
};

}  // namespace kernels
}  // namespace mote
