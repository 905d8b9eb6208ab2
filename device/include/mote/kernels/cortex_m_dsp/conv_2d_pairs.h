// SPDX-License-Identifier: Apache-2.0
#pragma once

// The channels of Conv2dDsp and Conv2dDspSmall, two at a time, over windows that are widened already;
// conv_2d.h says how they lie.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {
namespace detail {

/// Pairs of output channels over a block of pixels.
struct Conv2dPairs {
  static constexpr int32_t kPixels = 3;
  static constexpr int32_t kQuadWords = 2 * kPixels;  ///< of four inputs of each pixel
  static constexpr int32_t kQuadBytes = kQuadWords * 4;
  static constexpr int32_t kUnrolledQuads = 8;   ///< a power of two, as kUnrolled is
  static constexpr int32_t kUnrolledBytes = 68;  ///< of code for each of them

  /// What is widened at a time: threes of pixels; or all that are left, behind some of the last three;
  /// or, where there are not even three pixels, a single one three times.
  struct Block {
    int32_t groups;  ///< of three windows
    int32_t kept;    ///< windows of the block before
    int32_t pixels;  ///< that are new

    MOTE_INLINE constexpr bool repeats() const { return kept + pixels < kPixels; }
  };
  MOTE_INLINE static constexpr Block whole_block(int32_t groups) { return {groups, 0, groups * kPixels}; }
  MOTE_INLINE static constexpr Block single_pixel() { return {1, 0, 1}; }

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
    Factor odd;    ///< as `even` if there is none
    int32_t back;  ///< from the odd channel's output to the even one's: 1, or 0 if there is none
    int32_t even_exponent;
    int32_t odd_exponent;
    int32_t line;     ///< from one pixel's output to the next one's
    int32_t skipped;  ///< bytes of the unrolled loop that the first turn leaves out, and 1 for Thumb
    const uint32_t* patches;
    const uint32_t* patches_end;
    int8_t* next_place;   ///< the next pair's first
    int8_t* place;        ///< the odd channel's next output
    int32_t group_bytes;  ///< from a group's first output to the next one's
    Flash<int8_t> weights;
    Flash<int8_t> weights_end;
    int32_t pair_bytes;  ///< of weights
    int32_t quads;
    Flash<int8_t> shift;  ///< of the next pair
    int32_t half;         ///< 1, and the zero point times 2
    Flash<int32_t> bias;  ///< of the next pair
    Flash<int32_t> multiplier;
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
        "strd %[shift], %[other_shift], " MOTE_CONV_2D_AT(even_exponent_at)
        "\n\t"
        "ldr %[x], " MOTE_CONV_2D_AT(next_place_at)
        "\n\t"
        "add %[y], %[x], #2\n\t"
        "strd %[y], %[x], " MOTE_CONV_2D_AT(next_place_at)
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
          [next_place_at] "i"(__builtin_offsetof(Work, next_place)),
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

  /// All outputs of a block. `kRounded`: negative ones are rounded away from zero; `kUnrolled`: fours of
  /// inputs that a turn of the inner loop takes; where they are fewer than kUnrolledQuads nothing is clamped.
  template <bool kRounded, int32_t kUnrolled>
  MOTE_SHARED static void run_block(const Outputs& outputs, const WeightTables<int32_t>& tables,
                                    const uint32_t* patches, Block block, int8_t* out) {
    Work work;
    work.patches = patches;
    work.patches_end = patches + block.groups * outputs.quads * kQuadWords;
    work.line = block.repeats() ? 0 : outputs.channels;
    work.group_bytes = kPixels * work.line;
    work.quads = outputs.quads;
    work.pair_bytes = 8 * outputs.quads;
    work.skipped =
        (outputs.quads == 1 ? kUnrolled : (1 - outputs.quads) & (kUnrolled - 1)) * kUnrolledBytes + 1;
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
      run_pair<kRounded, kUnrolled>(work);
    }
    if (kUnrolled != kUnrolledQuads || (outputs.activation_min == -128 && outputs.activation_max == 127))
      return;
    clamp_outputs(outputs, (block.kept + block.pixels) * outputs.channels, out);
  }
  MOTE_SHARED static void clamp_outputs(const Outputs& outputs, int32_t count, int8_t* out) {
    for (int8_t* const end = out + count; out != end; ++out)
      *out = static_cast<int8_t>(clamp(int32_t{*out}, outputs.activation_min, outputs.activation_max));
  }

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
  // In one piece with all 14 registers; the compiler, left alone, keeps sums on the stack. Words of the three
  // pixels are loaded together, into r0, r1 and r2. The loop is unrolled and entered so that it ends with the
  // last of the quads.
#define MOTE_CONV_2D_WORD(w, raw0, raw1, raw2, even0, even1, even2) \
  "ldmia.w %[x]!, {r0, r1, r2}\n\t"                                 \
  "smlad %[a0], %[" w "], r0, %[" raw0                              \
  "]\n\t"                                                           \
  "smlad %[a1], %[" w "], r1, %[" raw1                              \
  "]\n\t"                                                           \
  "smlad %[a2], %[" w "], r2, %[" raw2                              \
  "]\n\t"                                                           \
  "sxtb16.w %[" w "], %[" w                                         \
  "]\n\t"                                                           \
  "smlad %[b0], %[" w "], r0, %[" even0                             \
  "]\n\t"                                                           \
  "smlad %[b1], %[" w "], r1, %[" even1                             \
  "]\n\t"                                                           \
  "smlad %[b2], %[" w "], r2, %[" even2 "]\n\t"
#define MOTE_CONV_2D_SUMS \
  "adr.w %[w0], 2f\n\t"                                       \
  "ldrd %[w1], %[x], %[begin]\n\t"                            \
  "add %[w0], %[w0], %[w1]\n\t"                               \
  "str %[w0], %[entry]\n\t"                                   \
  "1:\n\t"                                                    \
  "ldrd %[at], %[end], %[weights]\n\t"                        \
  "ldrd %[a2], %[b2], %[start]\n\t"                           \
  "ldrd %[w0], %[w1], [%[at]], #8\n\t"                        \
  MOTE_CONV_2D_WORD("w0", "a2", "a2", "a2", "b2", "b2", "b2") \
  MOTE_CONV_2D_WORD("w1", "a0", "a1", "a2", "b0", "b1", "b2") \
  "ldr %[w0], %[entry]\n\t"                                   \
  "bx %[w0]\n\t"                                              \
  ".balign 4\n\t"                                             \
  "2:\n\t"                                                    \
  ".rept %c[unrolled]\n\t"                                    \
  "ldrd %[w0], %[w1], [%[at]], #8\n\t"                        \
  MOTE_CONV_2D_WORD("w0", "a0", "a1", "a2", "b0", "b1", "b2") \
  MOTE_CONV_2D_WORD("w1", "a0", "a1", "a2", "b0", "b1", "b2") \
  ".endr\n\t"                                                 \
  "cmp %[at], %[end]\n\t"                                     \
  "bne 2b\n\t"                                                \
  "sub %[a0], %[a0], %[b0]\n\t"                               \
  "sub %[a1], %[a1], %[b1]\n\t"                               \
  "sub %[a2], %[a2], %[b2]\n\t"
  // Doubled accumulators: from what is 256 * odd, and from even.
#define MOTE_CONV_2D_ODD(sum) "asr %[" sum "], %[" sum "], #7\n\t"
#define MOTE_CONV_2D_EVEN(sum) "lsl %[" sum "], %[" sum "], #1\n\t"
  // One output, stored at `to`. After a ReLU what is negative is clamped anyway: no rounding away from zero.
#define MOTE_CONV_2D_SCALED(sum, to) \
  "smmlar %[" sum "], %[" sum        \
  "], r0, r1\n\t"                    \
  "asr %[" sum "], %[" sum           \
  "], %[w0]\n\t"                     \
  "ssat %[" sum "], #8, %[" sum      \
  "]\n\t"                            \
  "strb %[" sum "], " to "\n\t"
#define MOTE_CONV_2D_ROUNDED(sum, to) \
  "smmlar r2, %[" sum                 \
  "], r0, r1\n\t"                     \
  "add r2, r2, %[" sum                \
  "], asr #31\n\t"                    \
  "asr r2, r2, %[w0]\n\t"             \
  "ssat r2, #8, r2\n\t"               \
  "strb r2, " to "\n\t"
  // The odd channel's outputs, then those of the even one, which lie `back` bytes before them.
#define MOTE_CONV_2D_PAIR(output) \
  asm volatile(                                                                                          \
      MOTE_CONV_2D_SUMS                                                                                  \
      "ldrd %[at], %[end], %[place]\n\t"                                                                 \
      "ldrd %[w0], %[w1], %[odd_rest]\n\t"                                                               \
      "ldrd r0, r1, %[odd]\n\t"                                                                          \
      "add %[end], %[at], %[end]\n\t"                                                                    \
      "str %[end], %[place]\n\t"                                                                         \
      MOTE_CONV_2D_ODD("a0") output("a0", "[%[at]]") MOTE_CONV_2D_ODD("a1")                              \
      output("a1", "[%[at], %[w1]]") MOTE_CONV_2D_ODD("a2") output("a2", "[%[at], %[w1], lsl #1]")       \
      "ldrd %[end], %[w0], %[even_rest]\n\t"                                                             \
      "ldrd r0, r1, %[even]\n\t"                                                                         \
      "sub %[at], %[at], %[end]\n\t"                                                                     \
      MOTE_CONV_2D_EVEN("b0") output("b0", "[%[at]]") MOTE_CONV_2D_EVEN("b1")                            \
      output("b1", "[%[at], %[w1]]") MOTE_CONV_2D_EVEN("b2") output("b2", "[%[at], %[w1], lsl #1]")      \
      "ldr %[w0], %[patches_end]\n\t"                                                                    \
      "cmp %[x], %[w0]\n\t"                                                                              \
      "bne 1b"                                                                                           \
      : [a0] "=&r"(a0), [b0] "=&r"(b0), [a1] "=&r"(a1), [b1] "=&r"(b1), [a2] "=&r"(a2), [b2] "=&r"(b2),  \
        [x] "=&r"(x), [at] "=&r"(at), [end] "=&r"(end), [w0] "=&r"(w0), [w1] "=&r"(w1),                  \
        [entry] "=m"(entry), [place] "+Uv"(words(&work.place))                                           \
      : [begin] "Uv"(words(&work.skipped)), [patches_end] "m"(work.patches_end),   \
        [start] "Uv"(words(&work.start)), [weights] "Uv"(words(&work.weights)),                          \
        [odd] "Uv"(words(&work.odd)), [odd_rest] "Uv"(words(&work.odd_exponent)),                        \
        [even] "Uv"(words(&work.even)), [even_rest] "Uv"(words(&work.back)),                    \
        [unrolled] "i"(kUnrolled)                                                                        \
      : "r0", "r1", "r2", "cc", "memory")

  typedef uint64_t __attribute__((may_alias)) Words;
  MOTE_INLINE static Words& words(void* at) { return *static_cast<Words*>(at); }

  /// A pair of channels over a block.
  template <bool kRounded, int32_t kUnrolled>
  MOTE_INLINE static void run_pair(Work& work) {
    uint32_t a0, b0, a1, b1, a2, b2, x, at, end, w0, w1, entry;
    if (kRounded)
      MOTE_CONV_2D_PAIR(MOTE_CONV_2D_ROUNDED);
    else
      MOTE_CONV_2D_PAIR(MOTE_CONV_2D_SCALED);
  }
#undef MOTE_CONV_2D_PAIR
#undef MOTE_CONV_2D_ROUNDED
#undef MOTE_CONV_2D_SCALED
#undef MOTE_CONV_2D_EVEN
#undef MOTE_CONV_2D_ODD
#undef MOTE_CONV_2D_SUMS
#undef MOTE_CONV_2D_WORD
#else
  /// A pair of channels over a block.
  template <bool kRounded, int32_t /*kUnrolled*/>
  MOTE_INLINE static void run_pair(Work& work) {
    for (const uint32_t* patches = work.patches; patches != work.patches_end;
         patches += work.quads * kQuadWords)
      for (int32_t pixel = 0; pixel < kPixels; ++pixel, work.place += work.line) {
        const Sums sums = pixel_sums(work, patches + pixel);
        work.place[0] =
            output<kRounded>(work.odd, work.odd_exponent, static_cast<int32_t>(sums.raw - sums.even) >> 7);
        work.place[-work.back] =
            output<kRounded>(work.even, work.even_exponent, static_cast<int32_t>(sums.even << 1));
      }
  }
  /// `patch` [in]: the pixel's first word; one in three is its.
  MOTE_INLINE static Sums pixel_sums(const Work& work, const uint32_t* patch) {
    Sums sums = work.start;
    for (int32_t word = 0; word < 2 * work.quads; ++word) {
      const uint32_t weights = simd32::load_word(work.weights + 4 * word);
      sums.raw = simd32::smlad(weights, patch[kPixels * word], sums.raw);
      sums.even = simd32::smlad(simd32::sxtb16(weights), patch[kPixels * word], sums.even);
    }
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
#endif
};

}  // namespace detail
}  // namespace kernels
}  // namespace mote
