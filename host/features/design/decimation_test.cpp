// SPDX-License-Identifier: Apache-2.0
// The low-pass of a decimation passes and stops what its comment says, as rounded for the device; and an
// envelope finds a damaged bearing that the spectrum hides.
#include "features/design/decimation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <numbers>

#include "core/random.h"
#include "features/design/envelope.h"
#include "mote/dsp/rectify.h"

namespace mote::features {
namespace {

double magnitude(const std::vector<double>& values, double cycles_per_sample) {
  std::complex<double> sum = 0, turn = 1;
  const auto step = std::polar(1.0, -2 * std::numbers::pi * cycles_per_sample);
  for (const double value : values) {
    sum += value * turn;
    turn *= step;
  }
  return std::abs(sum);
}

TEST(DecimationDesign, passes_and_stops_as_rounded_for_the_device) {
  for (const int factor : {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}) {
    const auto design = design_decimation(factor).value();
    ASSERT_TRUE(design.block(1).valid()) << factor;
    EXPECT_EQ(design.weights.size() % 2, 1U);
    std::vector<double> weights;
    int sum = 0, magnitudes = 0;
    for (const auto weight : design.weights) {
      weights.push_back(weight / 32768.0);
      sum += weight;
      magnitudes += std::abs(weight);
    }
    EXPECT_EQ(sum, 32768);
    EXPECT_LT(magnitudes, 65536);
    EXPECT_TRUE(std::equal(design.weights.begin(), design.weights.end(), design.weights.rbegin()));
    const double half_rate = 0.5 / factor;  // cycles a sample
    for (double share = 0; share <= 1; share += 1 / 300.0) {
      EXPECT_NEAR(magnitude(weights, share * kDecimationPassShare * half_rate), 1, kDecimationStopGain)
          << factor;
      const double stop = (2 - kDecimationPassShare) * half_rate;
      EXPECT_LT(magnitude(weights, stop + share * (0.5 - stop)), kDecimationStopGain)
          << factor << " " << share;
    }
  }
  EXPECT_EQ(design_decimation(1).value().weights.size(), 1U);
}

TEST(DecimationDesign, refuses_what_cannot_be_and_says_why) {
  for (const int factor : {0, -3, 17}) {
    const auto design = design_decimation(factor);
    ASSERT_FALSE(design.has_value());
    EXPECT_EQ(design.error().what, "decimation factor is " + std::to_string(factor) + ", expected 1 to 16");
  }
}

template <class Block>
std::vector<std::int16_t> run(const Block& block, const std::vector<std::int16_t>& input) {
  std::vector<std::int64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8 + 1);
  block.restart(state.data());
  std::vector<std::int16_t> output;
  std::int16_t value = 0;
  for (const auto x : input)
    if (block.push(&x, &value, state.data(), nullptr)) output.push_back(value);
  return output;
}

/// Height of the spectrum at `hz` over its median from 20 to 400 Hz, and where it is highest there.
struct Peak {
  double height = 0;
  double highest_hz = 0;
};

Peak peak_at(double hz, const std::vector<std::int16_t>& signal, double rate_hz) {
  double mean = 0;
  for (const auto value : signal) mean += value / static_cast<double>(signal.size());
  std::vector<double> values;
  for (std::size_t at = 0; at < signal.size(); ++at)
    values.push_back((signal[at] - mean) *
                     (0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(at) /
                                           static_cast<double>(signal.size()))));
  std::vector<double> heights;
  Peak peak;
  double highest = 0;
  for (double at_hz = 40; at_hz < 400; at_hz += 0.5) {
    heights.push_back(magnitude(values, at_hz / rate_hz));
    if (heights.back() > highest) highest = heights.back(), peak.highest_hz = at_hz;
  }
  peak.height = magnitude(values, hz / rate_hz);
  std::ranges::nth_element(heights, heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2));
  peak.height /= heights[heights.size() / 2];
  return peak;
}

/// Two seconds at 16 kHz: a shaft at 30 Hz, noise, and a resonance at 3 kHz that dies in a millisecond; a
/// fault strikes it 87 times a second, give or take one percent.
std::vector<std::int16_t> bearing(double strike, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> force(32000, 0.0);
  for (double at = 100; at < 32000; at += 16000 / 87.0 * (1 + 0.01 * rng.normal()))
    force[static_cast<std::size_t>(at)] = strike;
  std::vector<std::int16_t> signal;
  const double radius = std::exp(-1 / 16.0), angle = 2 * std::numbers::pi * 3000 / 16000;
  double last = 0, before = 0;
  for (std::size_t at = 0; at < force.size(); ++at) {
    const double ring = force[at] + 2 * radius * std::cos(angle) * last - radius * radius * before;
    const double acceleration = ring - 2 * last + before;
    before = std::exchange(last, ring);
    const double shaft = 3000 * std::sin(2 * std::numbers::pi * 30 / 16000 * static_cast<double>(at));
    const double noise = 400 * rng.normal();
    signal.push_back(static_cast<std::int16_t>(std::lround(acceleration + shaft + noise)));
  }
  return signal;
}

TEST(Envelope, shows_the_fault_frequency_that_the_spectrum_hides) {
  const auto design = design_envelope(2000, 3900, 400, 16000).value();
  EXPECT_EQ(design.decimation.factor, 16);
  EXPECT_EQ(design.rate_hz, 1000);
  EXPECT_EQ(design_envelope(2000, 3900, 700, 16000).value().decimation.factor, 9);  // 0.4 * 16000 / 700 = 9.1
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto envelope = [&](const std::vector<std::int16_t>& raw) {
      return run(design.decimation.block(1), run(dsp::Rectify{1}, run(design.band.block(1), raw)));
    };
    const auto damaged = bearing(1500, seed), sound = bearing(0, seed);
    const Peak raw = peak_at(87, damaged, 16000), found = peak_at(87, envelope(damaged), design.rate_hz);
    EXPECT_LT(raw.height, 4) << seed;
    EXPECT_GT(std::abs(raw.highest_hz - 87), 2) << seed;
    EXPECT_GT(found.height, 10) << seed;
    EXPECT_NEAR(found.highest_hz, 87, 1) << seed;
    EXPECT_LT(peak_at(87, envelope(sound), design.rate_hz).height, 4) << seed;
  }
}

TEST(Envelope, of_a_tone_is_its_mean_magnitude) {
  const auto design = design_envelope(2000, 3500, 300, 16000).value();
  std::vector<std::int16_t> tone;
  for (int at = 0; at < 16000; ++at)
    tone.push_back(
        static_cast<std::int16_t>(std::lround(10000 * std::sin(2 * std::numbers::pi * 2500 / 16000 * at))));
  const auto envelope =
      run(design.decimation.block(1), run(dsp::Rectify{1}, run(design.band.block(1), tone)));
  for (std::size_t at = envelope.size() / 2; at < envelope.size(); ++at)
    EXPECT_NEAR(envelope[at], 2 * 10000 / std::numbers::pi, 20);
}

TEST(EnvelopeDesign, refuses_what_cannot_be_and_says_why) {
  const auto error = [](const auto& design) { return design.has_value() ? "none" : design.error().what; };
  EXPECT_EQ(error(design_envelope(2000, 3000, 600, 16000)),
            "top of the envelope is 600 Hz, expected more than 0 and at most 500 Hz");
  EXPECT_EQ(error(design_envelope(2000, 3000, 0, 16000)),
            "top of the envelope is 0 Hz, expected more than 0 and at most 500 Hz");
  EXPECT_EQ(error(design_envelope(3000, 2000, 100, 16000)),
            "the band from 3000 Hz to 2000 Hz is empty, expected the lower edge below the upper one");
}

}  // namespace
}  // namespace mote::features
