// SPDX-License-Identifier: Apache-2.0
// The FFT in 16-bit fixed point equals its definition by recursion number for number, for both ways to hold a
// complex number, and stays within its bound of the transform in 64-bit floats.
#include "mote/dsp/fft16.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

namespace mote::dsp {
namespace {

struct Whole {
  std::int64_t re, im;
};

std::int64_t wrapped(std::int64_t value) {
  return static_cast<std::int16_t>(value);
}

std::int64_t rounded_q15(std::int64_t value) {
  return (value + (1 << 14)) >> 15;
}

Whole divided(Whole x, std::int64_t by) {
  return {rounded_q15(x.re * (32767 / by)), rounded_q15(x.im * (32767 / by))};
}

Whole product(Whole a, Whole b) {
  return {wrapped(rounded_q15(a.re * b.re - a.im * b.im)), wrapped(rounded_q15(a.re * b.im + a.im * b.re))};
}

/// e^(-2 pi i turn).
Whole twiddle(double turn) {
  return {static_cast<std::int64_t>(std::floor(0.5 + 32767 * std::cos(-2 * std::numbers::pi * turn))),
          static_cast<std::int64_t>(std::floor(0.5 + 32767 * std::sin(-2 * std::numbers::pi * turn)))};
}

/// The transform of every `stride`-th number: of `radix` shorter ones, divided, turned and summed modulo
/// 2^16.
std::vector<Whole> transformed(const std::vector<Whole>& in, std::size_t first, std::size_t stride) {
  const std::size_t count = in.size() / stride;
  if (count == 1) return {in[first]};
  const std::size_t radix = count % 4 == 0 ? 4 : 2, part = count / radix;
  std::vector<Whole> out(count, {0, 0});
  const Whole powers[] = {{1, 0}, {0, -1}, {-1, 0}, {0, 1}};  // of -i
  for (std::size_t j = 0; j < radix; ++j) {
    const auto shorter = transformed(in, first + j * stride, stride * radix);
    for (std::size_t k = 0; k < part; ++k) {
      const Whole turned = product(divided(shorter[k], static_cast<std::int64_t>(radix)),
                                   twiddle(static_cast<double>(j * k) / static_cast<double>(count)));
      for (std::size_t q = 0; q < radix; ++q) {
        const Whole power = powers[j * q * (4 / radix) % 4];
        Whole& sum = out[k + q * part];
        sum.re = wrapped(sum.re + turned.re * power.re - turned.im * power.im);
        sum.im = wrapped(sum.im + turned.re * power.im + turned.im * power.re);
      }
    }
  }
  return out;
}

std::vector<std::int16_t> by_definition(const std::vector<std::int16_t>& samples, std::size_t length) {
  const std::size_t pairs = length / 2;
  std::vector<Whole> packed(pairs, {0, 0});
  for (std::size_t index = 0; index < samples.size(); ++index)
    (index % 2 == 0 ? packed[index / 2].re : packed[index / 2].im) = samples[index];
  const auto mixed = transformed(packed, 0, 1);
  std::vector<std::int16_t> out(length + 2);
  const auto put = [&](std::size_t k, std::int64_t re, std::int64_t im) {
    out[2 * k] = static_cast<std::int16_t>(re);
    out[2 * k + 1] = static_cast<std::int16_t>(im);
  };
  const Whole sums = divided(mixed[0], 2);
  put(0, sums.re + sums.im, 0);
  put(pairs, sums.re - sums.im, 0);
  for (std::size_t k = 1; k <= pairs / 2; ++k) {
    const Whole low = divided(mixed[k], 2);
    const Whole high = divided({mixed[pairs - k].re, wrapped(-mixed[pairs - k].im)}, 2);
    const Whole even = {wrapped(low.re + high.re), wrapped(low.im + high.im)};
    const Whole odd = product({wrapped(low.re - high.re), wrapped(low.im - high.im)},
                              twiddle(static_cast<double>(k) / static_cast<double>(length) + 0.25));
    put(k, (even.re + odd.re) >> 1, (even.im + odd.im) >> 1);
    put(pairs - k, (even.re - odd.re) >> 1, (odd.im - even.im) >> 1);
  }
  return out;
}

std::vector<std::int16_t> twiddles_of(std::int32_t length) {
  std::vector<std::int16_t> result;
  for (std::int32_t k = 0; k < fft16_twiddles(length); ++k) {
    const Whole value = twiddle(static_cast<double>(k) / length);
    result.push_back(static_cast<std::int16_t>(value.re));
    result.push_back(static_cast<std::int16_t>(value.im));
  }
  return result;
}

/// Random, extreme and sinusoidal frames of at most `peak` in magnitude.
std::vector<std::vector<std::int16_t>> frames(std::int32_t length, std::int32_t peak) {
  std::mt19937 random(static_cast<unsigned>(length));
  std::vector<std::vector<std::int16_t>> result;
  const auto add = [&](auto sample) {
    std::vector<std::int16_t> frame;
    for (std::int32_t n = 0; n < length; ++n) frame.push_back(static_cast<std::int16_t>(sample(n)));
    result.push_back(std::move(frame));
  };
  const std::int32_t lowest = peak == 32767 ? -32768 : -peak;
  std::uniform_int_distribution<std::int32_t> any(lowest, peak), small(-20, 20);
  for (int repeat = 0; repeat < 4; ++repeat) {
    add([&](std::int32_t) { return any(random); });
    add([&](std::int32_t) { return small(random); });
    add([&](std::int32_t) { return (any(random) & 1) != 0 ? lowest : peak; });
  }
  add([&](std::int32_t) { return lowest; });
  add([&](std::int32_t) { return peak; });
  add([&](std::int32_t) { return 0; });
  add([&](std::int32_t n) { return n % 2 == 0 ? lowest : peak; });
  for (const double cycles : {1.0, 3.5, length / 8.0, length / 2.0 - 1.0})
    add([&](std::int32_t n) { return peak * std::sin(2 * std::numbers::pi * cycles * n / length); });
  return result;
}

template <class Complex>
std::vector<std::int16_t> run(const std::vector<std::int16_t>& samples, std::int32_t length,
                              const std::vector<std::int16_t>& twiddles) {
  std::vector<std::int16_t> out(static_cast<std::size_t>(length) + 2, 0x5A5A);
  fft16<Complex>(samples.data(), static_cast<std::int32_t>(samples.size()), length, twiddles.data(),
                 out.data());
  return out;
}

TEST(Fft16, equals_its_definition) {
  for (std::int32_t length = kLeastFft16; length <= kMostFft16; length *= 2) {
    ASSERT_TRUE(valid_fft16(length));
    const auto twiddles = twiddles_of(length);
    for (const auto& frame : frames(length, 32767)) {
      const auto wanted = by_definition(frame, static_cast<std::size_t>(length));
      ASSERT_EQ(run<PackedComplex>(frame, length, twiddles), wanted) << length;
      ASSERT_EQ(run<PlainComplex>(frame, length, twiddles), wanted) << length;
    }
  }
}

TEST(Fft16, fills_up_with_zeros) {
  std::mt19937 random(7);
  for (const std::int32_t length : {16, 32, 64})
    for (std::int32_t count = 0; count <= length; ++count) {
      auto frame = frames(length, 32767)[0];
      std::vector<std::int16_t> part(frame.begin(), frame.begin() + count);
      std::fill(frame.begin() + count, frame.end(), 0);
      const auto twiddles = twiddles_of(length);
      ASSERT_EQ(run<PackedComplex>(part, length, twiddles), run<PackedComplex>(frame, length, twiddles))
          << count;
      ASSERT_EQ(run<PlainComplex>(part, length, twiddles), run<PackedComplex>(frame, length, twiddles))
          << count;
    }
}

TEST(Fft16, shifts_samples_on_the_way_in) {
  const std::int32_t length = 128;
  const auto twiddles = twiddles_of(length);
  for (std::int32_t left = 0; left <= 14; ++left) {
    const auto frame = frames(length, 32767 >> left)[0];
    auto shifted = frame;
    for (std::int16_t& sample : shifted) sample = static_cast<std::int16_t>(sample * (1 << left));
    const auto wanted = run<PackedComplex>(shifted, length, twiddles);
    const auto check = [&](auto complex) {
      using Complex = decltype(complex);
      std::vector<std::int16_t> data(static_cast<std::size_t>(length) + 2);
      detail::PairsOfSamples<Complex> make = {frame.data(), length};
      fft16_place<Complex>(data.data(), length / 2, length / 2, make);
      fft16_passes<Complex>(data.data(), length, left, twiddles.data());
      detail::PutComplex<Complex> put = {data.data()};
      fft16_finish<Complex>(data.data(), length, twiddles.data(), put);
      EXPECT_EQ(data, wanted) << left;
    };
    check(PackedComplex{});
    check(PlainComplex{});
  }
}

TEST(Fft16, is_within_its_bound_of_the_exact_transform) {
  for (std::int32_t length = kLeastFft16; length <= 512; length *= 2) {
    const auto twiddles = twiddles_of(length);
    for (const std::int32_t peak : {23170, 1000, 20}) {
      double worst = 0;
      for (const auto& frame : frames(length, peak)) {
        const auto found = run<Complex16>(frame, length, twiddles);
        for (std::int32_t k = 0; k <= length / 2; ++k) {
          std::complex<double> exact = 0;
          for (std::int32_t n = 0; n < length; ++n)
            exact += std::polar(1.0 * frame[static_cast<std::size_t>(n)],
                                -2 * std::numbers::pi * (k * n % length) / length);
          const std::size_t at = 2 * static_cast<std::size_t>(k);
          worst = std::max(worst,
                           std::abs(std::complex<double>(found[at], found[at + 1]) - exact / (1.0 * length)));
        }
      }
      EXPECT_LE(worst, fft16_error(length, peak)) << length << " " << peak;
      EXPECT_GE(worst, fft16_error(length, peak) / 16.0)
          << "the bound says nothing: " << length << " " << peak;
    }
  }
}

}  // namespace
}  // namespace mote::dsp
