// SPDX-License-Identifier: Apache-2.0
#include "core/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/random.h"

namespace mote {
namespace {

TEST(PortableMath, ExpIsWithinItsStatedErrorOfTheLibrary) {
  Rng rng(11);
  for (int trial = 0; trial < 20000; ++trial) {
    const double x = rng.uniform(-700.0, 700.0);
    EXPECT_NEAR(portable_exp(x) / std::exp(x), 1.0, 6e-16) << x;  // the library itself is within 1.2e-16
  }
  EXPECT_EQ(portable_exp(0.0), 1.0);
  EXPECT_EQ(portable_exp(-1e9), portable_exp(-708.0));
  EXPECT_TRUE(std::isfinite(portable_exp(1e9)));
  EXPECT_TRUE(std::isnan(portable_exp(std::numeric_limits<double>::quiet_NaN())));
}

TEST(PortableMath, LogIsWithinItsStatedErrorOfTheLibrary) {
  Rng rng(12);
  for (int trial = 0; trial < 20000; ++trial) {
    const double x = std::exp2(rng.uniform(-1000.0, 1000.0));
    const double expected = std::log(x);
    EXPECT_NEAR(portable_log(x), expected, 6e-16 * std::max(1.0, std::abs(expected))) << x;
  }
  EXPECT_EQ(portable_log(1.0), 0.0);
}

TEST(PortableMath, SinAndCosAreWithinTheirStatedErrorOfTheLibrary) {
  Rng rng(13);
  for (int trial = 0; trial < 20000; ++trial) {
    const double limit = trial % 2 == 0 ? 10.0 : 1e5;
    const double x = rng.uniform(-limit, limit);
    EXPECT_NEAR(portable_sin(x), std::sin(x), 6e-16) << x;
    EXPECT_NEAR(portable_cos(x), std::cos(x), 7e-16 + std::abs(x) * 0x1p-53) << x;
  }
  EXPECT_EQ(portable_sin(0.0), 0.0);
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(4);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0;
  int beyond_two = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    const double value = rng.normal();
    sum += value;
    squares += value * value;
    beyond_two += std::abs(value) > 2.0 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.016);                        // 5 standard errors
  EXPECT_NEAR(squares / kDraws, 1.0, 0.023);                    // 5 * sqrt(2 / n)
  EXPECT_NEAR(beyond_two / double{kDraws}, 0.045500, 0.00330);  // 5 * sqrt(p (1 - p) / n)
}

}  // namespace
}  // namespace mote
