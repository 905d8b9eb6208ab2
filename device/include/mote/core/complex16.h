// SPDX-License-Identifier: Apache-2.0
#pragma once

// Complex numbers of two int16, and the arithmetic of a 16-bit FFT on them: rounding to nearest with ties
// upward, sums modulo 2^16. Two types compute the same: one holds both parts in a word and stands on
// core/simd32.h, the other holds them apart, for cores whose registers would have to be taken to pieces.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/core/simd32_pairs.h"

namespace mote {

/// The factors by which an FFT divides: 32767 / n of 15 fraction bits and twice that of 16, so that the
/// result is a high halfword. x / n is off by at most 1/2 + |x| / 2^15.
constexpr int32_t kHalfQ16 = 2 * (32767 / 2);
constexpr int32_t kQuarterQ16 = 2 * (32767 / 4);

/// Both parts in a word, the real one low.
struct PackedComplex {
  uint32_t word;

  MOTE_INLINE static PackedComplex of(int16_t re, int16_t im) {
    return {simd32::detail::halfword_pair(re, im)};
  }
  /// `from` [in]: a real and an imaginary part, at a multiple of 4.
  MOTE_INLINE static PackedComplex load(const int16_t* from) { return {simd32::load_halfword_pair(from)}; }
  /// The complex number `index` of a table, aligned to 4 where a load of words needs it.
  MOTE_INLINE static PackedComplex load(Flash<int16_t> from, int32_t index) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
    const int32_t offset = 2 * index;
    return load(from.data() + offset);
#else
    return of(from[2 * index], from[2 * index + 1]);
#endif
  }
  MOTE_INLINE void store(int16_t* to) const { simd32::store_halfword_pair(to, word); }
  MOTE_INLINE int16_t re() const { return static_cast<int16_t>(simd32::detail::halfword(word, 0)); }
  MOTE_INLINE int16_t im() const { return static_cast<int16_t>(simd32::detail::halfword(word, 1)); }

  /// Each part times factor / 2^16, rounded; 0 <= factor < 2^15.
  MOTE_INLINE PackedComplex scaled(int32_t factor) const {
    const auto by = static_cast<uint32_t>(factor);
    return {simd32::pkhtb(simd32::smlabb(word, by, 0x8000u), simd32::smlatb(word, by, 0x8000u))};
  }
  /// Each part times factor * 2^left / 2^16, rounded; the product with 2^left fits into int16, left is at
  /// most 14.
  MOTE_INLINE PackedComplex scaled(int32_t factor, int32_t left) const {
    const int32_t by = wrapping_shift_left(factor, left + 1);
    const auto real = static_cast<uint32_t>(simd32::smulwb(by, word));
    const auto imaginary = static_cast<uint32_t>(simd32::smulwt(by, word));
    return {simd32::shadd16(simd32::pkhbt(real, imaginary), 0x00010001u)};
  }
  /// The product with b of 15 fraction bits, rounded; its parts are at most 32767 in magnitude.
  MOTE_INLINE PackedComplex times(PackedComplex b) const {
    const uint32_t real = simd32::smlsd(word, b.word, 0x4000u);
    const uint32_t imaginary = simd32::smladx(word, b.word, 0x4000u);
    return {simd32::pkhtb_asr<15>(real, imaginary << 1)};
  }
  MOTE_INLINE PackedComplex plus(PackedComplex b) const { return {simd32::sadd16(word, b.word)}; }
  MOTE_INLINE PackedComplex minus(PackedComplex b) const { return {simd32::ssub16(word, b.word)}; }
  MOTE_INLINE PackedComplex plus_i(PackedComplex b) const { return {simd32::sasx(word, b.word)}; }
  MOTE_INLINE PackedComplex minus_i(PackedComplex b) const { return {simd32::ssax(word, b.word)}; }
  /// The conjugate modulo 2^16, each part then times factor / 2^16 as by scaled().
  MOTE_INLINE PackedComplex conjugate_scaled(int32_t factor) const {
    const auto by = static_cast<uint32_t>(factor);
    return {simd32::pkhtb(simd32::smlabb(word, by, 0x8000u),
                          simd32::smlatb(simd32::ssub16(0, word), by, 0x8000u))};
  }
  /// (*this + b) / 2, rounded down.
  MOTE_INLINE PackedComplex mean(PackedComplex b) const { return {simd32::shadd16(word, b.word)}; }
  /// The conjugate of (*this - b) / 2, each part rounded down.
  MOTE_INLINE PackedComplex conjugate_half_difference(PackedComplex b) const {
    return {simd32::pkhbt_top(simd32::shsub16(word, b.word), simd32::shsub16(b.word, word))};
  }
  /// Each part times that of b, shifted right.
  template <int kRight>
  MOTE_INLINE PackedComplex parts_times(PackedComplex b) const {
    return {simd32::pkhtb_asr<kRight>(simd32::smulbb(word, b.word), simd32::smultt(word, b.word)
                                                                        << (16 - kRight))};
  }
  /// The greater one and the lesser one of each part.
  MOTE_INLINE PackedComplex greater(PackedComplex b) const { return {simd32::smax16(word, b.word)}; }
  MOTE_INLINE PackedComplex lesser(PackedComplex b) const { return {simd32::smin16(word, b.word)}; }
  /// re^2 + im^2.
  MOTE_INLINE uint32_t energy() const { return simd32::smuad(word, word); }
};

/// Each part in an int32 of its own, within int16.
struct PlainComplex {
  int32_t real, imaginary;

  MOTE_INLINE static PlainComplex of(int16_t re, int16_t im) { return {re, im}; }
  MOTE_INLINE static PlainComplex load(const int16_t* from) { return {from[0], from[1]}; }
  MOTE_INLINE static PlainComplex load(Flash<int16_t> from, int32_t index) {
    return {from[2 * index], from[2 * index + 1]};
  }
  MOTE_INLINE void store(int16_t* to) const {
    to[0] = re();
    to[1] = im();
  }
  MOTE_INLINE int16_t re() const { return static_cast<int16_t>(real); }
  MOTE_INLINE int16_t im() const { return static_cast<int16_t>(imaginary); }

  MOTE_INLINE PlainComplex scaled(int32_t factor) const { return scaled(factor, 0); }
  MOTE_INLINE PlainComplex scaled(int32_t factor, int32_t left) const {
    const int32_t by = factor << left;
    return {(real * by + 0x8000) >> 16, (imaginary * by + 0x8000) >> 16};
  }
  MOTE_INLINE PlainComplex times(PlainComplex b) const {
    return {wrapped((real * b.real - imaginary * b.imaginary + 0x4000) >> 15),
            wrapped((real * b.imaginary + imaginary * b.real + 0x4000) >> 15)};
  }
  MOTE_INLINE PlainComplex plus(PlainComplex b) const {
    return {wrapped(real + b.real), wrapped(imaginary + b.imaginary)};
  }
  MOTE_INLINE PlainComplex minus(PlainComplex b) const {
    return {wrapped(real - b.real), wrapped(imaginary - b.imaginary)};
  }
  MOTE_INLINE PlainComplex plus_i(PlainComplex b) const {
    return {wrapped(real - b.imaginary), wrapped(imaginary + b.real)};
  }
  MOTE_INLINE PlainComplex minus_i(PlainComplex b) const {
    return {wrapped(real + b.imaginary), wrapped(imaginary - b.real)};
  }
  MOTE_INLINE PlainComplex conjugate_scaled(int32_t factor) const {
    return PlainComplex{real, wrapped(-imaginary)}.scaled(factor);
  }
  MOTE_INLINE PlainComplex mean(PlainComplex b) const {
    return {(real + b.real) >> 1, (imaginary + b.imaginary) >> 1};
  }
  MOTE_INLINE PlainComplex conjugate_half_difference(PlainComplex b) const {
    return {(real - b.real) >> 1, (b.imaginary - imaginary) >> 1};
  }
  template <int kRight>
  MOTE_INLINE PlainComplex parts_times(PlainComplex b) const {
    return {(real * b.real) >> kRight, (imaginary * b.imaginary) >> kRight};
  }
  MOTE_INLINE PlainComplex greater(PlainComplex b) const {
    return {real > b.real ? real : b.real, imaginary > b.imaginary ? imaginary : b.imaginary};
  }
  MOTE_INLINE PlainComplex lesser(PlainComplex b) const {
    return {real < b.real ? real : b.real, imaginary < b.imaginary ? imaginary : b.imaginary};
  }
  MOTE_INLINE uint32_t energy() const {
    return static_cast<uint32_t>(real * real) + static_cast<uint32_t>(imaginary * imaginary);
  }

 private:
  MOTE_INLINE static int32_t wrapped(int32_t value) { return static_cast<int16_t>(value); }
};

#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
using Complex16 = PackedComplex;
#else
using Complex16 = PlainComplex;
#endif

}  // namespace mote
