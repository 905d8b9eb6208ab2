// SPDX-License-Identifier: Apache-2.0
#include "core/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace mote {
namespace {

TEST(IncompleteBeta, AgreesWithClosedForms) {
  EXPECT_NEAR(incomplete_beta(0.3, 1, 1), 0.3, 1e-13);                         // uniform
  EXPECT_NEAR(incomplete_beta(0.3, 4, 1), std::pow(0.3, 4), 1e-13);            // x^a
  EXPECT_NEAR(incomplete_beta(0.3, 1, 5), 1 - std::pow(0.7, 5), 1e-13);        // 1 - (1 - x)^b
  EXPECT_NEAR(incomplete_beta(0.25, 2, 2), 3 * 0.0625 - 2 * 0.015625, 1e-13);  // 3x^2 - 2x^3
  EXPECT_NEAR(incomplete_beta(0.5, 700, 700), 0.5, 1e-12);                     // symmetry
  EXPECT_EQ(incomplete_beta(0, 2, 3), 0);
  EXPECT_EQ(incomplete_beta(1, 2, 3), 1);
}

TEST(ClopperPearson, AgreesWithPublishedValues) {
  struct Case {
    std::int64_t successes, trials;
    double low, high, tolerance;
  };
  for (const Case& c :
       {Case{0, 100, 0, 0.036, 5e-4}, Case{5, 100, 0.016, 0.113, 5e-4}, Case{15, 300, 0.028, 0.081, 5e-4},
        Case{6, 50, 0.045, 0.243, 5e-4}, Case{11, 12, 0.615, 0.998, 5e-4}}) {
    const Interval interval = clopper_pearson(c.successes, c.trials);
    EXPECT_NEAR(interval.low, c.low, c.tolerance) << c.successes << " of " << c.trials;
    EXPECT_NEAR(interval.high, c.high, c.tolerance) << c.successes << " of " << c.trials;
  }
}

TEST(ClopperPearson, EndsAreExactWhereAClosedFormExists) {
  const Interval none = clopper_pearson(0, 20);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 1 - std::pow(0.025, 1.0 / 20), 1e-12);
  const Interval all = clopper_pearson(20, 20);
  EXPECT_NEAR(all.low, std::pow(0.025, 1.0 / 20), 1e-12);
  EXPECT_EQ(all.high, 1);
  EXPECT_EQ(clopper_pearson(0, 0), (Interval{0, 1}));
}

TEST(ClopperPearson, IsMirroredAndNarrowsWithConfidence) {
  const Interval few = clopper_pearson(3, 17);
  const Interval many = clopper_pearson(14, 17);
  EXPECT_NEAR(few.low, 1 - many.high, 1e-12);
  EXPECT_NEAR(few.high, 1 - many.low, 1e-12);
  EXPECT_LT(clopper_pearson(3, 17, 0.5).high, few.high);
}

TEST(McNemar, CountsCoinTossesOfTheUnitsThatDiffer) {
  EXPECT_EQ(mcnemar_exact(0, 0), 1);
  EXPECT_EQ(mcnemar_exact(4, 4), 1);
  EXPECT_NEAR(mcnemar_exact(0, 6), 2.0 / 64, 1e-12);            // 2 (1) / 2^6
  EXPECT_NEAR(mcnemar_exact(5, 1), 2.0 * (1 + 6) / 64, 1e-12);  // 2 (1 + 6) / 2^6
  EXPECT_NEAR(mcnemar_exact(1, 5), mcnemar_exact(5, 1), 1e-15);
  EXPECT_NEAR(mcnemar_exact(2, 1), 1, 1e-12);  // 2 (1 + 3) / 2^3
}

TEST(Bootstrap, IsRepeatableAndCoversTheMeanOfItsUnits) {
  std::vector<double> values(200);
  for (std::size_t unit = 0; unit < values.size(); ++unit) values[unit] = unit % 4 == 0 ? 1 : 0;
  const auto mean = [&](std::span<const std::int64_t> units) {
    double sum = 0;
    for (const std::int64_t unit : units) sum += values[static_cast<std::size_t>(unit)];
    return sum / static_cast<double>(units.size());
  };
  const Interval interval = bootstrap(200, mean, 7);
  EXPECT_EQ(interval, bootstrap(200, mean, 7));
  EXPECT_NE(bootstrap(200, mean, 7, 20), bootstrap(200, mean, 8, 20));
  // Standard error sqrt(0.25 * 0.75 / 200) = 0.0306; the ends lie about 1.96 of it away.
  EXPECT_NEAR(interval.low, 0.25 - 0.06, 0.012);
  EXPECT_NEAR(interval.high, 0.25 + 0.06, 0.012);
}

TEST(EnoughData, NeedsAnIntervalWithinTenPointsEitherWay) {
  // All of n right: 1 - 0.025^(1/n) <= 0.1 from n = 36 on.
  EXPECT_FALSE(enough_data(35, 35));
  EXPECT_TRUE(enough_data(36, 36));
  EXPECT_FALSE(enough_data(0, 0));
  EXPECT_FALSE(enough_data(25, 50));
  EXPECT_TRUE(enough_data(60, 120));
}

TEST(EnoughData, TellsHowMuchMoreIsNeeded) {
  EXPECT_EQ(more_units_needed(36, 36), 0);
  EXPECT_EQ(more_units_needed(20, 20), 16);
  const std::int64_t more = more_units_needed(9, 12);
  EXPECT_GT(more, 0);
  EXPECT_TRUE(enough_data(std::llround(0.75 * static_cast<double>(12 + more)), 12 + more));
}

}  // namespace
}  // namespace mote
