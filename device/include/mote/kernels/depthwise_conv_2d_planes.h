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
#include "mote/kernels/depthwise_tiles.h"
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
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {110, 310, 3000}; }
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
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return shape.out_channels * DepthwiseTiles::kPackedBytes;
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) { return detail::depthwise_in_place(shape); }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Folds the zero point into the bias and gathers the weights of a channel.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t channels = shape.out_channels;
    detail::fold_zero_point(weights_by_input(channels, 9), weights, bias, shape.input_zero_point,
                            packed_bias);
    for (int32_t ch = 0; ch < channels; ++ch) {
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
    run_as<false>(shape, tables, in, out, static_cast<int16_t*>(scratch));
  }

 protected:
  /// run(); `kSmall`: in less code, for outputs that are not clamped.
  template <bool kSmall>
  MOTE_INLINE static void run_as(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                 const int8_t* in, int8_t* out, int16_t* strip) {
    const Sizes sizes = sizes_of(shape);
    // Only what the shapes of an image call is in it.
    const RunChannel run_channel =
        shape.stride_height == 1 ? channel_of<1, kSmall>(shape) : channel_of<2, kSmall>(shape);
    run_all<kSmall>(sizes, tables, in, out, strip, run_channel);
  }

 private:
  using Tiles = DepthwiseTiles::Line;
  static constexpr int32_t kPlanes = 4;
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
    int32_t stride;
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
            shape.stride_height,
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
  MOTE_SHARED static void spread_padding(uint32_t padding, int32_t pairs, int16_t* to, int32_t plane) {
    for (; pairs > 0; --pairs, to += 2) spread(padding, padding, to, plane);
  }

  /// One row of the input into the planes, but for the outer padding. `taken` [in]: bytes of a pixel that are
  /// read.
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
    if (sizes.right_pairs > 0) spread(pixel(from, taken), sizes.padding, to, plane);
  }

  /// The same of `rows` rows, at least one, of which every pixel is read as four bytes.
  MOTE_INLINE static void spread_rows(const Sizes& sizes, int32_t rows, const int8_t* from, int16_t* to) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // In one piece: the compiler, left alone, puts pointers on the stack in each row.
    const int32_t step = sizes.channels;
    const int32_t plane = 2 * sizes.plane, last_plane = 3 * plane;
    const uint32_t padding = simd32::sxtb16(sizes.padding);
    const int32_t columns = 2 * sizes.inside_pairs + sizes.left_pairs + sizes.right_pairs;
    const int32_t spread_pairs = sizes.inside_pairs + sizes.left_pairs + sizes.right_pairs;
    const int32_t to_skip = 2 * sizes.pitch - 4 * spread_pairs;
    const int32_t from_skip = (sizes.in_width - columns) * step;
    uint32_t v0, v1, v2, v3, swap;
    int32_t rest;
#define MOTE_DEPTHWISE_STORE                 \
  "str %[v3], [%[to], %[plane]]\n\t"         \
  "str %[v1], [%[to], %[plane], lsl #1]\n\t" \
  "str %[v2], [%[to], %[last_plane]]\n\t"    \
  "str %[v0], [%[to]], #4\n\t"
    asm volatile(
        "1:\n\t"
        "ldr %[v0], %[left]\n\t"
        "cmp %[v0], #0\n\t"
        "beq 2f\n\t"
        "ldr %[v1], [%[from]]\n\t"
        "add %[from], %[from], %[step]\n\t"
        "sxtb16 %[v2], %[v1], ror #8\n\t"
        "sxtb16 %[v1], %[v1]\n\t"
        "pkhbt %[v0], %[padding], %[v1], lsl #16\n\t"
        "pkhbt %[v3], %[padding], %[v2], lsl #16\n\t"
        "pkhtb %[v1], %[v1], %[padding], asr #16\n\t"
        "pkhtb %[v2], %[v2], %[padding], asr #16\n\t" MOTE_DEPTHWISE_STORE
        "2:\n\t"
        "ldr %[rest], %[inside]\n\t"
        "cmp %[rest], #0\n\t"
        "beq 4f\n\t"
        "3:\n\t"
        "ldr %[v0], [%[from]]\n\t"
        "ldr %[v1], [%[from], %[step]]\n\t"
        "add %[from], %[from], %[step], lsl #1\n\t"
        "sxtb16 %[v2], %[v0], ror #8\n\t"
        "sxtb16 %[v0], %[v0]\n\t"
        "sxtb16 %[v3], %[v1], ror #8\n\t"
        "sxtb16 %[v1], %[v1]\n\t"
        "pkhbt %[swap], %[v2], %[v3], lsl #16\n\t"
        "pkhtb %[v2], %[v3], %[v2], asr #16\n\t"
        "pkhbt %[v3], %[v0], %[v1], lsl #16\n\t"
        "pkhtb %[v1], %[v1], %[v0], asr #16\n\t"
        "str %[swap], [%[to], %[plane]]\n\t"
        "str %[v1], [%[to], %[plane], lsl #1]\n\t"
        "str %[v2], [%[to], %[last_plane]]\n\t"
        "str %[v3], [%[to]], #4\n\t"
        "subs %[rest], %[rest], #1\n\t"
        "bne 3b\n\t"
        "4:\n\t"
        "ldr %[v0], %[right]\n\t"
        "cmp %[v0], #0\n\t"
        "beq 5f\n\t"
        "ldr %[v0], [%[from]]\n\t"
        "add %[from], %[from], %[step]\n\t"
        "sxtb16 %[v2], %[v0], ror #8\n\t"
        "sxtb16 %[v0], %[v0]\n\t"
        "pkhbt %[v3], %[v2], %[padding], lsl #16\n\t"
        "pkhtb %[v2], %[padding], %[v2], asr #16\n\t"
        "pkhtb %[v1], %[padding], %[v0], asr #16\n\t"
        "pkhbt %[v0], %[v0], %[padding], lsl #16\n\t" MOTE_DEPTHWISE_STORE
        "5:\n\t"
        "ldr %[v0], %[from_skip]\n\t"
        "ldr %[v1], %[to_skip]\n\t"
        "add %[from], %[from], %[v0]\n\t"
        "add %[to], %[to], %[v1]\n\t"
        "subs %[rows], %[rows], #1\n\t"
        "bne 1b"
        : [from] "+r"(from), [to] "+r"(to), [rows] "+r"(rows), [v0] "=&r"(v0), [v1] "=&r"(v1), [v2] "=&r"(v2),
          [v3] "=&r"(v3), [swap] "=&r"(swap), [rest] "=&r"(rest)
        : [step] "r"(step), [plane] "r"(plane), [last_plane] "r"(last_plane), [padding] "r"(padding),
          [left] "m"(sizes.left_pairs), [inside] "m"(sizes.inside_pairs), [right] "m"(sizes.right_pairs),
          [from_skip] "m"(from_skip), [to_skip] "m"(to_skip)
        : "cc", "memory");
#undef MOTE_DEPTHWISE_STORE
#else
    for (; rows > 0; --rows, from += sizes.in_width * sizes.channels, to += sizes.pitch)
      spread_row(sizes, kPlanes, from, to);
#endif
  }
  MOTE_INLINE static uint32_t pixel(const int8_t* from, int32_t taken) {
    return taken == kPlanes ? simd32::load_word(from) : simd32::load_bytes(from, taken);
  }
  MOTE_SHARED static void spread_few(const Sizes& sizes, int32_t planes, const int8_t* from, int16_t* to) {
    spread_row(sizes, planes, from, to);
  }

  /// The columns of the strip right of all that is read: they hold padding and are written but once.
  MOTE_SHARED static void pad_strip(const Sizes& sizes, int16_t* strip) {
    const int32_t rows = sizes.plane / sizes.pitch;
    strip += sizes.pitch - 2 * sizes.outer_pairs;
    for (int32_t rest = sizes.outer_pairs > 0 ? rows : 0; rest > 0; --rest, strip += sizes.pitch)
      spread_padding(sizes.padding, sizes.outer_pairs, strip, sizes.plane);
  }

  /// Puts the rows of input from the padded row `first` on into rows `from`...`end` - 1 of the strip.
  /// `planes` [in]: channels that are left, four at most.
  MOTE_SHARED static void fill_strip(const Sizes& sizes, const int8_t* in, int32_t planes, int32_t first,
                                     int32_t from, int32_t end, int16_t* strip) {
    const int32_t line = sizes.in_width * sizes.channels;
    const int32_t top = first - sizes.pad_top;
    // A pixel of fewer channels is read as four, into the next ones, but at the end of the input.
    const int32_t whole =
        planes < kPlanes ? sizes.in_height - (kPlanes - planes + line - 1) / line : sizes.in_height;
    int32_t in_row = top + from;
    in += in_row * line;
    int16_t* to = strip + from * sizes.pitch;
    while (in_row < top + end) {
      int32_t rows = 1;
      if (in_row < 0 || in_row >= sizes.in_height) {
        spread_padding(sizes.padding, sizes.pitch / 2, to, sizes.plane);
      } else if (in_row >= whole) {
        spread_few(sizes, planes, in, to);
      } else {
        rows = detail::at_most(top + end, whole) - in_row;
        spread_rows(sizes, rows, in, to);
      }
      in_row += rows;
      in += rows * line;
      to += rows * sizes.pitch;
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

  /// The tiles of a strip of so many rows of outputs.
  struct Tiling {
    int32_t rows;
    int32_t count;
    Tiles parts[4];
  };
  MOTE_INLINE static void exchange(int32_t& a, int32_t& b) {
    const int32_t other = a;
    a = b;
    b = other;
  }

  MOTE_SHARED static void plan_tiles(const Sizes& sizes, int32_t rows, Tiling& tiling) {
    const int32_t stride = sizes.stride, height = 3 - stride;
    const int32_t line = sizes.out_width * sizes.channels;
    tiling.rows = rows;
    tiling.count = 0;
    for (int32_t part = 0; part < 2 * height; ++part) {
      // The last of an odd number of rows is computed together with the one before it, again.
      const bool is_last_row = part > 1, is_last_column = part % 2 != 0;
      int32_t down = is_last_row ? rows % 2 : rows / height;
      int32_t across = is_last_column ? sizes.out_width % 2 : sizes.out_width / 2;
      if (across == 0 || down == 0) continue;
      const int32_t top = is_last_row && rows > 1 ? rows - 2 : 0;
      const int32_t col = is_last_column ? sizes.out_width - 1 : 0;
      Tiles& tiles = tiling.parts[tiling.count++];
      tiles.x = stride * (top * sizes.pitch + col);
      tiles.out = top * line + col * sizes.channels;
      tiles.column = is_last_column ? 0 : sizes.channels;
      tiles.lower = rows == 1 ? 0 : line;
      tiles.row = 2 * sizes.pitch;
      int32_t x = 2 * stride, line_x = height * stride * sizes.pitch;
      int32_t step = 2 * sizes.channels, line_step = height * line;
      if (down > across) {
        exchange(across, down);
        exchange(x, line_x);
        exchange(step, line_step);
      }
      tiles.lines = down;
      tiles.length = across * x;
      tiles.gap_x = line_x - tiles.length;
      tiles.out_step = step;
      tiles.gap_out = line_step - across * step;
      tiles.end = 0;
      tiles.advance = 2 * x - (height + 1) * tiles.row;
    }
  }

  /// A strip's outputs of one channel.
  using RunChannel = void (*)(const Tiling& tiling, int32_t zero_point, const WeightTables<int32_t>& tables,
                              int32_t ch, const int16_t* plane, int8_t* out);
  template <int32_t kStride, bool kRounded, bool kSmall>
  MOTE_SHARED static void run_channel(const Tiling& tiling, int32_t zero_point,
                                      const WeightTables<int32_t>& tables, int32_t ch, const int16_t* plane,
                                      int8_t* out) {
    const DepthwiseTiles::Channel channel = DepthwiseTiles::channel(zero_point, tables, ch);
    for (int32_t part = 0; part < tiling.count; ++part)
      DepthwiseTiles::run_lines<kStride, kRounded, kSmall>(channel, tiling.parts[part], plane, out);
  }
  /// After a ReLU what is negative is clamped anyway: no rounding away from zero.
  template <int32_t kStride, bool kSmall>
  MOTE_INLINE static RunChannel channel_of(const Conv2dShape& shape) {
    return shape.activation_min == shape.output_zero_point ? &run_channel<kStride, false, kSmall>
                                                           : &run_channel<kStride, true, kSmall>;
  }

  /// All outputs.
  template <bool kSmall>
  MOTE_SHARED static void run_all(const Sizes& sizes, const WeightTables<int32_t>& tables, const int8_t* in,
                                  int8_t* out, int16_t* strip, RunChannel run_channel) {
    Tiling tilings[2];
    tilings[0].rows = tilings[1].rows = 0;
    pad_strip(sizes, strip);
    for (int32_t batch = 0; batch < sizes.batch; ++batch) {
      for (int32_t first = 0; first < sizes.channels; first += kPlanes)
        run_planes<kSmall>(sizes, tables, first, in + first, out + first, strip, run_channel, tilings);
      in += sizes.in_height * sizes.in_width * sizes.channels;
      out += sizes.out_height * sizes.out_width * sizes.channels;
    }
  }

  /// All outputs of up to four channels from `first` on. `tilings` [in, out]: of whole strips, and of a last
  /// one.
  template <bool kSmall>
  MOTE_INLINE static void run_planes(const Sizes& sizes, const WeightTables<int32_t>& tables, int32_t first,
                                     const int8_t* in, int8_t* out, int16_t* strip, RunChannel run_channel,
                                     Tiling (&tilings)[2]) {
    const int32_t planes = detail::at_most(kPlanes, sizes.channels - first);
    int32_t start = 0, filled = 0;
    for (int32_t row = 0; row < sizes.out_height; row += sizes.strip_rows) {
      // Tiles want two rows: an odd one at the end is computed with the one before it, again.
      const int32_t left = sizes.out_height - row;
      const int32_t next =
          sizes.stride == 1 && left < sizes.strip_rows && left % 2 != 0 && row > 0 ? row - 1 : row;
      const int32_t rows = detail::at_most(sizes.strip_rows, sizes.out_height - next);
      const int32_t passed = (next - start) * sizes.stride;
      const int32_t kept = row > 0 ? filled - passed : 0;
      keep_rows(sizes, passed, kept, strip);
      filled = (sizes.stride == 1 && rows == 1 ? 2 : rows) * sizes.stride + 3 - sizes.stride;
      fill_strip(sizes, in, planes, next * sizes.stride, kept, filled, strip);
      Tiling& tiling = tilings[rows == sizes.strip_rows ? 0 : 1];
      if (rows != tiling.rows) plan_tiles(sizes, rows, tiling);
      for (int32_t ch = 0; ch < planes; ++ch)
        run_channel(tiling, sizes.zero_point, tables, first + ch, strip + ch * sizes.plane,
                    out + next * sizes.out_width * sizes.channels + ch);
      start = next;
    }
    if (kSmall || (sizes.activation_min == -128 && sizes.activation_max == 127)) return;
    for (int32_t rest = sizes.out_height * sizes.out_width; rest > 0; --rest, out += sizes.channels)
      for (int32_t ch = 0; ch < planes; ++ch)
        out[ch] = static_cast<int8_t>(clamp(int32_t{out[ch]}, sizes.activation_min, sizes.activation_max));
  }
};

/// The same in less code, for cores with the DSP extension.
struct DepthwiseConv2dPlanesSmall : DepthwiseConv2dPlanes {
  static constexpr const char* kName = "planes_3x3_small";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {110, 310, 2500}; }
  static constexpr bool kForSize = true;
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return DepthwiseConv2dPlanes::supports(shape, limits) && shape.activation_min == -128 &&
           shape.activation_max == 127;
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    run_as<true>(shape, tables, in, out, static_cast<int16_t*>(scratch));
  }
};

}  // namespace kernels
}  // namespace mote
