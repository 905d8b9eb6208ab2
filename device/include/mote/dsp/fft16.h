// SPDX-License-Identifier: Apache-2.0
#pragma once

// The FFT of real 16-bit samples in place, with the roundings of kissfft in 16-bit fixed point, bit for bit:
// what models that were trained behind TensorFlow Lite Micro's audio front end expect.
//
// X[k] = 1/N sum x[n] e^(-2 pi i n k / N) for k = 0 ... N/2, N = 16 ... 2048 a power of two. The N/2 pairs of
// samples are taken for complex numbers, transformed by radix-4 passes (the first one is of radix 2 where N/2
// is no power of 4), each of which divides by its radix, and taken apart. The products with e^0 change
// nothing and are left out.
//
// Error against the same formula in 64-bit floats: fft16_error(). Where a pass overflows its sums wrap around
// modulo 2^16, as kissfft's do; samples of at most 2^15 / sqrt(2) in magnitude never make one overflow.
//
// Costs N/2 + 1 complex numbers of int16 as memory and no other state; 3/4 N complex twiddles in flash. N =
// 512 takes 18,000 instructions on a Cortex-M4.

#include <stdint.h>

#include "mote/core/complex16.h"
#include "mote/core/config.h"
#include "mote/core/flash.h"

namespace mote {
namespace dsp {

constexpr int32_t kLeastFft16 = 16;
constexpr int32_t kMostFft16 = 2048;

constexpr bool valid_fft16(int32_t length) {
  return length >= kLeastFft16 && length <= kMostFft16 && (length & (length - 1)) == 0;
}

/// Complex numbers of the table of twiddles: e^(-2 pi i k / length) of 15 fraction bits for k = 0 ... 3/4
/// length.
constexpr int32_t fft16_twiddles(int32_t length) {
  return length / 4 * 3;
}

/// Passes over the complex numbers.
constexpr int32_t fft16_pass_count(int32_t length) {
  return length <= 2 ? 0 : 1 + fft16_pass_count(length / 4);
}

/// The greatest |error| of X[k], as a complex number, for samples of at most `peak` <= 2^15 / sqrt(2) in
/// magnitude.
///
/// A pass divides by 4 + 2^-11 instead of 4, which costs peak * sqrt(2) / 2^13 of a sum of pairs; it rounds
/// four quotients and three products, each to within sqrt(1/2), and its twiddles are off by sqrt(1/2) / 2^15
/// times 3/4 peak sqrt(2): less than 5.7 in all, which later passes average. Taking apart rounds the rest
/// of 3.
constexpr int32_t fft16_error(int32_t length, int32_t peak) {
  return fft16_pass_count(length) * (6 + peak / 5792 + 1) + 3 + peak / 11585 + 1;
}

namespace detail {

/// Complex number `index` of an array.
template <class T>
MOTE_INLINE T* complex_at(T* data, int32_t index) {
  const int32_t offset = 2 * index;
  return data + offset;
}

/// The radix of the first pass over `pairs` complex numbers: 4 if they are a power of 4, else 2.
constexpr int32_t first_radix(int32_t pairs) {
  return (static_cast<uint32_t>(pairs) & 0x55555555u) != 0 ? 4 : 2;
}

/// Counts in the order in which the passes want their input: 0, pairs/4, pairs/2, 3 pairs/4, pairs/16, ...;
/// this is the place of every fourth pair of samples, those between are a quarter of `pairs` further each.
MOTE_INLINE int32_t next_place(int32_t place, int32_t pairs) {
  int32_t digit = pairs / 4;
  do digit = digit > 2 ? digit / 4 : 1;
  while (digit > 1 && (place & 3 * digit) == 3 * digit && ((place -= 3 * digit), true));
  return place + digit;
}

/// The first pass: `pairs` complex numbers, each multiplied by 2^left before. Radix 4.
template <class Complex>
MOTE_INLINE void first_pass_of_4(int16_t* data, int32_t pairs, int32_t left) {
  for (int16_t* const end = complex_at(data, pairs); data != end; data += 8) {
    const Complex a = Complex::load(data).scaled(kQuarterQ16, left);
    const Complex b = Complex::load(data + 2).scaled(kQuarterQ16, left);
    const Complex c = Complex::load(data + 4).scaled(kQuarterQ16, left);
    const Complex d = Complex::load(data + 6).scaled(kQuarterQ16, left);
    const Complex even = a.plus(c), even_difference = a.minus(c);
    const Complex odd = b.plus(d), odd_difference = b.minus(d);
    even.plus(odd).store(data);
    even_difference.minus_i(odd_difference).store(data + 2);
    even.minus(odd).store(data + 4);
    even_difference.plus_i(odd_difference).store(data + 6);
  }
}

/// The same of radix 2.
template <class Complex>
MOTE_INLINE void first_pass_of_2(int16_t* data, int32_t pairs, int32_t left) {
  for (int16_t* const end = complex_at(data, pairs); data != end; data += 4) {
    const Complex a = Complex::load(data).scaled(kHalfQ16, left);
    const Complex b = Complex::load(data + 2).scaled(kHalfQ16, left);
    a.plus(b).store(data);
    a.minus(b).store(data + 2);
  }
}

/// One butterfly of radix 4 on complex numbers that lie `step` int16 apart.
template <class Complex, class Turn>
MOTE_INLINE void butterfly(int16_t* data, int32_t step, const Turn& turn) {
  int16_t* const second = data + step;
  int16_t* const third = second + step;
  int16_t* const fourth = third + step;
  const Complex a = Complex::load(data).scaled(kQuarterQ16);
  const Complex b = turn.first(Complex::load(second).scaled(kQuarterQ16));
  const Complex c = turn.second(Complex::load(third).scaled(kQuarterQ16));
  const Complex d = turn.third(Complex::load(fourth).scaled(kQuarterQ16));
  const Complex even = a.plus(c), even_difference = a.minus(c);
  const Complex odd = b.plus(d), odd_difference = b.minus(d);
  even.plus(odd).store(data);
  even_difference.minus_i(odd_difference).store(second);
  even.minus(odd).store(third);
  even_difference.plus_i(odd_difference).store(fourth);
}

template <class Complex>
struct NoTurn {
  MOTE_INLINE Complex first(Complex x) const { return x; }
  MOTE_INLINE Complex second(Complex x) const { return x; }
  MOTE_INLINE Complex third(Complex x) const { return x; }
};

template <class Complex>
struct Turn {
  Complex by_first, by_second, by_third;
  MOTE_INLINE Complex first(Complex x) const { return x.times(by_first); }
  MOTE_INLINE Complex second(Complex x) const { return x.times(by_second); }
  MOTE_INLINE Complex third(Complex x) const { return x.times(by_third); }
};

/// A pass that makes transforms of 4 `size` complex numbers from four of `size` each.
template <class Complex>
MOTE_INLINE void pass_of_4(int16_t* data, int32_t pairs, int32_t size, Flash<int16_t> twiddles) {
  int16_t* const end = complex_at(data, pairs);
  const int32_t step = 2 * size, group = 4 * step;
  for (int16_t* at = data; at < end; at += group) butterfly<Complex>(at, step, NoTurn<Complex>{});
  const int32_t stride = pairs / 2 / size;  // of the table, whose turn is twice as fine
  for (int32_t index = 1; index < size; ++index) {
    const int32_t entry = index * stride;
    const Turn<Complex> turn = {Complex::load(twiddles, entry), Complex::load(twiddles, 2 * entry),
                                Complex::load(twiddles, 3 * entry)};
    for (int16_t* at = complex_at(data, index); at < end; at += group) butterfly<Complex>(at, step, turn);
  }
}

}  // namespace detail

/// Writes `count` pairs of samples to the places from which fft16_passes() starts, zeros behind them.
///
/// `make(k)` gives pair k as a complex number; `data` [out]: `pairs` complex numbers, aligned to 4.
template <class Complex, class Make>
MOTE_INLINE void fft16_place(int16_t* data, int32_t pairs, int32_t count, Make& make) {
  const int32_t quarter = pairs / 2;  // in int16
  int32_t place = 0, index = 0;
  for (; index + 4 <= count; index += 4) {
    int16_t* const first = detail::complex_at(data, place);
    int16_t* const second = first + quarter;
    int16_t* const third = second + quarter;
    int16_t* const fourth = third + quarter;
    make(index).store(first);
    make(index + 1).store(second);
    make(index + 2).store(third);
    make(index + 3).store(fourth);
    place = detail::next_place(place, pairs);
  }
  for (; index < pairs; index += 4) {
    int16_t* at = detail::complex_at(data, place);
    for (int32_t next = 0; next < 4; ++next, at += quarter)
      (index + next < count ? make(index + next) : Complex::of(0, 0)).store(at);
    place = detail::next_place(place, pairs);
  }
}

/// The passes over what fft16_place() placed, each sample multiplied by 2^left before, 0 <= left <= 14.
///
/// `data` [in, out]: length / 2 complex numbers, aligned to 4. `twiddles` [in]: fft16_twiddles(length).
template <class Complex>
MOTE_INLINE void fft16_passes(int16_t* data, int32_t length, int32_t left, Flash<int16_t> twiddles) {
  const int32_t pairs = length / 2;
  int32_t size = detail::first_radix(pairs);
  if (size == 4)
    detail::first_pass_of_4<Complex>(data, pairs, left);
  else
    detail::first_pass_of_2<Complex>(data, pairs, left);
  for (; size < pairs; size *= 4) detail::pass_of_4<Complex>(data, pairs, size, twiddles);
}

/// Takes the spectrum of the samples out of that of the pairs: calls put(k, X[k]) for every k from 0 to
/// length / 2, each once it may overwrite complex number k of `data`. Number length / 2 lies behind the data.
template <class Complex, class Put>
MOTE_INLINE void fft16_finish(const int16_t* data, int32_t length, Flash<int16_t> twiddles, Put& put) {
  const int32_t pairs = length / 2;
  const Complex sums = Complex::load(data).scaled(kHalfQ16);
  const Flash<int16_t> turned = twiddles + 2 * (length / 4);
  for (int32_t k = 1; k <= pairs / 2; ++k) {
    const Complex low = Complex::load(detail::complex_at(data, k)).scaled(kHalfQ16);
    const Complex high = Complex::load(detail::complex_at(data, pairs - k)).conjugate_scaled(kHalfQ16);
    const Complex even = low.plus(high);
    const Complex odd = low.minus(high).times(Complex::load(turned, k));
    put(k, even.mean(odd));
    put(pairs - k, even.conjugate_half_difference(odd));
  }
  const int32_t re = sums.re(), im = sums.im();
  put(0, Complex::of(static_cast<int16_t>(re + im), 0));
  put(pairs, Complex::of(static_cast<int16_t>(re - im), 0));
}

namespace detail {

template <class Complex>
struct PairsOfSamples {
  const int16_t* samples;
  int32_t count;
  MOTE_INLINE Complex operator()(int32_t pair) const {
    const int32_t first = 2 * pair, second = first + 1;
    return Complex::of(samples[first], second < count ? samples[second] : int16_t{0});
  }
};

template <class Complex>
struct PutComplex {
  int16_t* spectrum;
  MOTE_INLINE void operator()(int32_t k, Complex value) const { value.store(complex_at(spectrum, k)); }
};

}  // namespace detail

/// The spectrum of `count` <= length samples, zeros behind them.
///
/// `samples` [in]: not `spectrum`. `length` [in]: valid_fft16() holds. `spectrum` [out]: length / 2 + 1
/// complex numbers, real part first, aligned to 4.
template <class Complex = Complex16>
MOTE_INLINE void fft16(const int16_t* samples, int32_t count, int32_t length, Flash<int16_t> twiddles,
                       int16_t* spectrum) {
  detail::PairsOfSamples<Complex> make = {samples, count};
  fft16_place<Complex>(spectrum, length / 2, (count + 1) / 2, make);
  fft16_passes<Complex>(spectrum, length, 0, twiddles);
  detail::PutComplex<Complex> put = {spectrum};
  fft16_finish<Complex>(spectrum, length, twiddles, put);
}

}  // namespace dsp
}  // namespace mote
