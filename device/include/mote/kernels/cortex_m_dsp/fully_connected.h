// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fully connected int8 layer for Cortex-M cores with the DSP extension (M4, M7, M33, ...).
//
// Two output channels share a register: a halfword of the packed weights is 256 * w[odd] + w[even], so that
// SMLAD on the raw word accumulates 256 * A_odd + A_even for two inputs at once, and one SXTB16 of it gives
// w[even] for A_even. At the end A_odd = (raw - A_even) / 256. Three instructions do the work of four
// multiply-accumulates, from as many weight bytes as plain int8. In large layers eight channels go
// together, so that the input is widened once for eight; what is left, and small layers, go in fours, in less
// code.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/fully_connected.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// FullyConnectedReference's result by SXTB16, SMLAD and SMMLAR; no scratch.
///
/// Packed order: blocks of eight channels in large layers, of what is left four and then as many as remain;
/// in each the inputs in fours, within those the channel pairs, within those the words of inputs (0, 2) and
/// (1, 3). Missing channels and inputs have weight 0.
struct FullyConnectedDsp {
  static constexpr const char* kName = "cortex_m_dsp";
  static constexpr int32_t instance_kind(FullyConnectedShape shape) { return is_large(shape) ? 1 : 0; }
  static constexpr CodeBytes code_bytes(int32_t kind) {
    return kind == 1 ? CodeBytes{100, 7400, 6700} : CodeBytes{300, 3400, 0};
  }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// Exact because
  ///  - 256 * w[odd] + w[even] fits a halfword while no weight is -128;
  ///  - sums wrap modulo 2^32, and raw - A_even = 256 * A_odd determines A_odd while |A_odd| < 2^23;
  ///  - SMMLAR(2a, multiplier, 2^(e-1)) is the high multiplication with rounding, plus half of the divisor
  ///  2^e, while
  ///    2a does not overflow; rounding away from zero then lacks 1 for negative numbers, whose sign may be
  ///    taken from a, because for a < 0 with product 0 both give 0. This needs e >= 1: no shift to the left,
  ///    nor none;
  ///  - the output's zero point, where it is added before the shift, does not make that overflow: see
  ///    DepthwiseConv2dPlanes;
  ///  - rounding is double.
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return valid(shape) && shape.rounding == Rounding::kDouble && limits.min_weight >= -127 &&
           limits.max_abs_accumulator < (int64_t{1} << 23) && limits.max_shift <= -1 &&
           limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) {
    return (shape.out_features + 1) / 2 * 2 * ((shape.in_features + 3) / 4 * 4);
  }

  /// The last block's outputs are written after the last read; those of the blocks before it must lie in
  /// front.
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return shape.batch == 0 || shape.in_features == 0 || shape.out_features == 0
               ? 0
               : last_block(shape) + growth_ahead(shape);
  }
  static constexpr int64_t macs(FullyConnectedShape shape) {
    return FullyConnectedReference<int8_t, int32_t>::macs(shape);
  }

  /// Folds the zero point into the bias and interleaves the weights; an odd channel's bias is where the
  /// pair's raw sum starts.
  static void pack(FullyConnectedShape shape, const int8_t* weights, const int32_t* bias,
                   int8_t* packed_weights, int32_t* packed_bias) {
    detail::fold_zero_point(weights_by_channel(shape.out_features, shape.in_features), weights, bias,
                            shape.input_zero_point, packed_bias);
    for (int32_t odd = 1; odd < shape.out_features; odd += 2)
      packed_bias[odd] = wrapping_add(wrapping_shift_left(packed_bias[odd], 8), packed_bias[odd - 1]);
    for (int32_t first = 0, count = 0; first < shape.out_features; first += count) {
      count = block_channels(shape, shape.out_features - first);
      const int32_t pairs = (count + 1) / 2;
      for (int32_t k = 0; k < shape.in_features; k += 4)
        for (int32_t pair = 0; pair < pairs; ++pair)
          for (int32_t slot = 0; slot < 4; ++slot) {
            const int32_t input = k + (slot & 1) * 2 + (slot >> 1);  // slots hold inputs 0, 2, 1, 3
            const int32_t even = weight_or_zero(shape, weights, first + 2 * pair, input);
            const int32_t odd = weight_or_zero(shape, weights, first + 2 * pair + 1, input);
            const uint32_t halfword = static_cast<uint32_t>(256 * odd + even);
            *packed_weights++ = static_cast<int8_t>(static_cast<uint8_t>(halfword));
            *packed_weights++ = static_cast<int8_t>(static_cast<uint8_t>(halfword >> 8));
          }
    }
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const FullyConnectedTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    run_as<32, 16>(shape, tables, in, out);
  }

 protected:
  /// run(); `kUnrolled`, `kRoundedUnrolled`: run_eights()'s, the latter where outputs may be negative.
  template <int32_t kUnrolled, int32_t kRoundedUnrolled>
  MOTE_INLINE static void run_as(const FullyConnectedShape& shape, const FullyConnectedTables& tables,
                                 const int8_t* in, int8_t* out) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      Flash<int8_t> weights = tables.weights;
      int32_t ch = 0;
      if (is_large(shape) && is_uniform(shape)) {
        ch = shape.out_features / 8 * 8;
        if (shape.activation_min == shape.output_zero_point)
          run_eights<false, kUnrolled>(shape.in_features / 4, ch / 8, shape.output_zero_point, tables, in,
                                       out);
        else
          run_eights<true, kRoundedUnrolled>(shape.in_features / 4, ch / 8, shape.output_zero_point, tables,
                                             in, out);
        weights = weights + ch * shape.in_features;
      }
      for (; is_large(shape) && ch < shape.out_features - 7; ch += 8)
        run_eight(shape, tables, weights, ch, in, out + ch);
      for (; ch < shape.out_features - 3; ch += 4) run_block<4>(shape, tables, weights, ch, in, out + ch);
      const int32_t rest = shape.out_features - ch;
      if (rest == 3) run_block<3>(shape, tables, weights, ch, in, out + ch);
      if (rest == 2) run_block<2>(shape, tables, weights, ch, in, out + ch);
      if (rest == 1) run_block<1>(shape, tables, weights, ch, in, out + ch);
      in += shape.in_features;
      out += shape.out_features;
    }
  }

 private:
  /// The sums of two channels, modulo 2^32.
  struct PairSums {
    uint32_t raw;   ///< 256 * A_odd + A_even
    uint32_t even;  ///< A_even
  };

  /// Whether the code for eight channels is worth its bytes.
  MOTE_INLINE static constexpr bool is_large(const FullyConnectedShape& shape) {
    return shape.in_features * shape.out_features >= 1024;
  }
  /// The channels of a block when so many are left.
  static constexpr int32_t block_channels(const FullyConnectedShape& shape, int32_t rest) {
    return is_large(shape) && rest >= 8 ? 8 : rest >= 4 ? 4 : rest;
  }
  /// Where the last block begins.
  static constexpr int32_t last_block(const FullyConnectedShape& shape) {
    int32_t first = 0;
    while (first + block_channels(shape, shape.out_features - first) < shape.out_features)
      first += block_channels(shape, shape.out_features - first);
    return first;
  }

  static constexpr int32_t growth_ahead(FullyConnectedShape shape) {
    return shape.out_features > shape.in_features
               ? (shape.batch - 1) * (shape.out_features - shape.in_features)
               : 0;
  }

  static int32_t weight_or_zero(const FullyConnectedShape& shape, const int8_t* weights, int32_t ch,
                                int32_t input) {
    return ch < shape.out_features && input < shape.in_features ? weights[ch * shape.in_features + input] : 0;
  }

  /// Where the sums of channel ch and, if there are two, ch + 1 start. `ch` is even.
  template <int32_t kCount>
  MOTE_INLINE static PairSums start_pair(const FullyConnectedTables& tables, int32_t ch) {
    const uint32_t even = static_cast<uint32_t>(tables.bias[ch]);
    return PairSums{kCount > 1 ? static_cast<uint32_t>(tables.bias[ch + 1]) : even, even};
  }

  /// Four inputs times the weights of a channel pair; `weights` [in, out] moves on.
  MOTE_INLINE static void accumulate_pair(uint32_t inputs_02, uint32_t inputs_13, Flash<int8_t>& weights,
                                          PairSums& sums) {
    uint32_t weights_02;
    uint32_t weights_13;
    simd32::load_word_pair(weights, weights_02, weights_13);
    sums.raw = simd32::smlad(weights_02, inputs_02, sums.raw);
    sums.even = simd32::smlad(simd32::sxtb16(weights_02), inputs_02, sums.even);
    sums.raw = simd32::smlad(weights_13, inputs_13, sums.raw);
    sums.even = simd32::smlad(simd32::sxtb16(weights_13), inputs_13, sums.even);
  }

  /// Four inputs, as a word, times the weights of a block of up to two pairs.
  template <int32_t kCount>
  MOTE_INLINE static void accumulate(uint32_t inputs, Flash<int8_t>& weights, PairSums& first,
                                     PairSums& second) {
    const uint32_t inputs_02 = simd32::sxtb16(inputs);
    const uint32_t inputs_13 = simd32::sxtb16_ror8(inputs);
    accumulate_pair(inputs_02, inputs_13, weights, first);
    if (kCount > 2) accumulate_pair(inputs_02, inputs_13, weights, second);
  }

  /// One output from its accumulator.
  MOTE_INLINE static int8_t finish(const FullyConnectedShape& shape, const FullyConnectedTables& tables,
                                   int32_t ch, int32_t acc) {
    const Requantization factor = detail::factor_of(shape.per_channel, tables.multiplier, tables.shift, ch);
    const int32_t exponent = -factor.shift;
    const int32_t half = wrapping_shift_left(1, exponent - 1);
    const int32_t rounded = simd32::smmlar(acc * 2, factor.multiplier, half) + (acc >> 31);
    const int32_t value = simd32::ssat8((rounded >> exponent) + shape.output_zero_point);
    if (shape.activation_min == -128 && shape.activation_max == 127) return static_cast<int8_t>(value);
    return static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
  }

  MOTE_INLINE static int32_t even_of(PairSums sums) { return static_cast<int32_t>(sums.even); }
  MOTE_INLINE static int32_t odd_of(PairSums sums) { return static_cast<int32_t>(sums.raw - sums.even) >> 8; }

  /// The sums of eight channels.
  struct EightSums {
    PairSums pairs[4];
  };
  MOTE_INLINE static EightSums start_eight(const FullyConnectedTables& tables, int32_t ch) {
    EightSums sums;
    for (int32_t pair = 0; pair < 4; ++pair) sums.pairs[pair] = start_pair<2>(tables, ch + 2 * pair);
    return sums;
  }

  /// Whether all outputs have one factor, are not clamped, and all inputs go in fours.
  MOTE_INLINE static constexpr bool is_uniform(const FullyConnectedShape& shape) {
    return !shape.per_channel && shape.activation_min == -128 && shape.activation_max == 127 &&
           shape.in_features % 4 == 0 && shape.in_features > 0;
  }

  /// What run_eights() keeps in memory. Words that are loaded together lie together.
  struct alignas(8) Eights {
    int32_t multiplier;
    int32_t rounding;  ///< half of 2^exponent, and the zero point times 2^exponent
    const int8_t* in;
    uint32_t entry;  ///< where the first turn of the unrolled loop begins
    int8_t* out;
    int32_t exponent;
    const int8_t* in_end;
    int8_t* out_end;
    const int32_t* bias;
    int32_t skipped;  ///< bytes of the unrolled loop that the first turn leaves out, and 1 for Thumb
  };

  /// Outputs of `blocks` blocks of eight channels of a uniform layer. `kRounded`: negative ones are rounded
  /// away from zero; after a ReLU they are clamped anyway. `kUnrolled`: fours of inputs that a turn of the
  /// inner loop takes, a power of two.
  template <bool kRounded, int32_t kUnrolled>
  MOTE_SHARED static void run_eights(int32_t quads, int32_t blocks, int32_t zero_point,
                                     const FullyConnectedTables& tables, const int8_t* in, int8_t* out) {
    if (blocks == 0) return;
    const int32_t exponent = -tables.shift[0], multiplier = tables.multiplier[0];
    const int32_t rounding = wrapping_shift_left(2 * zero_point + 1, exponent - 1);
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // In one piece with all 14 registers: r0, r2, r4 and r6 are the even channels' sums, the others what is
    // raw. The loop is unrolled and entered so that it ends with the last of the quads, whose code takes 124
    // bytes.
    Eights work = {multiplier,
                   rounding,
                   in,
                   0,
                   out,
                   exponent,
                   in + 4 * quads,
                   out + 8 * blocks,
                   tables.bias.data(),
                   (-quads & (kUnrolled - 1)) * 124 + 1};
    const int8_t* address = tables.weights.data();
    uint32_t x0, x1, w0, w1, x;
#define MOTE_FULLY_CONNECTED_PAIR(raw, even) \
  "ldrd %[w0], %[w1], [%[address]], #8\n\t"  \
  "smlad " raw ", %[w0], %[x0], " raw        \
  "\n\t"                                     \
  "sxtb16.w %[w0], %[w0]\n\t"                \
  "smlad " even ", %[w0], %[x0], " even      \
  "\n\t"                                     \
  "smlad " raw ", %[w1], %[x1], " raw        \
  "\n\t"                                     \
  "sxtb16.w %[w1], %[w1]\n\t"                \
  "smlad " even ", %[w1], %[x1], " even "\n\t"
#define MOTE_FULLY_CONNECTED_FINISH(raw, even, output) \
  "sub " raw ", " raw ", " even                        \
  "\n\t"                                               \
  "lsl " even ", " even                                \
  ", #1\n\t"                                           \
  "asr " raw ", " raw ", #7\n\t" output(even) output(raw)
#define MOTE_FULLY_CONNECTED_SCALED(sum) \
  "smmlar " sum ", " sum                 \
  ", %[x0], %[x1]\n\t"                   \
  "asr " sum ", " sum                    \
  ", %[w1]\n\t"                          \
  "ssat " sum ", #8, " sum               \
  "\n\t"                                 \
  "strb " sum ", [%[w0]], #1\n\t"
#define MOTE_FULLY_CONNECTED_ROUNDED(sum) \
  "smmlar %[x], " sum                     \
  ", %[x0], %[x1]\n\t"                    \
  "add %[x], %[x], " sum                  \
  ", asr #31\n\t"                         \
  "asr %[x], %[x], %[w1]\n\t"             \
  "ssat %[x], #8, %[x]\n\t"               \
  "strb %[x], [%[w0]], #1\n\t"
#define MOTE_FULLY_CONNECTED_EIGHTS(output) \
  asm volatile(                                                                                       \
      "adr.w %[w0], 2f\n\t"                                                                           \
      "ldr %[w1], %[skipped]\n\t"                                                                     \
      "add %[w0], %[w0], %[w1]\n\t"                                                                   \
      "str %[w0], %[entry]\n\t"                                                                       \
      "1:\n\t"                                                                                        \
      "ldr %[w0], %[bias]\n\t"                                                                        \
      "ldmia.w %[w0]!, {r0-r7}\n\t"                                                                   \
      "str %[w0], %[bias]\n\t"                                                                        \
      "ldrd %[x], %[w1], %[start]\n\t"                                                                \
      "bx %[w1]\n\t"                                                                                  \
      ".balign 4\n\t"                                                                                 \
      "2:\n\t"                                                                                        \
      ".rept %c[unrolled]\n\t"                                                                        \
      "ldr.w %[x1], [%[x]], #4\n\t"                                                                   \
      "sxtb16.w %[x0], %[x1]\n\t"                                                                     \
      "sxtb16.w %[x1], %[x1], ror #8\n\t"                                                             \
      MOTE_FULLY_CONNECTED_PAIR("r1", "r0") MOTE_FULLY_CONNECTED_PAIR("r3", "r2")                     \
      MOTE_FULLY_CONNECTED_PAIR("r5", "r4") MOTE_FULLY_CONNECTED_PAIR("r7", "r6")                     \
      ".endr\n\t"                                                                                     \
      "ldr %[w0], %[in_end]\n\t"                                                                      \
      "cmp %[x], %[w0]\n\t"                                                                           \
      "bne.w 2b\n\t"                                                                                  \
      "ldrd %[x0], %[x1], %[factor]\n\t"                                                              \
      "ldrd %[w0], %[w1], %[out]\n\t"                                                                 \
      MOTE_FULLY_CONNECTED_FINISH("r1", "r0", output) MOTE_FULLY_CONNECTED_FINISH("r3", "r2", output) \
      MOTE_FULLY_CONNECTED_FINISH("r5", "r4", output) MOTE_FULLY_CONNECTED_FINISH("r7", "r6", output) \
      "ldr %[w1], %[out_end]\n\t"                                                                     \
      "str %[w0], %[out]\n\t"                                                                         \
      "cmp %[w0], %[w1]\n\t"                                                                          \
      "bne.w 1b"                                                                                      \
      : [x] "=&r"(x), [address] "+r"(address), [x0] "=&r"(x0), [x1] "=&r"(x1), [w0] "=&r"(w0),        \
        [w1] "=&r"(w1), [entry] "+m"(work.entry), [out] "+Uv"(words(&work.out)), [bias] "+m"(work.bias) \
      : [skipped] "m"(work.skipped), [start] "Uv"(words(&work.in)), [in_end] "m"(work.in_end),        \
        [out_end] "m"(work.out_end), [factor] "Uv"(words(&work.multiplier)), [unrolled] "i"(kUnrolled) \
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "cc", "memory")
    if (kRounded)
      MOTE_FULLY_CONNECTED_EIGHTS(MOTE_FULLY_CONNECTED_ROUNDED);
    else
      MOTE_FULLY_CONNECTED_EIGHTS(MOTE_FULLY_CONNECTED_SCALED);
#undef MOTE_FULLY_CONNECTED_EIGHTS
#undef MOTE_FULLY_CONNECTED_ROUNDED
#undef MOTE_FULLY_CONNECTED_SCALED
#undef MOTE_FULLY_CONNECTED_FINISH
  }
  typedef uint64_t __attribute__((may_alias)) Words;
  MOTE_INLINE static Words& words(void* at) { return *static_cast<Words*>(at); }
#else
    Flash<int8_t> weights = tables.weights;
    for (int32_t ch = 0; ch < 8 * blocks; ch += 8, weights = weights + 32 * quads) {
      EightSums sums = start_eight(tables, ch);
      accumulate_eight(in, quads, weights, sums);
      for (const PairSums& pair : sums.pairs) {
        const int32_t doubled[] = {static_cast<int32_t>(pair.even << 1),
                                   static_cast<int32_t>(pair.raw - pair.even) >> 7};
        for (int32_t value : doubled) {
          int32_t rounded = simd32::smmlar(value, multiplier, rounding);
          if (kRounded) rounded += value >> 31;
          *out++ = static_cast<int8_t>(simd32::ssat8(rounded >> exponent));
        }
      }
    }
  }
#endif

  /// The first 4 * `quads` inputs times the weights of a block of eight.
  MOTE_SHARED static void accumulate_eight(const int8_t* in, int32_t quads, Flash<int8_t> weights,
                                           EightSums& sums) {
    if (quads == 0) return;
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // In one piece with all 14 registers. The loop is four times unrolled and entered so that it ends with
    // the last of the quads, whose code takes 124 bytes.
    const int8_t* address = weights.data();
    const int8_t* const end = in + 4 * quads;
    const int32_t skipped = (-quads & 3) * 124 + 1;  // 1: Thumb
    PairSums p0 = sums.pairs[0], p1 = sums.pairs[1], p2 = sums.pairs[2], p3 = sums.pairs[3];
    uint32_t x0, x1, w0, w1;
    asm("adr.w %[w0], 2f\n\t"
        "ldr %[w1], %[skipped]\n\t"
        "add %[w0], %[w0], %[w1]\n\t"
        "bx %[w0]\n\t"
        ".balign 4\n\t"
        "2:\n\t"
        ".rept 4\n\t"
        "ldr.w %[x1], [%[in]], #4\n\t"
        "sxtb16.w %[x0], %[x1]\n\t"
        "sxtb16.w %[x1], %[x1], ror #8\n\t" MOTE_FULLY_CONNECTED_PAIR("%[r0]", "%[e0]")
            MOTE_FULLY_CONNECTED_PAIR("%[r1]", "%[e1]") MOTE_FULLY_CONNECTED_PAIR("%[r2]", "%[e2]")
                MOTE_FULLY_CONNECTED_PAIR("%[r3]", "%[e3]") ".endr\n\t"
        "ldr %[w0], %[end]\n\t"
        "cmp %[in], %[w0]\n\t"
        "bne 2b"
        : [r0] "+r"(p0.raw), [e0] "+r"(p0.even), [r1] "+r"(p1.raw), [e1] "+r"(p1.even), [r2] "+r"(p2.raw),
          [e2] "+r"(p2.even), [r3] "+r"(p3.raw), [e3] "+r"(p3.even), [in] "+r"(in),
          [address] "+r"(address), [x0] "=&r"(x0), [x1] "=&r"(x1), [w0] "=&r"(w0), [w1] "=&r"(w1)
        : [skipped] "m"(skipped), [end] "m"(end)
        : "cc", "memory");
#undef MOTE_FULLY_CONNECTED_PAIR
    sums = {{p0, p1, p2, p3}};
#else
    for (; quads > 0; --quads, in += 4) {
      const uint32_t inputs = simd32::load_word(in);
      for (PairSums& pair : sums.pairs)
        accumulate_pair(simd32::sxtb16(inputs), simd32::sxtb16_ror8(inputs), weights, pair);
    }
#endif
  }

  /// Outputs ch..ch + 7; `weights` [in, out] moves on to the next block.
  MOTE_INLINE static void run_eight(const FullyConnectedShape& shape, const FullyConnectedTables& tables,
                                    Flash<int8_t>& weights, int32_t ch, const int8_t* in, int8_t* out) {
    EightSums sums = start_eight(tables, ch);
    accumulate_eight(in, shape.in_features / 4, weights, sums);
    weights = weights + shape.in_features / 4 * 32;
    const int32_t rest = shape.in_features % 4;
    if (rest > 0) {
      const uint32_t inputs = simd32::load_bytes(in + shape.in_features - rest, rest);
      for (PairSums& pair : sums.pairs)
        accumulate_pair(simd32::sxtb16(inputs), simd32::sxtb16_ror8(inputs), weights, pair);
    }
    for (int32_t pair = 0; pair < 4; ++pair) {
      out[2 * pair] = finish(shape, tables, ch + 2 * pair, even_of(sums.pairs[pair]));
      out[2 * pair + 1] = finish(shape, tables, ch + 2 * pair + 1, odd_of(sums.pairs[pair]));
    }
  }

  /// Outputs ch..ch + kCount - 1; `weights` [in, out] moves on to the next block.
  template <int32_t kCount>
  MOTE_INLINE static void run_block(const FullyConnectedShape& shape, const FullyConnectedTables& tables,
                                    Flash<int8_t>& weights, int32_t ch, const int8_t* in, int8_t* out) {
    PairSums first = start_pair<kCount>(tables, ch);
    PairSums second = kCount > 2 ? start_pair<kCount - 2>(tables, ch + 2) : PairSums{0, 0};
    int32_t rest = shape.in_features;
    for (; is_large(shape) && rest >= 8; rest -= 8) {
      accumulate<kCount>(simd32::load_word(in), weights, first, second);
      accumulate<kCount>(simd32::load_word(in + 4), weights, first, second);
      in += 8;
    }
    for (; rest >= 4; rest -= 4, in += 4) accumulate<kCount>(simd32::load_word(in), weights, first, second);
    if (rest > 0) accumulate<kCount>(simd32::load_bytes(in, rest), weights, first, second);
    const int32_t sums[] = {even_of(first), odd_of(first), even_of(second), odd_of(second)};
    for (int32_t index = 0; index < kCount; ++index)
      out[index] = finish(shape, tables, ch + index, sums[index]);
  }
};

/// The same in less code.
struct FullyConnectedDspSmall : FullyConnectedDsp {
  static constexpr const char* kName = "cortex_m_dsp_small";
  static constexpr CodeBytes code_bytes(int32_t kind) {
    return kind == 1 ? CodeBytes{100, 2200, 1500} : FullyConnectedDsp::code_bytes(kind);
  }
  static constexpr bool kForSize = true;

  MOTE_INLINE static void run(FullyConnectedShape shape, const FullyConnectedTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    run_as<8, 8>(shape, tables, in, out);
  }
};

}  // namespace kernels
}  // namespace mote
