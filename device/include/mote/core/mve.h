// SPDX-License-Identifier: Apache-2.0
#pragma once

// The vector operations (Arm MVE, Cortex-M55) that the kernels of cortex_m_mve stand on. As in simd32.h each
// has a plain C++ meaning, so that a kernel written on them runs, and is tested, everywhere; with MVE each is
// its instruction, or the two of a predicated one.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>
#endif

namespace mote {
namespace mve {

/// Where a table lies that vectors are loaded from. Null on AVR, where that is no address to load from, and
/// none of this runs.
template <class T>
MOTE_INLINE const T* address(Flash<T> table) {
#if defined(__AVR__)
  static_cast<void>(table);
  return nullptr;
#else
  return table.data();
#endif
}

#if defined(__ARM_FEATURE_MVE)

using Bytes = int8x16_t;
using Halves = int16x8_t;
using Words = int32x4_t;

/// Two vectors of eight words: those at even and those at odd places.
struct WordPair {
  Words even;
  Words odd;
};

MOTE_INLINE Bytes load_bytes(const int8_t* from) {
  return vldrbq_s8(from);
}
MOTE_INLINE Bytes load_bytes(const int8_t* from, int32_t count) {
  return vldrbq_z_s8(from, vctp8q(static_cast<uint32_t>(count)));
}
MOTE_INLINE void store_bytes(int8_t* to, Bytes bytes) {
  vstrbq_s8(to, bytes);
}
MOTE_INLINE void store_bytes(int8_t* to, Bytes bytes, int32_t count) {
  vstrbq_p_s8(to, bytes, vctp8q(static_cast<uint32_t>(count)));
}
MOTE_INLINE Bytes all_bytes(int32_t value) {
  return vdupq_n_s8(static_cast<int8_t>(value));
}
MOTE_INLINE int32_t multiply_add(int32_t sum, Bytes a, Bytes b) {
  return vmladavaq_s8(sum, a, b);
}

MOTE_INLINE Halves load_halves(const int8_t* from) {
  return vldrbq_s16(from);
}
MOTE_INLINE Halves load_halves(const int8_t* from, int32_t count) {
  return vldrbq_z_s16(from, vctp16q(static_cast<uint32_t>(count)));
}
MOTE_INLINE void store_halves(int8_t* to, Halves halves) {
  vstrbq_s16(to, halves);
}
MOTE_INLINE void store_halves(int8_t* to, Halves halves, int32_t count) {
  vstrbq_p_s16(to, halves, vctp16q(static_cast<uint32_t>(count)));
}
MOTE_INLINE Halves all_halves(int32_t value) {
  return vdupq_n_s16(static_cast<int16_t>(value));
}
MOTE_INLINE Halves add(Halves a, Halves b) {
  return vaddq_s16(a, b);
}
MOTE_INLINE Halves multiply(Halves a, Halves b) {
  return vmulq_s16(a, b);
}
MOTE_INLINE Halves clamp(Halves value, Halves low, Halves high) {
  return vminq_s16(vmaxq_s16(value, low), high);
}
MOTE_INLINE Words widen_even(Halves halves) {
  return vmovlbq_s16(halves);
}
MOTE_INLINE Words widen_odd(Halves halves) {
  return vmovltq_s16(halves);
}
MOTE_INLINE Halves narrow(Words even, Words odd) {
  return vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(even), even), odd);
}
MOTE_INLINE Halves saturating_add(Halves a, int32_t b) {
  return vqaddq_n_s16(a, static_cast<int16_t>(b));
}
MOTE_INLINE Halves saturated_bytes(Halves halves) {
  return vreinterpretq_s16_s8(vqmovnbq_s16(vreinterpretq_s8_s16(halves), halves));
}

MOTE_INLINE Words words(int32_t a, int32_t b, int32_t c, int32_t d) {
  // GCC has no intrinsic for the moves of two; the first register goes to the lower lane.
  Words result;
  asm("vmov %q0[2], %q0[0], %1, %3\n\tvmov %q0[3], %q0[1], %2, %4"
      : "=&w"(result)
      : "r"(a), "r"(b), "r"(c), "r"(d));
  return result;
}
MOTE_INLINE Words all_words(int32_t value) {
  return vdupq_n_s32(value);
}
MOTE_INLINE Words load_words(const int32_t* from) {
  return vldrwq_s32(from);
}
MOTE_INLINE Words load_words(const int32_t* from, int32_t count) {
  return vldrwq_z_s32(from, vctp32q(static_cast<uint32_t>(count)));
}
MOTE_INLINE WordPair load_word_pair(const int32_t* from) {
  const int32x4x2_t pair = vld2q_s32(from);
  return {pair.val[0], pair.val[1]};
}
MOTE_INLINE Words load_byte_words(const int8_t* from) {
  return vldrbq_s32(from);
}
MOTE_INLINE Words load_byte_words(const int8_t* from, int32_t count) {
  return vldrbq_z_s32(from, vctp32q(static_cast<uint32_t>(count)));
}
MOTE_INLINE void store_byte_words(int8_t* to, Words value) {
  vstrbq_s32(to, value);
}
MOTE_INLINE void store_byte_words(int8_t* to, Words value, int32_t count) {
  vstrbq_p_s32(to, value, vctp32q(static_cast<uint32_t>(count)));
}
MOTE_INLINE Words add(Words a, Words b) {
  return vaddq_s32(a, b);
}
MOTE_INLINE Words clamp(Words value, Words low, Words high) {
  return vminq_s32(vmaxq_s32(value, low), high);
}
MOTE_INLINE Words sign(Words value) {
  return vshrq_n_s32(value, 31);
}
MOTE_INLINE Words bits_of_both(Words a, Words b) {
  return vandq_s32(a, b);
}
template <int32_t kBits>
MOTE_INLINE Words shift_left(Words value) {
  return vshlq_n_s32(value, kBits);
}
MOTE_INLINE Words high_product(Words a, Words b) {
  return vqrdmulhq_s32(a, b);
}
MOTE_INLINE Words rounding_shift(Words value, Words shift) {
  return vrshlq_s32(value, shift);
}

#else

/// 16 bytes, 8 halfwords or 4 words, all signed.
struct Bytes {
  int8_t lane[16];
};
struct Halves {
  int16_t lane[8];
};
struct Words {
  int32_t lane[4];
};
struct WordPair {
  Words even;
  Words odd;
};

/// The first `count` bytes, at most all 16; zeros above.
MOTE_INLINE Bytes load_bytes(const int8_t* from, int32_t count = 16) {
  Bytes result = {};
  for (int32_t lane = 0; lane < 16 && lane < count; ++lane) result.lane[lane] = from[lane];
  return result;
}
MOTE_INLINE void store_bytes(int8_t* to, Bytes bytes, int32_t count = 16) {
  for (int32_t lane = 0; lane < 16 && lane < count; ++lane) to[lane] = bytes.lane[lane];
}
MOTE_INLINE Bytes all_bytes(int32_t value) {
  Bytes result;
  for (int8_t& lane : result.lane) lane = static_cast<int8_t>(value);
  return result;
}
/// sum + the products of all lanes, modulo 2^32.
MOTE_INLINE int32_t multiply_add(int32_t sum, Bytes a, Bytes b) {
  for (int32_t lane = 0; lane < 16; ++lane) sum = wrapping_add(sum, int32_t{a.lane[lane]} * b.lane[lane]);
  return sum;
}

/// The first `count` bytes, at most 8, sign-extended; zeros above.
MOTE_INLINE Halves load_halves(const int8_t* from, int32_t count = 8) {
  Halves result = {};
  for (int32_t lane = 0; lane < 8 && lane < count; ++lane) result.lane[lane] = from[lane];
  return result;
}
/// The low bytes of the first `count` lanes.
MOTE_INLINE void store_halves(int8_t* to, Halves halves, int32_t count = 8) {
  for (int32_t lane = 0; lane < 8 && lane < count; ++lane) to[lane] = static_cast<int8_t>(halves.lane[lane]);
}
MOTE_INLINE Halves all_halves(int32_t value) {
  Halves result;
  for (int16_t& lane : result.lane) lane = static_cast<int16_t>(value);
  return result;
}
/// Sums and products modulo 2^16.
MOTE_INLINE Halves add(Halves a, Halves b) {
  for (int32_t lane = 0; lane < 8; ++lane) a.lane[lane] = static_cast<int16_t>(a.lane[lane] + b.lane[lane]);
  return a;
}
MOTE_INLINE Halves multiply(Halves a, Halves b) {
  for (int32_t lane = 0; lane < 8; ++lane) a.lane[lane] = static_cast<int16_t>(a.lane[lane] * b.lane[lane]);
  return a;
}
MOTE_INLINE Halves clamp(Halves value, Halves low, Halves high) {
  for (int32_t lane = 0; lane < 8; ++lane)
    value.lane[lane] = mote::clamp(value.lane[lane], low.lane[lane], high.lane[lane]);
  return value;
}
/// The lanes at even or odd places.
MOTE_INLINE Words widen_even(Halves halves) {
  return {{halves.lane[0], halves.lane[2], halves.lane[4], halves.lane[6]}};
}
MOTE_INLINE Words widen_odd(Halves halves) {
  return {{halves.lane[1], halves.lane[3], halves.lane[5], halves.lane[7]}};
}
/// Both interleaved, saturated to int16.
MOTE_INLINE Halves narrow(Words even, Words odd) {
  Halves result;
  for (int32_t lane = 0; lane < 4; ++lane) {
    result.lane[2 * lane] = saturate<int16_t>(even.lane[lane]);
    result.lane[2 * lane + 1] = saturate<int16_t>(odd.lane[lane]);
  }
  return result;
}
/// Sums, saturated to int16.
MOTE_INLINE Halves saturating_add(Halves a, int32_t b) {
  for (int16_t& lane : a.lane) lane = saturate<int16_t>(lane + b);
  return a;
}
/// Lanes whose low bytes are the lanes of `halves`, saturated to int8.
MOTE_INLINE Halves saturated_bytes(Halves halves) {
  for (int16_t& lane : halves.lane) lane = saturate<int8_t>(lane);
  return halves;
}

MOTE_INLINE Words words(int32_t a, int32_t b, int32_t c, int32_t d) {
  return {{a, b, c, d}};
}
MOTE_INLINE Words all_words(int32_t value) {
  return {{value, value, value, value}};
}
/// The first `count` words, at most 4; zeros above.
MOTE_INLINE Words load_words(const int32_t* from, int32_t count = 4) {
  Words result = {};
  for (int32_t lane = 0; lane < 4 && lane < count; ++lane) result.lane[lane] = from[lane];
  return result;
}
/// Eight words.
MOTE_INLINE WordPair load_word_pair(const int32_t* from) {
  return {{{from[0], from[2], from[4], from[6]}}, {{from[1], from[3], from[5], from[7]}}};
}
/// The first `count` bytes, at most 4, sign-extended; zeros above.
MOTE_INLINE Words load_byte_words(const int8_t* from, int32_t count = 4) {
  Words result = {};
  for (int32_t lane = 0; lane < 4 && lane < count; ++lane) result.lane[lane] = from[lane];
  return result;
}
/// The low bytes of the first `count` lanes.
MOTE_INLINE void store_byte_words(int8_t* to, Words value, int32_t count = 4) {
  for (int32_t lane = 0; lane < 4 && lane < count; ++lane) to[lane] = static_cast<int8_t>(value.lane[lane]);
}
/// Sums modulo 2^32.
MOTE_INLINE Words add(Words a, Words b) {
  for (int32_t lane = 0; lane < 4; ++lane) a.lane[lane] = wrapping_add(a.lane[lane], b.lane[lane]);
  return a;
}
MOTE_INLINE Words clamp(Words value, Words low, Words high) {
  for (int32_t lane = 0; lane < 4; ++lane)
    value.lane[lane] = mote::clamp(value.lane[lane], low.lane[lane], high.lane[lane]);
  return value;
}
/// -1 for what is negative, else 0.
MOTE_INLINE Words sign(Words value) {
  for (int32_t& lane : value.lane) lane = lane < 0 ? -1 : 0;
  return value;
}
MOTE_INLINE Words bits_of_both(Words a, Words b) {
  for (int32_t lane = 0; lane < 4; ++lane) a.lane[lane] &= b.lane[lane];
  return a;
}
/// value * 2^kBits, modulo 2^32.
template <int32_t kBits>
MOTE_INLINE Words shift_left(Words value) {
  for (int32_t& lane : value.lane) lane = wrapping_shift_left(lane, kBits);
  return value;
}
/// a * b / 2^31 rounded to nearest, ties upward, saturated (VQRDMULH).
MOTE_INLINE Words high_product(Words a, Words b) {
  for (int32_t lane = 0; lane < 4; ++lane)
    a.lane[lane] = saturating_rounding_doubling_high_mul(a.lane[lane], b.lane[lane]);
  return a;
}
/// value * 2^shift with shift -31..0, rounded to nearest, ties upward (VRSHL; it shifts to the left too).
MOTE_INLINE Words rounding_shift(Words value, Words shift) {
  for (int32_t lane = 0; lane < 4; ++lane) {
    const int32_t exponent = -shift.lane[lane];
    const int64_t half = exponent > 0 ? int64_t{1} << (exponent - 1) : 0;
    value.lane[lane] = static_cast<int32_t>((value.lane[lane] + half) >> exponent);
  }
  return value;
}

#endif

}  // namespace mve
}  // namespace mote
