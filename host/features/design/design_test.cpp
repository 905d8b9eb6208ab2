// SPDX-License-Identifier: Apache-2.0
// Tables are the rounded values of their formulas; what cannot be designed is refused with a message that
// says what was found and what was expected.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "features/design/dct.h"
#include "features/design/filter_bank.h"
#include "features/design/logarithm.h"
#include "features/design/spectrum.h"

namespace mote::features {
namespace {

double low_half(std::uint32_t word) {
  return static_cast<std::int16_t>(word & 0xFFFF) / 32768.0;
}
double high_half(std::uint32_t word) {
  return static_cast<std::int16_t>(word >> 16) / 32768.0;
}

TEST(Design, windows_are_their_formulas) {
  for (const auto& [shape, mean] : {std::pair{WindowShape::kHann, 0.5}, {WindowShape::kHamming, 0.54}})
    for (const auto& [period, shorter] :
         {std::pair{WindowPeriod::kPeriodic, 0}, {WindowPeriod::kSymmetric, 1}})
      for (const std::int32_t length : {2, 30, 480, 2048}) {
        const auto words = window_factors(shape, period, length).value();
        ASSERT_EQ(words.size(), static_cast<std::size_t>(length / 2));
        for (std::int32_t index = 0; index < length; ++index) {
          const std::uint32_t word = words[static_cast<std::size_t>(index / 2)];
          const double exact =
              mean - (1 - mean) * std::cos(2 * std::numbers::pi * index / (length - shorter));
          ASSERT_NEAR(index % 2 == 0 ? low_half(word) : high_half(word), exact,
                      exact > 0.99997 ? std::exp2(-15) + 1e-12 : std::exp2(-16) + 1e-12)
              << length << " " << index;
        }
      }
}

TEST(Design, twiddles_are_negated_cosines_and_sines) {
  // Size 32: 16 complex values, one stage behind the first (length 4), then the factors of the last step.
  const auto words = fft_twiddles(32).value();
  ASSERT_EQ(words.size(), 12u + 9u);
  const auto expect = [&](std::size_t word, double turns) {
    EXPECT_NEAR(low_half(words[word]), -std::cos(2 * std::numbers::pi * turns), std::exp2(-16) + 1e-12)
        << word;
    EXPECT_NEAR(high_half(words[word]), -std::sin(2 * std::numbers::pi * turns), std::exp2(-16) + 1e-12)
        << word;
  };
  for (std::size_t index = 0; index < 4; ++index)
    for (std::size_t power = 1; power <= 3; ++power)
      expect(3 * index + power - 1, static_cast<double>(power * index) / 16);
  for (std::size_t index = 0; index <= 8; ++index) expect(12 + index, static_cast<double>(index) / 32);
  EXPECT_EQ(words[0], 0x00008000u);  // exactly -1
}

TEST(Design, square_roots_are_rounded_to_nearest) {
  const auto roots = square_roots();
  for (std::size_t index = 0; index < roots.size(); ++index)
    EXPECT_EQ(roots[index], std::lround(4096 * std::sqrt(16.0 + static_cast<double>(index)))) << index;
}

TEST(Design, logarithm_parameters_of_an_example) {
  const auto parameters = log_parameters({LogBase::kTwo, 4, 2.0, 3.0}).value();
  EXPECT_EQ(parameters.factor, 16384);                 // 1 at 2^14
  EXPECT_EQ(parameters.shift, 11);                     // log2 * 2^14 * 2^7 / 2^11 = log2 * 2^10
  EXPECT_EQ(parameters.bias, -(4 + 1) * 16384 * 128);  // input in 1/16, relative to 2
  EXPECT_EQ(parameters.offset, 48u);                   // 3 in 1/16
  EXPECT_EQ(parameters.at_zero, std::lround(1024 * std::log2(1.5)));
  EXPECT_EQ(log_parameters({LogBase::kTwo, 4, 2.0, 0.9}).value().offset, 0u);  // below 16 steps
}

TEST(Design, what_cannot_be_is_refused_with_what_was_found_and_expected) {
  EXPECT_EQ(window_factors(WindowShape::kHann, WindowPeriod::kPeriodic, 479).error().what,
            "a window has 479 samples, expected an even number from 2 to 2048");
  EXPECT_FALSE(window_factors(WindowShape::kHann, WindowPeriod::kPeriodic, 0).has_value());
  EXPECT_EQ(fft_twiddles(500).error().what,
            "a transform has size 500, expected a power of two from 16 to 2048");
  EXPECT_FALSE(fft_twiddles(4096).has_value());
  EXPECT_EQ(dct_weights(DctScaling::kHtk, 40, 41).error().what,
            "41 coefficients of 40 terms, expected 1 to 1024 terms and at most as many coefficients");
  EXPECT_EQ(log_parameters({LogBase::kTwo, 40, 1.0, 0.0}).error().what,
            "input has 40 fraction bits, expected -32 to 32");
  EXPECT_EQ(log_parameters({LogBase::kTwo, 0, 0.0, 0.0}).error().what,
            "reference is 0, expected 2^-32 to 2^32");
  EXPECT_FALSE(log_parameters({LogBase::kTwo, 0, 1.0, -1.0}).has_value());
  EXPECT_FALSE(log_parameters({LogBase::kTwo, 0, 1.0, std::nan("")}).has_value());
}

TEST(Design, mel_filters_that_cannot_be_are_refused) {
  const MelDesign good{16000, 512, 1, 127, 40, 20, 4000};
  ASSERT_TRUE(mel_filters(good).has_value());
  const auto message = [&](auto change) {
    MelDesign design = good;
    change(design);
    const auto filters = mel_filters(design);
    return filters.has_value() ? std::string() : filters.error().what;
  };
  EXPECT_EQ(message([](MelDesign& design) { design.sample_rate_hz = 0; }),
            "sample rate is 0 Hz, expected a positive one");
  EXPECT_EQ(message([](MelDesign& design) { design.bands = 0; }), "0 bands, expected 1 to 1024");
  EXPECT_EQ(message([](MelDesign& design) { design.bins = 300; }),
            "bins 1 to 300 of a transform of size 512, expected some of 0 to 256");
  EXPECT_EQ(message([](MelDesign& design) { design.high_hz = 9000; }),
            "frequencies 20 to 9000 Hz, expected ascending ones from 0 to 8000 Hz");
  EXPECT_EQ(message([](MelDesign& design) { design.low_hz = 5000; }),
            "frequencies 5000 to 4000 Hz, expected ascending ones from 0 to 8000 Hz");
  EXPECT_EQ(message([](MelDesign& design) { design.high_hz = 5000; }),
            "frequencies 20 to 5000 Hz, the spectrum has those from 31.25 to 3968.75 Hz only");
  EXPECT_EQ(message([](MelDesign& design) { design.bands = 100; }),
            "band 1 reaches from 33.5 to 61.3 Hz, but bins are 31.2 Hz apart: none falls into it");
  const Band exchanged[] = {{20, 10}}, between[] = {{11, 19}};
  EXPECT_EQ(band_limits(between, 320, 32, 1, 8).error().what,
            "a band reaches from 11 to 19 Hz: no bin lies in it; bins lie 10.000 Hz apart from 10.000 to "
            "80.000 Hz");
  EXPECT_FALSE(band_limits(exchanged, 320, 32, 1, 8).has_value());
}

}  // namespace
}  // namespace mote::features
