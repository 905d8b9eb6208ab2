// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arithmetic of pairs of signed halfwords for signals, as core/simd32.h has it for kernels: each with a plain
// C++ meaning, and its instruction on an Arm core with the DSP extension.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/simd32.h"

namespace mote {
namespace simd32 {

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)

MOTE_INLINE uint32_t smlabb(uint32_t a, uint32_t b, uint32_t acc) {
  uint32_t result;
  asm("smlabb %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE uint32_t smultt(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("smultt %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t smulbb(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("smulbb %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t smuad(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("smuad %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t smladx(uint32_t a, uint32_t b, uint32_t acc) {
  uint32_t result;
  asm("smladx %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE uint32_t smlsd(uint32_t a, uint32_t b, uint32_t acc) {
  uint32_t result;
  asm("smlsd %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(acc));
  return result;
}

MOTE_INLINE uint32_t ssub16(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("ssub16 %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t sasx(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("sasx %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t ssax(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("ssax %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t shadd16(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("shadd16 %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t shsub16(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("shsub16 %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

MOTE_INLINE uint32_t smax16(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("ssub16 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b) : "cc");
  return result;
}

MOTE_INLINE uint32_t smin16(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("ssub16 %0, %1, %2\n\tsel %0, %2, %1" : "=&r"(result) : "r"(a), "r"(b) : "cc");
  return result;
}

MOTE_INLINE uint32_t pkhbt_top(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("pkhbt %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

template <int kRight>
MOTE_INLINE uint32_t pkhtb_asr(uint32_t a, uint32_t b) {
  uint32_t result;
  asm("pkhtb %0, %2, %1, asr %3" : "=r"(result) : "r"(a), "r"(b), "n"(kRight));
  return result;
}

#else

/// acc + a.low * b.low of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smlabb(uint32_t a, uint32_t b, uint32_t acc) {
  return acc + static_cast<uint32_t>(detail::halfword(a, 0) * detail::halfword(b, 0));
}

/// a.high * b.high of signed halfwords.
MOTE_INLINE constexpr uint32_t smultt(uint32_t a, uint32_t b) {
  return static_cast<uint32_t>(detail::halfword(a, 1) * detail::halfword(b, 1));
}

/// a.low * b.low of signed halfwords.
MOTE_INLINE constexpr uint32_t smulbb(uint32_t a, uint32_t b) {
  return static_cast<uint32_t>(detail::halfword(a, 0) * detail::halfword(b, 0));
}

/// a.low * b.low + a.high * b.high of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smuad(uint32_t a, uint32_t b) {
  return smlad(a, b, 0);
}

/// acc + a.low * b.high + a.high * b.low of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smladx(uint32_t a, uint32_t b, uint32_t acc) {
  return smlabt(a, b, smlatb(a, b, acc));
}

/// acc + a.low * b.low - a.high * b.high of signed halfwords, modulo 2^32.
MOTE_INLINE constexpr uint32_t smlsd(uint32_t a, uint32_t b, uint32_t acc) {
  return smlabb(a, b, acc) - smultt(a, b);
}

/// The differences of the halfwords, each modulo 2^16.
MOTE_INLINE constexpr uint32_t ssub16(uint32_t a, uint32_t b) {
  return ((a - b) & 0xFFFFu) | ((a & 0xFFFF0000u) - (b & 0xFFFF0000u));
}

/// Low: a.low - b.high, high: a.high + b.low, each modulo 2^16: a + ib of complex numbers with the real part
/// low.
MOTE_INLINE constexpr uint32_t sasx(uint32_t a, uint32_t b) {
  return ((a - (b >> 16)) & 0xFFFFu) | ((a & 0xFFFF0000u) + (b << 16));
}

/// Low: a.low + b.high, high: a.high - b.low, each modulo 2^16: a - ib of complex numbers with the real part
/// low.
MOTE_INLINE constexpr uint32_t ssax(uint32_t a, uint32_t b) {
  return ((a + (b >> 16)) & 0xFFFFu) | ((a & 0xFFFF0000u) - (b << 16));
}

/// Half the sums of the signed halfwords, rounded down.
MOTE_INLINE constexpr uint32_t shadd16(uint32_t a, uint32_t b) {
  return (static_cast<uint32_t>((detail::halfword(a, 0) + detail::halfword(b, 0)) >> 1) & 0xFFFFu) |
         static_cast<uint32_t>((detail::halfword(a, 1) + detail::halfword(b, 1)) >> 1) << 16;
}

/// Half the differences of the signed halfwords, rounded down.
MOTE_INLINE constexpr uint32_t shsub16(uint32_t a, uint32_t b) {
  return (static_cast<uint32_t>((detail::halfword(a, 0) - detail::halfword(b, 0)) >> 1) & 0xFFFFu) |
         static_cast<uint32_t>((detail::halfword(a, 1) - detail::halfword(b, 1)) >> 1) << 16;
}

/// The greater ones of the signed halfwords.
MOTE_INLINE constexpr uint32_t smax16(uint32_t a, uint32_t b) {
  return (detail::halfword(a, 0) >= detail::halfword(b, 0) ? a & 0xFFFFu : b & 0xFFFFu) |
         (detail::halfword(a, 1) >= detail::halfword(b, 1) ? a & 0xFFFF0000u : b & 0xFFFF0000u);
}

/// The lesser ones of the signed halfwords.
MOTE_INLINE constexpr uint32_t smin16(uint32_t a, uint32_t b) {
  return (detail::halfword(a, 0) >= detail::halfword(b, 0) ? b & 0xFFFFu : a & 0xFFFFu) |
         (detail::halfword(a, 1) >= detail::halfword(b, 1) ? b & 0xFFFF0000u : a & 0xFFFF0000u);
}

/// The low halfword of a (low) and the high one of b (high).
MOTE_INLINE constexpr uint32_t pkhbt_top(uint32_t a, uint32_t b) {
  return (a & 0xFFFFu) | (b & 0xFFFF0000u);
}

/// The low halfword of a >> kRight (low), kRight 1 ... 31, and the high one of b.
template <int kRight>
MOTE_INLINE constexpr uint32_t pkhtb_asr(uint32_t a, uint32_t b) {
  return (static_cast<uint32_t>(static_cast<int32_t>(a) >> kRight) & 0xFFFFu) | (b & 0xFFFF0000u);
}

#endif

}  // namespace simd32
}  // namespace mote
