// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depthwise 3x3 convolution of int8, with inline assembly for Cortex-M cores with the DSP extension (M4, M7,
// M33,
// ...).
//
// SMLAD multiplies two neighbouring columns at once, which in NHWC are far apart. So four channels at a time
// are spread into planes of int16 in scratch memory, padding included, as many rows at a time as go into a
// strip; a tile of outputs then needs one load for four columns of a row, and the border no code of its own.
// What the strip holds is no longer needed in the input: outputs go where their inputs were. Cores that
// multiply one pair at a time gain by the same: each input is loaded once for a tile. All of it takes its
// sizes from a struct, so that an image has one copy of it.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/depthwise_conv_2d.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// DepthwiseConv2dReference's result for 3x3 kernels with one output a channel and steps of 1 or 2.
///
/// Packed weights: three rows a channel, each the bytes {w0, 0, w1, w2}.
struct DepthwiseConv2dPlanes {
  using Reference = DepthwiseConv2dReference<int8_t, int32_t>;
  static constexpr const char* kName = "planes_3x3";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {150, 200, 3600}; }
  static constexpr bool available(Isa isa) { return isa != Isa::kPortable && isa != Isa::kAvr; }

  /// Exact because sums wrap modulo 2^32 and twice the accumulator, which they give, fits; the rest is
  /// FullyConnectedDsp's argument. The output's zero point is added before the shift, which changes nothing
  /// but must not overflow: 2^7 * 2^22, half of 2^22 and a product below 2^30 do not.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return detail::valid_depthwise<int8_t>(shape) && shape.out_channels == shape.in_channels &&
           shape.kernel_height == 3 && shape.kernel_width == 3 && shape.dilation_height == 1 &&
           shape.dilation_width == 1 && shape.stride_height == shape.stride_width &&
           shape.stride_height <= 2 && shape.pad_left <= 1 && shape.rounding == Rounding::kDouble &&
           limits.max_abs_accumulator < (int64_t{1} << 30) && limits.max_shift <= -1 &&
           limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return kPlanes * plane(shape) * static_cast<int32_t>(sizeof(int16_t));
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return shape.out_channels * kPackedBytes; }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) { return detail::depthwise_in_place(shape); }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Folds the zero point into the bias and gathers the weights of a channel.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t channels = shape.out_channels;
    for (int32_t ch = 0; ch < channels; ++ch) {
      int64_t folded = bias != nullptr ? bias[ch] : 0;
      for (int32_t tap = 0; tap < 9; ++tap) folded -= shape.input_zero_point * weights[tap * channels + ch];
      packed_bias[ch] = static_cast<int32_t>(folded);
      for (int32_t row = 0; row < 3; ++row) {
        *packed_weights++ = weights[3 * row * channels + ch];
        *packed_weights++ = 0;
        *packed_weights++ = weights[(3 * row + 1) * channels + ch];
        *packed_weights++ = weights[(3 * row + 2) * channels + ch];
      }
    }
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    const Sizes sizes = sizes_of(shape);
    int16_t* const strip = static_cast<int16_t*>(scratch);
    // After a ReLU what is negative is clamped anyway: no rounding away from zero.
    if (shape.stride_height == 1) {
      if (shape.activation_min == shape.output_zero_point)
        run_all<1, false>(sizes, tables, in, out, strip);
      else
        run_all<1, true>(sizes, tables, in, out, strip);
    } else {
      if (shape.activation_min == shape.output_zero_point)
        run_all<2, false>(sizes, tables, in, out, strip);
      else
        run_all<2, true>(sizes, tables, in, out, strip);
    }
  }

 private:
  static constexpr int32_t kPlanes = 4;
  static constexpr int32_t kPackedBytes = 12;
  MOTE_INLINE static constexpr int32_t even(int32_t value) { return (value + 1) / 2 * 2; }

  /// Columns of a plane: what the tiles read, two columns of outputs each.
  MOTE_INLINE static constexpr int32_t pitch(const Conv2dShape& shape) {
    return shape.stride_width * even(shape.out_width) + 2;
  }
  /// Rows that one strip and the next have in common.
  MOTE_INLINE static constexpr int32_t common_rows(const Conv2dShape& shape) {
    return 3 - shape.stride_height;
  }
  /// Rows of outputs from one strip: what fits into the scratch memory, but enough for a tile; even where
  /// tiles have two rows.
  MOTE_INLINE static constexpr int32_t strip_rows(const Conv2dShape& shape) {
    const int32_t least = 3 - shape.stride_height;
    const int32_t fitting =
        (shape.scratch_allowance / (2 * kPlanes * pitch(shape)) - common_rows(shape)) / shape.stride_height;
    if (fitting >= shape.out_height)
      return shape.stride_height == 1 ? even(shape.out_height) : shape.out_height;
    return fitting < least ? least : fitting / least * least;
  }
  /// Elements of a plane.
  MOTE_INLINE static constexpr int32_t plane(const Conv2dShape& shape) {
    return (strip_rows(shape) * shape.stride_height + common_rows(shape)) * pitch(shape);
  }

  /// What the code for all shapes needs to know of one.
  struct Sizes {
    int32_t batch, channels;
    int32_t in_height, in_width;
    int32_t out_height, out_width;
    int32_t pad_top;
    int32_t strip_rows;  ///< of outputs
    int32_t pitch;       ///< elements of a row of the strip
    int32_t plane;       ///< elements of a channel of the strip
    // A row of the strip in pairs of columns:
    int32_t left_pairs;    ///< padding and the first pixel, or none
    int32_t inside_pairs;  ///< pixels
    int32_t right_pairs;   ///< a pixel and padding, or none
    int32_t outer_pairs;   ///< padding
    uint32_t padding;      ///< the input's zero point in each byte
    int32_t zero_point;    ///< of the output
    int32_t activation_min, activation_max;
  };
  MOTE_INLINE static Sizes sizes_of(const Conv2dShape& shape) {
    const int32_t pairs = pitch(shape) / 2 - shape.pad_left;
    const int32_t pixels = shape.in_width - shape.pad_left;
    const int32_t inside = detail::at_most(pairs, pixels / 2);
    const int32_t right = pairs > inside ? pixels % 2 : 0;
    return {shape.batch,
            shape.out_channels,
            shape.in_height,
            shape.in_width,
            shape.out_height,
            shape.out_width,
            shape.pad_top,
            strip_rows(shape),
            pitch(shape),
            plane(shape),
            shape.pad_left,
            inside,
            right,
            pairs - inside - right,
            (static_cast<uint32_t>(shape.input_zero_point) & 0xFFu) * 0x01010101u,
            shape.output_zero_point,
            shape.activation_min,
            shape.activation_max};
  }

  /// Two neighbouring columns of four channels, a word each, into their planes.
  MOTE_INLINE static void spread(uint32_t left, uint32_t right, int16_t* to, int32_t plane) {
    const uint32_t left_02 = simd32::sxtb16(left), left_13 = simd32::sxtb16_ror8(left);
    const uint32_t right_02 = simd32::sxtb16(right), right_13 = simd32::sxtb16_ror8(right);
    simd32::store_halfword_pair(to, simd32::pkhbt(left_02, right_02));
    simd32::store_halfword_pair(to + plane, simd32::pkhbt(left_13, right_13));
    simd32::store_halfword_pair(to + 2 * plane, simd32::pkhtb(left_02, right_02));
    simd32::store_halfword_pair(to + 3 * plane, simd32::pkhtb(left_13, right_13));
  }

  /// The same of two pixels of a row.
  MOTE_INLINE static void spread_pixels(const int8_t* left, const int8_t* right, int16_t* to, int32_t plane) {
#if !defined(__ARM_FEATURE_SIMD32)  // a core that cannot pack halfwords
    for (int32_t ch = 0; ch < kPlanes; ++ch, to += plane) {
      to[0] = left[ch];
      to[1] = right[ch];
    }
#else
    spread(simd32::load_word(left), simd32::load_word(right), to, plane);
#endif
  }

  /// Spreads `pairs` pairs of columns that hold the padding.
  MOTE_INLINE static void spread_padding(uint32_t padding, int32_t pairs, int16_t* to, int32_t plane) {
    for (; pairs > 0; --pairs, to += 2) spread(padding, padding, to, plane);
  }

  /// One row of the input into the planes, padding included. `taken` [in]: bytes of a pixel that are read.
  MOTE_INLINE static void spread_row(const Sizes& sizes, int32_t taken, const int8_t* from, int16_t* to) {
    const int32_t step = sizes.channels, plane = sizes.plane;
    if (sizes.left_pairs > 0) {
      spread(sizes.padding, pixel(from, taken), to, plane);
      from += step;
      to += 2;
    }
    for (int32_t rest = sizes.inside_pairs; rest > 0; --rest, to += 2, from += 2 * step)
      if (taken == kPlanes)
        spread_pixels(from, from + step, to, plane);
      else
        spread(pixel(from, taken), pixel(from + step, taken), to, plane);
    if (sizes.right_pairs > 0) {
      spread(pixel(from, taken), sizes.padding, to, plane);
      to += 2;
    }
    spread_padding(sizes.padding, sizes.outer_pairs, to, plane);
  }
  MOTE_INLINE static uint32_t pixel(const int8_t* from, int32_t taken) {
    return taken == kPlanes ? simd32::load_word(from) : simd32::load_bytes(from, taken);
  }
  MOTE_SHARED static void spread_few(const Sizes& sizes, int32_t planes, const int8_t* from, int16_t* to) {
    spread_row(sizes, planes, from, to);
  }

  /// Puts the rows of input from the padded row `first` on into rows `from`...`end` - 1 of the strip.
  /// `planes` [in]: channels that are left, four at most.
  MOTE_SHARED static void fill_strip(const Sizes& sizes, const int8_t* in, int32_t planes, int32_t first,
                                     int32_t from, int32_t end, int16_t* strip) {
    int32_t in_row = first + from - sizes.pad_top;
    const int32_t line = sizes.in_width * sizes.channels;
    in += in_row * line;
    int16_t* to = strip + from * sizes.pitch;
    for (int32_t rest = end - from; rest > 0; --rest, ++in_row, in += line, to += sizes.pitch) {
      if (in_row < 0 || in_row >= sizes.in_height)
        spread_padding(sizes.padding, sizes.pitch / 2, to, sizes.plane);
      else if (planes + (sizes.in_height - 1 - in_row) * line < kPlanes)
        spread_few(sizes, planes, in, to);
      else  // A pixel of fewer channels is read as four, into the next ones.
        spread_row(sizes, kPlanes, in, to);
    }
  }

  /// Moves the rows of the strip from `first` on, `count` of them, to its start.
  MOTE_INLINE static void keep_rows(const Sizes& sizes, int32_t first, int32_t count, int16_t* strip) {
    for (int32_t ch = 0; ch < kPlanes; ++ch, strip += sizes.plane) {
      const int16_t* from = strip + first * sizes.pitch;
      int16_t* to = strip;
      int32_t rest = count * sizes.pitch;
      for (; rest >= 4; rest -= 4, to += 4, from += 4) {
        uint32_t left, right;
        simd32::load_halfwords(from, left, right);
        simd32::store_halfword_pair(to, left);
        simd32::store_halfword_pair(to + 2, right);
      }
      if (rest > 0) simd32::store_halfword_pair(to, simd32::load_halfword_pair(from));
    }
  }

  /// Tiles of one kind, in lines along the longer direction. A tile is two columns, and with step 1 two rows.
  /// Where only the first of them is wanted the other is written to the same place, before it.
  struct Tiles {
    int32_t x;       ///< where the first one's window begins, elements from the plane's start
    int32_t out;     ///< where its first output goes, from the channel's first of the strip
    int32_t lines;   ///< at least one
    int32_t line_x;  ///< elements from one line to the next
    int32_t line_out;
    int32_t length;    ///< elements from the first window of a line to behind the last
    int32_t advance;   ///< bytes from the last row of a window to the next window
    int32_t out_step;  ///< from one tile's first output to the next one's
    int32_t column;    ///< from a tile's first output to the second column's
    int32_t lower;     ///< to the second row's
    int32_t row;       ///< bytes of a row of the plane
  };

  /// The tiles of a strip of so many rows of outputs.
  struct Tiling {
    int32_t rows;
    int32_t count;
    Tiles parts[4];

    /// `across`, `down` [in]: how many tiles; `col`, `top` [in]: the first one's output.
    template <int32_t kStride>
    MOTE_INLINE void add(const Sizes& sizes, int32_t across, int32_t down, int32_t col, int32_t top,
                         int32_t column, int32_t lower) {
      if (across == 0 || down == 0) return;
      constexpr int32_t kHeight = kStride == 1 ? 2 : 1;
      const int32_t line = sizes.out_width * sizes.channels;
      Tiles& tiles = parts[count++];
      tiles.x = kStride * (top * sizes.pitch + col);
      tiles.out = top * line + col * sizes.channels;
      tiles.column = column;
      tiles.lower = lower;
      tiles.row = 2 * sizes.pitch;
      int32_t x = 2 * kStride;
      tiles.line_x = kHeight * kStride * sizes.pitch;
      tiles.out_step = 2 * sizes.channels;
      tiles.line_out = kHeight * line;
      tiles.lines = down;
      tiles.length = across * x;
      if (down > across) {
        tiles.lines = across;
        tiles.length = down * tiles.line_x;
        exchange(x, tiles.line_x);
        exchange(tiles.out_step, tiles.line_out);
      }
      tiles.advance = 2 * x - (kStride == 1 ? 3 : 2) * tiles.row;
    }
    MOTE_INLINE static void exchange(int32_t& a, int32_t& b) {
      const int32_t other = a;
      a = b;
      b = other;
    }
  };

  template <int32_t kStride>
  MOTE_SHARED static void plan_tiles(const Sizes& sizes, int32_t rows, Tiling& tiling) {
    constexpr int32_t kHeight = kStride == 1 ? 2 : 1;
    const int32_t pairs = sizes.out_width / 2;
    const int32_t line = sizes.out_width * sizes.channels;
    tiling.rows = rows;
    tiling.count = 0;
    for (int32_t odd = 0; odd < kHeight; ++odd) {
      // The last of an odd number of rows is computed together with the one before it, again.
      const int32_t down = odd == 0 ? rows / kHeight : rows % 2;
      const int32_t top = odd == 0 || rows == 1 ? 0 : rows - 2;
      const int32_t lower = rows == 1 ? 0 : line;
      tiling.add<kStride>(sizes, pairs, down, 0, top, sizes.channels, lower);
      tiling.add<kStride>(sizes, sizes.out_width % 2, down, 2 * pairs, top, 0, lower);
    }
  }

  /// All outputs.
  template <int32_t kStride, bool kRounded>
  MOTE_SHARED static void run_all(const Sizes& sizes, const WeightTables<int32_t>& tables, const int8_t* in,
                                  int8_t* out, int16_t* strip) {
    Tiling tiling;
    tiling.rows = 0;
    for (int32_t batch = 0; batch < sizes.batch; ++batch) {
      for (int32_t first = 0; first < sizes.channels; first += kPlanes)
        run_planes<kStride, kRounded>(sizes, tables, first, in + first, out + first, strip, tiling);
      in += sizes.in_height * sizes.in_width * sizes.channels;
      out += sizes.out_height * sizes.out_width * sizes.channels;
    }
  }

  /// All outputs of up to four channels from `first` on. `tiling` [in, out]: of the last strip.
  template <int32_t kStride, bool kRounded>
  MOTE_INLINE static void run_planes(const Sizes& sizes, const WeightTables<int32_t>& tables, int32_t first,
                                     const int8_t* in, int8_t* out, int16_t* strip, Tiling& tiling) {
    const int32_t planes = detail::at_most(kPlanes, sizes.channels - first);
    int32_t start = 0, filled = 0;
    for (int32_t row = 0; row < sizes.out_height; row += sizes.strip_rows) {
      // Tiles want two rows: a single one at the end is computed with the one before it, again.
      const int32_t next = kStride == 1 && row == sizes.out_height - 1 && row > 0 ? row - 1 : row;
      const int32_t rows = detail::at_most(sizes.strip_rows, sizes.out_height - next);
      const int32_t passed = (next - start) * kStride;
      const int32_t kept = row > 0 ? filled - passed : 0;
      keep_rows(sizes, passed, kept, strip);
      filled = (kStride == 1 && rows == 1 ? 2 : rows) * kStride + 3 - kStride;
      fill_strip(sizes, in, planes, next * kStride, kept, filled, strip);
      if (rows != tiling.rows) plan_tiles<kStride>(sizes, rows, tiling);
      for (int32_t ch = 0; ch < planes; ++ch)
        run_channel<kStride, kRounded>(tiling, channel(sizes.zero_point, tables, first + ch),
                                       strip + ch * sizes.plane,
                                       out + next * sizes.out_width * sizes.channels + ch);
      start = next;
    }
    if (sizes.activation_min == -128 && sizes.activation_max == 127) return;
    for (int32_t rest = sizes.out_height * sizes.out_width; rest > 0; --rest, out += sizes.channels)
      for (int32_t ch = 0; ch < planes; ++ch)
        out[ch] = static_cast<int8_t>(clamp(int32_t{out[ch]}, sizes.activation_min, sizes.activation_max));
  }

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
#define MOTE_DEPTHWISE_ASSEMBLY 1
#else
#define MOTE_DEPTHWISE_ASSEMBLY 0
#endif

  /// What a channel's outputs have in common.
  struct Channel {
#if MOTE_DEPTHWISE_ASSEMBLY
    uint32_t left[3];   ///< by row of the kernel: 2 * w0 (low), 2 * w1
    uint32_t right[3];  ///< 2 * w1 (low), 2 * w2
#else
    int32_t weights[3][3];  ///< doubled
#endif
    int32_t bias;  ///< doubled
    struct alignas(8) Factor {
      int32_t multiplier;
      int32_t rounding;  ///< half of 2^exponent, and the zero point times 2^exponent
    } factor;
    int32_t exponent;
  };

  /// `weights` [in]: the packed bytes of a row of the kernel.
  MOTE_INLINE static void set_row(Flash<int8_t> weights, int32_t row, Channel& channel) {
#if MOTE_DEPTHWISE_ASSEMBLY
    const uint32_t word = simd32::load_word(weights);
    const uint32_t left = simd32::sxtb16(word);
    const uint32_t right = simd32::pkhtb(left, simd32::sxtb16_ror8(word));
    channel.left[row] = simd32::sadd16(left, left);
    channel.right[row] = simd32::sadd16(right, right);
#else
    channel.weights[row][0] = 2 * weights[0];
    channel.weights[row][1] = 2 * weights[2];
    channel.weights[row][2] = 2 * weights[3];
#endif
  }
  MOTE_INLINE static Channel channel(int32_t zero_point, const WeightTables<int32_t>& tables, int32_t ch) {
    Channel result;
    const Flash<int8_t> weights = tables.weights + ch * kPackedBytes;
    set_row(weights, 0, result);
    set_row(weights + 4, 1, result);
    set_row(weights + 8, 2, result);
    result.bias = 2 * tables.bias[ch];
    result.exponent = -tables.shift[ch];
    result.factor = {tables.multiplier[ch], wrapping_shift_left(2 * zero_point + 1, result.exponent - 1)};
    return result;
  }

  /// A strip's outputs of one channel.
  template <int32_t kStride, bool kRounded>
  MOTE_INLINE static void run_channel(const Tiling& tiling, const Channel& channel, const int16_t* plane,
                                      int8_t* out) {
    for (int32_t part = 0; part < tiling.count; ++part) {
      const Tiles tiles = tiling.parts[part];
      const int16_t* x = plane + tiles.x;
      int8_t* to = out + tiles.out;
      for (int32_t rest = tiles.lines; rest > 0; --rest, x += tiles.line_x, to += tiles.line_out)
        run_line<kStride, kRounded>(channel, tiles, x, to);
    }
  }

#if MOTE_DEPTHWISE_ASSEMBLY
  // In one piece: the compiler, left alone, keeps half of the weights on the stack. a, b are the upper
  // outputs of a tile, c, d the lower ones.
#define MOTE_DEPTHWISE_TILE            \
  "1:\n\t"                             \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "ldr %[d], %[bias]\n\t"              \
  "smlad %[a], %[x], %[l0], %[d]\n\t"  \
  "smlatb %[b], %[x], %[l0], %[d]\n\t" \
  "smlabt %[a], %[y], %[r0], %[a]\n\t" \
  "smlad %[b], %[y], %[r0], %[b]\n\t"  \
  "add %[p], %[p], %[t]\n\t"           \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "smlad %[a], %[x], %[l1], %[a]\n\t"  \
  "smlatb %[b], %[x], %[l1], %[b]\n\t" \
  "smlabt %[a], %[y], %[r1], %[a]\n\t" \
  "smlad %[b], %[y], %[r1], %[b]\n\t"  \
  "smlad %[c], %[x], %[l0], %[d]\n\t"  \
  "smlatb %[d], %[x], %[l0], %[d]\n\t" \
  "smlabt %[c], %[y], %[r0], %[c]\n\t" \
  "smlad %[d], %[y], %[r0], %[d]\n\t"  \
  "add %[p], %[p], %[t]\n\t"           \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "smlad %[a], %[x], %[l2], %[a]\n\t"  \
  "smlatb %[b], %[x], %[l2], %[b]\n\t" \
  "smlabt %[a], %[y], %[r2], %[a]\n\t" \
  "smlad %[b], %[y], %[r2], %[b]\n\t"  \
  "smlad %[c], %[x], %[l1], %[c]\n\t"  \
  "smlatb %[d], %[x], %[l1], %[d]\n\t" \
  "smlabt %[c], %[y], %[r1], %[c]\n\t" \
  "smlad %[d], %[y], %[r1], %[d]\n\t"  \
  "add %[p], %[p], %[t]\n\t"           \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "smlad %[c], %[x], %[l2], %[c]\n\t"  \
  "smlatb %[d], %[x], %[l2], %[d]\n\t" \
  "smlabt %[c], %[y], %[r2], %[c]\n\t" \
  "smlad %[d], %[y], %[r2], %[d]\n\t"  \
  "ldrd %[x], %[y], %[factor]\n\t"
#define MOTE_DEPTHWISE_PAIR            \
  "1:\n\t"                             \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "ldr %[b], %[bias]\n\t"              \
  "ldr %[z], [%[p], #8]\n\t"           \
  "smlad %[a], %[x], %[l0], %[b]\n\t"  \
  "smlad %[b], %[y], %[l0], %[b]\n\t"  \
  "smlabt %[a], %[y], %[r0], %[a]\n\t" \
  "smlabt %[b], %[z], %[r0], %[b]\n\t" \
  "add %[p], %[p], %[t]\n\t"           \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "ldr %[z], [%[p], #8]\n\t"           \
  "smlad %[a], %[x], %[l1], %[a]\n\t"  \
  "smlad %[b], %[y], %[l1], %[b]\n\t"  \
  "smlabt %[a], %[y], %[r1], %[a]\n\t" \
  "smlabt %[b], %[z], %[r1], %[b]\n\t" \
  "add %[p], %[p], %[t]\n\t"           \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "ldr %[z], [%[p], #8]\n\t"           \
  "smlad %[a], %[x], %[l2], %[a]\n\t"  \
  "smlad %[b], %[y], %[l2], %[b]\n\t"  \
  "smlabt %[a], %[y], %[r2], %[a]\n\t" \
  "smlabt %[b], %[z], %[r2], %[b]\n\t" \
  "ldrd %[x], %[y], %[factor]\n\t"
#define MOTE_DEPTHWISE_SCALED(sum) "smmlar %[" sum "], %[" sum "], %[x], %[y]\n\t"
#define MOTE_DEPTHWISE_ROUNDED(sum)    \
  "smmulr %[" sum "], %[" sum          \
  "], %[x]\n\t"                        \
  "add %[" sum "], %[" sum "], %[" sum \
  "], asr #31\n\t"                     \
  "add %[" sum "], %[" sum "], %[y]\n\t"
#define MOTE_DEPTHWISE_SHIFTED(sum) "asr %[" sum "], %[" sum "], %[x]\n\t"
#define MOTE_DEPTHWISE_SATURATED(sum) "ssat %[" sum "], #8, %[" sum "]\n\t"
#define MOTE_DEPTHWISE_OPERANDS                                                                      \
  [bias] "m"(channel.bias), [factor] "Uv"(words(&channel.factor)), [exponent] "m"(channel.exponent), \
      [l0] "r"(channel.left[0]), [l1] "r"(channel.left[1]), [l2] "r"(channel.left[2]),               \
      [r0] "r"(channel.right[0]), [r1] "r"(channel.right[1]), [r2] "r"(channel.right[2]),            \
      [t] "r"(tiles.row), [column] "m"(tiles.column), [end] "m"(end), [advance] "m"(tiles.advance),  \
      [out_step] "m"(tiles.out_step)

  typedef uint64_t __attribute__((may_alias)) Words;
  MOTE_INLINE static const Words& words(const void* at) { return *static_cast<const Words*>(at); }

  /// A line of tiles; `p` [in]: the first one's window.
  template <int32_t kStride, bool kRounded>
  MOTE_INLINE static void run_line(const Channel& channel, const Tiles& tiles, const int16_t* p,
                                   int8_t* out) {
    const int16_t* const end = p + tiles.length;
    uint32_t a, b, x, y;
    if (kStride == 1) {
      uint32_t c, d;
#define MOTE_DEPTHWISE_TILES(scaled) \
  asm(MOTE_DEPTHWISE_TILE scaled("a") scaled("b") scaled("c") scaled("d")                                 \
      "ldr %[x], %[exponent]\n\t"                                                                         \
      "ldr %[y], %[out]\n\t" MOTE_DEPTHWISE_SHIFTED("a") MOTE_DEPTHWISE_SHIFTED("b")                      \
          MOTE_DEPTHWISE_SHIFTED("c") MOTE_DEPTHWISE_SHIFTED("d") MOTE_DEPTHWISE_SATURATED("a")           \
              MOTE_DEPTHWISE_SATURATED("b") MOTE_DEPTHWISE_SATURATED("c") MOTE_DEPTHWISE_SATURATED("d")   \
      "ldr %[x], %[lower]\n\t"                                                                            \
      "add %[y], %[y], %[x]\n\t"                                                                          \
      "ldr %[x], %[column]\n\t"                                                                           \
      "strb %[d], [%[y], %[x]]\n\t"                                                                       \
      "ldr %[d], %[out_step]\n\t"                                                                         \
      "strb %[c], [%[y]]\n\t"                                                                             \
      "ldr %[y], %[out]\n\t"                                                                              \
      "strb %[b], [%[y], %[x]]\n\t"                                                                       \
      "ldr %[x], %[advance]\n\t"                                                                          \
      "strb %[a], [%[y]]\n\t"                                                                             \
      "add %[p], %[p], %[x]\n\t"                                                                          \
      "ldr %[x], %[end]\n\t"                                                                              \
      "add %[y], %[y], %[d]\n\t"                                                                          \
      "cmp %[p], %[x]\n\t"                                                                                \
      "str %[y], %[out]\n\t"                                                                              \
      "bne 1b"                                                                                            \
      : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [x] "=&r"(x), [y] "=&r"(y), [p] "+r"(p),  \
        [out] "+m"(out)                                                                                   \
      : [lower] "m"(tiles.lower), MOTE_DEPTHWISE_OPERANDS                                                  \
      : "cc", "memory")
      if (kRounded)
        MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_ROUNDED);
      else
        MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_SCALED);
#undef MOTE_DEPTHWISE_TILES
    } else {
      uint32_t z;
#define MOTE_DEPTHWISE_TILES(scaled) \
  asm(MOTE_DEPTHWISE_PAIR scaled("a") scaled("b")                                                          \
      "ldr %[x], %[exponent]\n\t"                                                                          \
      "ldr %[y], %[out]\n\t"                                                                               \
      "ldr %[z], %[column]\n\t" MOTE_DEPTHWISE_SHIFTED("a") MOTE_DEPTHWISE_SHIFTED("b")                    \
          MOTE_DEPTHWISE_SATURATED("a") MOTE_DEPTHWISE_SATURATED("b")                                      \
      "ldr %[x], %[advance]\n\t"                                                                           \
      "strb %[b], [%[y], %[z]]\n\t"                                                                        \
      "ldr %[z], %[out_step]\n\t"                                                                          \
      "strb %[a], [%[y]]\n\t"                                                                              \
      "add %[p], %[p], %[x]\n\t"                                                                           \
      "ldr %[x], %[end]\n\t"                                                                               \
      "add %[y], %[y], %[z]\n\t"                                                                           \
      "cmp %[p], %[x]\n\t"                                                                                 \
      "str %[y], %[out]\n\t"                                                                               \
      "bne 1b"                                                                                             \
      : [a] "=&r"(a), [b] "=&r"(b), [x] "=&r"(x), [y] "=&r"(y), [z] "=&r"(z), [p] "+r"(p), [out] "+m"(out) \
      : MOTE_DEPTHWISE_OPERANDS                                                                            \
      : "cc", "memory")
      if (kRounded)
        MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_ROUNDED);
      else
        MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_SCALED);
#undef MOTE_DEPTHWISE_TILES
    }
  }
#undef MOTE_DEPTHWISE_OPERANDS
#undef MOTE_DEPTHWISE_SATURATED
#undef MOTE_DEPTHWISE_SHIFTED
#undef MOTE_DEPTHWISE_ROUNDED
#undef MOTE_DEPTHWISE_SCALED
#undef MOTE_DEPTHWISE_PAIR
#undef MOTE_DEPTHWISE_TILE
#else
#if defined(__riscv_mul) && __riscv_xlen == 32 && !defined(__riscv_32e) && defined(__OPTIMIZE__)
#define MOTE_DEPTHWISE_RISCV 1
#define MOTE_DEPTHWISE_NEXT "add %[x], %[x], %[row]\n\t"
#define MOTE_DEPTHWISE_LOAD(offset) "lh %[value], " offset "(%[x])\n\t"
#define MOTE_DEPTHWISE_ADD(sum, weight) \
  "mul %[product], %[value], %[" weight \
  "]\n\t"                               \
  "add %[" sum "], %[" sum "], %[product]\n\t"
  // clang-format off
#define MOTE_DEPTHWISE_BOTH(w0, w1, w2, v0, v1, v2) \
  MOTE_DEPTHWISE_LOAD("0") MOTE_DEPTHWISE_ADD("a", w0) MOTE_DEPTHWISE_ADD("c", v0) \
  MOTE_DEPTHWISE_LOAD("2") MOTE_DEPTHWISE_ADD("a", w1) MOTE_DEPTHWISE_ADD("b", w0) \
  MOTE_DEPTHWISE_ADD("c", v1) MOTE_DEPTHWISE_ADD("d", v0) \
  MOTE_DEPTHWISE_LOAD("4") MOTE_DEPTHWISE_ADD("a", w2) MOTE_DEPTHWISE_ADD("b", w1) \
  MOTE_DEPTHWISE_ADD("c", v2) MOTE_DEPTHWISE_ADD("d", v1) \
  MOTE_DEPTHWISE_LOAD("6") MOTE_DEPTHWISE_ADD("b", w2) MOTE_DEPTHWISE_ADD("d", v2)
// clang-format on
#else
#define MOTE_DEPTHWISE_RISCV 0
#endif

  /// A line of tiles; `x` [in]: the first one's window.
  template <int32_t kStride, bool kRounded>
  MOTE_INLINE static void run_line(const Channel& channel, const Tiles& tiles, const int16_t* x,
                                   int8_t* out) {
    const int32_t pitch = tiles.row / 2;
    const int32_t step = (tiles.advance + (kStride == 1 ? 3 : 2) * tiles.row) / 2;
    for (const int16_t* const end = x + tiles.length; x != end; x += step, out += tiles.out_step) {
      Columns upper = {channel.bias, channel.bias}, lower = upper;
      if (kStride == 1) {
        if (tiles.column == 0) {
          add_tile<1>(channel, x, pitch, upper, lower);
        } else {
          add_tile<2>(channel, x, pitch, upper, lower);
          out[tiles.lower + tiles.column] = output<kRounded>(channel, lower.second);
        }
        out[tiles.lower] = output<kRounded>(channel, lower.first);
      } else {
        add_rows<kStride>(channel, x, pitch, upper);
      }
      if (tiles.column != 0) out[tiles.column] = output<kRounded>(channel, upper.second);
      out[0] = output<kRounded>(channel, upper.first);
    }
  }

  /// Twice the accumulators of two neighbouring outputs.
  struct Columns {
    int32_t first;
    int32_t second;
  };

  /// The products of two rows of outputs, one below the other; `kColumns`: 1 or 2 outputs of each.
  template <int32_t kColumns>
  MOTE_INLINE static void add_tile(const Channel& channel, const int16_t* x, int32_t pitch, Columns& upper,
                                   Columns& lower) {
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2 && defined(__OPTIMIZE__)
    // In one piece: GCC, left alone, wants all weights in registers at once and puts sums on the stack.
    int32_t x0, x1, x2, x3, w0, w1, w2;
#define MOTE_DEPTHWISE_ROW      \
  "ldrsh %[x0], [%[x]]\n\t"     \
  "ldrsh %[x1], [%[x], #2]\n\t" \
  "ldrsh %[x2], [%[x], #4]\n\t" \
  ".if %c[columns] == 2\n\t"    \
  "ldrsh %[x3], [%[x], #6]\n\t" \
  ".endif\n\t"                  \
  "add %[x], %[x], %[pitch], lsl #1\n\t"
#define MOTE_DEPTHWISE_SUM(x, w, sum) "mla %[" sum "], %[" x "], %[" w "], %[" sum "]\n\t"
#define MOTE_DEPTHWISE_WEIGHTS(at, first, second)                                              \
  "ldrd %[w0], %[w1], [%[weights], #" at                                                       \
  "]\n\t"                                                                                      \
  "ldr %[w2], [%[weights], #" at " + 8]\n\t" MOTE_DEPTHWISE_SUM("x0", "w0", first)             \
      MOTE_DEPTHWISE_SUM("x1", "w1", first) MOTE_DEPTHWISE_SUM(                                \
          "x2", "w2", first) ".if %c[columns] == 2\n\t" MOTE_DEPTHWISE_SUM("x1", "w0", second) \
          MOTE_DEPTHWISE_SUM("x2", "w1", second) MOTE_DEPTHWISE_SUM("x3", "w2", second) ".endif\n\t"
    asm(MOTE_DEPTHWISE_ROW MOTE_DEPTHWISE_WEIGHTS("0", "a", "b") MOTE_DEPTHWISE_ROW MOTE_DEPTHWISE_WEIGHTS(
            "0", "c", "d") MOTE_DEPTHWISE_WEIGHTS("12", "a", "b")
            MOTE_DEPTHWISE_ROW MOTE_DEPTHWISE_WEIGHTS("12", "c", "d") MOTE_DEPTHWISE_WEIGHTS("24", "a", "b")
                MOTE_DEPTHWISE_ROW MOTE_DEPTHWISE_WEIGHTS("24", "c", "d")
        : [a] "+r"(upper.first), [b] "+r"(upper.second), [c] "+r"(lower.first), [d] "+r"(lower.second),
          [x] "+r"(x), [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3), [w0] "=&r"(w0),
          [w1] "=&r"(w1), [w2] "=&r"(w2)
        : [weights] "r"(channel.weights), [pitch] "r"(pitch), [columns] "i"(kColumns)
        : "memory");
#undef MOTE_DEPTHWISE_WEIGHTS
#undef MOTE_DEPTHWISE_SUM
#undef MOTE_DEPTHWISE_ROW
#elif MOTE_DEPTHWISE_RISCV
    // In one piece, as above; here there are registers for all weights.
    const int32_t(*const w)[3] = channel.weights;
    const int32_t row_bytes = 2 * pitch;
    int32_t value, product;
    asm(MOTE_DEPTHWISE_LOAD("0") MOTE_DEPTHWISE_ADD("a", "w0")                                //
        MOTE_DEPTHWISE_LOAD("2") MOTE_DEPTHWISE_ADD("a", "w1") MOTE_DEPTHWISE_ADD("b", "w0")  //
        MOTE_DEPTHWISE_LOAD("4") MOTE_DEPTHWISE_ADD("a", "w2") MOTE_DEPTHWISE_ADD("b", "w1")  //
        MOTE_DEPTHWISE_LOAD("6") MOTE_DEPTHWISE_ADD("b", "w2")                                //
        MOTE_DEPTHWISE_NEXT MOTE_DEPTHWISE_BOTH("w3", "w4", "w5", "w0", "w1", "w2")           //
        MOTE_DEPTHWISE_NEXT MOTE_DEPTHWISE_BOTH("w6", "w7", "w8", "w3", "w4", "w5")           //
        MOTE_DEPTHWISE_NEXT                                                                   //
            MOTE_DEPTHWISE_LOAD("0") MOTE_DEPTHWISE_ADD("c", "w6")                            //
        MOTE_DEPTHWISE_LOAD("2") MOTE_DEPTHWISE_ADD("c", "w7") MOTE_DEPTHWISE_ADD("d", "w6")  //
        MOTE_DEPTHWISE_LOAD("4") MOTE_DEPTHWISE_ADD("c", "w8") MOTE_DEPTHWISE_ADD("d", "w7")  //
        MOTE_DEPTHWISE_LOAD("6") MOTE_DEPTHWISE_ADD("d", "w8")
        : [a] "+r"(upper.first), [b] "+r"(upper.second), [c] "+r"(lower.first), [d] "+r"(lower.second),
          [x] "+r"(x), [value] "=&r"(value), [product] "=&r"(product)
        : [row] "r"(row_bytes), [w0] "r"(w[0][0]), [w1] "r"(w[0][1]), [w2] "r"(w[0][2]), [w3] "r"(w[1][0]),
          [w4] "r"(w[1][1]), [w5] "r"(w[1][2]), [w6] "r"(w[2][0]), [w7] "r"(w[2][1]), [w8] "r"(w[2][2])
        : "memory");
#else
    add_rows<1>(channel, x, pitch, upper);
    add_rows<1>(channel, x + pitch, pitch, lower);
#endif
  }

  /// The products of one row of outputs.
  template <int32_t kStride>
  MOTE_INLINE static void add_rows(const Channel& channel, const int16_t* x, int32_t pitch, Columns& sums) {
    add_row<kStride>(channel, 0, x, sums);
    add_row<kStride>(channel, 1, x + pitch, sums);
    add_row<kStride>(channel, 2, x + 2 * pitch, sums);
  }

  /// The products of one row of the kernel with a row of the plane.
  template <int32_t kStride>
  MOTE_INLINE static void add_row(const Channel& channel, int32_t row, const int16_t* x, Columns& sums) {
    const int32_t w0 = channel.weights[row][0], w1 = channel.weights[row][1], w2 = channel.weights[row][2];
    sums.first += x[0] * w0 + x[1] * w1 + x[2] * w2;
    sums.second += x[kStride] * w0 + x[kStride + 1] * w1 + x[kStride + 2] * w2;
  }

  /// One output from twice its accumulator.
  template <bool kRounded>
  MOTE_INLINE static int8_t output(const Channel& channel, int32_t doubled) {
    int32_t rounded = simd32::smmlar(doubled, channel.factor.multiplier, channel.factor.rounding);
    if (kRounded) rounded += doubled >> 31;
    return static_cast<int8_t>(simd32::ssat8(rounded >> channel.exponent));
  }
#undef MOTE_DEPTHWISE_BOTH
#undef MOTE_DEPTHWISE_ADD
#undef MOTE_DEPTHWISE_LOAD
#undef MOTE_DEPTHWISE_NEXT
#undef MOTE_DEPTHWISE_RISCV
#endif
#undef MOTE_DEPTHWISE_ASSEMBLY
};

}  // namespace kernels
}  // namespace mote
