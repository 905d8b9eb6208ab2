// SPDX-License-Identifier: Apache-2.0
// Statistics are within their bounds of the formulas in long double, and stand where the mask says.
#include "mote/dsp/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "block_test.h"

namespace mote::dsp {
namespace {

constexpr double kOne = 32768;

/// All twelve, in order, in real numbers.
std::vector<long double> by_formula(const std::vector<std::int16_t>& x) {
  const auto n = static_cast<long double>(x.size());
  long double sum = 0, squares = 0;
  for (const auto value : x) sum += value, squares += static_cast<long double>(value) * value;
  const long double mean = sum / n;
  long double second = 0, third = 0, fourth = 0;
  for (const auto value : x) {
    const long double d = value - mean;
    second += d * d;
    third += d * d * d;
    fourth += d * d * d * d;
  }
  const long double rms = std::sqrt(squares / n), deviation = std::sqrt(second / n);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const long double peak =
      std::max(std::abs(static_cast<long double>(*low)), std::abs(static_cast<long double>(*high)));
  int zero = 0, mean_crossings = 0;
  for (std::size_t at = 1; at < x.size(); ++at) {
    zero += (x[at] < 0) != (x[at - 1] < 0) ? 1 : 0;
    mean_crossings += (x[at] < mean) != (x[at - 1] < mean) ? 1 : 0;
  }
  const bool flat = *low == *high;
  return {mean,
          rms,
          deviation,
          peak,
          static_cast<long double>(*high) - *low,
          static_cast<long double>(*low),
          static_cast<long double>(*high),
          rms == 0 ? 0 : peak / rms,
          flat ? 0 : third / n / (deviation * deviation * deviation),
          flat ? 0 : fourth / n / (deviation * deviation * deviation * deviation),
          zero / (n - 1),
          mean_crossings / (n - 1)};
}

long double bound(std::int32_t statistic, long double exact) {
  switch (statistic) {
    case Statistics::kMean:
    case Statistics::kZeroCrossings:
    case Statistics::kMeanCrossings:
      return 0x1p-16L;
    case Statistics::kRms:
    case Statistics::kStandardDeviation:
      return 0x1p-13L;
    case Statistics::kCrestFactor:
      return 0x1p-14L;
    case Statistics::kSkewness:
      return 0x1p-15L + 0x1p-13L * std::abs(exact);
    case Statistics::kKurtosis:
      return 0x1p-15L + 0x1p-9L * std::abs(exact);
    default:
      return 0;
  }
}

TEST(Statistics, are_worked_by_hand) {
  // 1, -1, 3, -3: squares 1 + 1 + 9 + 9; fourth powers 164 / 4 over 25.
  const auto found = run(Statistics{4, 1, Statistics::kAllStatistics}, {1, -1, 3, -3});
  const std::vector<double> expected = {
      0, std::sqrt(5.0), std::sqrt(5.0), 3, 6, -3, 3, 3 / std::sqrt(5.0), 0, 1.64, 1, 1};
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t index = 0; index < expected.size(); ++index)
    EXPECT_NEAR(found[index] / kOne, expected[index], 1e-4) << index;
}

TEST(Statistics, stay_within_their_bounds_for_every_signal) {
  for (const std::int32_t samples : {2, 3, 50, 64, 1000, 16384}) {
    const auto n = static_cast<std::size_t>(samples);
    for (const auto& [name, signal] : signals(2 * n)) {
      const auto found = run(Statistics{samples, 2, Statistics::kAllStatistics}, signal);
      ASSERT_EQ(found.size(), 24U);
      for (std::size_t channel = 0; channel < 2; ++channel) {
        std::vector<std::int16_t> alone;
        for (std::size_t at = 0; at < n; ++at) alone.push_back(signal[2 * at + channel]);
        const auto exact = by_formula(alone);
        for (std::size_t index = 0; index < 12; ++index)
          EXPECT_LE(std::abs(found[12 * channel + index] / 32768.0L - exact[index]),
                    bound(1 << index, exact[index]))
              << name << ", " << samples << " samples, statistic " << index << ": " << exact[index];
      }
    }
  }
}

TEST(Statistics, stand_in_the_order_of_the_bits_that_are_chosen) {
  const auto signal = signals(200)[5].second;
  const auto all = run(Statistics{100, 2, Statistics::kAllStatistics}, signal);
  for (std::int32_t mask = 1; mask <= Statistics::kAllStatistics; mask += 37) {
    std::vector<std::int32_t> expected;
    for (std::size_t channel = 0; channel < 2; ++channel)
      for (std::size_t index = 0; index < 12; ++index)
        if ((mask >> index & 1) != 0) expected.push_back(all[12 * channel + index]);
    ASSERT_EQ(run(Statistics{100, 2, mask}, signal), expected) << mask;
  }
}

TEST(Statistics, know_their_limits) {
  EXPECT_TRUE((Statistics{16384, 256, 4095}).valid());
  EXPECT_FALSE((Statistics{16385, 1, 1}).valid());
  EXPECT_FALSE((Statistics{1, 1, 1}).valid());
  EXPECT_FALSE((Statistics{2, 0, 1}).valid());
  EXPECT_FALSE((Statistics{2, 257, 1}).valid());
  EXPECT_FALSE((Statistics{2, 1, 0}).valid());
  EXPECT_FALSE((Statistics{2, 1, 4096}).valid());
}

}  // namespace
}  // namespace mote::dsp
