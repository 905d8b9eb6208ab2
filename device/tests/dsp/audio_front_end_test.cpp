// SPDX-License-Identifier: Apache-2.0
// The steps of the audio front end against their formulas, and its blocks against the steps one behind the
// other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <random>
#include <vector>

#include "mote/core/square_root.h"
#include "mote/dsp/log_scale.h"
#include "mote/dsp/mel_amplitude.h"
#include "mote/dsp/noise_reduction.h"
#include "mote/dsp/pcan.h"
#include "mote/dsp/spectrum.h"

namespace mote::dsp {
namespace {

__extension__ typedef unsigned __int128 Wide;

/// Numbers of all magnitudes.
std::uint64_t any_size(std::mt19937_64& random, int bits) {
  const auto value = random();
  return value >> (64 - bits + static_cast<int>(random() % static_cast<unsigned>(bits)));
}

bool is_nearest_root(std::uint64_t value, std::uint64_t root) {
  const Wide square = Wide{root} * root;
  return Wide{value} <= square + root && (root == 0 || Wide{value} > square - root);
}

TEST(SquareRoot, of_32_bits_is_rounded_to_nearest) {
  std::mt19937_64 random(1);
  for (std::uint64_t root = 0; root < 65536; ++root)
    for (const std::int64_t offset : {-1, 0, 1})
      for (const std::uint64_t middle : {root * root, root * root + root}) {
        const auto value = static_cast<std::uint32_t>(middle + static_cast<std::uint64_t>(offset));
        const std::uint32_t found = rounded_root_u32(value);
        ASSERT_TRUE(is_nearest_root(value, found) || (found == 65535 && value > 65535u * 65535u)) << value;
        ASSERT_EQ(rounded_root_u64(value), found);
      }
  for (int repeat = 0; repeat < 300000; ++repeat) {
    const auto value = static_cast<std::uint32_t>(any_size(random, 32));
    const std::uint32_t found = rounded_root_u32(value);
    ASSERT_TRUE(is_nearest_root(value, found) || (found == 65535 && value > 65535u * 65535u)) << value;
  }
}

TEST(SquareRoot, of_64_bits_is_rounded_to_nearest) {
  std::mt19937_64 random(2);
  for (int repeat = 0; repeat < 300000; ++repeat) {
    const auto root = any_size(random, 32);
    for (const std::uint64_t middle : {root * root, root * root + root, random()})
      for (const std::int64_t offset : {-1, 0, 1}) {
        const std::uint64_t value = middle + static_cast<std::uint64_t>(offset);
        if (value >> 32 == 0) continue;
        const std::uint32_t found = rounded_root_u64(value);
        ASSERT_TRUE(is_nearest_root(value, found) || found == 0xFFFFFFFF) << value;
      }
  }
  EXPECT_EQ(rounded_root_u64(UINT64_MAX), 0xFFFFFFFF);
  EXPECT_EQ(rounded_root_u64(std::uint64_t{0xFFFFFFFF} * 0xFFFFFFFF), 0xFFFFFFFF);
  EXPECT_EQ(rounded_root_u64(std::uint64_t{0xFFFFFFFE} * 0xFFFFFFFF + 0), 0xFFFFFFFE);
}

TEST(Spectrum, windows_round_down_and_saturate) {
  const std::int16_t input[] = {-1, 3, 32767, -32768, -32768}, window[] = {1, 4095, 32767, 32767, -32768};
  std::int16_t output[5];
  apply_window(input, window, 5, 12, output);
  EXPECT_EQ(std::vector<std::int16_t>(output, output + 5),
            (std::vector<std::int16_t>{-1, 2, 32767, -32768, 32767}));
}

TEST(Spectrum, headroom_is_that_of_the_greatest_magnitude) {
  std::int16_t output[3];
  const auto left = [&](std::int16_t a, std::int16_t b, std::int16_t c) {
    const std::int16_t input[] = {a, b, c};
    return auto_scale(input, 3, output);
  };
  EXPECT_EQ(left(0, 0, 0), 0);
  EXPECT_EQ(left(0, -1, 0), 14);
  EXPECT_EQ(left(1, -2, 0), 13);
  EXPECT_EQ(output[1], -16384);
  EXPECT_EQ(left(16384, 3, 4), 0);
  EXPECT_EQ(left(16383, 3, 4), 1);
  EXPECT_EQ(left(-16384, 3, 4), 0);
  // Behind -32768 the search begins anew.
  EXPECT_EQ(left(4000, -32768, 3), 13);
  EXPECT_EQ(output[0], static_cast<std::int16_t>(4000 << 13));
  EXPECT_EQ(left(4000, 3, -32768), 0);
  EXPECT_EQ(left(-32768, -5, -7), 12);
  EXPECT_EQ(left(4000, -32768, -5), 0);
}

TEST(Spectrum, energies_are_whole_squares) {
  const std::int16_t spectrum[] = {9, 9, -32768, -32768, 3, -4, 9, 9};
  std::uint32_t energies[4] = {7, 7, 7, 7};
  spectrum_energy(spectrum, 1, 3, energies);
  EXPECT_EQ(std::vector<std::uint32_t>(energies, energies + 4),
            (std::vector<std::uint32_t>{7, 0x80000000, 25, 7}));
}

/// A block of random tables: a window of 12 bits, slopes of random widths.
struct RandomMel {
  RandomMel(std::mt19937& random, std::int32_t samples, std::int32_t length, std::int32_t channels) {
    const auto uniform = [&](int least, int most) {
      return static_cast<std::int16_t>(std::uniform_int_distribution<int>(least, most)(random));
    };
    for (std::int32_t n = 0; n < samples; ++n) window.push_back(uniform(0, 4096));
    window[static_cast<std::size_t>(samples) / 2] = 4096;
    for (std::int32_t k = 0; k < fft16_twiddles(length); ++k) {
      const double phase = -2 * 3.14159265358979323846 * k / length;
      twiddles.push_back(static_cast<std::int16_t>(std::floor(0.5 + 32767 * std::cos(phase))));
      twiddles.push_back(static_cast<std::int16_t>(std::floor(0.5 + 32767 * std::sin(phase))));
    }
    first_bin = uniform(0, 3);
    std::int32_t bin = first_bin;
    for (std::int32_t slope = 0; slope <= channels; ++slope) {
      const std::int32_t width = std::min<std::int32_t>(uniform(0, length / channels), length / 2 - bin);
      starts.push_back(static_cast<std::int16_t>(bin));
      weight_starts.push_back(static_cast<std::int16_t>(bin - first_bin));
      widths.push_back(static_cast<std::int16_t>(width));
      bin += width;
      for (std::int32_t index = 0; index < width; ++index) {
        weights.push_back(uniform(0, 4096));
        unweights.push_back(static_cast<std::int16_t>(4096 - weights.back()));
      }
    }
    weights.push_back(0);  // so that there is a first
    unweights.push_back(0);
    block = {samples,         length,        channels,       first_bin,       window.data(),
             twiddles.data(), widths.data(), weights.data(), unweights.data()};
  }

  std::vector<std::uint32_t> step_by_step(const std::vector<std::int16_t>& frame) const {
    auto samples = frame;
    apply_window(frame.data(), window.data(), block.samples, 12, samples.data());
    const std::int32_t left = auto_scale(samples.data(), block.samples, samples.data());
    std::vector<std::int16_t> spectrum(static_cast<std::size_t>(block.fft_length) + 2);
    fft16(samples.data(), block.samples, block.fft_length, twiddles.data(), spectrum.data());
    std::vector<std::uint32_t> energies(static_cast<std::size_t>(block.fft_length) / 2 + 1);
    spectrum_energy(spectrum.data(), 0, block.fft_length / 2, energies.data());
    std::vector<std::uint64_t> sums(static_cast<std::size_t>(block.channels));
    triangle_bank({block.channels, starts.data(), weight_starts.data(), widths.data(), weights.data(),
                   unweights.data()},
                  energies.data(), sums.data());
    std::vector<std::uint32_t> out(sums.size());
    square_roots(sums.data(), block.channels, left, out.data());
    return out;
  }

  std::vector<std::int16_t> window, twiddles, starts, weight_starts, widths, weights, unweights;
  std::int32_t first_bin = 0;
  MelAmplitude block = {};
};

std::vector<std::uint32_t> pushed(const MelAmplitude& block, std::vector<std::int16_t> frame) {
  constexpr std::uint64_t kCanary = 0x1234567812345678;
  std::vector<std::uint64_t> scratch(static_cast<std::size_t>(block.scratch_bytes()) / 8 + 1, kCanary);
  std::vector<std::uint32_t> out(static_cast<std::size_t>(block.channels));
  EXPECT_TRUE(block.push(frame.data(), out.data(), nullptr, scratch.data()));
  EXPECT_EQ(scratch.back(), kCanary);
  // In place.
  frame.resize(std::max(frame.size(), 2 * out.size()));
  std::vector<std::uint32_t> memory(frame.size() / 2 + 1);
  std::memcpy(memory.data(), frame.data(), frame.size() * 2);
  block.push(reinterpret_cast<const std::int16_t*>(memory.data()), memory.data(), nullptr, scratch.data());
  memory.resize(out.size());
  EXPECT_EQ(memory, out);
  return out;
}

TEST(MelAmplitude, is_its_steps_one_behind_the_other) {
  std::mt19937 random(3);
  for (const std::int32_t length : {16, 32, 64, 128, 256, 512, 1024, 2048})
    for (const std::int32_t channels : {1, 4, 7}) {
      const std::int32_t samples = length - (channels - 1) * 2;
      const RandomMel mel(random, samples, length, channels);
      ASSERT_TRUE(mel.block.valid());
      for (const int peak : {32767, 20000, 300, 3, 0}) {
        std::uniform_int_distribution<int> any(peak == 32767 ? -32768 : -peak, peak);
        std::vector<std::int16_t> frame;
        for (std::int32_t n = 0; n < samples; ++n) frame.push_back(static_cast<std::int16_t>(any(random)));
        ASSERT_EQ(pushed(mel.block, frame), mel.step_by_step(frame)) << length << " " << peak;
        // The least of all numbers, where the window lets it through.
        frame[static_cast<std::size_t>(samples) / 2] = -32768;
        ASSERT_EQ(pushed(mel.block, frame), mel.step_by_step(frame)) << length << " " << peak;
      }
      for (const std::int16_t all : {std::int16_t{-32768}, std::int16_t{32767}}) {
        const std::vector<std::int16_t> frame(static_cast<std::size_t>(samples), all);
        ASSERT_EQ(pushed(mel.block, frame), mel.step_by_step(frame)) << length;
      }
    }
}

TEST(MelAmplitude, is_within_its_bound_of_the_exact_amplitude) {
  std::mt19937 random(4);
  const RandomMel mel(random, 100, 128, 5);
  for (const int peak : {20000, 3000, 40}) {
    std::uniform_int_distribution<int> any(-peak, peak);
    std::vector<std::int16_t> frame;
    for (int n = 0; n < 100; ++n) frame.push_back(static_cast<std::int16_t>(any(random)));
    const auto found = pushed(mel.block, frame);
    std::vector<double> windowed;
    double most = 0;
    for (std::size_t n = 0; n < 100; ++n) {
      windowed.push_back(frame[n] * mel.window[n] / 4096.0);
      most = std::max(most, std::abs(windowed.back()));
    }
    const int left = static_cast<int>(std::floor(std::log2(32768.0 / (most + 1))));
    const double bin_error =
        (fft16_error(128, 23170) + std::numbers::sqrt2 * std::pow(2, left)) / std::pow(2, left);
    std::vector<double> energies;
    for (int k = 0; k < 64; ++k) {
      std::complex<double> sum = 0;
      for (int n = 0; n < 100; ++n)
        sum += std::polar(windowed[static_cast<std::size_t>(n)], -2 * std::numbers::pi * (k * n % 128) / 128);
      energies.push_back(std::norm(sum / 128.0));
    }
    std::vector<double> sums(6), weight_sums(6);
    std::size_t at = 0;
    for (std::size_t slope = 0; slope <= 5; ++slope)
      for (std::int16_t index = 0; index < mel.widths[slope]; ++index, ++at) {
        const double energy = energies[static_cast<std::size_t>(mel.first_bin) + at];
        if (slope > 0) sums[slope - 1] += energy * mel.weights[at], weight_sums[slope - 1] += mel.weights[at];
        sums[slope] += energy * mel.unweights[at], weight_sums[slope] += mel.unweights[at];
      }
    for (std::size_t channel = 0; channel < 5; ++channel)
      EXPECT_NEAR(found[channel], std::sqrt(sums[channel]), bin_error * std::sqrt(weight_sums[channel]) + 1.5)
          << peak << " " << channel;
  }
}

TEST(MelAmplitude, refuses_what_it_cannot_compute) {
  MelAmplitude block = {480, 512, 40, 4, {}, {}, {}, {}, {}};
  EXPECT_TRUE(block.valid());
  const auto with = [&](auto member, auto value) {
    MelAmplitude changed = block;
    changed.*member = value;
    return changed.valid();
  };
  EXPECT_FALSE(with(&MelAmplitude::samples, 514));
  EXPECT_FALSE(with(&MelAmplitude::samples, 479));
  EXPECT_FALSE(with(&MelAmplitude::samples, 0));
  EXPECT_FALSE(with(&MelAmplitude::fft_length, 500));
  EXPECT_FALSE(with(&MelAmplitude::fft_length, 4096));
  EXPECT_FALSE(with(&MelAmplitude::channels, 257));
  EXPECT_FALSE(with(&MelAmplitude::first_bin, 256));
}

TEST(NoiseReduction, follows_its_formula) {
  std::mt19937_64 random(5);
  for (const bool clamped : {false, true})
    for (const std::int32_t smoothing_bits : {0, 10}) {
      constexpr std::int32_t kChannels = 7;
      const NoiseReduction block = {
          kChannels, true, {409, 15975, 983, 15401, 819, smoothing_bits, 14, clamped}};
      ASSERT_TRUE(block.valid());
      std::vector<std::uint64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8, ~0ull);
      block.restart(state.data());
      std::vector<std::uint64_t> estimates(kChannels, 0);
      for (int frame = 0; frame < 200; ++frame) {
        std::vector<std::uint32_t> in, out(2 * kChannels), wanted(2 * kChannels);
        for (std::uint32_t channel = 0; channel < kChannels; ++channel) {
          in.push_back(static_cast<std::uint32_t>(any_size(random, 32 - smoothing_bits)));
          const std::uint64_t value = in.back(), scaled = value << smoothing_bits;
          const std::uint64_t smoothing = channel % 2 == 0 ? 409 : 983;
          std::uint64_t& estimate = estimates[channel];
          estimate = (scaled * smoothing + estimate * (16384 - smoothing)) >> 14;
          const std::uint64_t subtracted = std::min(estimate, scaled);
          if (clamped) estimate = subtracted;
          wanted[channel] = static_cast<std::uint32_t>(
              std::max((scaled - subtracted) >> smoothing_bits, (value * 819) >> 14));
          wanted[kChannels + channel] = static_cast<std::uint32_t>(estimate);
        }
        block.push(in.data(), out.data(), state.data(), nullptr);
        ASSERT_EQ(out, wanted) << frame;
        out = in;
        out.resize(2 * kChannels);
      }
    }
}

TEST(NoiseReduction, refuses_weights_of_more_than_one) {
  NoiseReduction block = {1, false, {409, 15975, 983, 15401, 819, 10, 14, false}};
  EXPECT_TRUE(block.valid());
  EXPECT_EQ(block.outputs(), 1);
  block.filter.even_smoothing = 410;
  EXPECT_FALSE(block.valid());
}

TEST(Pcan, follows_parabolas_between_powers_of_two) {
  std::vector<std::int16_t> gains = {1000, 900};
  for (int bits = 2; bits <= 32; ++bits) {
    const int gain = 20000 / bits;
    gains.insert(gains.end(), {static_cast<std::int16_t>(gain), static_cast<std::int16_t>(-300), 40, 0});
  }
  gains.pop_back();
  ASSERT_EQ(gains.size(), static_cast<std::size_t>(kPcanGains));
  EXPECT_EQ(detail::pcan_gain(0, gains.data()), 1000);
  EXPECT_EQ(detail::pcan_gain(1, gains.data()), 900);
  EXPECT_EQ(detail::pcan_gain(2, gains.data()), 10000);
  std::mt19937_64 random(6);
  for (int repeat = 0; repeat < 100000; ++repeat) {
    const auto estimate = static_cast<std::uint32_t>(any_size(random, 32)) | 4u;
    const int bits = 32 - leading_zeros(estimate);
    const double along = estimate / std::pow(2, bits - 1) - 1;
    const double exact = static_cast<double>(20000 / bits) - 300 * along + 40 * along * along;
    ASSERT_NEAR(detail::pcan_gain(estimate, gains.data()), exact, 1.0) << estimate;
  }
}

TEST(Pcan, compresses_what_is_above_two) {
  const double one = 4096;
  for (std::uint32_t ratio = 0; ratio < 100000; ++ratio) {
    const double x = ratio / one;
    EXPECT_NEAR(detail::pcan_compressed(ratio) / 64.0, x < 2 ? x * x / 4 : x - 1, 1 / 64.0);
  }
}

TEST(LogScale, is_within_its_bound_of_the_logarithm) {
  for (const std::uint32_t scale : {64u, 1600u, 1u})
    for (std::uint64_t value = 1; value < 0x100000000;
         value = value < 100000 ? value + 1 : value + value / 1001 + 1)
      ASSERT_NEAR(scaled_log(static_cast<std::uint32_t>(value), scale),
                  scale * std::log(static_cast<double>(value)), scale / 400.0 + 1)
          << value;
}

TEST(LogScale, has_its_table_by_the_formula) {
  for (int n = 0; n <= 128; ++n)
    EXPECT_EQ(detail::LogTable<void>::kEntries[n],
              std::lround(65536 * (std::log2(1 + n / 128.0) - n / 128.0)));
}

TEST(LogScale, gives_0_below_2_and_saturates) {
  const std::uint32_t input[] = {0, 1, 0xFFFFFFFF, 0x20000000};
  std::int16_t output[4];
  log_scale(input, 4, 2048, 0, output);
  EXPECT_EQ(output[0], 0);
  EXPECT_EQ(output[1], 0);
  EXPECT_EQ(output[2], 32767);
  log_scale(input, 4, 64, 3, output);
  EXPECT_EQ(output[1], std::lround(64 * std::log(8.0)));
  EXPECT_EQ(output[3], 0);  // 2^32 is 0
}

}  // namespace
}  // namespace mote::dsp
