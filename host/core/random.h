// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/portable_math.h"

namespace mote {

/// 128 bits, for the high half of a product; an extension that both compilers have.
__extension__ typedef unsigned __int128 WideUnsigned;

/// Seeded random numbers that are the same on every machine and standard library (the distributions of
/// <random> are not). Generator: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014).
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  /// 64 uniformly distributed bits.
  std::uint64_t bits() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform in 0 ... count - 1; `count` > 0. The bias is below count / 2^64.
  std::uint64_t below(std::uint64_t count) {
    return static_cast<std::uint64_t>((static_cast<WideUnsigned>(bits()) * count) >> 64);
  }

  /// Normal with mean 0 and standard deviation 1 (polar method of Marsaglia and Bray, one value a call).
  double normal() {
    for (;;) {
      const double x = uniform(-1.0, 1.0), y = uniform(-1.0, 1.0);
      const double square = x * x + y * y;
      if (square > 0.0 && square < 1.0) return x * std::sqrt(-2.0 * portable_log(square) / square);
    }
  }

  /// Puts `items` into a random order (Fisher-Yates).
  template <class Container>
  void shuffle(Container& items) {
    for (std::size_t last = items.size(); last > 1; --last) std::swap(items[last - 1], items[below(last)]);
  }

  /// An independent generator for the part named by `index`.
  Rng fork(std::uint64_t index) const { return Rng(Rng(state_ ^ (index * 0xD1342543DE82EF95u)).bits()); }

 private:
  std::uint64_t state_;
};

}  // namespace mote
