// SPDX-License-Identifier: Apache-2.0
#pragma once

// The discrete Fourier transform of real values in 32-bit fixed point, for every block that looks at a
// spectrum.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"

namespace mote {
namespace dsp {

/// One bin of a spectrum.
struct ComplexBin {
  int32_t real;
  int32_t imaginary;
};

/// X[k] = sum over n of x[n] e^(-2 pi i k n / size), x of 16 bits, as 32-bit numbers of fraction_bits().
///
/// The even and the odd values are the real and imaginary parts of a complex transform of half the length, in
/// radix 4 (the first stage radix 2 where that length is not a power of 4), decimated in time, so that the
/// input is taken in digit-reversed order and no pass over memory sorts it. Nothing is scaled between the
/// stages: 32768 * size * 2^fraction_bits() = 2^30 bounds every sum. Twiddle factors have 15 fraction bits; a
/// product of a number and a factor is rounded down (SMULWB and its like, one instruction on Cortex-M4).
///
/// Error of a bin, as a complex number, against the exact transform of the values that enter the first stage:
/// at most 0.6 * size units of 2^-fraction_bits() by the rounding of products, and 2^-12.7 of the sum of |x|
/// by that of the factors: at size 512, 4.8 in a spectrum that reaches 2^24. In practice it behaves as noise
/// of size / 32 units and 2^-16 of the largest bin (device/tests/dsp/spectrum_test.cpp). Zeros give exactly
/// zeros.
struct RealFft {
  int32_t size;              ///< 16 ... 2048, a power of two
  Flash<uint32_t> twiddles;  ///< twiddle_words(size), from mote::features::fft_twiddles()

  constexpr bool valid() const { return size >= 16 && size <= 2048 && (size & (size - 1)) == 0; }

  /// log2(size).
  constexpr int32_t bits() const {
    int32_t result = 0;
    for (int32_t rest = size; rest > 1; rest /= 2) ++result;
    return result;
  }

  /// Of the transform, and of what enters it.
  constexpr int32_t fraction_bits() const { return 15 - bits(); }

  /// Complex values that the first stage combines: 4, or 2 if size / 2 is not a power of 4.
  static constexpr int32_t first_radix(int32_t size) {
    int32_t groups = 1;
    while (groups * 4 <= size / 4) groups *= 4;
    return size / 2 / groups;
  }

  /// For each stage behind the first, which combines 4 transforms of `length` values into one, and k <
  /// length: -W^k, -W^2k, -W^3k of W = e^(-2 pi i / (4 length)); then -e^(-2 pi i k / size) for k <= size
  /// / 4. A factor is a word: -cos in the low halfword, -sin of the positive angle in the high one, 15
  /// fraction bits. Their negatives, so that 1 is a factor: -32768.
  static constexpr int32_t twiddle_words(int32_t size) { return size / 2 - first_radix(size) + size / 4 + 1; }

  constexpr int32_t scratch_bytes() const { return size * static_cast<int32_t>(sizeof(int32_t)); }

  /// Computes the complex transform of half the length, which bin() reads.
  ///
  /// `source` [in]: called as source(n, even, odd) for each n < size / 2 once, gives x[2n] and x[2n + 1] in
  /// fraction_bits(). `transform` [out]: size numbers.
  template <class Source>
  void run(const Source& source, int32_t* transform) const {
    const int32_t radix = first_radix(size);
    if (radix == 4)
      first_stage_of_four(source, transform);
    else
      first_stage_of_two(source, transform);
    Flash<uint32_t> factors = twiddles;
    for (int32_t length = radix; length < size / 2; length *= 4) {
      combine(transform, length, factors);
      factors = factors + 3 * length;
    }
  }

  /// Bin `index`, 0 ... size / 2, of the real values' spectrum.
  MOTE_INLINE ComplexBin bin(const int32_t* transform, int32_t index) const {
    const int32_t half = size / 2;
    const int32_t mirrored = (half - index) & (half - 1);
    const int32_t* const left = transform + 2 * (index & (half - 1));
    const int32_t* const right = transform + 2 * mirrored;
    const bool upper = index > half / 2;
    const uint32_t factor = split_twiddles()[upper ? half - index : index];
    const int32_t sum_real = left[0] + right[0], sum_imaginary = left[1] - right[1];
    // For the upper half the same two values, exchanged: the sum is conjugated, the difference negated too.
    const int32_t difference_real = upper ? right[0] - left[0] : left[0] - right[0];
    const int32_t difference_imaginary = left[1] + right[1];
    const int32_t real =
        simd32::smulwt(difference_real, factor) - simd32::smulwb(difference_imaginary, factor);
    const int32_t imaginary =
        simd32::smlawb(difference_real, factor, simd32::smulwt(difference_imaginary, factor));
    if (upper) return {(sum_real >> 1) - real, (sum_imaginary >> 1) + imaginary};
    return {(sum_real >> 1) + real, (sum_imaginary >> 1) + imaginary};
  }

 private:
  MOTE_INLINE Flash<uint32_t> split_twiddles() const { return twiddles + (size / 2 - first_radix(size)); }

  /// The next number whose digits to the base 4, from the highest on, count up; `groups`: a power of 4.
  MOTE_INLINE static int32_t next_reversed(int32_t reversed, int32_t groups) {
    int32_t digit = groups / 4;
    for (; (reversed & (3 * digit)) == 3 * digit && digit > 0; digit /= 4) reversed -= 3 * digit;
    return reversed + digit;
  }

  template <class Source>
  void first_stage_of_four(const Source& source, int32_t* transform) const {
    const int32_t groups = size / 8;
    int32_t reversed = 0;
    for (int32_t group = 0; group < groups; ++group) {
      int32_t a_real, a_imaginary, b_real, b_imaginary, c_real, c_imaginary, d_real, d_imaginary;
      source(reversed, a_real, a_imaginary);
      source(reversed + 2 * groups, c_real, c_imaginary);
      const int32_t even_sum_real = a_real + c_real, even_sum_imaginary = a_imaginary + c_imaginary;
      const int32_t even_real = a_real - c_real, even_imaginary = a_imaginary - c_imaginary;
      source(reversed + groups, b_real, b_imaginary);
      source(reversed + 3 * groups, d_real, d_imaginary);
      const int32_t odd_sum_real = b_real + d_real, odd_sum_imaginary = b_imaginary + d_imaginary;
      const int32_t odd_real = b_real - d_real, odd_imaginary = b_imaginary - d_imaginary;
      transform[0] = even_sum_real + odd_sum_real;
      transform[1] = even_sum_imaginary + odd_sum_imaginary;
      transform[2] = even_real + odd_imaginary;
      transform[3] = even_imaginary - odd_real;
      transform[4] = even_sum_real - odd_sum_real;
      transform[5] = even_sum_imaginary - odd_sum_imaginary;
      transform[6] = even_real - odd_imaginary;
      transform[7] = even_imaginary + odd_real;
      transform += 8;
      reversed = next_reversed(reversed, groups);
    }
  }

  template <class Source>
  void first_stage_of_two(const Source& source, int32_t* transform) const {
    const int32_t groups = size / 4;
    int32_t reversed = 0;
    for (int32_t group = 0; group < groups; ++group) {
      int32_t a_real, a_imaginary, b_real, b_imaginary;
      source(reversed, a_real, a_imaginary);
      source(reversed + groups, b_real, b_imaginary);
      transform[0] = a_real + b_real;
      transform[1] = a_imaginary + b_imaginary;
      transform[2] = a_real - b_real;
      transform[3] = a_imaginary - b_imaginary;
      transform += 4;
      reversed = next_reversed(reversed, groups);
    }
  }

  /// Minus half of value times a twiddle factor.
  MOTE_INLINE static ComplexBin rotated(const int32_t* value, uint32_t factor) {
    const int32_t real = value[0], imaginary = value[1];
    return {simd32::smlawt(imaginary, factor, simd32::smulwb(real, factor)),
            simd32::smulwb(imaginary, factor) - simd32::smulwt(real, factor)};
  }

  /// Neighbouring transforms of `length` values, four by four, into one of 4 * length each.
  void combine(int32_t* transform, int32_t length, Flash<uint32_t> twiddles_of_stage) const {
    int32_t* const end = transform + size;
    while (transform < end) {
      int32_t* a = transform;
      int32_t* b = a + 2 * length;
      int32_t* c = b + 2 * length;
      int32_t* d = c + 2 * length;
      Flash<uint32_t> factors = twiddles_of_stage;
      transform = b;
      while (a < transform) {
        const ComplexBin first = rotated(b, factors[0]);
        const ComplexBin third = rotated(d, factors[2]);
        const ComplexBin second = rotated(c, factors[1]);
        factors = factors + 3;
        const int32_t sum_real = first.real + third.real, sum_imaginary = first.imaginary + third.imaginary;
        const int32_t odd_real = first.real - third.real, odd_imaginary = first.imaginary - third.imaginary;
        const int32_t plus_real = a[0] - 2 * second.real, plus_imaginary = a[1] - 2 * second.imaginary;
        const int32_t minus_real = a[0] + 2 * second.real, minus_imaginary = a[1] + 2 * second.imaginary;
        a[0] = plus_real - 2 * sum_real;
        a[1] = plus_imaginary - 2 * sum_imaginary;
        a += 2;
        b[0] = minus_real - 2 * odd_imaginary;
        b[1] = minus_imaginary + 2 * odd_real;
        b += 2;
        c[0] = plus_real + 2 * sum_real;
        c[1] = plus_imaginary + 2 * sum_imaginary;
        c += 2;
        d[0] = minus_real + 2 * odd_imaginary;
        d[1] = minus_imaginary - 2 * odd_real;
        d += 2;
      }
      transform = d;
    }
  }
};

}  // namespace dsp
}  // namespace mote
