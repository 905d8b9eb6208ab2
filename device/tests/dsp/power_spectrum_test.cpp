// SPDX-License-Identifier: Apache-2.0
// The fixed-point transform, magnitude and power stay within their documented errors of 64-bit floats, and
// what one measures on noise and sines is much less than the worst case.
#include "mote/dsp/power_spectrum.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "features/design/spectrum.h"
#include "spectral_test.h"

namespace mote::dsp {
namespace {

using features::WindowPeriod;
using features::WindowShape;
using Measure = PowerSpectrum::Measure;

/// What RealFft makes of values in its fraction bits.
std::vector<std::complex<double>> transformed(const std::vector<std::int32_t>& values, std::int32_t size) {
  const auto twiddles = features::fft_twiddles(size).value();
  EXPECT_EQ(static_cast<std::int32_t>(twiddles.size()), RealFft::twiddle_words(size));
  const RealFft fft{size, twiddles.data()};
  constexpr std::int32_t kCanary = 0x5A5A5A5A;
  std::vector<std::int32_t> scratch(static_cast<std::size_t>(fft.scratch_bytes()) / 4 + 1, kCanary);
  const auto at = [&](std::int32_t index) {
    return static_cast<std::size_t>(index) < values.size() ? values[static_cast<std::size_t>(index)] : 0;
  };
  fft.run(
      [&](std::int32_t pair, std::int32_t& even, std::int32_t& odd) {
        even = at(2 * pair);
        odd = at(2 * pair + 1);
      },
      scratch.data());
  EXPECT_EQ(scratch.back(), kCanary);
  std::vector<std::complex<double>> bins;
  fft.bins(scratch.data(), 0, size / 2 + 1,
           [&](ComplexBin bin) { bins.emplace_back(bin.real, bin.imaginary); });
  return bins;
}

TEST(RealFft, gives_the_exact_bins_of_an_impulse_at_zero_and_of_a_constant) {
  // 32 values of 1.0 in 10 fraction bits: X[0] = 32 * 1024, all others 0; an impulse: all bins equal.
  auto bins = transformed(std::vector<std::int32_t>(32, 1024), 32);
  EXPECT_EQ(bins[0], std::complex<double>(32 * 1024, 0));
  for (std::size_t bin = 1; bin < bins.size(); ++bin) EXPECT_LE(std::abs(bins[bin]), 8) << bin;
  bins = transformed({1024}, 32);
  for (const auto& bin : bins) EXPECT_LE(std::abs(bin - 1024.0), 8);
}

TEST(RealFft, stays_within_its_bounds_for_every_size_and_signal) {
  for (std::int32_t size = 16; size <= 2048; size *= 2) {
    const std::int32_t bits = RealFft{size, {}}.fraction_bits();
    for (const NamedSignal& signal : signals(size)) {
      std::vector<std::int32_t> values;
      std::vector<double> exact_values;
      double sum = 0, largest = 0, error = 0;
      for (const std::int16_t sample : signal.samples) {
        values.push_back(sample * (1 << bits));
        exact_values.push_back(values.back());
        sum += std::abs(exact_values.back());
      }
      const auto found = transformed(values, size);
      const auto exact = exact_transform(exact_values, size);
      ASSERT_EQ(found.size(), exact.size());
      for (std::size_t bin = 0; bin < exact.size(); ++bin) {
        largest = std::max(largest, std::abs(exact[bin]));
        error = std::max(error, std::abs(found[bin] - exact[bin]));
      }
      EXPECT_LE(error, 2.3 * size + 3 + std::exp2(-13.1) * sum) << size << " " << signal.name;  // proved
      EXPECT_LE(error, 0.4 * size + std::exp2(-14.5) * largest) << size << " " << signal.name;  // measured
      EXPECT_TRUE(signal.name != "zeros" || error == 0) << size;
    }
  }
}

TEST(ComplexMagnitude, is_within_its_bound_for_parts_of_every_size) {
  const auto table = features::square_roots();
  ASSERT_EQ(static_cast<std::int32_t>(table.size()), ComplexMagnitude::kWords);
  const ComplexMagnitude magnitude{table.data()};
  std::mt19937 generator(5);
  const auto compare = [&](std::int32_t real, std::int32_t imaginary) {
    const double exact = std::hypot(static_cast<double>(real), static_cast<double>(imaginary));
    const double found = magnitude(real, imaginary);
    ASSERT_LE(std::abs(found - exact), std::exp2(-12) * exact + 1) << real << " " << imaginary;
  };
  for (int count = 0; count < 200000; ++count) {
    const int shift = static_cast<int>(generator() % 31), other = static_cast<int>(generator() % 31);
    const auto real = static_cast<std::int32_t>(generator()) >> shift;
    const auto imaginary = static_cast<std::int32_t>(generator()) >> other;
    if (real == INT32_MIN || imaginary == INT32_MIN) continue;
    compare(real, imaginary);
  }
  for (const std::int32_t real : {INT32_MIN + 1, -65536, -1, 0, 1, 3, 65535, INT32_MAX})
    for (const std::int32_t imaginary : {INT32_MIN + 1, -32768, -1, 0, 1, 2, 32767, INT32_MAX})
      compare(real, imaginary);
  EXPECT_EQ(magnitude(0, 0), 0u);
}

/// The spectrum of one channel of [length][channels] samples.
std::vector<std::uint32_t> spectrum(const std::vector<std::int16_t>& samples, PowerSpectrum block) {
  std::vector<std::int64_t> scratch(static_cast<std::size_t>(block.scratch_bytes() + 7) / 8);
  std::vector<std::int16_t> input = samples;
  input.resize(static_cast<std::size_t>(block.inputs()));
  std::vector<std::uint32_t> output(static_cast<std::size_t>(block.outputs()) + 1, 0x5A5A5A5A);
  EXPECT_TRUE(block.valid());
  EXPECT_TRUE(block.push(input.data(), output.data(), nullptr, scratch.data()));
  EXPECT_EQ(output.back(), 0x5A5A5A5Au);
  output.pop_back();
  return output;
}

double window_factor(std::int32_t index, std::int32_t length, bool windowed) {
  return windowed ? 0.5 - 0.5 * std::cos(2 * std::numbers::pi * index / length) : 1.0;
}

TEST(PowerSpectrum, magnitude_and_power_stay_within_their_bounds) {
  const auto roots = features::square_roots();
  for (const auto& [size, length] : {std::pair{16, 16}, {32, 30}, {64, 40}, {512, 480}, {2048, 2048}}) {
    const auto twiddles = features::fft_twiddles(size).value();
    const auto window = features::window_factors(WindowShape::kHann, WindowPeriod::kPeriodic, length).value();
    for (const bool windowed : {false, true})
      for (const NamedSignal& signal : signals(length)) {
        PowerSpectrum block{.channels = 1,
                            .length = length,
                            .size = size,
                            .twiddles = twiddles.data(),
                            .window = windowed ? window.data() : nullptr,
                            .first_bin = 0,
                            .bins = size / 2 + 1,
                            .measure = Measure::kMagnitude,
                            .power_shift = 0,
                            .roots = roots.data()};
        const double step = std::exp2(-block.fraction_bits());
        std::vector<double> exact_values;
        double sum = 0;
        for (std::int32_t index = 0; index < length; ++index) {
          const double sample = signal.samples[static_cast<std::size_t>(index)];
          exact_values.push_back(sample * window_factor(index, length, windowed));
          sum += std::abs(sample);
        }
        const auto exact = exact_transform(exact_values, size);
        const double bound =
            step * (2.3 * size + 3 + length / 2.0) + (std::exp2(-13.1) + std::exp2(-15)) * sum;
        const auto magnitudes = spectrum(signal.samples, block);
        block.measure = Measure::kPower;
        block.power_shift = static_cast<std::int8_t>(2 * RealFft{size, {}}.bits());
        const double power_step = std::exp2(-block.fraction_bits());
        const auto powers = spectrum(signal.samples, block);
        for (std::size_t bin = 0; bin < exact.size(); ++bin) {
          const double magnitude = std::abs(exact[bin]);
          ASSERT_LE(std::abs(magnitudes[bin] * step - magnitude), bound + std::exp2(-12) * magnitude + step)
              << size << " " << signal.name << " bin " << bin;
          const double saturated = std::min(magnitude * magnitude, 2147483647.0 * power_step);
          ASSERT_LE(std::abs(powers[bin] * power_step - saturated),
                    bound * (2 * magnitude + bound) + power_step)
              << size << " " << signal.name << " bin " << bin;
          if (signal.name == "zeros") {
            ASSERT_EQ(magnitudes[bin], 0u);
            ASSERT_EQ(powers[bin], 0u);
          }
        }
      }
  }
}

TEST(PowerSpectrum, a_full_scale_sine_has_amplitude_times_half_the_windows_sum) {
  const auto roots = features::square_roots();
  const auto twiddles = features::fft_twiddles(512).value();
  const auto window = features::window_factors(WindowShape::kHann, WindowPeriod::kPeriodic, 512).value();
  std::vector<std::int16_t> samples;
  for (int index = 0; index < 512; ++index)
    samples.push_back(
        static_cast<std::int16_t>(std::lround(20000 * std::sin(2 * std::numbers::pi * 40 * index / 512))));
  const auto found = spectrum(
      samples, {1, 512, 512, twiddles.data(), window.data(), 40, 1, Measure::kMagnitude, 0, roots.data()});
  EXPECT_NEAR(found[0] / 64.0, 20000 * 256.0 / 2, 20000 * 128 * std::exp2(-12));
}

TEST(PowerSpectrum, channels_and_a_part_of_the_bins_equal_one_channel_and_all_bins) {
  const auto roots = features::square_roots();
  const auto twiddles = features::fft_twiddles(128).value();
  const auto window = features::window_factors(WindowShape::kHamming, WindowPeriod::kSymmetric, 100).value();
  const auto all = signals(100);
  const std::vector<std::size_t> chosen = {8, 1, 11};  // loud noise, all least, a sine
  std::vector<std::int16_t> interleaved;
  for (std::size_t index = 0; index < 100; ++index)
    for (const std::size_t signal : chosen) interleaved.push_back(all[signal].samples[index]);
  for (const Flash<std::uint32_t> factors : {Flash<std::uint32_t>(), Flash<std::uint32_t>(window.data())})
    for (const auto& [first, bins] : {std::pair{0, 65}, {1, 10}, {20, 30}, {40, 25}, {64, 1}, {32, 2}}) {
      const auto together = spectrum(interleaved, {3, 100, 128, twiddles.data(), factors, first, bins,
                                                   Measure::kMagnitude, 0, roots.data()});
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const auto alone = spectrum(all[chosen[channel]].samples, {1, 100, 128, twiddles.data(), factors, 0,
                                                                   65, Measure::kMagnitude, 0, roots.data()});
        for (std::int32_t bin = 0; bin < bins; ++bin)
          ASSERT_EQ(together[channel * static_cast<std::size_t>(bins) + static_cast<std::size_t>(bin)],
                    alone[static_cast<std::size_t>(first + bin)])
              << "channel " << channel << " bin " << first + bin;
      }
    }
}

TEST(PowerSpectrum, valid_knows_the_limits) {
  const PowerSpectrum good{1, 480, 512, {}, {}, 0, 257, Measure::kMagnitude, 0, {}};
  EXPECT_TRUE(good.valid());
  const auto changed = [&](auto change) {
    PowerSpectrum block = good;
    change(block);
    return block.valid();
  };
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.channels = 0; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.length = 514; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.length = 479; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.size = 8; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.size = 4096; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.size = 500; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.first_bin = 1; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.first_bin = -1; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.bins = 0; }));
  EXPECT_FALSE(changed([](PowerSpectrum& block) { block.power_shift = 1; }));
  EXPECT_TRUE(changed([](PowerSpectrum& block) { block.measure = Measure::kPower, block.power_shift = 62; }));
  EXPECT_FALSE(
      changed([](PowerSpectrum& block) { block.measure = Measure::kPower, block.power_shift = 63; }));
}

}  // namespace
}  // namespace mote::dsp
