// SPDX-License-Identifier: Apache-2.0
// A designed filter has Butterworth's response, and the block that runs it stays within the design's error
// bound of a direct form in long double, for inputs that try to make it overflow, ring or drift.
#include "features/design/iir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <numbers>
#include <string>

#include "core/random.h"

namespace mote::features {
namespace {

using dsp::IirBand;

struct Case {
  IirBand band;
  int order;
  double low_hz;   ///< the edge of a low-pass or high-pass
  double high_hz;  ///< of a band-pass
  double rate_hz;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << "band " << static_cast<int>(c.band) << ", order " << c.order << ", " << c.low_hz << " to "
             << c.high_hz << " Hz at " << c.rate_hz << " Hz";
}

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const auto band : {IirBand::kLowPass, IirBand::kHighPass})
    for (int order = 1; order <= 8; ++order)
      for (const auto& [edge, rate] :
           {std::pair{0.5, 100.0}, {10.0, 16000.0}, {50.0, 1000.0}, {300.0, 1000.0}, {490.0, 1000.0}})
        result.push_back({band, order, edge, 0, rate});
  for (int order = 1; order <= 8; ++order)
    for (const auto& [low, high, rate] : {std::tuple{1.0, 40.0, 100.0},
                                          {2000.0, 4000.0, 16000.0},
                                          {0.5, 20.0, 100.0},
                                          {300.0, 3400.0, 16000.0},
                                          {950.0, 1050.0, 8000.0}})
      if (order < 7 || high / low < 40)  // the widest one is refused from order 7 on
        result.push_back({IirBand::kBandPass, order, low, high, rate});
  return result;
}

Result<std::vector<IirSection>> sections_of(const Case& c) {
  if (c.band == IirBand::kLowPass) return low_pass_sections(c.order, c.low_hz, c.rate_hz);
  if (c.band == IirBand::kHighPass) return high_pass_sections(c.order, c.low_hz, c.rate_hz);
  return band_pass_sections(c.order, c.low_hz, c.high_hz, c.rate_hz);
}

Result<IirDesign> design_of(const Case& c) {
  if (c.band == IirBand::kLowPass) return design_low_pass(c.order, c.low_hz, c.rate_hz);
  if (c.band == IirBand::kHighPass) return design_high_pass(c.order, c.low_hz, c.rate_hz);
  return design_band_pass(c.order, c.low_hz, c.high_hz, c.rate_hz);
}

/// numerator / denominator in powers of 1/z.
struct Biquad {
  long double b[3], a[3];
};

Biquad biquad(const IirSection& section, IirBand band) {
  const long double g = section.g, k = section.k, m = section.mix;
  Biquad result{};
  if (section.first_order) {
    result = {{g, g, 0}, {1 + g, g - 1, 0}};
    if (band == IirBand::kHighPass) result = {{1, -1, 0}, {1 + g, g - 1, 0}};
  } else {
    result = {{g * g, 2 * g * g, g * g}, {1 + k * g + g * g, 2 * (g * g - 1), 1 - k * g + g * g}};
    if (band == IirBand::kHighPass) result.b[0] = 1, result.b[1] = -2, result.b[2] = 1;
    if (band == IirBand::kBandPass) result.b[0] = m * g, result.b[1] = 0, result.b[2] = -m * g;
  }
  for (auto& value : result.b) value /= result.a[0];
  result.a[1] /= result.a[0];
  result.a[2] /= result.a[0];
  return result;
}

std::vector<double> reference(const Case& c, const std::vector<std::int16_t>& input) {
  const auto sections = sections_of(c).value();
  std::vector<long double> values;
  for (const auto x : input) values.push_back(x - input.front());
  for (const auto& section : sections) {
    const Biquad q = biquad(section, c.band);
    long double w1 = 0, w2 = 0;
    for (auto& x : values) {
      const long double y = q.b[0] * x + w1;
      w1 = q.b[1] * x - q.a[1] * y + w2;
      w2 = q.b[2] * x - q.a[2] * y;
      x = y;
    }
  }
  std::vector<double> result;
  for (const auto y : values)
    result.push_back(std::clamp(static_cast<double>(y + (c.band == IirBand::kLowPass ? input.front() : 0)),
                                -32768.0, 32767.0));
  return result;
}

/// The input that makes the last output as large as any can: the impulse response's signs, backwards.
std::vector<std::int16_t> worst_input(const Case& c, int samples) {
  std::vector<std::int16_t> impulse(static_cast<std::size_t>(samples), 0);
  impulse[1] = 32767;
  auto response = reference(c, impulse);
  std::ranges::reverse(response);
  std::vector<std::int16_t> input;
  for (const double value : response) input.push_back(value < 0 ? std::int16_t{-32768} : std::int16_t{32767});
  return input;
}

std::vector<std::int16_t> run(const dsp::Iir& block, const std::vector<std::int16_t>& input) {
  EXPECT_TRUE(block.valid());
  std::vector<std::int64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8 + 1, 4711);
  block.restart(state.data());
  std::vector<std::int16_t> output(input.size());
  for (std::size_t at = 0; at < input.size(); at += static_cast<std::size_t>(block.channels))
    EXPECT_TRUE(block.push(&input[at], &output[at], state.data(), nullptr));
  EXPECT_EQ(state.back(), 4711);
  return output;
}

double gain(const std::vector<IirSection>& sections, IirBand band, double hz, double rate_hz) {
  const auto z = std::polar<long double>(1, -2 * std::numbers::pi_v<long double> * hz / rate_hz);
  std::complex<long double> result = 1;
  for (const auto& section : sections) {
    const Biquad q = biquad(section, band);
    result *= (q.b[0] + q.b[1] * z + q.b[2] * z * z) / (1.0L + q.a[1] * z + q.a[2] * z * z);
  }
  return static_cast<double>(std::abs(result));
}

TEST(IirDesign, has_the_response_of_butterworth) {
  for (const auto& c : cases()) {
    const auto sections = sections_of(c).value();
    const auto warped = [&](double hz) { return std::tan(std::numbers::pi * hz / c.rate_hz); };
    const double low = warped(c.low_hz), high = c.band == IirBand::kBandPass ? warped(c.high_hz) : 0;
    for (const double share : {0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.99, 1.0, 1.1, 1.5, 3.0}) {
      const double hz = c.low_hz * share;
      if (hz >= c.rate_hz / 2) continue;
      const double w = warped(hz);
      double x = w / low;  // in the low-pass of edge 1
      if (c.band == IirBand::kHighPass) x = low / w;
      if (c.band == IirBand::kBandPass) x = std::abs(w * w - low * high) / ((high - low) * w);
      const double expected = 1 / std::sqrt(1 + std::pow(x, 2 * c.order));
      EXPECT_NEAR(gain(sections, c.band, hz, c.rate_hz), expected, 1e-9) << c << ", " << hz << " Hz";
    }
    EXPECT_NEAR(gain(sections, c.band, c.low_hz, c.rate_hz), std::sqrt(0.5), 1e-9) << c;
  }
}

using Signal = std::function<double(int sample, const Case&, Rng&)>;

TEST(Iir, stays_within_the_bound_of_the_design) {
  const std::vector<std::pair<std::string, Signal>> signals = {
      {"noise", [](int, const Case&, Rng& rng) { return rng.uniform(-32768, 32768); }},
      {"extreme noise", [](int, const Case&, Rng& rng) { return rng.uniform() < 0.5 ? -32768 : 32767; }},
      {"lowest", [](int sample, const Case&, Rng&) { return sample == 0 ? 32767 : -32768; }},
      {"highest", [](int sample, const Case&, Rng&) { return sample == 0 ? -32768 : 32767; }},
      {"alternating", [](int sample, const Case&, Rng&) { return sample % 2 == 0 ? -32768 : 32767; }},
      {"worst", nullptr},
      {"zero", [](int, const Case&, Rng&) { return 0; }},
      {"square wave at the edge",
       [](int sample, const Case& c, Rng&) {
         return std::sin(2 * std::numbers::pi * c.low_hz / c.rate_hz * sample) < 0 ? -32768 : 32767;
       }},
      {"sine at the edge", [](int sample, const Case& c, Rng&) {
         return 32000 * std::sin(2 * std::numbers::pi * c.low_hz / c.rate_hz * sample);
       }}};
  int compared = 0;
  for (const auto& c : cases()) {
    const auto design = design_of(c);
    ASSERT_TRUE(design.has_value()) << c << ": " << design.error().what;
    const dsp::Iir block = design->block(1);
    const int samples = static_cast<int>(std::min<std::int64_t>(2 * design->settling_samples + 500, 20000));
    for (const auto& [name, signal] : signals) {
      Rng rng(7);
      auto input = signal ? std::vector<std::int16_t>() : worst_input(c, samples);
      for (int sample = 0; signal && sample < samples; ++sample)
        input.push_back(static_cast<std::int16_t>(std::floor(signal(sample, c, rng))));
      const auto expected = reference(c, input);
      const auto found = run(block, input);
      double worst = 0;
      for (std::size_t sample = 0; sample < input.size(); ++sample)
        worst = std::max(worst, std::abs(found[sample] - expected[sample]));
      EXPECT_LE(worst, design->error_counts) << c << ", " << name;
      ++compared;
    }
  }
  EXPECT_GT(compared, 900);
}

TEST(Iir, starts_in_the_steady_state_of_the_first_sample) {
  for (const auto& c : cases()) {
    const auto design = design_of(c).value();
    for (const std::int16_t level :
         {std::int16_t{32767}, std::int16_t{-32768}, std::int16_t{1}, std::int16_t{8192}}) {
      const std::vector<std::int16_t> input(500, level);
      EXPECT_EQ(
          run(design.block(1), input),
          std::vector<std::int16_t>(500, c.band == IirBand::kLowPass ? level : static_cast<std::int16_t>(0)))
          << c;
    }
  }
}

TEST(Iir, comes_to_rest_within_a_count_of_zero_after_any_signal) {
  for (const auto& c : cases()) {
    const auto design = design_of(c).value();
    Rng rng(3);
    std::vector<std::int16_t> input;
    for (int sample = 0; sample < 3000; ++sample)
      input.push_back(rng.uniform() < 0.5 ? std::int16_t{-32768} : std::int16_t{32767});
    const auto silence = static_cast<std::size_t>(2 * design.settling_samples);
    input.resize(input.size() + silence + 2000, 0);
    const auto output = run(design.block(1), input);
    EXPECT_LE(*std::max_element(output.end() - 2000, output.end()), 1) << c;
    EXPECT_GE(*std::min_element(output.end() - 2000, output.end()), -1) << c;
  }
}

TEST(Iir, filters_each_channel_by_itself_and_starts_over_after_restart) {
  const auto design = design_band_pass(4, 1, 20, 100).value();
  Rng rng(5);
  std::vector<std::int16_t> together, apart[3];
  for (int sample = 0; sample < 300; ++sample)
    for (auto& channel : apart) {
      channel.push_back(static_cast<std::int16_t>(rng.uniform(-30000, 30000)));
      together.push_back(channel.back());
    }
  const auto found = run(design.block(3), together);
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const auto expected = run(design.block(1), apart[channel]);
    for (std::size_t sample = 0; sample < 300; ++sample)
      ASSERT_EQ(found[sample * 3 + channel], expected[sample]) << channel << " " << sample;
  }
}

std::string error_of(const Result<IirDesign>& design) {
  return design.has_value() ? "none" : design.error().what;
}

TEST(IirDesign, refuses_what_cannot_be_and_says_why) {
  EXPECT_EQ(error_of(design_low_pass(0, 10, 100)), "order is 0, expected 1 to 8");
  EXPECT_EQ(error_of(design_high_pass(9, 10, 100)), "order is 9, expected 1 to 8");
  EXPECT_EQ(error_of(design_low_pass(2, 50, 100)),
            "edge is 50 Hz, expected more than 0 and less than 50 Hz, half the rate");
  EXPECT_EQ(error_of(design_low_pass(2, 0, 100)),
            "edge is 0 Hz, expected more than 0 and less than 50 Hz, half the rate");
  EXPECT_EQ(error_of(design_low_pass(2, 10, 0)), "rate is 0 Hz, expected more than 0 and less than 1e9 Hz");
  EXPECT_EQ(error_of(design_low_pass(2, std::nan(""), 100)),
            "edge is nan Hz, expected more than 0 and less than 50 Hz, half the rate");
  EXPECT_EQ(error_of(design_band_pass(2, 20, 20, 100)),
            "the band from 20 Hz to 20 Hz is empty, expected the lower edge below the upper one");
  EXPECT_EQ(error_of(design_band_pass(2, 20, 60, 100)),
            "upper edge is 60 Hz, expected more than 0 and less than 50 Hz, half the rate");
  EXPECT_EQ(error_of(design_low_pass(2, 0.001, 16000)),
            "an impulse rings for more than 1048576 samples, expected fewer");
  EXPECT_EQ(error_of(design_band_pass(7, 1, 40, 100)),
            "the error of 32-bit arithmetic could reach 5.5 counts, expected at most 4.0");
}

}  // namespace
}  // namespace mote::features
