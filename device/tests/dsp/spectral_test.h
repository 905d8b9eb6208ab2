// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

/// What the tests of spectral blocks share: signals to try them on, and transforms in 64-bit floats.
namespace mote::dsp {

struct NamedSignal {
  std::string name;
  std::vector<std::int16_t> samples;
};

/// Extremes of int16, noise of three amplitudes, sines in the middle of bins and between them.
inline std::vector<NamedSignal> signals(std::int32_t length) {
  const auto made = [&](auto value) {
    std::vector<std::int16_t> samples;
    for (std::int32_t index = 0; index < length; ++index)
      samples.push_back(static_cast<std::int16_t>(value(index)));
    return samples;
  };
  std::vector<NamedSignal> result = {
      {"zeros", made([](int) { return 0; })},
      {"all least", made([](int) { return -32768; })},
      {"all largest", made([](int) { return 32767; })},
      {"alternating", made([](int index) { return index % 2 == 0 ? 32767 : -32768; })},
      {"pairs alternating", made([](int index) { return index % 4 < 2 ? 32767 : -32768; })},
      {"one", made([](int index) { return index == 3 ? -32768 : 0; })},
  };
  std::mt19937 generator(7);
  for (const int amplitude : {2, 500, 32767})
    result.push_back({"noise " + std::to_string(amplitude), made([&](int) {
                        return static_cast<int>(generator() % static_cast<unsigned>(2 * amplitude + 1)) -
                               amplitude;
                      })});
  for (const double bin : {0.5, 3.0, 5.37})
    for (const double amplitude : {3.0, 1000.0, 32767.0})
      result.push_back(
          {"sine " + std::to_string(bin) + " of " + std::to_string(amplitude), made([&](int index) {
             return std::lround(amplitude * std::sin(2 * std::numbers::pi * bin * index / length + 0.3));
           })});
  return result;
}

/// X[k], k = 0 ... size / 2, of values followed by zeros.
inline std::vector<std::complex<double>> exact_transform(const std::vector<double>& values,
                                                         std::int32_t size) {
  std::vector<std::complex<double>> factors;
  for (std::int32_t index = 0; index < size; ++index)
    factors.push_back(std::polar(1.0, -2 * std::numbers::pi * index / size));
  std::vector<std::complex<double>> bins;
  for (std::int32_t bin = 0; bin <= size / 2; ++bin) {
    std::complex<double> sum = 0;
    for (std::size_t index = 0; index < values.size(); ++index)
      sum += values[index] * factors[static_cast<std::size_t>(bin) * index % static_cast<std::size_t>(size)];
    bins.push_back(sum);
  }
  return bins;
}

}  // namespace mote::dsp
