// SPDX-License-Identifier: Apache-2.0
// Triangles and bands equal their formulas in 64-bit floats within the weights' rounding, and saturate.
#include "mote/dsp/filter_bank.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "features/design/filter_bank.h"

namespace mote::dsp {
namespace {

using features::Band;
using features::MelDesign;
using features::MelScale;
using features::MelSlope;

template <class Block>
std::vector<std::uint32_t> output_of(const Block& block, const std::vector<std::uint32_t>& input) {
  EXPECT_TRUE(block.valid());
  EXPECT_EQ(block.inputs(), static_cast<std::int32_t>(input.size()));
  std::vector<std::uint32_t> output(static_cast<std::size_t>(block.outputs()) + 1, 0x5A5A5A5A);
  EXPECT_TRUE(block.push(input.data(), output.data(), nullptr, nullptr));
  EXPECT_EQ(output.back(), 0x5A5A5A5Au);
  output.pop_back();
  return output;
}

TEST(FilterBank, gives_the_sums_of_an_example_by_hand) {
  // Band 0 rises over bins 1, 2 and falls over 3; band 1 rises over 3 and falls over 4, 5.
  const std::int16_t edges[] = {1, 3, 4, 6};
  const std::uint16_t weights[] = {0, 16384, 8192, 0, 24576};  // 0, 1/2 | 1/4 | 0, 3/4
  const FilterBank block{1, 7, 2, edges, weights, {}, 0};
  // 100 * 0 + 200 / 2 + 400 * 3 / 4 = 400; 400 / 4 + 800 * 1 + 1600 / 4 = 1300
  EXPECT_EQ(output_of(block, {7, 100, 200, 400, 800, 1600, 7}), (std::vector<std::uint32_t>{400, 1300}));
}

/// The triangles of the literature, evaluated bin by bin: min(rising, falling), not below 0.
std::vector<std::vector<double>> triangles(const MelDesign& design) {
  const auto mel = [&](double hz) {
    if (design.scale == MelScale::kHtk)
      return 2595.0 * std::log10(1.0 + hz / 700.0) * 1127.0 / (2595.0 / std::log(10.0));
    return hz < 1000 ? hz * 3 / 200 : 15 + 27 * std::log(hz / 1000) / std::log(6.4);
  };
  const auto inverse = [&](double value) {  // by bisection: no second formula to get wrong
    double low = 0, high = design.sample_rate_hz;
    for (int step = 0; step < 100; ++step) (mel((low + high) / 2) < value ? low : high) = (low + high) / 2;
    return low;
  };
  std::vector<std::vector<double>> bands;
  for (std::int32_t band = 0; band < design.bands; ++band) {
    double corner[3], corner_hz[3];
    for (int index = 0; index < 3; ++index) {
      corner[index] = mel(design.low_hz) +
                      (mel(design.high_hz) - mel(design.low_hz)) * (band + index) / (design.bands + 1);
      corner_hz[index] = inverse(corner[index]);
      if (design.slope == MelSlope::kHertz) corner[index] = corner_hz[index];
    }
    std::vector<double> weights;
    for (std::int32_t bin = 0; bin < design.bins; ++bin) {
      const double hz = (design.first_bin + bin) * design.sample_rate_hz / design.fft_size;
      const double at = design.slope == MelSlope::kMel ? mel(hz) : hz;
      const double weight = std::max(0.0, std::min((at - corner[0]) / (corner[1] - corner[0]),
                                                   (corner[2] - at) / (corner[2] - corner[1])));
      weights.push_back(weight * (design.equal_area ? 2 / (corner_hz[2] - corner_hz[0]) : 1));
    }
    bands.push_back(weights);
  }
  return bands;
}

TEST(FilterBank, equals_the_triangles_of_each_formula_within_the_rounding_of_the_weights) {
  std::mt19937 generator(11);
  for (const MelDesign& design :
       {MelDesign{16000, 512, 1, 127, 40, 20, 4000, MelScale::kHtk, MelSlope::kMel, false},
        MelDesign{16000, 512, 0, 257, 26, 0, 8000, MelScale::kHtk, MelSlope::kHertz, false},
        MelDesign{22050, 2048, 0, 1025, 128, 0, 11025, MelScale::kSlaney, MelSlope::kHertz, true},
        MelDesign{8000, 256, 2, 120, 13, 100, 3700, MelScale::kSlaney, MelSlope::kMel, true}}) {
    const auto filters = features::mel_filters(design);
    ASSERT_TRUE(filters.has_value()) << filters.error().what;
    const FilterBank block{2,
                           design.bins,
                           design.bands,
                           filters->edges.data(),
                           filters->weights.data(),
                           filters->gains.empty() ? nullptr : filters->gains.data(),
                           filters->gain_shift};
    ASSERT_EQ(design.equal_area, !filters->gains.empty());
    const auto exact = triangles(design);
    for (const std::uint32_t largest : {0u, 1000u, 0xFFFFFFFFu}) {
      std::vector<std::uint32_t> input;
      for (std::int32_t bin = 0; bin < 2 * design.bins; ++bin)
        input.push_back(static_cast<std::uint32_t>(
            largest == 0xFFFFFFFFu ? generator() >> 5 : (largest == 0 ? 0 : generator() % largest)));
      const auto found = output_of(block, input);
      for (std::int32_t index = 0; index < 2 * design.bands; ++index) {
        const std::int32_t band = index % design.bands, channel = index / design.bands;
        double sum = 0, all = 0;
        for (std::int32_t bin = 0; bin < design.bins; ++bin) {
          const double value = input[static_cast<std::size_t>(channel * design.bins + bin)];
          const double weight = exact[static_cast<std::size_t>(band)][static_cast<std::size_t>(bin)];
          sum += value * weight;
          if (weight > 0) all += value;
        }
        // The weights' rounding, that of the gain relative to the largest one, and a step for each shift.
        const double bound = all * std::exp2(-16) * filters->unit + sum * (design.equal_area ? 2e-4 : 1e-9) +
                             2 * filters->unit;
        ASSERT_NEAR(found[static_cast<std::size_t>(index)] * filters->unit, sum, bound) << "band " << index;
      }
    }
  }
}

TEST(FilterBank, saturates_where_a_band_leaves_32_bits) {
  const auto filters = features::mel_filters({16000, 512, 0, 257, 4, 0, 8000});
  ASSERT_TRUE(filters.has_value());
  const FilterBank block{1, 257, 4, filters->edges.data(), filters->weights.data(), {}, 0};
  for (const std::uint32_t band : output_of(block, std::vector<std::uint32_t>(257, 0xFFFFFFFFu)))
    EXPECT_EQ(band, 0xFFFFFFFFu);
}

TEST(FilterBank, the_product_of_parts_is_the_product) {
  std::mt19937 generator(3);
  for (int count = 0; count < 10000; ++count) {
    const auto value = static_cast<std::uint32_t>(generator());
    const auto factor = static_cast<std::uint16_t>(generator());
    ASSERT_EQ(detail::product_u48_in_parts(value, factor), std::uint64_t{value} * factor);
  }
  EXPECT_EQ(detail::product_u48_in_parts(0xFFFFFFFFu, 0xFFFF), std::uint64_t{0xFFFFFFFFu} * 0xFFFFu);
}

TEST(FilterBank, valid_knows_the_limits) {
  EXPECT_TRUE((FilterBank{1024, 16384, 1024, {}, {}, {}, 40}.valid()));
  EXPECT_FALSE((FilterBank{1025, 10, 1, {}, {}, {}, 0}.valid()));
  EXPECT_FALSE((FilterBank{1, 16385, 1, {}, {}, {}, 0}.valid()));
  EXPECT_FALSE((FilterBank{1, 10, 0, {}, {}, {}, 0}.valid()));
  EXPECT_FALSE((FilterBank{1, 10, 1, {}, {}, {}, 41}.valid()));
  EXPECT_FALSE((FilterBank{1, 10, 1, {}, {}, {}, -1}.valid()));
}

TEST(BandEnergies, sums_the_bins_between_two_frequencies) {
  // Bins 1 ... 8 of a transform of 32 at 320 Hz: 10, 20, ... 80 Hz.
  const Band bands[] = {{10, 20}, {15, 60}, {75, 100}};
  const auto limits = features::band_limits(bands, 320, 32, 1, 8);
  ASSERT_TRUE(limits.has_value());
  EXPECT_EQ(*limits, (std::vector<std::int16_t>{0, 2, 1, 6, 7, 8}));
  const BandEnergies block{1, 8, 3, limits->data(), 1};
  EXPECT_EQ(output_of(block, {1, 2, 4, 8, 16, 32, 64, 129}), (std::vector<std::uint32_t>{1, 31, 64}));
  const BandEnergies two{2, 8, 3, limits->data(), 0};
  EXPECT_EQ(output_of(two, {1, 2, 4, 8, 16, 32, 64, 129, 0, 0xFFFFFFFFu, 1, 0, 0, 0, 0, 5}),
            (std::vector<std::uint32_t>{3, 62, 129, 0xFFFFFFFFu, 0xFFFFFFFFu, 5}));
  EXPECT_FALSE((BandEnergies{1, 8, 1, {}, 32}.valid()));
  EXPECT_FALSE((BandEnergies{1, 0, 1, {}, 0}.valid()));
}

}  // namespace
}  // namespace mote::dsp
