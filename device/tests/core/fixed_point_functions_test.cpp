// SPDX-License-Identifier: Apache-2.0
#include "mote/core/fixed_point_functions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

#include "mote/core/float_rounding.h"
#include "mote/core/sigmoid.h"

namespace mote {
namespace {

// The values are those of the arithmetic that TFLite's kernels stand on.
TEST(FixedPointFunctions, give_tflites_logistic_and_tanh) {
  const struct {
    int32_t x;
    int32_t logistic;
    int32_t tanh;
  } cases[] = {
      {-2000000000, 723, -2147483647},
      {-300000000, 207524267, -2098890980},
      {-134217728, 577547421, -1635510876},
      {-12345, 1073692321, -197756},
      {-1, 1073741699, -260},
      {0, 1073741824, 0},
      {1, 1073741948, 260},
      {99999, 1074141938, 1600208},
      {134217728, 1569936226, 1635510876},
      {777777777, 2140968580, 2147443876},
      {2147483647, 2147483406, 2147483647},
  };
  for (const auto& expected : cases) {
    EXPECT_EQ(logistic_q31(expected.x), expected.logistic) << expected.x;
    EXPECT_EQ(tanh_q31(expected.x), expected.tanh) << expected.x;
  }
}

TEST(FixedPointFunctions, give_tflites_inverse_square_root) {
  const struct {
    int32_t value;
    int32_t multiplier;
    int32_t shift;
  } cases[] = {{0, 2147483647, 0},     {1, 2147483647, 0},          {2, 1518498372, 0},
               {3, 1239850284, 0},     {100, 214748363, 0},         {12345, 309246148, -4},
               {32767, 189815428, -4}, {536870912, 379624593, -12}, {2147483647, 189812531, -12}};
  for (const auto& expected : cases) {
    const Requantization root = inverse_square_root(expected.value);
    EXPECT_EQ(root.multiplier, expected.multiplier) << expected.value;
    EXPECT_EQ(root.shift, expected.shift) << expected.value;
  }
}

TEST(Sigmoid, table_is_rounded_to_nearest_but_for_44_entries_that_are_one_above) {
  int32_t above = 0;
  for (int32_t index = 0; index < 256; ++index) {
    const double exact = 65536.0 / (1.0 + std::exp(-index / 24.0));
    const auto nearest = static_cast<int32_t>(std::min(std::round(exact), 65535.0));
    const int32_t difference = kSigmoidTable[index] - nearest;
    EXPECT_TRUE(difference == 0 || difference == 1) << index;
    above += difference;
  }
  EXPECT_EQ(above, 44);
}

TEST(FloatRounding, equals_the_c_library_bit_for_bit) {
  std::mt19937 generator(1);
  const auto check = [](float x) {
    EXPECT_EQ(std::signbit(floor_f32(x)), std::signbit(std::floor(x))) << x;
    EXPECT_EQ(floor_f32(x), std::floor(x));
    EXPECT_EQ(std::signbit(ceil_f32(x)), std::signbit(std::ceil(x))) << x;
    EXPECT_EQ(ceil_f32(x), std::ceil(x));
    EXPECT_EQ(round_half_even_f32(x), std::nearbyint(x));
    EXPECT_EQ(floor_f64(static_cast<double>(x) * 1.7), std::floor(static_cast<double>(x) * 1.7));
  };
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float x :
       {0.0f, -0.0f, -0.3f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 8388607.5f, 8388608.0f, infinity, -infinity})
    check(x);
  for (int32_t round = 0; round < 100000; ++round)
    check(std::ldexp(static_cast<float>(static_cast<int32_t>(generator() % 16777216u) - 8388608),
                     static_cast<int32_t>(generator() % 40u) - 30));
  EXPECT_TRUE(std::isnan(floor_f32(std::nanf(""))) && std::isnan(round_half_even_f32(std::nanf(""))));
}

TEST(TruncatedRemainder, equals_the_c_library_for_all_kinds_of_floats) {
  std::mt19937 generator(2);
  for (int32_t round = 0; round < 100000; ++round) {
    const std::uint32_t bits[2] = {static_cast<std::uint32_t>(generator()),
                                   static_cast<std::uint32_t>(generator())};
    float operands[2];
    std::memcpy(operands, bits, sizeof(bits));
    const float expected = std::fmod(operands[0], operands[1]);
    const float actual = truncated_remainder_f32(operands[0], operands[1]);
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(actual)) << operands[0] << " and " << operands[1];
    } else {
      EXPECT_EQ(actual, expected) << operands[0] << " and " << operands[1];
    }
  }
}

}  // namespace
}  // namespace mote
