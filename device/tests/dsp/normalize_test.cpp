// SPDX-License-Identifier: Apache-2.0
// normalize() equals the formula in 64 bits wherever valid() allows it, and valid() is exactly the bound of
// int32.
#include "mote/dsp/normalize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace mote::dsp {
namespace {

std::int16_t by_formula(std::int64_t counts, AxisNormalization axis) {
  const std::int64_t half = axis.shift > 0 ? std::int64_t{1} << (axis.shift - 1) : 0;
  const std::int64_t feature = (counts * axis.multiplier + axis.bias + half) >> axis.shift;
  return static_cast<std::int16_t>(std::clamp<std::int64_t>(feature, INT16_MIN, INT16_MAX));
}

TEST(Normalize, gives_2048_one_standard_deviation_above_the_mean) {
  // mean 1000 counts, standard deviation 500 counts: 2048 / 500 = 4.096 = 16777 / 4096
  const AxisNormalization axis{16777, -16777 * 1000, 12};
  ASSERT_TRUE(valid(axis));
  EXPECT_EQ(normalize(1000, axis), 0);
  EXPECT_EQ(normalize(1500, axis), 2048);
  EXPECT_EQ(normalize(500, axis), -2048);
}

TEST(Normalize, rounds_to_nearest_with_ties_upward) {
  const AxisNormalization axis{1, 0, 1};
  EXPECT_EQ(normalize(3, axis), 2);
  EXPECT_EQ(normalize(-3, axis), -1);
  EXPECT_EQ(normalize(-4, axis), -2);
}

TEST(Normalize, saturates_at_the_ends_of_int16) {
  EXPECT_EQ(normalize(20000, {2, 0, 0}), 32767);
  EXPECT_EQ(normalize(-20000, {2, 0, 0}), -32768);
}

TEST(Normalize, equals_the_formula_in_64_bits_for_every_extreme) {
  int compared = 0;
  for (const std::int32_t multiplier : {-32767, -12345, -1, 0, 1, 777, 32767})
    for (const std::int32_t bias : {-1073741824, -1000000, -1, 0, 1, 1000000, 1073741823})
      for (const int shift : {0, 1, 7, 11, 15, 29, 30}) {
        const AxisNormalization axis{multiplier, bias, static_cast<std::int8_t>(shift)};
        if (!valid(axis)) continue;
        for (std::int32_t counts = INT16_MIN; counts <= INT16_MAX; counts += 1 + (counts & 31)) {
          ASSERT_EQ(normalize(static_cast<std::int16_t>(counts), axis), by_formula(counts, axis))
              << counts << " * " << multiplier << " + " << bias << " >> " << shift;
          ++compared;
        }
      }
  EXPECT_GT(compared, 100000);
}

TEST(Normalize, valid_is_the_bound_of_int32) {
  // 32768 * 32767 = 2^30 * 2 - 32768 = 1073709056; the rest up to 2^31 - 1 belongs to the bias and the half
  EXPECT_TRUE(valid({32767, 1073774591, 0}));
  EXPECT_FALSE(valid({32767, 1073774592, 0}));
  EXPECT_TRUE(valid({-32767, -1073774590, 1}));
  EXPECT_FALSE(valid({-32767, -1073774591, 1}));
  EXPECT_FALSE(valid({32768, 0, 0}));
  EXPECT_FALSE(valid({-32768, 0, 0}));
  EXPECT_FALSE(valid({1, 0, -1}));
  EXPECT_FALSE(valid({1, 0, 31}));
  EXPECT_FALSE(valid({0, INT32_MIN, 0}));
}

}  // namespace
}  // namespace mote::dsp
