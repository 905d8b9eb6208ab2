// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolution of int8 for Cortex-M cores with the DSP extension (M4, M7, M33, ...).
//
// The windows of four pixels are widened into scratch memory, a word for two inputs of a pixel, those of the
// four pixels side by side. Two output channels share a register, as in FullyConnectedDsp: three instructions
// do the work of four multiply-accumulates, and a word of weights serves four pixels. What is left is 12
// instructions for 16 multiply-accumulates. Where windows are small, several fours are widened before the
// channels, so that a channel's constants serve them all. From there on the code is the same for all shapes,
// and an image has one copy of it.

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
/// Packed weights: pairs of channels; in each the inputs in fours, first those of the kernel's rows, then
/// what is left of all rows; of each four the inputs (0, 2) and (1, 3) as a word, a halfword 256 * w[odd
/// channel] + w[even channel]. Missing inputs and channels have weight 0.
struct Conv2dDsp {
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
          run_block<false, kUnrolledWords>(outputs, tables, patches, now, first);
        else
          run_block<true, kUnrolledWords>(outputs, tables, patches, now, first);
        last = patches + (now.groups - 1) * outputs.quads * kQuadWords;  // read only behind a block of fours
        out += now.pixels * shape.out_channels;
        rest -= now.pixels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 protected:
  static constexpr int32_t kPixels = 4;
  static constexpr int32_t kQuadWords = 2 * kPixels;  ///< of four inputs of each pixel
  static constexpr int32_t kQuadBytes = kQuadWords * 4;
  static constexpr int32_t kUnrolledWords = 8;   ///< a power of two, as kUnrolled is
  static constexpr int32_t kUnrolledBytes = 48;  ///< of code for each of them

  /// What is widened at a time: fours of pixels; three that are left, behind one of the last four; or a
  /// single pixel.
  struct Block {
    int32_t groups;  ///< of four windows; 0 for a single pixel
    int32_t kept;    ///< windows of the block before
    int32_t pixels;  ///< that are new
  };

  /// So many groups as fit into the scratch memory; at least one.
  MOTE_INLINE static constexpr int32_t most_groups(const Conv2dShape& shape) {
    return at_least_one(detail::at_most(shape.scratch_allowance / at_least_one(quads(shape) * kQuadBytes),
                                        shape.out_height * shape.out_width / kPixels));
  }
  MOTE_INLINE static constexpr int32_t at_least_one(int32_t value) { return value > 1 ? value : 1; }
  MOTE_INLINE static constexpr Block block(const Conv2dShape& shape, int32_t rest) {
    return rest >= kPixels ? whole_block(detail::at_most(most_groups(shape), rest / kPixels))
           : rest == kPixels - 1 && shape.out_height * shape.out_width > rest ? Block{1, 1, rest}
                                                                              : Block{0, 0, 1};
  }
  MOTE_INLINE static constexpr Block whole_block(int32_t groups) { return {groups, 0, groups * kPixels}; }

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

  /// Moves the last windows of the four at `last` to the front of those at `to`.
  MOTE_SHARED static void keep_windows(int32_t quads, Block block, const uint32_t* last, uint32_t* to) {
    for (int32_t rest = 2 * quads; rest > 0; --rest, last += kPixels, to += kPixels)
      for (int32_t slot = 0; slot < block.kept; ++slot) to[slot] = last[slot + block.pixels];
  }

  /// The inputs of a block's pixels, `to` [out].
  MOTE_INLINE static void widen_pixels(const Conv2dShape& shape, const int8_t* from, Block block,
                                       uint32_t* to) {
    if (block.groups == 0) widen_bytes(from, shape.in_channels, to);
    for (int32_t slot = block.kept; block.kept > 0 && slot < kPixels; ++slot, from += shape.in_channels)
      widen_bytes(from, shape.in_channels, to + slot);
    if (block.kept > 0) return;
    const int32_t next = shape.in_channels;
    for (int32_t group = block.groups; group > 0; --group, from += 3 * next) {
      int32_t rest = shape.in_channels;
      for (; rest >= 4; rest -= 4, from += 4, to += kQuadWords)
        widen_four(simd32::load_word(from), simd32::load_word(from + next),
                   simd32::load_word(from + 2 * next), simd32::load_word(from + 3 * next), to);
      if (rest == 0) continue;
      widen_four(simd32::load_bytes(from, rest), simd32::load_bytes(from + next, rest),
                 simd32::load_bytes(from + 2 * next, rest), simd32::load_bytes(from + 3 * next, rest), to);
      from += rest;
      to += kQuadWords;
    }
  }
  MOTE_INLINE static void widen_four(uint32_t p0, uint32_t p1, uint32_t p2, uint32_t p3, uint32_t* to) {
    store_pair(simd32::sxtb16(p0), simd32::sxtb16(p1), to);
    store_pair(simd32::sxtb16(p2), simd32::sxtb16(p3), to + 2);
    store_pair(simd32::sxtb16_ror8(p0), simd32::sxtb16_ror8(p1), to + 4);
    store_pair(simd32::sxtb16_ror8(p2), simd32::sxtb16_ror8(p3), to + 6);
  }
  MOTE_INLINE static void store_pair(uint32_t first, uint32_t second, uint32_t* to) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
    typedef uint64_t __attribute__((may_alias)) Pair;
    asm("strd %1, %2, %0" : "=Uv"(*reinterpret_cast<Pair*>(to)) : "r"(first), "r"(second));
#else
    to[0] = first;
    to[1] = second;
#endif
  }

  /// The windows of a block's pixels from `row`, `col` [in, out] on, `to` [out].
  MOTE_INLINE static void widen_windows(const Conv2dShape& shape, const int8_t* in, Block block, int32_t& row,
                                        int32_t& col, uint32_t* to) {
    const int32_t slots = block.groups == 0 ? 1 : block.groups * kPixels;
    to += block.kept;
    for (int32_t slot = block.kept; slot < slots; ++slot) {
      if (shares_columns(shape) && slot % kPixels == 0 && slots - slot >= kPixels &&
          col + kPixels <= shape.out_width) {
        widen_neighbours(shape, in, row, col, to);
        slot += kPixels - 1;
        col += kPixels - 1;
        to += kPixels - 1;
      } else {
        widen_window(shape, in, row, col, to);
      }
      to += (slot + 1) % kPixels == 0 ? (quads(shape) - 1) * kQuadWords + kPixels + 1 : 1;
      if (++col < shape.out_width) continue;
      col = 0;
      ++row;
    }
  }

  /// Whether the windows of four neighbours have columns in common, of which one at either end may be
  /// padding.
  MOTE_INLINE static constexpr bool shares_columns(const Conv2dShape& shape) {
    return shape.kernel_width == 3 && shape.stride_width == 1 && shape.dilation_width == 1 &&
           shape.pad_left <= 1 && shape.in_channels % 4 == 0 &&
           shape.out_width - shape.pad_left + 1 <= shape.in_width;
  }

  /// The windows of four neighbours in a row, `to` [out]: every column is loaded once.
  MOTE_INLINE static void widen_neighbours(const Conv2dShape& shape, const int8_t* in, int32_t row,
                                           int32_t col, uint32_t* to) {
    constexpr int32_t kColumns = kPixels + 2;
    const int32_t channels = shape.in_channels, quads_of_tap = channels / 4;
    const int32_t left = col - shape.pad_left;
    const uint32_t padding = (static_cast<uint32_t>(shape.input_zero_point) & 0xFFu) * 0x01010101u;
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
        columns[0] = left < 0 ? padding : simd32::load_word(from);
        columns[1] = simd32::load_word(from + channels);
        columns[2] = simd32::load_word(from + 2 * channels);
        columns[3] = simd32::load_word(from + 3 * channels);
        columns[4] = simd32::load_word(from + 4 * channels);
        columns[5] = left + 5 >= shape.in_width ? padding : simd32::load_word(from + 5 * channels);
        store_taps(simd32::sxtb16(columns[0]), simd32::sxtb16(columns[1]), simd32::sxtb16(columns[2]),
                   simd32::sxtb16(columns[3]), simd32::sxtb16(columns[4]), simd32::sxtb16(columns[5]),
                   quads_of_tap, quad);
        store_taps(simd32::sxtb16_ror8(columns[0]), simd32::sxtb16_ror8(columns[1]),
                   simd32::sxtb16_ror8(columns[2]), simd32::sxtb16_ror8(columns[3]),
                   simd32::sxtb16_ror8(columns[4]), simd32::sxtb16_ror8(columns[5]), quads_of_tap,
                   quad + kPixels);
      }
    }
  }
  /// A word of each of six columns, to where three taps want them.
  MOTE_INLINE static void store_taps(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t c4,
                                     uint32_t c5, int32_t quads_of_tap, uint32_t* to) {
    store_pair(c0, c1, to);
    store_pair(c2, c3, to + 2);
    to += quads_of_tap * kQuadWords;
    store_pair(c1, c2, to);
    store_pair(c3, c4, to + 2);
    to += quads_of_tap * kQuadWords;
    store_pair(c2, c3, to);
    store_pair(c4, c5, to + 2);
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

  /// What the channels need to know of the shape.
  struct Outputs {
    int32_t quads;
    int32_t channels;
    int32_t zero_point;
    int32_t activation_min;
    int32_t activation_max;
  };

  /// What the outputs of a channel have in common: SMMLAR's operands and the shift that follows.
  struct alignas(8) Factor {
    int32_t multiplier;
    int32_t rounding;  ///< half of 2^exponent, and the zero point times 2^exponent
  };

  /// The sums of a pair of channels, modulo 2^32.
  struct alignas(8) Sums {
    uint32_t raw;  ///< 256 * odd + even
    uint32_t even;
  };

  /// A block, and a pair of channels of it. Words that are loaded together lie together.
  struct alignas(8) Work {
    Sums start;
    Factor even;
    Factor odd;  ///< as `even` if there is none
    int32_t even_exponent;
    int32_t back;  ///< from the odd channel's output to the even one's: 1, or 0 if there is none
    int32_t odd_exponent;
    int32_t line;        ///< from one pixel's output to the next one's
    int8_t* place;       ///< the odd channel's next output
    int8_t* next_place;  ///< the next pair's first
    Flash<int8_t> weights;
    Flash<int8_t> weights_end;
    int32_t pair_bytes;   ///< of weights
    int32_t skipped;      ///< bytes of the unrolled loop that the first turn leaves out, and 1 for Thumb
    Flash<int8_t> shift;  ///< of the next pair
    int32_t half;         ///< 1, and the zero point times 2
    Flash<int32_t> bias;  ///< of the next pair
    Flash<int32_t> multiplier;
    const uint32_t* patches;
    const uint32_t* patches_end;
    int32_t quads;
  };

  /// Takes the constants of the next pair of channels.
  MOTE_INLINE static void next_pair(Work& work) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // In one piece: the compiler, left alone, needs twice the instructions.
    uint32_t x, y, first, second, shift, other_shift, bias, rounding;
#define MOTE_CONV_2D_AT(name) "[%[work], %[" #name "]]"
    asm volatile(
        "ldrd %[x], %[y], " MOTE_CONV_2D_AT(bias_at)
        "\n\t"
        "ldrd %[bias], %[rounding], [%[x]], #8\n\t"
        "ldrd %[first], %[second], [%[y]], #8\n\t"
        "strd %[x], %[y], " MOTE_CONV_2D_AT(bias_at)
        "\n\t"
        "add %[rounding], %[bias], %[rounding], lsl #8\n\t"
        "strd %[rounding], %[bias], " MOTE_CONV_2D_AT(start_at)
        "\n\t"
        "ldrd %[x], %[y], " MOTE_CONV_2D_AT(shift_at)
        "\n\t"
        "ldrsb %[shift], [%[x]], #1\n\t"
        "ldrsb %[other_shift], [%[x]], #1\n\t"
        "str %[x], " MOTE_CONV_2D_AT(shift_at)
        "\n\t"
        "mvn %[rounding], %[shift]\n\t"
        "mvn %[bias], %[other_shift]\n\t"
        "lsl %[rounding], %[y], %[rounding]\n\t"
        "lsl %[bias], %[y], %[bias]\n\t"
        "rsb %[shift], %[shift], #0\n\t"
        "rsb %[other_shift], %[other_shift], #0\n\t"
        "strd %[first], %[rounding], " MOTE_CONV_2D_AT(even_at)
        "\n\t"
        "strd %[second], %[bias], " MOTE_CONV_2D_AT(odd_at)
        "\n\t"
        "str %[shift], " MOTE_CONV_2D_AT(even_exponent_at)
        "\n\t"
        "str %[other_shift], " MOTE_CONV_2D_AT(odd_exponent_at)
        "\n\t"
        "ldr %[x], " MOTE_CONV_2D_AT(next_place_at)
        "\n\t"
        "add %[y], %[x], #2\n\t"
        "strd %[x], %[y], " MOTE_CONV_2D_AT(place_at)
        "\n\t"
        "ldrd %[x], %[y], " MOTE_CONV_2D_AT(weights_end_at)
        "\n\t"
        "add %[y], %[x], %[y]\n\t"
        "strd %[x], %[y], " MOTE_CONV_2D_AT(weights_at)
        : [x] "=&r"(x), [y] "=&r"(y), [first] "=&r"(first), [second] "=&r"(second), [shift] "=&r"(shift),
          [other_shift] "=&r"(other_shift), [bias] "=&r"(bias), [rounding] "=&r"(rounding), "+m"(work)
        : [work] "r"(&work), [bias_at] "i"(__builtin_offsetof(Work, bias)),
          [start_at] "i"(__builtin_offsetof(Work, start)), [shift_at] "i"(__builtin_offsetof(Work, shift)),
          [even_at] "i"(__builtin_offsetof(Work, even)), [odd_at] "i"(__builtin_offsetof(Work, odd)),
          [even_exponent_at] "i"(__builtin_offsetof(Work, even_exponent)),
          [odd_exponent_at] "i"(__builtin_offsetof(Work, odd_exponent)),
          [next_place_at] "i"(__builtin_offsetof(Work, next_place)),
          [place_at] "i"(__builtin_offsetof(Work, place)),
          [weights_end_at] "i"(__builtin_offsetof(Work, weights_end)),
          [weights_at] "i"(__builtin_offsetof(Work, weights))
        : "memory");
#undef MOTE_CONV_2D_AT
#else
    work.start.even = static_cast<uint32_t>(work.bias[0]);
    work.start.raw = work.start.even + (static_cast<uint32_t>(work.bias[1]) << 8);
    work.even_exponent = -work.shift[0];
    work.odd_exponent = -work.shift[1];
    work.even = {work.multiplier[0], wrapping_shift_left(work.half, work.even_exponent - 1)};
    work.odd = {work.multiplier[1], wrapping_shift_left(work.half, work.odd_exponent - 1)};
    work.place = work.next_place;
    work.weights = work.weights_end;
    work.next_place += 2;
    work.weights_end = work.weights + work.pair_bytes;
    work.bias = work.bias + 2;
    work.multiplier = work.multiplier + 2;
    work.shift = work.shift + 2;
#endif
  }

  /// All outputs of a block. `kRounded`: negative ones are rounded away from zero; `kUnrolled`: words that a
  /// turn of the inner loop takes; if they are few, a single pixel is four times the same one, and nothing is
  /// clamped.
  template <bool kRounded, int32_t kUnrolled>
  MOTE_SHARED static void run_block(const Outputs& outputs, const WeightTables<int32_t>& tables,
                                    const uint32_t* patches, Block block, int8_t* out) {
    Work work;
    work.patches = patches;
    constexpr bool kRepeats = kUnrolled != kUnrolledWords;
    const int32_t groups = kRepeats && block.groups == 0 ? 1 : block.groups;
    work.patches_end = patches + groups * outputs.quads * kQuadWords;
    work.line = kRepeats && block.groups == 0 ? 0 : outputs.channels;
    work.quads = outputs.quads;
    work.pair_bytes = 8 * outputs.quads;
    work.skipped = ((1 - 2 * outputs.quads) & (kUnrolled - 1)) * kUnrolledBytes + 1;
    work.weights_end = tables.weights;
    work.bias = tables.bias;
    work.multiplier = tables.multiplier;
    work.shift = tables.shift;
    work.half = 2 * outputs.zero_point + 1;
    work.back = 1;
    work.next_place = out + 1;
    for (int32_t rest = outputs.channels; rest > 0; rest -= 2) {
      int32_t bias[2], multiplier[2];
      int8_t shift[2];
      if (rest == 1) {
        for (int32_t twice = 0; twice < 2; ++twice) {
          bias[twice] = work.bias[0];
          multiplier[twice] = work.multiplier[0];
          shift[twice] = work.shift[0];
        }
        work.bias = Flash<int32_t>(bias);
        work.multiplier = Flash<int32_t>(multiplier);
        work.shift = Flash<int8_t>(shift);
        work.back = 0;
        --work.next_place;
      }
      next_pair(work);
      if (groups == 0)
        run_single<kRounded>(work);
      else
        run_pair<kRounded, kUnrolled>(work);
    }
    if (kRepeats || (outputs.activation_min == -128 && outputs.activation_max == 127)) return;
    clamp_outputs(outputs, (block.kept + block.pixels) * outputs.channels, out);
  }
  MOTE_SHARED static void clamp_outputs(const Outputs& outputs, int32_t count, int8_t* out) {
    for (int8_t* const end = out + count; out != end; ++out)
      *out = static_cast<int8_t>(clamp(int32_t{*out}, outputs.activation_min, outputs.activation_max));
  }

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
  // In one piece with all 14 registers; the compiler, left alone, keeps sums on the stack. The loop is
  // unrolled and entered so that it ends with the last of the quads.
#define MOTE_CONV_2D_SUMS               \
  "adr.w %[w], 2f\n\t"                  \
  "ldr %[a], %[skipped]\n\t"            \
  "ldr %[x], %[patches]\n\t"            \
  "add %[w], %[w], %[a]\n\t"            \
  "str %[w], %[entry]\n\t"              \
  "1:\n\t"                              \
  "ldr %[a], %[weights]\n\t"            \
  "ldrd %[r3], %[e3], %[start]\n\t"     \
  "ldr.w %[w], [%[a]], #4\n\t"          \
  "ldrd %[y0], %[y1], [%[x]], #8\n\t"   \
  "sxtb16.w %[v], %[w]\n\t"             \
  "smlad %[r0], %[w], %[y0], %[r3]\n\t" \
  "smlad %[e0], %[v], %[y0], %[e3]\n\t" \
  "smlad %[r1], %[w], %[y1], %[r3]\n\t" \
  "smlad %[e1], %[v], %[y1], %[e3]\n\t" \
  "ldrd %[y0], %[y1], [%[x]], #8\n\t"   \
  "smlad %[r2], %[w], %[y0], %[r3]\n\t" \
  "smlad %[e2], %[v], %[y0], %[e3]\n\t" \
  "smlad %[r3], %[w], %[y1], %[r3]\n\t" \
  "smlad %[e3], %[v], %[y1], %[e3]\n\t" \
  "ldr %[w], %[entry]\n\t"              \
  "bx %[w]\n\t"                         \
  ".balign 4\n\t"                       \
  "2:\n\t"                              \
  ".rept %c[unrolled]\n\t"              \
  "ldr.w %[w], [%[a]], #4\n\t"          \
  "ldrd %[y0], %[y1], [%[x]], #8\n\t"   \
  "sxtb16.w %[v], %[w]\n\t"             \
  "smlad %[r0], %[w], %[y0], %[r0]\n\t" \
  "smlad %[e0], %[v], %[y0], %[e0]\n\t" \
  "smlad %[r1], %[w], %[y1], %[r1]\n\t" \
  "smlad %[e1], %[v], %[y1], %[e1]\n\t" \
  "ldrd %[y0], %[y1], [%[x]], #8\n\t"   \
  "smlad %[r2], %[w], %[y0], %[r2]\n\t" \
  "smlad %[e2], %[v], %[y0], %[e2]\n\t" \
  "smlad %[r3], %[w], %[y1], %[r3]\n\t" \
  "smlad %[e3], %[v], %[y1], %[e3]\n\t" \
  ".endr\n\t"                           \
  "ldr %[w], %[weights_end]\n\t"        \
  "cmp %[a], %[w]\n\t"                  \
  "bne 2b\n\t"                          \
  "sub %[r0], %[r0], %[e0]\n\t"         \
  "sub %[r1], %[r1], %[e1]\n\t"         \
  "sub %[r2], %[r2], %[e2]\n\t"         \
  "sub %[r3], %[r3], %[e3]\n\t"
  // Doubled accumulators: from what is 256 * odd, and from even.
#define MOTE_CONV_2D_ODD(sum) "asr %[" sum "], %[" sum "], #7\n\t"
#define MOTE_CONV_2D_EVEN(sum) "lsl %[" sum "], %[" sum "], #1\n\t"
  // One output, stored at `to`. After a ReLU what is negative is clamped anyway: no rounding away from zero.
#define MOTE_CONV_2D_SCALED(sum, to) \
  "smmlar %[" sum "], %[" sum        \
  "], %[y0], %[y1]\n\t"              \
  "asr %[" sum "], %[" sum           \
  "], %[w]\n\t"                      \
  "ssat %[" sum "], #8, %[" sum      \
  "]\n\t"                            \
  "strb %[" sum "], " to "\n\t"
#define MOTE_CONV_2D_ROUNDED(sum, to) \
  "smmlar %[x], %[" sum               \
  "], %[y0], %[y1]\n\t"               \
  "add %[x], %[x], %[" sum            \
  "], asr #31\n\t"                    \
  "asr %[x], %[x], %[w]\n\t"          \
  "ssat %[x], #8, %[x]\n\t"           \
  "strb %[x], " to "\n\t"
  // The odd channel's outputs, then those of the even one, which lie `back` bytes before them.
#define MOTE_CONV_2D_PAIR(saved, output, restored) \
  asm volatile(                                                                                             \
      MOTE_CONV_2D_SUMS saved                                                                               \
      "ldr %[v], %[place]\n\t"                                                                              \
      "ldrd %[w], %[a], %[odd_rest]\n\t"                                                                    \
      "add %[y0], %[v], %[a], lsl #2\n\t"                                                                   \
      "str %[y0], %[place]\n\t"                                                                             \
      "ldrd %[y0], %[y1], %[odd]\n\t" MOTE_CONV_2D_ODD("r0") output("r0", "[%[v]]") MOTE_CONV_2D_ODD("r2")  \
          output("r2", "[%[v], %[a], lsl #1]") "add %[v], %[v], %[a]\n\t" MOTE_CONV_2D_ODD("r1")            \
              output("r1", "[%[v]]") MOTE_CONV_2D_ODD("r3") output("r3", "[%[v], %[a], lsl #1]")            \
      "ldrd %[w], %[y0], %[even_rest]\n\t"                                                                  \
      "sub %[v], %[v], %[y0]\n\t"                                                                           \
      "ldrd %[y0], %[y1], %[even]\n\t" MOTE_CONV_2D_EVEN("e1") output("e1", "[%[v]]")                       \
          MOTE_CONV_2D_EVEN("e3") output("e3", "[%[v], %[a], lsl #1]") "sub %[v], %[v], %[a]\n\t"           \
              MOTE_CONV_2D_EVEN("e0") output("e0", "[%[v]]") MOTE_CONV_2D_EVEN("e2")                        \
                  output("e2", "[%[v], %[a], lsl #1]") restored                                             \
      "ldr %[w], %[patches_end]\n\t"                                                                        \
      "cmp %[x], %[w]\n\t"                                                                                  \
      "bne 1b"                                                                                              \
      : [r0] "=&r"(r0), [e0] "=&r"(e0), [r1] "=&r"(r1), [e1] "=&r"(e1), [r2] "=&r"(r2), [e2] "=&r"(e2),     \
        [r3] "=&r"(r3), [e3] "=&r"(e3), [x] "=&r"(x), [a] "=&r"(a), [w] "=&r"(w), [v] "=&r"(v),             \
        [y0] "=&r"(y0), [y1] "=&r"(y1), [entry] "=m"(entry), [position] "=m"(position),                     \
        [place] "+m"(work.place)                                                                            \
      : [skipped] "m"(work.skipped), [patches] "m"(work.patches), [patches_end] "m"(work.patches_end),      \
        [start] "Uv"(words(&work.start)), [weights] "m"(work.weights), [weights_end] "m"(work.weights_end), \
        [odd] "Uv"(words(&work.odd)), [odd_rest] "Uv"(words(&work.odd_exponent)),                           \
        [even] "Uv"(words(&work.even)), [even_rest] "Uv"(words(&work.even_exponent)),                       \
        [unrolled] "i"(kUnrolled)                                                                           \
      : "cc", "memory")

  typedef uint64_t __attribute__((may_alias)) Words;
  MOTE_INLINE static const Words& words(const void* at) { return *static_cast<const Words*>(at); }

  /// A pair of channels over a block.
  template <bool kRounded, int32_t kUnrolled>
  MOTE_INLINE static void run_pair(Work& work) {
    uint32_t r0, e0, r1, e1, r2, e2, r3, e3, x, a, w, v, y0, y1, entry, position;
    if (kRounded)
      MOTE_CONV_2D_PAIR("str %[x], %[position]\n\t", MOTE_CONV_2D_ROUNDED, "ldr %[x], %[position]\n\t");
    else
      MOTE_CONV_2D_PAIR("", MOTE_CONV_2D_SCALED, "");
  }
#undef MOTE_CONV_2D_PAIR
#undef MOTE_CONV_2D_ROUNDED
#undef MOTE_CONV_2D_SCALED
#undef MOTE_CONV_2D_EVEN
#undef MOTE_CONV_2D_ODD
#undef MOTE_CONV_2D_SUMS
#else
  /// A pair of channels over a block.
  template <bool kRounded, int32_t kUnrolled>
  MOTE_INLINE static void run_pair(Work& work) {
    for (const uint32_t* patches = work.patches; patches != work.patches_end;
         patches += work.quads * kQuadWords)
      for (int32_t pixel = 0; pixel < kPixels; ++pixel, work.place += work.line)
        write_pair<kRounded>(work, pixel_sums(work, patches + pixel));
  }
#endif

  /// A pair of channels of one pixel.
  template <bool kRounded>
  MOTE_INLINE static void run_single(const Work& work) {
    write_pair<kRounded>(work, pixel_sums(work, work.patches));
  }
  template <bool kRounded>
  MOTE_INLINE static void write_pair(const Work& work, Sums sums) {
    work.place[0] =
        output<kRounded>(work.odd, work.odd_exponent, static_cast<int32_t>(sums.raw - sums.even) >> 7);
    work.place[-work.back] =
        output<kRounded>(work.even, work.even_exponent, static_cast<int32_t>(sums.even << 1));
  }
  /// `patch` [in]: the pixel's first word; one in four is its.
  MOTE_INLINE static Sums pixel_sums(const Work& work, const uint32_t* patch) {
    Sums sums = work.start;
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    const int8_t* weights = work.weights.data();
    int32_t rest = work.quads;
    uint32_t w0, w1, x, v;
#define MOTE_CONV_2D_WORD(w)      \
  "ldr %[x], [%[patch]], #16\n\t" \
  "sxtb16 %[v], %[" w             \
  "]\n\t"                         \
  "smlad %[raw], %[" w            \
  "], %[x], %[raw]\n\t"           \
  "smlad %[even], %[v], %[x], %[even]\n\t"
#define MOTE_CONV_2D_QUAD \
  "ldrd %[w0], %[w1], [%[weights]], #8\n\t" MOTE_CONV_2D_WORD("w0") MOTE_CONV_2D_WORD("w1")
    asm volatile(
        "tst %[rest], #1\n\t"
        "beq 1f\n\t" MOTE_CONV_2D_QUAD
        "subs %[rest], %[rest], #1\n\t"
        "beq 2f\n\t"
        "1:\n\t" MOTE_CONV_2D_QUAD MOTE_CONV_2D_QUAD
        "subs %[rest], %[rest], #2\n\t"
        "bne 1b\n\t"
        "2:"
        : [raw] "+r"(sums.raw), [even] "+r"(sums.even), [weights] "+r"(weights), [patch] "+r"(patch),
          [rest] "+r"(rest), [w0] "=&r"(w0), [w1] "=&r"(w1), [x] "=&r"(x), [v] "=&r"(v)
        :
        : "cc", "memory");
#undef MOTE_CONV_2D_QUAD
#undef MOTE_CONV_2D_WORD
#else
    for (int32_t word = 0; word < 2 * work.quads; ++word) {
      const uint32_t weights = simd32::load_word(work.weights + 4 * word);
      sums.raw = simd32::smlad(weights, patch[kPixels * word], sums.raw);
      sums.even = simd32::smlad(simd32::sxtb16(weights), patch[kPixels * word], sums.even);
    }
#endif
    return sums;
  }
  /// An output from twice its accumulator. After a ReLU what is negative is clamped anyway: no rounding away
  /// from zero.
  template <bool kRounded>
  MOTE_INLINE static int8_t output(const Factor& factor, int32_t exponent, int32_t doubled) {
    int32_t rounded = simd32::smmlar(doubled, factor.multiplier, factor.rounding);
    if (kRounded) rounded += doubled >> 31;
    return static_cast<int8_t>(simd32::ssat8(rounded >> exponent));
  }
};

}  // namespace kernels
}  // namespace mote
