// SPDX-License-Identifier: Apache-2.0
#include "mote/runtime/decision.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace mote::runtime {
namespace {

TEST(Decide, takes_the_likeliest_class) {
  const std::int8_t probabilities[3] = {-100, 80, -108};
  const Decision decision = decide(probabilities, 3, 180);
  EXPECT_EQ(decision.class_index, 1);
  EXPECT_EQ(decision.confidence, 208);
  EXPECT_EQ(decision.decision, 1);
}

TEST(Decide, takes_the_first_of_equals) {
  const std::int8_t probabilities[3] = {-128, 0, 0};
  EXPECT_EQ(decide(probabilities, 3, 1).class_index, 1);
}

TEST(Decide, is_uncertain_just_below_the_threshold_and_sure_at_it) {
  const std::int8_t at[2] = {52, -52};  // 180 / 256
  const std::int8_t below[2] = {51, -51};
  EXPECT_EQ(decide(at, 2, 180).decision, 0);
  EXPECT_EQ(decide(below, 2, 180).decision, kUncertain);
  EXPECT_EQ(decide(below, 2, 180).class_index, 0);
}

TEST(Decide, reaches_both_ends_of_the_confidence) {
  const std::int8_t low[1] = {-128};
  const std::int8_t high[1] = {127};
  EXPECT_EQ(decide(low, 1, 1).confidence, 0);
  EXPECT_EQ(decide(high, 1, 255).confidence, 255);
  EXPECT_EQ(decide(high, 1, 255).decision, 0);
}

}  // namespace
}  // namespace mote::runtime
