// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inner loops of DepthwiseConv2dPlanes: outputs of one channel from its plane, tile by tile.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Products of a 3x3 kernel with a plane of int16, whose rows lie one behind the other, padding included.
struct DepthwiseTiles {
  static constexpr int32_t kPackedBytes = 12;  ///< weights of a channel: by row {w0, 0, w1, w2}

  /// Tiles of one kind, in lines along the longer direction. A tile is two columns, and with step 1 two rows.
  /// Where only the first of them is wanted the other is written to the same place, before it. Words that the
  /// inner loops load together lie together.
  struct alignas(8) Line {
    int32_t column;    ///< from a tile's first output to the second column's
    int32_t lower;     ///< to the second row's
    int32_t out;       ///< where the first tile's output goes, from the channel's first of the strip
    int32_t out_step;  ///< from one tile's first output to the next one's
    int32_t advance;   ///< bytes from the last row of a window to the next window
    int32_t end;       ///< what inner loops keep there
    int32_t gap_x;     ///< elements from behind a line's last window to the next line's first
    int32_t length;    ///< elements from the first window of a line to behind the last
    int32_t gap_out;   ///< as `gap_x`, of outputs
    int32_t lines;     ///< at least one
    int32_t x;         ///< where the first window begins, elements from the plane's start
    int32_t row;       ///< bytes of a row of the plane
  };

// Not with vectors, for which there is a faster kernel: at -Os GCC finds no registers for the operands there.
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && !defined(__ARM_FEATURE_MVE) && \
    defined(__OPTIMIZE__)
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
  // The same of a tile of one column: two outputs.
#define MOTE_DEPTHWISE_COLUMN          \
  "1:\n\t"                             \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "ldr %[c], %[bias]\n\t"              \
  "add %[p], %[p], %[t]\n\t"           \
  "smlad %[a], %[x], %[l0], %[c]\n\t"  \
  "smlabt %[a], %[y], %[r0], %[a]\n\t" \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "add %[p], %[p], %[t]\n\t"           \
  "smlad %[a], %[x], %[l1], %[a]\n\t"  \
  "smlabt %[a], %[y], %[r1], %[a]\n\t" \
  "smlad %[c], %[x], %[l0], %[c]\n\t"  \
  "smlabt %[c], %[y], %[r0], %[c]\n\t" \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "add %[p], %[p], %[t]\n\t"           \
  "smlad %[a], %[x], %[l2], %[a]\n\t"  \
  "smlabt %[a], %[y], %[r2], %[a]\n\t" \
  "smlad %[c], %[x], %[l1], %[c]\n\t"  \
  "smlabt %[c], %[y], %[r1], %[c]\n\t" \
  "ldrd %[x], %[y], [%[p]]\n\t"        \
  "smlad %[c], %[x], %[l2], %[c]\n\t"  \
  "smlabt %[c], %[y], %[r2], %[c]\n\t" \
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
  // To the next tile, and line; `first` and `second` are free, `moved` moves the outputs by `first`.
#define MOTE_DEPTHWISE_NEXT(first, second, moved)                                          \
  "ldrd %[" first "], %[" second                                                           \
  "], %[advance]\n\t"                                                                      \
  "add %[p], %[p], %[" first                                                               \
  "]\n\t"                                                                                  \
  "cmp %[p], %[" second                                                                    \
  "]\n\t"                                                                                  \
  "bne 1b\n\t"                                                                             \
  "ldrd %[" first "], %[" second                                                           \
  "], %[gap_x]\n\t"                                                                        \
  "add %[p], %[p], %[" first                                                               \
  "], lsl #1\n\t"                                                                          \
  "add %[" second "], %[p], %[" second                                                     \
  "], lsl #1\n\t"                                                                          \
  "str %[" second                                                                          \
  "], %[end]\n\t"                                                                          \
  "ldrd %[" first "], %[" second "], %[gap_out]\n\t" moved "subs %[" second "], %[" second \
  "], #1\n\t"                                                                              \
  "str %[" second                                                                          \
  "], %[lines]\n\t"                                                                        \
  "bne 1b"
#define MOTE_DEPTHWISE_OPERANDS                                                                      \
  [bias] "m"(channel.bias), [factor] "Uv"(words(&channel.factor)), [exponent] "m"(channel.exponent), \
      [l0] "r"(channel.left[0]), [l1] "r"(channel.left[1]), [l2] "r"(channel.left[2]),               \
      [r0] "r"(channel.right[0]), [r1] "r"(channel.right[1]), [r2] "r"(channel.right[2]),            \
      [t] "r"(tiles.row), [advance] "Uv"(words(&work.advance)), [end] "m"(work.end),                 \
      [gap_x] "Uv"(words(&work.gap_x)), [gap_out] "Uv"(words(&work.gap_out)), [lines] "m"(work.lines)

  typedef uint64_t __attribute__((may_alias)) Words;
  MOTE_INLINE static const Words& words(const void* at) { return *static_cast<const Words*>(at); }

  /// Lines of tiles of a plane; `out` [in]: the strip's first output. `kSmall`: tiles of one column take the
  /// code of the others.
  template <int32_t kStride, bool kRounded, bool kSmall>
  MOTE_INLINE static void run_lines(const Channel& channel, const Line& tiles, const int16_t* plane,
                                    int8_t* out) {
    Line work = tiles;
    plane += tiles.x;
    out += tiles.out;
    work.out = reinterpret_cast<int32_t>(out);
    work.lower += work.out;
    work.end = reinterpret_cast<int32_t>(plane + tiles.length);
    if (kStride == 2)
      run_pairs<kRounded>(channel, tiles, plane, out, work);
    else if (!kSmall && tiles.column == 0)
      run_columns<kRounded>(channel, tiles, plane, out, work);
    else
      run_tiles<kRounded>(channel, tiles, plane, work);
  }

  /// Tiles of two rows and two columns.
  template <bool kRounded>
  MOTE_INLINE static void run_tiles(const Channel& channel, const Line& tiles, const int16_t* p, Line& work) {
    uint32_t a, b, c, d, x, y;
#define MOTE_DEPTHWISE_TILES(scaled) \
  asm volatile(MOTE_DEPTHWISE_TILE scaled("a") scaled("b") scaled("c") scaled("d")                           \
               "ldr %[x], %[exponent]\n\t" MOTE_DEPTHWISE_SHIFTED("a") MOTE_DEPTHWISE_SHIFTED("b")           \
                   MOTE_DEPTHWISE_SHIFTED("c") MOTE_DEPTHWISE_SHIFTED("d") MOTE_DEPTHWISE_SATURATED("a")     \
                       MOTE_DEPTHWISE_SATURATED("b") MOTE_DEPTHWISE_SATURATED("c")                           \
                           MOTE_DEPTHWISE_SATURATED("d")                                                     \
               "ldrd %[x], %[y], %[column]\n\t"                                                              \
               "strb %[d], [%[y], %[x]]\n\t"                                                                 \
               "strb %[c], [%[y]]\n\t"                                                                       \
               "ldrd %[c], %[d], %[out]\n\t"                                                                 \
               "strb %[b], [%[c], %[x]]\n\t"                                                                 \
               "strb %[a], [%[c]]\n\t"                                                                       \
               "add %[y], %[y], %[d]\n\t"                                                                    \
               "add %[c], %[c], %[d]\n\t"                                                                    \
               "strd %[y], %[c], %[lower]\n\t" MOTE_DEPTHWISE_NEXT("a", "b",                                 \
                                                                   "add %[y], %[y], %[a]\n\t"                \
                                                                   "add %[c], %[c], %[a]\n\t"                \
                                                                   "strd %[y], %[c], %[lower]\n\t")          \
               : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [x] "=&r"(x), [y] "=&r"(y),         \
                 [p] "+r"(p), "+m"(work)                                                                     \
               : [column] "Uv"(words(&work.column)), [out] "Uv"(words(&work.out)),                           \
                 [lower] "Uv"(words(&work.lower)), MOTE_DEPTHWISE_OPERANDS                                   \
               : "cc", "memory")
    if (kRounded)
      MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_ROUNDED);
    else
      MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_SCALED);
#undef MOTE_DEPTHWISE_TILES
  }

  /// Tiles of two rows and one column.
  template <bool kRounded>
  MOTE_INLINE static void run_columns(const Channel& channel, const Line& tiles, const int16_t* p,
                                      int8_t* out, Line& work) {
    uint32_t a, c, x, y;
    work.lower = tiles.lower;
#define MOTE_DEPTHWISE_TILES(scaled) \
  asm volatile(MOTE_DEPTHWISE_COLUMN scaled("a") scaled("c")                                                \
               "ldr %[x], %[exponent]\n\t" MOTE_DEPTHWISE_SHIFTED("a") MOTE_DEPTHWISE_SHIFTED("c")          \
                   MOTE_DEPTHWISE_SATURATED("a") MOTE_DEPTHWISE_SATURATED("c")                              \
               "ldr %[y], %[lower]\n\t"                                                                  \
               "strb %[c], [%[out], %[y]]\n\t"                                                          \
               "ldr %[y], %[out_step]\n\t"                                                                  \
               "strb %[a], [%[out]]\n\t"                                                                    \
               "add %[out], %[out], %[y]\n\t" MOTE_DEPTHWISE_NEXT("x", "y", "add %[out], %[out], %[x]\n\t") \
               : [a] "=&r"(a), [c] "=&r"(c), [x] "=&r"(x), [y] "=&r"(y), [p] "+r"(p), [out] "+r"(out),      \
                 "+m"(work)                                                                                 \
               : [lower] "m"(work.lower), [out_step] "m"(work.out_step), MOTE_DEPTHWISE_OPERANDS                 \
               : "cc", "memory")
    if (kRounded)
      MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_ROUNDED);
    else
      MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_SCALED);
#undef MOTE_DEPTHWISE_TILES
  }

  /// Tiles of one row and two columns, of windows two columns apart.
  template <bool kRounded>
  MOTE_INLINE static void run_pairs(const Channel& channel, const Line& tiles, const int16_t* p, int8_t* out,
                                    Line& work) {
    uint32_t a, b, x, y, z;
#define MOTE_DEPTHWISE_TILES(scaled) \
  asm volatile(MOTE_DEPTHWISE_PAIR scaled("a") scaled("b")                                                  \
               "ldr %[x], %[exponent]\n\t"                                                                  \
               "ldr %[z], %[column]\n\t" MOTE_DEPTHWISE_SHIFTED("a") MOTE_DEPTHWISE_SHIFTED("b")            \
                   MOTE_DEPTHWISE_SATURATED("a") MOTE_DEPTHWISE_SATURATED("b")                              \
               "strb %[b], [%[out], %[z]]\n\t"                                                              \
               "ldr %[z], %[out_step]\n\t"                                                                  \
               "strb %[a], [%[out]]\n\t"                                                                    \
               "add %[out], %[out], %[z]\n\t" MOTE_DEPTHWISE_NEXT("x", "y", "add %[out], %[out], %[x]\n\t") \
               : [a] "=&r"(a), [b] "=&r"(b), [x] "=&r"(x), [y] "=&r"(y), [z] "=&r"(z), [p] "+r"(p),         \
                 [out] "+r"(out), "+m"(work)                                                                \
               : [column] "m"(work.column), [out_step] "m"(work.out_step), MOTE_DEPTHWISE_OPERANDS          \
               : "cc", "memory")
    if (kRounded)
      MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_ROUNDED);
    else
      MOTE_DEPTHWISE_TILES(MOTE_DEPTHWISE_SCALED);
#undef MOTE_DEPTHWISE_TILES
  }
#undef MOTE_DEPTHWISE_OPERANDS
#undef MOTE_DEPTHWISE_NEXT
#undef MOTE_DEPTHWISE_SATURATED
#undef MOTE_DEPTHWISE_SHIFTED
#undef MOTE_DEPTHWISE_ROUNDED
#undef MOTE_DEPTHWISE_SCALED
#undef MOTE_DEPTHWISE_COLUMN
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

  /// Lines of tiles of a plane; `out` [in]: the strip's first output. `kSmall`: tiles of one column take the
  /// code of the others.
  template <int32_t kStride, bool kRounded, bool kSmall>
  MOTE_INLINE static void run_lines(const Channel& channel, const Line& tiles, const int16_t* plane,
                                    int8_t* out) {
    plane += tiles.x;
    out += tiles.out;
    for (int32_t rest = tiles.lines; rest > 0; --rest, plane += tiles.gap_x, out += tiles.gap_out)
      run_line<kStride, kRounded>(channel, tiles, plane, out);
  }

  /// A line of tiles; `x`, `out` [in, out]: the first one's window and output, then those behind the last.
  template <int32_t kStride, bool kRounded>
  MOTE_INLINE static void run_line(const Channel& channel, const Line& tiles, const int16_t*& x,
                                   int8_t*& out) {
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
