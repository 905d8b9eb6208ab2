// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depthwise 3x3 convolution of int8 for Cortex-M cores with the DSP extension (M4, M7, M33, ...).
//
// SMLAD multiplies two neighbouring columns at once, which in NHWC are far apart. So four channels at a time
// are spread into planes of int16 in scratch memory, padding included, as many rows at a time as go into a
// strip; a tile of outputs then needs one load for four columns of a row, and the border no code of its own.
// What the strip holds is no longer needed in the input: outputs go where their inputs were.

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
struct DepthwiseConv2dDsp {
  using Reference = DepthwiseConv2dReference<int8_t, int32_t>;
  static constexpr const char* kName = "cortex_m_dsp_3x3";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {950, 3950}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// Exact because sums wrap modulo 2^32 and twice the accumulator, which they give, fits; the rest is
  /// FullyConnectedDsp's argument. The output's zero point is added before the shift, which changes nothing
  /// but must not overflow: 2^7 * 2^22, half of 2^22 and a product below 2^30 do not.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return detail::valid_depthwise<int8_t>(shape) && shape.out_channels == shape.in_channels &&
           shape.kernel_height == 3 && shape.kernel_width == 3 && shape.dilation_height == 1 &&
           shape.dilation_width == 1 && shape.stride_height == shape.stride_width &&
           shape.stride_height <= 2 && shape.rounding == Rounding::kDouble &&
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
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      for (int32_t first = 0; first < shape.out_channels; first += kPlanes)
        run_planes(shape, tables, first, in + first, out + first, static_cast<int16_t*>(scratch));
      in += shape.in_height * shape.in_width * shape.in_channels;
      out += shape.out_height * shape.out_width * shape.out_channels;
    }
  }

 private:
  static constexpr int32_t kPlanes = 4;
  static constexpr int32_t kPackedBytes = 12;
  static constexpr int32_t kStripBytes = 768;  ///< of all planes, if that is enough for a tile

  MOTE_INLINE static constexpr int32_t even(int32_t value) { return (value + 1) / 2 * 2; }

  /// Columns of a plane: what the tiles read, two columns of outputs each.
  MOTE_INLINE static constexpr int32_t pitch(const Conv2dShape& shape) {
    return shape.stride_width * even(shape.out_width) + 2;
  }
  /// Rows that one strip and the next have in common.
  MOTE_INLINE static constexpr int32_t common_rows(const Conv2dShape& shape) {
    return 3 - shape.stride_height;
  }
  /// Rows of outputs from one strip; even where tiles have two rows.
  MOTE_INLINE static constexpr int32_t strip_rows(const Conv2dShape& shape) {
    const int32_t least = 3 - shape.stride_height;
    const int32_t fitting =
        (kStripBytes / (2 * kPlanes * pitch(shape)) - common_rows(shape)) / shape.stride_height;
    const int32_t rows = detail::at_most(fitting < least ? least : fitting, shape.out_height);
    return shape.stride_height == 1 ? even(rows) : rows;
  }
  /// Elements of a plane.
  MOTE_INLINE static constexpr int32_t plane(const Conv2dShape& shape) {
    return (strip_rows(shape) * shape.stride_height + common_rows(shape)) * pitch(shape);
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

  /// The channels of a pixel, at most four, as a word.
  MOTE_INLINE static uint32_t pixel(const int8_t* in, int32_t channels) {
    return channels == kPlanes ? simd32::load_word(in) : simd32::load_bytes(in, channels);
  }

  /// The same of column `col` of a row, padding included.
  MOTE_INLINE static uint32_t padded_pixel(const Conv2dShape& shape, const int8_t* row, int32_t channels,
                                           int32_t col) {
    const int32_t at = col - shape.pad_left;
    if (at >= 0 && at < shape.in_width) return pixel(row + at * shape.in_channels, channels);
    return (static_cast<uint32_t>(shape.input_zero_point) & 0xFFu) * 0x01010101u;
  }

  /// Spreads columns `from`...`end` - 1 of a row, of which any may be padding.
  MOTE_INLINE static void spread_padded(const Conv2dShape& shape, const int8_t* row, int32_t channels,
                                        int32_t from, int32_t end, int16_t* to) {
    for (int32_t col = from; col < end; col += 2)
      spread(padded_pixel(shape, row, channels, col), padded_pixel(shape, row, channels, col + 1), to + col,
             plane(shape));
  }

  /// Spreads one row of the input, padding included.
  MOTE_INLINE static void spread_row(const Conv2dShape& shape, const int8_t* row, int32_t channels,
                                     int16_t* to) {
    // Pairs of columns of which both are inside.
    const int32_t inside = detail::at_most(pitch(shape), even(shape.pad_left));
    const int32_t end = detail::at_most(pitch(shape), (shape.pad_left + shape.in_width) / 2 * 2);
    spread_padded(shape, row, channels, 0, inside, to);
    const int8_t* from = row + (inside - shape.pad_left) * shape.in_channels;
    for (int32_t col = inside; col < end; col += 2) {
      spread(pixel(from, channels), pixel(from + shape.in_channels, channels), to + col, plane(shape));
      from += 2 * shape.in_channels;
    }
    spread_padded(shape, row, channels, inside < end ? end : inside, pitch(shape), to);
  }

  /// Puts the rows of input from the padded row `first` on into rows `from`...`end` - 1 of the strip.
  MOTE_INLINE static void fill_strip(const Conv2dShape& shape, const int8_t* in, int32_t channels,
                                     int32_t first, int32_t from, int32_t end, int16_t* strip) {
    const int32_t columns = pitch(shape);
    for (int32_t row = from; row < end; ++row) {
      const int32_t in_row = first + row - shape.pad_top;
      int16_t* const to = strip + row * columns;
      const int8_t* const line = in + in_row * shape.in_width * shape.in_channels;
      if (in_row < 0 || in_row >= shape.in_height)
        clear_row(shape, to);
      else if (channels == kPlanes)
        spread_row(shape, line, kPlanes, to);
      else
        spread_row(shape, line, channels, to);
    }
  }
  MOTE_INLINE static void clear_row(const Conv2dShape& shape, int16_t* to) {
    const int16_t outside = static_cast<int16_t>(shape.input_zero_point);
    for (int32_t ch = 0; ch < kPlanes; ++ch)
      for (int32_t col = 0; col < pitch(shape); col += 2)
        simd32::store_halfword_pair(to + ch * plane(shape) + col,
                                    simd32::detail::halfword_pair(outside, outside));
  }

  /// Moves the rows of the strip from `first` on, `count` of them, to its start.
  MOTE_INLINE static void keep_rows(const Conv2dShape& shape, int32_t first, int32_t count, int16_t* strip) {
    for (int32_t ch = 0; ch < kPlanes; ++ch, strip += plane(shape))
      for (int32_t at = 0; at < count * pitch(shape); at += 2)
        simd32::store_halfword_pair(strip + at,
                                    simd32::load_halfword_pair(strip + first * pitch(shape) + at));
  }

  /// All outputs of up to four channels from `first` on.
  MOTE_INLINE static void run_planes(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                     int32_t first, const int8_t* in, int8_t* out, int16_t* strip) {
    const int32_t channels = detail::at_most(kPlanes, shape.out_channels - first);
    int32_t start = 0, filled = 0;
    for (int32_t row = 0; row < shape.out_height; row += strip_rows(shape)) {
      // Tiles want two rows: a single one at the end is computed with the one before it, again.
      const int32_t next = shape.stride_height == 1 && row == shape.out_height - 1 && row > 0 ? row - 1 : row;
      const int32_t rows = detail::at_most(strip_rows(shape), shape.out_height - next);
      const int32_t passed = (next - start) * shape.stride_height;
      if (row > 0) keep_rows(shape, passed, filled - passed, strip);
      const int32_t needed =
          (shape.stride_height == 1 && rows == 1 ? 2 : rows) * shape.stride_height + common_rows(shape);
      fill_strip(shape, in, channels, next * shape.stride_height, row > 0 ? filled - passed : 0, needed,
                 strip);
      for (int32_t ch = 0; ch < channels; ++ch)
        run_channel(shape, tables, first + ch, rows, strip + ch * plane(shape),
                    out + next * shape.out_width * shape.out_channels + ch);
      start = next;
      filled = needed;
    }
  }

  /// What a channel's outputs have in common.
  struct Channel {
    uint32_t left[3];   ///< by row of the kernel: 2 * w0 (low), 2 * w1
    uint32_t right[3];  ///< 2 * w1 (low), 2 * w2
    uint32_t bias;      ///< doubled
    struct alignas(8) Factor {
      int32_t multiplier;
      int32_t rounding;  ///< half of 2^exponent, and the zero point times 2^exponent
    } factor;
    int32_t exponent;
  };

  MOTE_INLINE static Channel channel(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                     int32_t ch) {
    Channel result;
    for (int32_t row = 0; row < 3; ++row) {
      const uint32_t weights = simd32::load_word(tables.weights + ch * kPackedBytes + 4 * row);
      const uint32_t left = simd32::sxtb16(weights);
      const uint32_t right = simd32::pkhtb(left, simd32::sxtb16_ror8(weights));
      result.left[row] = simd32::sadd16(left, left);
      result.right[row] = simd32::sadd16(right, right);
    }
    result.bias = static_cast<uint32_t>(tables.bias[ch]) << 1;
    result.factor.multiplier = tables.multiplier[ch];
    result.exponent = -tables.shift[ch];
    result.factor.rounding = wrapping_shift_left(1, result.exponent - 1) +
                             wrapping_shift_left(shape.output_zero_point, result.exponent);
    return result;
  }

  /// Two neighbouring outputs, or their accumulators.
  struct Pair {
    uint32_t first;
    uint32_t second;
  };

  /// clamp((a product with the multiplier, rounded) >> exponent).
  MOTE_INLINE static int8_t output(const Conv2dShape& shape, int32_t rounded, int32_t exponent) {
    const int32_t value = simd32::ssat8(rounded >> exponent);
    if (shape.activation_min == -128 && shape.activation_max == 127) return static_cast<int8_t>(value);
    return static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
  }

  /// Writes one output or two from twice their accumulators.
  template <int32_t kColumns>
  MOTE_INLINE static void finish(const Conv2dShape& shape, const Channel& channel, Pair doubled,
                                 int8_t* out) {
    const int32_t first = static_cast<int32_t>(doubled.first), second = static_cast<int32_t>(doubled.second);
    int32_t rounded_first = simd32::smmlar(first, channel.factor.multiplier, channel.factor.rounding);
    int32_t rounded_second =
        kColumns == 2 ? simd32::smmlar(second, channel.factor.multiplier, channel.factor.rounding) : 0;
    rounded_first += first >> 31;
    rounded_second += second >> 31;
    out[0] = output(shape, rounded_first, channel.exponent);
    if (kColumns == 2) out[shape.out_channels] = output(shape, rounded_second, channel.exponent);
  }

  /// The products of one row of the kernel with a row of a plane, for one output, or for two neighbouring
  /// ones with step 1.
  MOTE_INLINE static void accumulate(const Channel& channel, int32_t row, uint32_t x01, uint32_t x23,
                                     uint32_t& sum) {
    sum = simd32::smlad(x01, channel.left[row], sum);
    sum = simd32::smlabt(x23, channel.right[row], sum);
  }
  MOTE_INLINE static void accumulate(const Channel& channel, int32_t row, uint32_t x01, uint32_t x23,
                                     Pair& sums) {
    accumulate(channel, row, x01, x23, sums.first);
    sums.second = simd32::smlatb(x01, channel.left[row], sums.second);
    sums.second = simd32::smlad(x23, channel.right[row], sums.second);
  }

  /// The same for a tile, whose second row is one row of the plane further down.
  template <class Sums>
  MOTE_INLINE static void accumulate_rows(const Conv2dShape& shape, const Channel& channel, const int16_t* x,
                                          Sums& upper, Sums& lower) {
    uint32_t x01, x23;
    simd32::load_halfwords(x, x01, x23);
    accumulate(channel, 0, x01, x23, upper);
    simd32::load_halfwords(x + pitch(shape), x01, x23);
    accumulate(channel, 1, x01, x23, upper);
    accumulate(channel, 0, x01, x23, lower);
    simd32::load_halfwords(x + 2 * pitch(shape), x01, x23);
    accumulate(channel, 2, x01, x23, upper);
    accumulate(channel, 1, x01, x23, lower);
    simd32::load_halfwords(x + 3 * pitch(shape), x01, x23);
    accumulate(channel, 2, x01, x23, lower);
  }

  /// Writes one output that is still to be shifted and saturated.
  MOTE_INLINE static int8_t clamped(const Conv2dShape& shape, int32_t value) {
    if (shape.activation_min == -128 && shape.activation_max == 127) return static_cast<int8_t>(value);
    return static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
  }

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
  // A tile in one piece: the compiler, left alone, keeps half of the weights on the stack. a, b are the upper
  // outputs, c, d the lower ones.
#define MOTE_DEPTHWISE_TILE_SUMS       \
  "ldrd %[x], %[y], %[row0]\n\t"       \
  "ldr %[d], %[bias]\n\t"              \
  "smlad %[a], %[x], %[l0], %[d]\n\t"  \
  "smlatb %[b], %[x], %[l0], %[d]\n\t" \
  "smlabt %[a], %[y], %[r0], %[a]\n\t" \
  "smlad %[b], %[y], %[r0], %[b]\n\t"  \
  "ldrd %[x], %[y], %[row1]\n\t"       \
  "smlad %[a], %[x], %[l1], %[a]\n\t"  \
  "smlatb %[b], %[x], %[l1], %[b]\n\t" \
  "smlabt %[a], %[y], %[r1], %[a]\n\t" \
  "smlad %[b], %[y], %[r1], %[b]\n\t"  \
  "smlad %[c], %[x], %[l0], %[d]\n\t"  \
  "smlatb %[d], %[x], %[l0], %[d]\n\t" \
  "smlabt %[c], %[y], %[r0], %[c]\n\t" \
  "smlad %[d], %[y], %[r0], %[d]\n\t"  \
  "ldrd %[x], %[y], %[row2]\n\t"       \
  "smlad %[a], %[x], %[l2], %[a]\n\t"  \
  "smlatb %[b], %[x], %[l2], %[b]\n\t" \
  "smlabt %[a], %[y], %[r2], %[a]\n\t" \
  "smlad %[b], %[y], %[r2], %[b]\n\t"  \
  "smlad %[c], %[x], %[l1], %[c]\n\t"  \
  "smlatb %[d], %[x], %[l1], %[d]\n\t" \
  "smlabt %[c], %[y], %[r1], %[c]\n\t" \
  "smlad %[d], %[y], %[r1], %[d]\n\t"  \
  "ldrd %[x], %[y], %[row3]\n\t"       \
  "smlad %[c], %[x], %[l2], %[c]\n\t"  \
  "smlatb %[d], %[x], %[l2], %[d]\n\t" \
  "smlabt %[c], %[y], %[r2], %[c]\n\t" \
  "smlad %[d], %[y], %[r2], %[d]\n\t"  \
  "ldrd %[x], %[y], %[factor]\n\t"
  // After a ReLU what is negative is clamped anyway: no rounding away from zero.
#define MOTE_DEPTHWISE_TILE_SCALED(sum) "smmlar %[" sum "], %[" sum "], %[x], %[y]\n\t"
#define MOTE_DEPTHWISE_TILE_ROUNDED(sum) \
  "smmulr %[" sum "], %[" sum            \
  "], %[x]\n\t"                          \
  "add %[" sum "], %[" sum "], %[" sum   \
  "], asr #31\n\t"                       \
  "add %[" sum "], %[" sum "], %[y]\n\t"
#define MOTE_DEPTHWISE_TILE_SHIFTED(sum) \
  "asr %[" sum "], %[" sum               \
  "], %[x]\n\t"                          \
  "ssat %[" sum "], #8, %[" sum "]\n\t"
#define MOTE_DEPTHWISE_TILE(step)                                                                   \
  asm(MOTE_DEPTHWISE_TILE_SUMS step("a") step("b") step("c")                                        \
          step("d") "ldr %[x], %[exponent]\n\t" MOTE_DEPTHWISE_TILE_SHIFTED("a")                    \
              MOTE_DEPTHWISE_TILE_SHIFTED("b") MOTE_DEPTHWISE_TILE_SHIFTED("c")                     \
                  MOTE_DEPTHWISE_TILE_SHIFTED("d")                                                  \
      : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [x] "=&r"(x01), [y] "=&r"(x23)      \
      : [row0] "Uv"(*reinterpret_cast<const Words*>(x)),                                            \
        [row1] "Uv"(*reinterpret_cast<const Words*>(x + columns)),                                  \
        [row2] "Uv"(*reinterpret_cast<const Words*>(x + 2 * columns)),                              \
        [row3] "Uv"(*reinterpret_cast<const Words*>(x + 3 * columns)), [bias] "m"(channel.bias),    \
        [factor] "Uv"(channel.factor), [exponent] "m"(channel.exponent), [l0] "r"(channel.left[0]), \
        [l1] "r"(channel.left[1]), [l2] "r"(channel.left[2]), [r0] "r"(channel.right[0]),           \
        [r1] "r"(channel.right[1]), [r2] "r"(channel.right[2]))

  MOTE_INLINE static void run_constant_tile(const Conv2dShape& shape, const Channel& channel,
                                            const int16_t* x, int32_t lower, int8_t* out) {
    typedef uint64_t __attribute__((may_alias)) Words;
    const int32_t columns = pitch(shape);
    int32_t a, b, c, d;
    uint32_t x01, x23;
    if (shape.activation_min == shape.output_zero_point)
      MOTE_DEPTHWISE_TILE(MOTE_DEPTHWISE_TILE_SCALED);
    else
      MOTE_DEPTHWISE_TILE(MOTE_DEPTHWISE_TILE_ROUNDED);
    out[lower] = clamped(shape, c);
    out[lower + shape.out_channels] = clamped(shape, d);
    out[0] = clamped(shape, a);
    out[shape.out_channels] = clamped(shape, b);
  }
#undef MOTE_DEPTHWISE_TILE
#undef MOTE_DEPTHWISE_TILE_SHIFTED
#undef MOTE_DEPTHWISE_TILE_ROUNDED
#undef MOTE_DEPTHWISE_TILE_SCALED
#undef MOTE_DEPTHWISE_TILE_SUMS
#endif

  /// Two rows of one or two outputs with step 1; `lower` is the distance of the second, 0 if there is none.
  template <int32_t kColumns>
  MOTE_INLINE static void run_tile(const Conv2dShape& shape, const Channel& channel, const int16_t* x,
                                   int32_t lower, int8_t* out) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // Needs offsets that are constants and fit LDRD.
    if (kColumns == 2 && __builtin_constant_p(shape.out_width) && 6 * pitch(shape) <= 1020)
      return run_constant_tile(shape, channel, x, lower, out);
#endif
    Pair sums = {channel.bias, channel.bias}, lower_sums = sums;
    if (kColumns == 2)
      accumulate_rows(shape, channel, x, sums, lower_sums);
    else
      accumulate_rows(shape, channel, x, sums.first, lower_sums.first);
    finish<kColumns>(shape, channel, lower_sums, out + lower);
    finish<kColumns>(shape, channel, sums, out);
  }

  /// One or two neighbouring outputs with step 2.
  template <int32_t kColumns>
  MOTE_INLINE static void run_pair(const Conv2dShape& shape, const Channel& channel, const int16_t* x,
                                   int8_t* out) {
    Pair sums = {channel.bias, channel.bias};
    accumulate_strided<kColumns>(channel, 0, x, sums);
    accumulate_strided<kColumns>(channel, 1, x + pitch(shape), sums);
    accumulate_strided<kColumns>(channel, 2, x + 2 * pitch(shape), sums);
    finish<kColumns>(shape, channel, sums, out);
  }
  template <int32_t kColumns>
  MOTE_INLINE static void accumulate_strided(const Channel& channel, int32_t row, const int16_t* x,
                                             Pair& sums) {
    uint32_t x01, x23;
    simd32::load_halfwords(x, x01, x23);
    accumulate(channel, row, x01, x23, sums.first);
    if (kColumns == 2) accumulate(channel, row, x23, simd32::load_halfword_pair(x + 4), sums.second);
  }

  /// A strip's outputs of one channel.
  MOTE_INLINE static void run_channel(const Conv2dShape& shape, const WeightTables<int32_t>& tables,
                                      int32_t ch, int32_t rows, const int16_t* plane, int8_t* out) {
    const Channel constants = channel(shape, tables, ch);
    const int32_t height = shape.stride_height == 1 ? 2 : 1;
    const int32_t lower = shape.out_height > 1 ? shape.out_width * shape.out_channels : 0;
    for (int32_t row = 0; row < rows; row += height) {
      // The last tile of an odd number of rows overlaps the one before.
      const int32_t top = height == 2 && row + 1 == rows && row > 0 ? row - 1 : row;
      const int16_t* x = plane + top * shape.stride_height * pitch(shape);
      int8_t* to = out + top * shape.out_width * shape.out_channels;
      for (int32_t rest = shape.out_width; rest > 1; rest -= 2) {
        if (height == 2)
          run_tile<2>(shape, constants, x, lower, to);
        else
          run_pair<2>(shape, constants, x, to);
        x += 2 * shape.stride_width;
        to += 2 * shape.out_channels;
      }
      if (shape.out_width % 2 == 0) continue;
      if (height == 2)
        run_tile<1>(shape, constants, x, lower, to);
      else
        run_pair<1>(shape, constants, x, to);
    }
  }
};

}  // namespace kernels
}  // namespace mote
