// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bit>
#include <cstdint>

/// Elementary functions made of additions, multiplications and divisions alone, so that they give the same
/// bits on every machine: the C library picks another exp() and log() where the processor has fused
/// multiply-add. Compile with -ffp-contract=off.
namespace mote {

/// e^x; relative error below 4e-16. Values of x outside -708 ... 709 give the result at that limit.
inline double portable_exp(double x) {
  constexpr double kLog2E = 1.4426950408889634, kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  if (x != x) return x;
  if (x < -708.0) x = -708.0;
  if (x > 709.0) x = 709.0;
  const double scaled = x * kLog2E;
  const auto power = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double n = static_cast<double>(power);
  const double r = (x - n * kLn2High) - n * kLn2Low;  // |r| <= ln 2 / 2; r^14 / 14! < 5e-18
  double sum = 1.0;
  for (int term = 13; term > 0; --term) sum = 1.0 + sum * r / term;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(power + 1023) << 52);
}

/// Natural logarithm of a normal x > 0; error below 4e-16 relative, or absolute near x = 1.
inline double portable_log(double x) {
  constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFu) | 0x3FF0000000000000u);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  const double s = (mantissa - 1.0) / (mantissa + 1.0);  // log m = 2 atanh s, |s| < 0.172; s^24 / 25 < 2e-20
  double sum = 0.0;
  for (int term = 23; term > 0; term -= 2) sum = sum * s * s + 1.0 / term;
  const double n = static_cast<double>(exponent);
  return n * kLn2High + (2.0 * s * sum + n * kLn2Low);
}

/// sin(x) for |x| < 1e5; absolute error below 4e-16.
inline double portable_sin(double x) {
  constexpr double kTwoOverPi = 0.6366197723675814, kHalfPiHigh = 0x1.921fb544p+0,
                   kHalfPiLow = 0x1.0b4611a62633p-34;
  const double scaled = x * kTwoOverPi;
  const auto quadrant = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double n = static_cast<double>(quadrant);
  const double r = (x - n * kHalfPiHigh) - n * kHalfPiLow;  // |r| <= pi / 4
  const bool cosine = (quadrant & 1) != 0;
  double sum = 1.0;  // Taylor: r^20 / 20! < 4e-21
  for (int term = cosine ? 18 : 19; term > 1; term -= 2) sum = 1.0 - sum * r * r / (term * (term - 1));
  const double magnitude = cosine ? sum : r * sum;
  return (quadrant & 2) != 0 ? -magnitude : magnitude;
}

/// cos(x) for |x| < 1e5; absolute error below 5e-16 plus half a unit in the last place of x.
inline double portable_cos(double x) {
  return portable_sin(x + 1.5707963267948966);
}

}  // namespace mote
