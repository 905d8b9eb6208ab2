// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolution of int8 for Cortex-M cores with the DSP extension (M4, M7, M33, ...).
//
// The windows of three pixels are widened into scratch memory, a word for two inputs of a pixel, those of the
// three pixels side by side. Two output channels share a register, as in FullyConnectedDsp: three
// instructions do the work of four multiply-accumulates, and a word of weights serves three pixels. What is
// left is 17 instructions for 24 multiply-accumulates; four pixels would want a register more than there are.
// Where windows are small, several threes are widened before the channels, so that a channel's constants
// serve them all. From there on the code is the same for all shapes, and an image has one copy of it.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/conv_2d.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/cortex_m_dsp/conv_2d_pairs.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Conv2dReference's result for one group.
///
/// Packed weights: pairs of channels; in each the inputs in fours, first those of the kernel's rows, then
/// what is left of all rows; of each four the inputs (0, 2) and (1, 3) as a word, a halfword 256 * w[odd
/// channel] + w[even channel]. Missing inputs and channels have weight 0.
struct Conv2dDsp : protected detail::Conv2dPairs {
  static constexpr const char* kName = "cortex_m_dsp";
  static constexpr int32_t instance_kind(Conv2dShape shape) { return is_pointwise(shape) ? 1 : 0; }
  static constexpr CodeBytes code_bytes(int32_t kind) {
    return kind == 1 ? CodeBytes{450, 1300, 1800} : CodeBytes{850, 3800, 1800};
  }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// Exact for the reasons of FullyConnectedDsp::supports(); as there the odd channel's sum needs 24 bits.
  /// The output's zero point is added before the shift, which must not overflow: see DepthwiseConv2dPlanes.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return valid(shape) && shape.groups == 1 && shape.rounding == Rounding::kDouble &&
           limits.min_weight >= -127 && limits.max_abs_accumulator < (int64_t{1} << 23) &&
           limits.max_shift <= -1 && limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return most_groups(shape) * quads(shape) * kQuadBytes;
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return (shape.out_channels + 1) / 2 * 2 * 4 * quads(shape);
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_block_ahead<Conv2dDsp>(shape);
  }
  /// The pixels that are read before the first of them is written, when so many are left.
  static constexpr int32_t block_pixels(Conv2dShape shape, int32_t rest) { return block(shape, rest).pixels; }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Folds the zero point into the bias and interleaves the weights.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    detail::fold_zero_point(weights_by_channel(shape.out_channels, inputs), weights, bias,
                            shape.input_zero_point, packed_bias);
    for (int32_t ch = 0; ch < shape.out_channels; ch += 2)
      for (int32_t k = 0; k < 4 * quads(shape); k += 4)
        for (int32_t slot = 0; slot < 4; ++slot) {
          const int32_t input = k + (slot & 1) * 2 + (slot >> 1);  // slots hold inputs 0, 2, 1, 3
          const int32_t even = weight_or_zero(shape, weights, ch, input);
          const int32_t odd = weight_or_zero(shape, weights, ch + 1, input);
          const uint32_t halfword = static_cast<uint32_t>(256 * odd + even);
          *packed_weights++ = static_cast<int8_t>(static_cast<uint8_t>(halfword));
          *packed_weights++ = static_cast<int8_t>(static_cast<uint8_t>(halfword >> 8));
        }
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    uint32_t* const patches = static_cast<uint32_t*>(scratch);
    const Outputs outputs = {quads(shape), shape.out_channels, shape.output_zero_point, shape.activation_min,
                             shape.activation_max};
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      int32_t row = 0, col = 0;
      const int8_t* pixel = in;
      const uint32_t* last = patches;
      for (int32_t rest = shape.out_height * shape.out_width; rest > 0;) {
        const Block now = block(shape, rest);
        if (now.kept > 0) keep_windows(outputs.quads, now, last, patches);
        if (is_pointwise(shape)) {
          widen_pixels(shape, pixel, now, patches);
          pixel += now.pixels * shape.in_channels;
        } else {
          widen_windows(shape, in, now, row, col, patches);
        }
        int8_t* const first = out - now.kept * shape.out_channels;
        if (shape.activation_min == shape.output_zero_point)
          run_block<false, kUnrolledQuads>(outputs, tables, patches, now, first);
        else
          run_block<true, kUnrolledQuads>(outputs, tables, patches, now, first);
        last = patches + (now.groups - 1) * outputs.quads * kQuadWords;  // read only behind a block of threes
        out += now.pixels * shape.out_channels;
        rest -= now.pixels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 protected:
  /// So many groups as fit into the scratch memory; at least one.
  MOTE_INLINE static constexpr int32_t most_groups(const Conv2dShape& shape) {
    return at_least_one(detail::at_most(shape.scratch_allowance / at_least_one(quads(shape) * kQuadBytes),
                                        shape.out_height * shape.out_width / kPixels));
  }
  MOTE_INLINE static constexpr int32_t at_least_one(int32_t value) { return value > 1 ? value : 1; }
  MOTE_INLINE static constexpr Block block(const Conv2dShape& shape, int32_t rest) {
    const int32_t groups = detail::at_most(most_groups(shape), (rest + kPixels - 1) / kPixels);
    const int32_t pixels = shape.out_height * shape.out_width;
    return rest >= groups * kPixels ? whole_block(groups)
           : pixels < kPixels       ? single_pixel()
           : rest < pixels          ? Block{groups, groups * kPixels - rest, rest}
                                    : whole_block(rest / kPixels);
  }

  /// Whether every window is a pixel of its own.
  MOTE_INLINE static constexpr bool is_pointwise(const Conv2dShape& shape) {
    return shape.kernel_height == 1 && shape.kernel_width == 1 && shape.stride_height == 1 &&
           shape.stride_width == 1 && shape.pad_top == 0 && shape.pad_left == 0 &&
           shape.out_height == shape.in_height && shape.out_width == shape.in_width;
  }

  /// Inputs in one row of the kernel.
  MOTE_INLINE static constexpr int32_t row_inputs(const Conv2dShape& shape) {
    return shape.kernel_width * shape.in_channels;
  }
  /// Whether what is left of the rows in whole fours comes behind all of them, because that takes fewer fours
  /// than a last one in each row.
  MOTE_INLINE static constexpr bool has_rests(const Conv2dShape& shape) {
    return (shape.kernel_height * (row_inputs(shape) % 4) + 3) / 4 < shape.kernel_height &&
           row_inputs(shape) % 4 != 0;
  }
  /// Fours of a row.
  MOTE_INLINE static constexpr int32_t row_quads(const Conv2dShape& shape) {
    return (row_inputs(shape) + (has_rests(shape) ? 0 : 3)) / 4;
  }
  /// What comes behind all rows.
  MOTE_INLINE static constexpr int32_t row_rest(const Conv2dShape& shape) {
    return has_rests(shape) ? row_inputs(shape) % 4 : 0;
  }
  /// Fours of inputs of one pixel.
  MOTE_INLINE static constexpr int32_t quads(const Conv2dShape& shape) {
    return shape.kernel_height * row_quads(shape) + (shape.kernel_height * row_rest(shape) + 3) / 4;
  }

  /// The weight of a channel for an input in packed order.
  static int32_t weight_or_zero(const Conv2dShape& shape, const int8_t* weights, int32_t ch, int32_t input) {
    const int32_t in_rows = 4 * row_quads(shape), rest = row_rest(shape);
    int32_t row = 0, col = 0;
    if (input < shape.kernel_height * in_rows) {
      row = input / in_rows;
      col = input % in_rows;
    } else {
      input -= shape.kernel_height * in_rows;
      if (rest == 0 || input >= shape.kernel_height * rest) return 0;
      row = input / rest;
      col = in_rows + input % rest;
    }
    return ch < shape.out_channels && col < row_inputs(shape)
               ? weights[(ch * shape.kernel_height + row) * row_inputs(shape) + col]
               : 0;
  }

  /// Four bytes to the two words of a pixel.
  MOTE_INLINE static void widen(uint32_t bytes, uint32_t* to) {
    to[0] = simd32::sxtb16(bytes);
    to[kPixels] = simd32::sxtb16_ror8(bytes);
  }

  /// Moves the last windows of the three at `last` to the front of those at `to`.
  MOTE_SHARED static void keep_windows(int32_t quads, Block block, const uint32_t* last, uint32_t* to) {
    for (int32_t rest = 2 * quads; rest > 0; --rest, last += kPixels, to += kPixels)
      for (int32_t slot = 0; slot < block.kept; ++slot) to[slot] = last[slot + kPixels - block.kept];
  }

  /// The inputs of a block's pixels, `to` [out].
  MOTE_INLINE static void widen_pixels(const Conv2dShape& shape, const int8_t* from, Block block,
                                       uint32_t* to) {
    const int32_t next = shape.in_channels;
    int32_t group = block.groups;
    if (block.kept > 0 || block.repeats()) {
      for (int32_t slot = block.kept; slot < kPixels; ++slot, from += block.repeats() ? 0 : next)
        widen_bytes(from, next, to + slot);
      to += (next + 3) / 4 * kQuadWords;
      --group;
    }
    for (; group > 0; --group, from += 2 * next) {
      widen_quads(next, shape.in_channels / 4, from, to);
      const int32_t rest = shape.in_channels % 4;
      if (rest == 0) continue;
      widen_three(simd32::load_bytes(from, rest), simd32::load_bytes(from + next, rest),
                  simd32::load_bytes(from + 2 * next, rest), to);
      from += rest;
      to += kQuadWords;
    }
  }
  /// Fours of inputs of three pixels that are `next` bytes apart; `from` and `to` [in, out] move on.
  MOTE_INLINE static void widen_quads(int32_t next, int32_t quads, const int8_t*& from, uint32_t*& to) {
    if (quads == 0) return;
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    uint32_t p0, p1, p2;
    asm volatile(
        "1:\n\t"
        "ldr %[p1], [%[from], %[next]]\n\t"
        "ldr %[p2], [%[from], %[next], lsl #1]\n\t"
        "ldr %[p0], [%[from]], #4\n\t"
        "sxtb16 r1, %[p1]\n\t"
        "sxtb16 r2, %[p2]\n\t"
        "sxtb16 r0, %[p0]\n\t"
        "stmia %[to]!, {r0, r1, r2}\n\t"
        "sxtb16 r0, %[p0], ror #8\n\t"
        "sxtb16 r1, %[p1], ror #8\n\t"
        "sxtb16 r2, %[p2], ror #8\n\t"
        "stmia %[to]!, {r0, r1, r2}\n\t"
        "subs %[quads], %[quads], #1\n\t"
        "bne 1b"
        :
        [from] "+r"(from), [to] "+r"(to), [quads] "+r"(quads), [p0] "=&r"(p0), [p1] "=&r"(p1), [p2] "=&r"(p2)
        : [next] "r"(next)
        : "r0", "r1", "r2", "cc", "memory");
#else
    for (; quads > 0; --quads, from += 4, to += kQuadWords)
      widen_three(simd32::load_word(from), simd32::load_word(from + next), simd32::load_word(from + 2 * next),
                  to);
#endif
  }
  MOTE_INLINE static void widen_three(uint32_t p0, uint32_t p1, uint32_t p2, uint32_t* to) {
    store_three(simd32::sxtb16(p0), simd32::sxtb16(p1), simd32::sxtb16(p2), to);
    store_three(simd32::sxtb16_ror8(p0), simd32::sxtb16_ror8(p1), simd32::sxtb16_ror8(p2), to + kPixels);
  }
  MOTE_INLINE static void store_three(uint32_t first, uint32_t second, uint32_t third, uint32_t* to) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
    typedef uint64_t __attribute__((may_alias)) Pair;
    asm("strd %1, %2, %0" : "=Uv"(*reinterpret_cast<Pair*>(to)) : "r"(first), "r"(second));
#else
    to[0] = first;
    to[1] = second;
#endif
    to[2] = third;
  }

  /// The windows of a block's pixels from `row`, `col` [in, out] on, `to` [out].
  MOTE_INLINE static void widen_windows(const Conv2dShape& shape, const int8_t* in, Block block, int32_t& row,
                                        int32_t& col, uint32_t* to) {
    int32_t slot = block.kept;
    for (int32_t group = block.groups; group > 0; --group, slot = 0) {
      uint32_t* place = to + slot;
      to += quads(shape) * kQuadWords;
      if (shares_columns(shape) && slot == 0 && !block.repeats() && col + kPixels <= shape.out_width) {
        widen_neighbours(shape, in, row, col, place);
        move_on(shape, kPixels, row, col);
        continue;
      }
      for (; slot < kPixels; ++slot, ++place) {
        widen_window(shape, in, row, col, place);
        if (!block.repeats() || slot + 1 == kPixels) move_on(shape, 1, row, col);
      }
    }
  }
  /// So many pixels further, at most to the next row's first.
  MOTE_INLINE static void move_on(const Conv2dShape& shape, int32_t pixels, int32_t& row, int32_t& col) {
    col += pixels;
    if (col < shape.out_width) return;
    col = 0;
    ++row;
  }

  /// Whether the windows of three neighbours have columns in common, of which one at either end may be
  /// padding.
  MOTE_INLINE static constexpr bool shares_columns(const Conv2dShape& shape) {
    return shape.kernel_width == 3 && shape.stride_width == 1 && shape.dilation_width == 1 &&
           shape.pad_left <= 1 && shape.in_channels % 4 == 0 &&
           shape.out_width - shape.pad_left + 1 <= shape.in_width;
  }

  /// The windows of three neighbours in a row, `to` [out]: every column is loaded once.
  MOTE_INLINE static void widen_neighbours(const Conv2dShape& shape, const int8_t* in, int32_t row,
                                           int32_t col, uint32_t* to) {
    constexpr int32_t kColumns = kPixels + 2;
    const int32_t channels = shape.in_channels, quads_of_tap = channels / 4;
    const int32_t left = col - shape.pad_left;
    const uint32_t padded = padding(shape);
    for (int32_t tap = 0; tap < shape.kernel_height; ++tap, to += 3 * quads_of_tap * kQuadWords) {
      const int32_t in_row = row * shape.stride_height - shape.pad_top + tap * shape.dilation_height;
      if (in_row < 0 || in_row >= shape.in_height) {
        for (int32_t slot = 0; slot < kPixels; ++slot) widen_padding(shape, 3 * quads_of_tap, to + slot);
        continue;
      }
      const int8_t* from = in + (in_row * shape.in_width + left) * channels;
      uint32_t* quad = to;
      for (int32_t rest = quads_of_tap; rest > 0; --rest, from += 4, quad += kQuadWords) {
        uint32_t columns[kColumns];
        columns[0] = left < 0 ? padded : simd32::load_word(from);
        columns[1] = simd32::load_word(from + channels);
        columns[2] = simd32::load_word(from + 2 * channels);
        columns[3] = simd32::load_word(from + 3 * channels);
        columns[4] = left + 4 >= shape.in_width ? padded : simd32::load_word(from + 4 * channels);
        store_taps(simd32::sxtb16(columns[0]), simd32::sxtb16(columns[1]), simd32::sxtb16(columns[2]),
                   simd32::sxtb16(columns[3]), simd32::sxtb16(columns[4]), quads_of_tap, quad);
        store_taps(simd32::sxtb16_ror8(columns[0]), simd32::sxtb16_ror8(columns[1]),
                   simd32::sxtb16_ror8(columns[2]), simd32::sxtb16_ror8(columns[3]),
                   simd32::sxtb16_ror8(columns[4]), quads_of_tap, quad + kPixels);
      }
    }
  }
  /// A word of each of five columns, to where three taps want them.
  MOTE_INLINE static void store_taps(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t c4,
                                     int32_t quads_of_tap, uint32_t* to) {
    store_three(c0, c1, c2, to);
    store_three(c1, c2, c3, to + quads_of_tap * kQuadWords);
    store_three(c2, c3, c4, to + 2 * quads_of_tap * kQuadWords);
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
        widen_bytes(line + left * shape.in_channels, row_inputs(shape) - row_rest(shape), to);
      else
        widen_border(shape, line, left, to);
      to += row_quads(shape) * kQuadWords;
    }
    if (row_rest(shape) > 0) widen_rests(shape, in, top, left, inside, to);
  }

  /// What is left of the kernel's rows.
  MOTE_INLINE static void widen_rests(const Conv2dShape& shape, const int8_t* in, int32_t top, int32_t left,
                                      bool inside, uint32_t* to) {
    uint32_t bytes = 0;
    int32_t slot = 0;
    for (int32_t tap = 0; tap < shape.kernel_height; ++tap) {
      const int32_t row = top + tap * shape.dilation_height;
      const bool is_row = row >= 0 && row < shape.in_height;
      const int8_t* const line = in + row * shape.in_width * shape.in_channels;
      for (int32_t input = 4 * row_quads(shape); input < row_inputs(shape); ++input) {
        const int32_t col = left + input / shape.in_channels * shape.dilation_width;
        int32_t value = shape.input_zero_point;
        if (is_row && (inside || (col >= 0 && col < shape.in_width)))
          value = line[col * shape.in_channels + input % shape.in_channels];
        bytes |= (static_cast<uint32_t>(value) & 0xFFu) << (8 * slot);
        if (++slot < 4) continue;
        widen(bytes, to);
        to += kQuadWords;
        bytes = 0;
        slot = 0;
      }
    }
    if (slot > 0) widen(bytes, to);
  }

  MOTE_INLINE static void widen_padding(const Conv2dShape& shape, int32_t quads, uint32_t* to) {
    for (; quads > 0; --quads, to += kQuadWords) widen(padding(shape), to);
  }
  MOTE_INLINE static constexpr uint32_t padding(const Conv2dShape& shape) {
    return (static_cast<uint32_t>(shape.input_zero_point) & 0xFFu) * 0x01010101u;
  }

  /// Neighbouring bytes, zeros up to the next four.
  MOTE_INLINE static void widen_bytes(const int8_t* from, int32_t count, uint32_t* to) {
    for (; count >= 16; count -= 16, from += 16, to += 4 * kQuadWords) {
      widen(simd32::load_word(from), to);
      widen(simd32::load_word(from + 4), to + kQuadWords);
      widen(simd32::load_word(from + 8), to + 2 * kQuadWords);
      widen(simd32::load_word(from + 12), to + 3 * kQuadWords);
    }
    for (; count >= 4; count -= 4, from += 4, to += kQuadWords) widen(simd32::load_word(from), to);
    if (count > 0) widen(simd32::load_bytes(from, count), to);
  }

  /// A row of the kernel, without its rest, of which some taps may be outside, or apart.
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
};

}  // namespace kernels
}  // namespace mote
