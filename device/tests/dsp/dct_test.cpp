// SPDX-License-Identifier: Apache-2.0
// The cosine transform is within the rounding of its weights and of its result of the formula.
#include "mote/dsp/dct.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "features/design/dct.h"

namespace mote::dsp {
namespace {

using features::DctScaling;

TEST(Dct, of_a_constant_has_the_first_coefficient_alone) {
  // 4 terms of 100, orthonormal: 100 * 4 * sqrt(1/4) = 200
  const auto weights = features::dct_weights(DctScaling::kOrthonormal, 4, 4).value();
  const Dct block{1, 4, 4, weights.weights.data(), static_cast<std::int8_t>(weights.fraction_bits)};
  const std::int16_t input[] = {100, 100, 100, 100};
  std::int16_t output[4];
  EXPECT_TRUE(block.push(input, output, nullptr, nullptr));
  EXPECT_EQ(output[0], 200);
  for (int index = 1; index < 4; ++index) EXPECT_EQ(output[index], 0);
}

TEST(Dct, stays_within_its_bound_for_every_length_and_extreme) {
  std::mt19937 generator(13);
  for (const DctScaling scaling : {DctScaling::kOrthonormal, DctScaling::kHtk})
    for (const auto& [terms, coefficients] :
         {std::pair{1, 1}, {2, 2}, {3, 3}, {13, 13}, {40, 10}, {41, 7}, {1024, 5}}) {
      const auto weights = features::dct_weights(scaling, terms, coefficients).value();
      for (const int shift : {weights.fraction_bits, weights.fraction_bits + 3})
        for (const int kind : {0, 1, 2, 3}) {
          const Dct block{2, terms, coefficients, weights.weights.data(), static_cast<std::int8_t>(shift)};
          ASSERT_TRUE(block.valid());
          std::vector<std::int16_t> input(static_cast<std::size_t>(2 * terms));
          for (std::size_t index = 0; index < input.size(); ++index)
            input[index] =
                static_cast<std::int16_t>(kind == 0   ? -32768
                                          : kind == 1 ? 32767
                                          : kind == 2 ? (index % 2 == 0 ? -32768 : 32767)
                                                      : static_cast<int>(generator() % 65536) - 32768);
          std::vector<std::int16_t> output(static_cast<std::size_t>(2 * coefficients) + 1, 0x5A5A);
          EXPECT_TRUE(block.push(input.data(), output.data(), nullptr, nullptr));
          EXPECT_EQ(output.back(), 0x5A5A);
          for (int index = 0; index < 2 * coefficients; ++index) {
            const int coefficient = index % coefficients, channel = index / coefficients;
            double sum = 0, all = 0;
            for (int term = 0; term < terms; ++term) {
              const double value = input[static_cast<std::size_t>(channel * terms + term)];
              sum += value * std::cos(std::numbers::pi * coefficient * (term + 0.5) / terms);
              all += std::abs(value);
            }
            sum *= std::sqrt((coefficient == 0 && scaling == DctScaling::kOrthonormal ? 1.0 : 2.0) / terms);
            const double down = std::exp2(weights.fraction_bits - shift);
            const double exact = std::clamp(sum * down, -32768.0, 32767.0);
            ASSERT_LE(std::abs(output[static_cast<std::size_t>(index)] - exact),
                      0.5 + 1e-6 + all * std::exp2(-weights.fraction_bits - 1) * down)
                << terms << " terms, coefficient " << coefficient << ", kind " << kind;
          }
        }
    }
}

TEST(Dct, valid_knows_the_limits) {
  EXPECT_TRUE((Dct{1024, 1024, 1024, {}, 32}.valid()));
  EXPECT_FALSE((Dct{1, 1025, 1, {}, 1}.valid()));
  EXPECT_FALSE((Dct{1, 10, 11, {}, 1}.valid()));
  EXPECT_FALSE((Dct{1, 10, 0, {}, 1}.valid()));
  EXPECT_FALSE((Dct{1, 10, 10, {}, 0}.valid()));
  EXPECT_FALSE((Dct{1, 10, 10, {}, 33}.valid()));
  EXPECT_FALSE((Dct{0, 10, 10, {}, 1}.valid()));
}

}  // namespace
}  // namespace mote::dsp
