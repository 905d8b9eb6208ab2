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
/// at most 2.3 * size + 3 units of 2^-fraction_bits() by the rounding of products (4.5 units each, times the
/// stages' gain), and 2^-13.1 of the sum of |x| by that of the factors (2^-15.5 in each of at most 6 stages).
/// On noise and sines of any size and amplitude it was below 0.4 * size units and 2^-14.5 of the largest bin,
/// on sines 2^-16: -128 and -96 dB of full scale. Products are rounded down, so that the first part is
/// largest next to bins 0 and size / 2. device/tests/dsp/power_spectrum_test.cpp holds both bounds. Zeros
/// give exactly zeros.
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

  /// One complex value more than the transform has: the first one again, where the period begins anew.
  constexpr int32_t scratch_bytes() const { return (size + 2) * static_cast<int32_t>(sizeof(int32_t)); }

  /// Computes the complex transform of half the length, which bins() reads.
  ///
  /// `source` [in]: called as source(n, even, odd) for each n < size / 2 once, gives x[2n] and x[2n + 1] in
  /// fraction_bits(). `transform` [out]: size + 2 numbers.
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
    transform[size] = transform[0];
    transform[size + 1] = transform[1];
  }

  /// Calls sink(X[k]) for the `count` bins k from `first` on, 0 ... size / 2, in their order.
  ///
  /// `transform` [in]: what run() left.
  template <class Sink>
  MOTE_INLINE void bins(const int32_t* transform, int32_t first, int32_t count, Sink sink) const {
    const int32_t half = size / 2, end = first + count, middle = end < size / 4 + 1 ? end : size / 4 + 1;
    const Flash<uint32_t> factors = twiddles + (half - first_radix(size));
    const int32_t start = 2 * first, mirrored = 2 * (half - first);
    const int32_t* left = transform + start;
    const int32_t* right = transform + mirrored;
    int32_t index = first;
    for (; index < middle; ++index) {
      const ComplexBin a = load(left), b = load(right);
      const ComplexBin odd = rotated_by_quarter(a.real - b.real, a.imaginary + b.imaginary, factors[index]);
      sink(ComplexBin{((a.real + b.real) >> 1) + odd.real,
                      ((a.imaginary - b.imaginary) >> 1) + odd.imaginary});
      left += 2;
      right -= 2;
    }
    // X[half - k] is the conjugate of even[k] - odd[k].
    for (; index < end; ++index) {
      const ComplexBin a = load(left), b = load(right);
      const ComplexBin odd =
          rotated_by_quarter(b.real - a.real, a.imaginary + b.imaginary, factors[half - index]);
      sink(ComplexBin{((a.real + b.real) >> 1) - odd.real,
                      ((a.imaginary - b.imaginary) >> 1) + odd.imaginary});
      left += 2;
      right -= 2;
    }
  }

 private:
  /// -i / 2 times a value times e^(-2 pi i k / size).
  MOTE_INLINE static ComplexBin rotated_by_quarter(int32_t real, int32_t imaginary, uint32_t factor) {
    return {simd32::smulwt(real, factor) - simd32::smulwb(imaginary, factor),
            simd32::smlawb(real, factor, simd32::smulwt(imaginary, factor))};
  }

  /// The next number whose digits to the base 4, from the highest on, count up; `groups`: a power of 4.
  MOTE_INLINE static int32_t next_reversed(int32_t reversed, int32_t groups) {
    int32_t digit = groups / 4;
    for (; (reversed & (3 * digit)) == 3 * digit && digit > 0; digit /= 4) reversed -= 3 * digit;
    return reversed + digit;
  }

  template <class Source>
  void first_stage_of_four(const Source source, int32_t* transform) const {
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
  void first_stage_of_two(const Source source, int32_t* transform) const {
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

  /// Minus half of a value times a twiddle factor.
  MOTE_INLINE static ComplexBin rotated(ComplexBin value, uint32_t factor) {
    return {simd32::smlawt(value.imaginary, factor, simd32::smulwb(value.real, factor)),
            simd32::smulwb(value.imaginary, factor) - simd32::smulwt(value.real, factor)};
  }

  MOTE_INLINE static ComplexBin load(const int32_t* from) {
    int32_t real, imaginary;
    simd32::load_words(from, real, imaginary);
    return {real, imaginary};
  }

  MOTE_INLINE static void store(int32_t*& to, int32_t real, int32_t imaginary) {
    to[0] = real;
    to[1] = imaginary;
    to += 2;
  }

  /// Neighbouring transforms of `length` values, four by four, into one of 4 * length each.
  MOTE_SHARED void combine(int32_t* transform, int32_t length, Flash<uint32_t> twiddles_of_stage) const {
    const int32_t step = 2 * length;
    int32_t* const end = transform + size;
    while (transform < end) {
      int32_t* a = transform;
      int32_t* b = a + step;
      int32_t* c = b + step;
      int32_t* d = c + step;
      Flash<uint32_t> factors = twiddles_of_stage;
      transform = b;
      while (a < transform) {
        const ComplexBin first = rotated(load(b), factors[0]);
        const ComplexBin third = rotated(load(d), factors[2]);
        const int32_t sum_real = first.real + third.real, sum_imaginary = first.imaginary + third.imaginary;
        const int32_t odd_real = first.real - third.real, odd_imaginary = first.imaginary - third.imaginary;
        const ComplexBin second = rotated(load(c), factors[1]);
        factors = factors + 3;
        const ComplexBin zeroth = load(a);
        const int32_t plus_real = zeroth.real - 2 * second.real;
        const int32_t plus_imaginary = zeroth.imaginary - 2 * second.imaginary;
        const int32_t minus_real = zeroth.real + 2 * second.real;
        const int32_t minus_imaginary = zeroth.imaginary + 2 * second.imaginary;
        store(a, plus_real - 2 * sum_real, plus_imaginary - 2 * sum_imaginary);
        store(b, minus_real - 2 * odd_imaginary, minus_imaginary + 2 * odd_real);
        store(c, plus_real + 2 * sum_real, plus_imaginary + 2 * sum_imaginary);
        store(d, minus_real + 2 * odd_imaginary, minus_imaginary - 2 * odd_real);
      }
      transform = d;
    }
  }
};

}  // namespace dsp
}  // namespace mote
