// SPDX-License-Identifier: Apache-2.0
// Peaks are the largest local maxima in order, and their frequencies are interpolated within the documented
// error.
#include "mote/dsp/spectral_peaks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "features/design/spectrum.h"
#include "mote/dsp/power_spectrum.h"
#include "spectral_test.h"

namespace mote::dsp {
namespace {

std::vector<std::uint32_t> output_of(const SpectralPeaks& block, const std::vector<std::uint32_t>& input) {
  EXPECT_TRUE(block.valid());
  EXPECT_EQ(block.inputs(), static_cast<std::int32_t>(input.size()));
  std::vector<std::uint32_t> output(static_cast<std::size_t>(block.outputs()) + 1, 0x5A5A5A5A);
  EXPECT_TRUE(block.push(input.data(), output.data(), nullptr, nullptr));
  EXPECT_EQ(output.back(), 0x5A5A5A5Au);
  output.pop_back();
  return output;
}

TEST(SpectralPeaks, are_the_largest_local_maxima_in_order) {
  // 1 Hz a bin. Maxima at 2 (50, neighbours alike), 5 (90, vertex (60 - 30) / (2 * 90) = 1/6 above), 8 (50).
  const std::vector<std::uint32_t> input = {100, 20, 50, 20, 30, 90, 60, 10, 50, 10, 99};
  const SpectralPeaks block{1, 11, 0, 3, 32000, 5};
  EXPECT_EQ(output_of(block, input), (std::vector<std::uint32_t>{5166, 90, 2000, 50, 8000, 50}));
  const SpectralPeaks one{1, 11, 0, 1, 32000, 5};
  EXPECT_EQ(output_of(one, input), (std::vector<std::uint32_t>{5166, 90}));
  const SpectralPeaks many{1, 11, 3, 4, 32000, 5};  // 3 Hz higher; the fourth is none
  EXPECT_EQ(output_of(many, input), (std::vector<std::uint32_t>{8166, 90, 5000, 50, 11000, 50, 0, 0}));
}

TEST(SpectralPeaks, of_a_plateau_count_once_and_of_a_flat_spectrum_not_at_all) {
  const SpectralPeaks block{2, 6, 0, 2, 16000, 4};
  EXPECT_EQ(output_of(block, {0, 7, 7, 7, 0, 0, 5, 5, 5, 5, 5, 5}),
            (std::vector<std::uint32_t>{1500, 7, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(output_of(block, {0, 0xFFFFFFFFu, 0, 0, 1, 0, 0, 0xFFFFFFFFu, 0xFFFFFFFEu, 0, 3, 2}),
            (std::vector<std::uint32_t>{1000, 0xFFFFFFFFu, 4000, 1, 1500, 0xFFFFFFFFu, 4250, 3}));
}

TEST(SpectralPeaks, find_a_sine_of_any_frequency_within_six_hundredths_of_a_bin) {
  constexpr int kSize = 256;
  const auto roots = features::square_roots();
  const auto twiddles = features::fft_twiddles(kSize).value();
  const auto window =
      features::window_factors(features::WindowShape::kHann, features::WindowPeriod::kPeriodic, kSize)
          .value();
  const PowerSpectrum spectrum{
      1, kSize,       kSize, twiddles.data(), window.data(), 1, 128, PowerSpectrum::Measure::kMagnitude,
      0, roots.data()};
  const SpectralPeaks block{1, 128, 1, 1, 256000, 8};  // 1 Hz a bin
  std::vector<std::int64_t> scratch(static_cast<std::size_t>(spectrum.scratch_bytes() + 7) / 8);
  double largest = 0;
  for (double frequency = 5; frequency < 120; frequency += 0.093) {
    std::vector<std::int16_t> samples;
    for (int index = 0; index < kSize; ++index)
      samples.push_back(static_cast<std::int16_t>(
          std::lround(10000 * std::sin(2 * std::numbers::pi * frequency * index / kSize + frequency))));
    std::vector<std::uint32_t> bins(128);
    EXPECT_TRUE(spectrum.push(samples.data(), bins.data(), nullptr, scratch.data()));
    largest = std::max(largest, std::abs(output_of(block, bins)[0] / 1000.0 - frequency));
  }
  EXPECT_LE(largest, 0.06);
  EXPECT_GE(largest, 0.04);  // the documented figure is not idle
}

TEST(SpectralPeaks, valid_knows_the_limits) {
  EXPECT_TRUE((SpectralPeaks{1, 129, 0, 32, 1u << 30, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 130, 0, 1, 1000, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 129, 1, 1, 1000, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 2, 0, 1, 1000, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 100, 0, 33, 1000, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 100, 0, 0, 1000, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 100, 0, 1, 0, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 100, 0, 1, (1u << 30) + 1, 8}.valid()));
  EXPECT_FALSE((SpectralPeaks{1, 100, 0, 1, 1000, 17}.valid()));
}

}  // namespace
}  // namespace mote::dsp
