// SPDX-License-Identifier: Apache-2.0
#pragma once

// The 32-bit SIMD and high-multiply instructions that the tuned kernels stand on. Each has a plain C++
// meaning, so that a kernel written on them runs, and is tested, everywhere; on an Arm core with the DSP
// extension each is its instruction. One-line inline assembly rather than intrinsics: GCC has none for the
// rotating and accumulating forms, and those of <arm_acle.h> would be a further include.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"

namespace mote {
namespace simd32 {

namespace detail {
/// The signed halfword `index` (0 = low) of `word`.
MOTE_INLINE constexpr int32_t halfword(uint32_t word, int32_t index) {
  return static_cast<int16_t>(static_cast<uint16_t>(word >> (16 * index)));
}
/// The signed byte `index` of `word`, as the 16 bits of a halfword.
MOTE_INLINE constexpr uint32_t widened_byte(uint32_t word, int32_t index) {
  return static_cast<uint16_t>(
      static_cast<int16_t>(static_cast<int8_t>(static_cast<uint8_t>(word >> (8 * index)))));
}
/// (a * b + 2^31) >> 32 from products of halves, for cores whose multiplication gives 32 bits. Each sum of a
/// product and a halfword fits: 32768 * 65535 + 65535 < 2^31.
MOTE_INLINE constexpr int32_t rounded_high_product(int32_t a, int32_t b) {
  const int32_t a_low = a & 0xFFFF, a_high = a >> 16, b_low = b & 0xFFFF, b_high = b >> 16;
  const uint32_t low = static_cast<uint32_t>(a_low) * static_cast<uint32_t>(b_low);
  const int32_t middle = a_high * b_low + static_cast<int32_t>(low >> 16);
  const int32_t other = a_low * b_high + (middle & 0xFFFF);
  return a_high * b_high + (middle >> 16) + (((other >> 15) + 1) >> 1);
}
/// a * b / 2^16 rounded down, b a halfword, from products that fit 32 bits: |a >> 16| * |b| <= 2^30,
/// 65535 * 32768 < 2^31.
MOTE_INLINE constexpr int32_t word_times_halfword_in_parts(int32_t a, int32_t b) {
  return (a >> 16) * b + (((a & 0xFFFF) * b) >> 16);
}
/// The same; one product on cores that give its high half.
MOTE_INLINE constexpr int32_t word_times_halfword(int32_t a, int32_t b) {
#if defined(__AVR__) || (defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB < 2)
  return word_times_halfword_in_parts(a, b);
#else
  const int32_t high = b * 65536;
  return static_cast<int32_t>((static_cast<int64_t>(a) * high) >> 32);
#endif
}
MOTE_INLINE constexpr uint32_t halfword_pair(int16_t low, int16_t high) {
  return static_cast<uint32_t>(static_cast<uint16_t>(low)) |
         static_cast<uint32_t>(static_cast<uint16_t>(high)) << 16;
}
}  // namespace detail

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)

MOTE_INLINE uint32_t sxtb16(uint32_t word) {
  uint32_t result;
  asm("sxtb16 %0, %1" : "=r"(result) : "r"(word));
  return result;
}

MOTE_INLINE uint32_t sxtb16_ror8(uint32_t word) {
  uint32_t result;
  asm("sxtb16 %0, %1, ror #8" : "=r"(result) : "r"(word));
  return result;
}

MOTE_INLINE uint32_t sxtab16(uint32_t acc, uint32_t word) {
  uint32_t result;
  asm("sxtab16 %0, %1, %2" : "=r"(result) : "r"(acc), "r"(word));
  return result;
}

MOTE_INLINE uint32_t sxtab16_ror8(uint32_t acc, uint32_t word) {
  uint32_t result;
  asm("sxtab16 %0, %1, %2, ror #8" : "=r"(result) : "r"(acc), "r"(word));
  return result;
}

MOTE_INLINE uint32_t smlad(uint32_t a, uint32_t b, uint32_t acc) {
  uint32_t result;
  asm("smlad %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE uint32_t smlabt(uint32_t a, uint32_t b, uint32_t acc) {
  uint32_t result;
  asm("smlabt %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE uint32_t smlatb(uint32_t a, uint32_t b, uint32_t acc) {
  uint32_t result;
  asm("smlatb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE uint32_t sadd16(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("sadd16 %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t pkhbt(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("pkhbt %0, %1, %2, lsl #16" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t pkhtb(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("pkhtb %0, %2, %1, asr #16" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE int32_t smulwb(int32_t a, uint32_t b) {
  int32_t result;
  asm("smulwb %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE int32_t smulwt(int32_t a, uint32_t b) {
  int32_t result;
  asm("smulwt %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE int32_t smlawb(int32_t a, uint32_t b, int32_t acc) {
  int32_t result;
  asm("smlawb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE int32_t smlawt(int32_t a, uint32_t b, int32_t acc) {
  int32_t result;
  asm("smlawt %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE int64_t smlald(uint32_t a, uint32_t b, int64_t acc) {
  uint32_t low = static_cast<uint32_t>(acc);
  int32_t high = static_cast<int32_t>(acc >> 32);
  asm("smlald %0, %1, %2, %3" : "+r"(low), "+r"(high) : "r"(a), "r"(b));
  return static_cast<int64_t>(static_cast<uint64_t>(static_cast<uint32_t>(high)) << 32 | low);
}

MOTE_INLINE int32_t smmlar(int32_t a, int32_t b, int32_t acc) {
  int32_t result;
  asm("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

#else

/// Bytes 0 and 2 of `word`, sign-extended to the two halfwords of the result.
MOTE_INLINE constexpr uint32_t sxtb16(uint32_t word) {
  return detail::widened_byte(word, 0) | detail::widened_byte(word, 2) << 16;
}

/// Bytes 1 and 3 of `word`, sign-extended to the two halfwords of the result.
MOTE_INLINE constexpr uint32_t sxtb16_ror8(uint32_t word) {
  return detail::widened_byte(word, 1) | detail::widened_byte(word, 3) << 16;
}

/// acc + a.low * b.low + a.high * b.high of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smlad(uint32_t a, uint32_t b, uint32_t acc) {
  return acc + static_cast<uint32_t>(detail::halfword(a, 0) * detail::halfword(b, 0)) +
         static_cast<uint32_t>(detail::halfword(a, 1) * detail::halfword(b, 1));
}

/// acc + a.low * b.high of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smlabt(uint32_t a, uint32_t b, uint32_t acc) {
  return acc + static_cast<uint32_t>(detail::halfword(a, 0) * detail::halfword(b, 1));
}

/// acc + a.high * b.low of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smlatb(uint32_t a, uint32_t b, uint32_t acc) {
  return acc + static_cast<uint32_t>(detail::halfword(a, 1) * detail::halfword(b, 0));
}

/// The sums of the halfwords, each modulo 2^16.
MOTE_INLINE constexpr uint32_t sadd16(uint32_t a, uint32_t b) {
  return ((a + b) & 0xFFFFu) | ((a & 0xFFFF0000u) + (b & 0xFFFF0000u));
}

/// The halfwords of acc plus bytes 0 and 2 of `word`, sign-extended; each modulo 2^16.
MOTE_INLINE constexpr uint32_t sxtab16(uint32_t acc, uint32_t word) {
  return sadd16(acc, sxtb16(word));
}

/// The halfwords of acc plus bytes 1 and 3 of `word`, sign-extended; each modulo 2^16.
MOTE_INLINE constexpr uint32_t sxtab16_ror8(uint32_t acc, uint32_t word) {
  return sadd16(acc, sxtb16_ror8(word));
}

/// The low halfwords of a (low) and b (high).
MOTE_INLINE constexpr uint32_t pkhbt(uint32_t a, uint32_t b) {
  return (a & 0xFFFFu) | b << 16;
}

/// The high halfwords of a (low) and b (high).
MOTE_INLINE constexpr uint32_t pkhtb(uint32_t a, uint32_t b) {
  return a >> 16 | (b & 0xFFFF0000u);
}

/// a * b.low / 2^16 of a signed halfword, rounded down.
MOTE_INLINE constexpr int32_t smulwb(int32_t a, uint32_t b) {
  return detail::word_times_halfword(a, detail::halfword(b, 0));
}

/// a * b.high / 2^16 of a signed halfword, rounded down.
MOTE_INLINE constexpr int32_t smulwt(int32_t a, uint32_t b) {
  return detail::word_times_halfword(a, detail::halfword(b, 1));
}

/// acc + a * b.low / 2^16 of a signed halfword, the quotient rounded down, modulo 2^32.
MOTE_INLINE constexpr int32_t smlawb(int32_t a, uint32_t b, int32_t acc) {
  return static_cast<int32_t>(static_cast<uint32_t>(acc) + static_cast<uint32_t>(smulwb(a, b)));
}

/// acc + a * b.high / 2^16 of a signed halfword, the quotient rounded down, modulo 2^32.
MOTE_INLINE constexpr int32_t smlawt(int32_t a, uint32_t b, int32_t acc) {
  return static_cast<int32_t>(static_cast<uint32_t>(acc) + static_cast<uint32_t>(smulwt(a, b)));
}

/// acc + a.low * b.low + a.high * b.high of signed halfwords.
MOTE_INLINE constexpr int64_t smlald(uint32_t a, uint32_t b, int64_t acc) {
  const int32_t low = detail::halfword(a, 0) * detail::halfword(b, 0);
  const int32_t high = detail::halfword(a, 1) * detail::halfword(b, 1);
  return acc + low + high;
}

/// acc + a * b / 2^32, rounded to nearest with ties upward, modulo 2^32.
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2
MOTE_INLINE int32_t smmlar(int32_t a, int32_t b, int32_t acc) {
  int32_t low = INT32_MIN;
  asm("smlal %0, %1, %2, %3" : "+r"(low), "+r"(acc) : "r"(a), "r"(b));
  return acc;
}
#else
MOTE_INLINE constexpr int32_t smmlar(int32_t a, int32_t b, int32_t acc) {
#if defined(__ARM_ARCH_ISA_THUMB)
  return static_cast<int32_t>(static_cast<uint32_t>(detail::rounded_high_product(a, b)) +
                              static_cast<uint32_t>(acc));
#else
  // 2^31 carries where the product's low half has its highest bit set.
  return static_cast<int32_t>(static_cast<uint32_t>((static_cast<int64_t>(a) * b) >> 32) +
                              (static_cast<uint32_t>(static_cast<int64_t>(a) * b) >> 31) +
                              static_cast<uint32_t>(acc));
#endif
}
#endif

#endif

#if defined(__ARM_FEATURE_SAT)  // ARMv7-M without the DSP extension has these too

MOTE_INLINE int32_t ssat8(int32_t value) {
  int32_t result;
  asm("ssat %0, #8, %1" : "=r"(result) : "r"(value));
  return result;
}

MOTE_INLINE int32_t ssat8_asr1(int32_t value) {
  int32_t result;
  asm("ssat %0, #8, %1, asr #1" : "=r"(result) : "r"(value));
  return result;
}

#else

/// `value` saturated to int8.
MOTE_INLINE constexpr int32_t ssat8(int32_t value) {
  return value < -128 ? -128 : (value > 127 ? 127 : value);
}

/// value / 2, rounded down, saturated to int8.
MOTE_INLINE constexpr int32_t ssat8_asr1(int32_t value) {
  return ssat8(value >> 1);
}

#endif

/// The first `count` (0..4) bytes at `from` as a little-endian word, zeros above; any alignment.
MOTE_INLINE uint32_t load_bytes(const int8_t* from, int32_t count) {
  uint32_t word = 0;
  for (int32_t index = 0; index < count; ++index)
    word |= static_cast<uint32_t>(static_cast<uint8_t>(from[index])) << (8 * index);
  return word;
}

/// Four bytes at `from` as a little-endian word; any alignment.
MOTE_INLINE uint32_t load_word(const int8_t* from) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && \
    (defined(__ARM_FEATURE_UNALIGNED) || defined(__x86_64__) || defined(__aarch64__))
  uint32_t word;
  __builtin_memcpy(&word, from, sizeof(word));
  return word;
#else
  return load_bytes(from, 4);
#endif
}

/// Four halfwords as two words, the earlier halfword low; `from` [in]: a multiple of 4.
MOTE_INLINE void load_halfwords(const int16_t* from, uint32_t& first, uint32_t& second) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
  typedef uint64_t __attribute__((may_alias)) Halfwords;
  // "Uv": a base and an offset that is a multiple of 4 up to 1020, which is what LDRD takes too.
  asm("ldrd %0, %1, %2" : "=&r"(first), "=&r"(second) : "Uv"(*reinterpret_cast<const Halfwords*>(from)));
#else
  first = detail::halfword_pair(from[0], from[1]);
  second = detail::halfword_pair(from[2], from[3]);
#endif
}

/// Two halfwords as a word, the earlier one low; `from` [in]: a multiple of 4.
MOTE_INLINE uint32_t load_halfword_pair(const int16_t* from) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
  uint32_t pair;
  __builtin_memcpy(&pair, __builtin_assume_aligned(from, 4), sizeof(pair));
  return pair;
#else
  return detail::halfword_pair(from[0], from[1]);
#endif
}

/// The same of a table that is aligned to 4 there.
MOTE_INLINE uint32_t load_word(Flash<int8_t> from) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
  return load_word(from.data());
#else
  uint32_t word = 0;
  for (int32_t index = 0; index < 4; ++index)
    word |= static_cast<uint32_t>(static_cast<uint8_t>(from[index])) << (8 * index);
  return word;
#endif
}

/// Two consecutive elements of a table of halfwords as a word, the earlier one low; any alignment.
MOTE_INLINE uint32_t load_halfword_pair(Flash<int16_t> from) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__ARM_FEATURE_UNALIGNED)
  uint32_t pair;
  __builtin_memcpy(&pair, from.data(), sizeof(pair));
  return pair;
#else
  return detail::halfword_pair(from[0], from[1]);
#endif
}

/// Two numbers at `from`; `from` [in]: a multiple of 4.
MOTE_INLINE void load_words(const int32_t* from, int32_t& first, int32_t& second) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
  struct Words {
    int32_t words[2];
  };
  // The memory operand is not in the text; it tells the compiler what is read.
  asm("ldrd %0, %1, [%2]"
      : "=r"(first), "=r"(second)
      : "r"(from), "m"(*reinterpret_cast<const Words*>(from)));
#else
  first = from[0];
  second = from[1];
#endif
}

/// Writes two halfwords, the low one first; `to` [out]: a multiple of 4.
MOTE_INLINE void store_halfword_pair(int16_t* to, uint32_t pair) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
  __builtin_memcpy(__builtin_assume_aligned(to, 4), &pair, sizeof(pair));
#else
  to[0] = static_cast<int16_t>(detail::halfword(pair, 0));
  to[1] = static_cast<int16_t>(detail::halfword(pair, 1));
#endif
}

/// Eight bytes of a table as two little-endian words.
///
/// `from` [in, out]: a multiple of 4; moves on by 8 bytes. `first`, `second` [out]: the words.
MOTE_INLINE void load_word_pair(Flash<int8_t>& from, uint32_t& first, uint32_t& second) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
  struct Bytes {
    int8_t bytes[8];
  };
  const int8_t* address = from.data();
  // The memory operand is not in the text; it tells the compiler what is read.
  asm("ldrd %0, %1, [%2], #8"
      : "=&r"(first), "=&r"(second), "+r"(address)
      : "m"(*reinterpret_cast<const Bytes*>(address)));
  from = Flash<int8_t>(address);
#else
  first = 0;
  second = 0;
  for (int32_t index = 0; index < 4; ++index) {
    first |= static_cast<uint32_t>(static_cast<uint8_t>(from[index])) << (8 * index);
    second |= static_cast<uint32_t>(static_cast<uint8_t>(from[4 + index])) << (8 * index);
  }
  from = from + 8;
#endif
}

}  // namespace simd32
}  // namespace mote
