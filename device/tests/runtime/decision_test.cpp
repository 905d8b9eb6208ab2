// SPDX-License-Identifier: Apache-2.0
#include "mote/runtime/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace mote::runtime {
namespace {

using ::testing::ElementsAre;

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

/// The windows at which events begin; `decided` [in]: class of each window, 255: uncertain; the last class is
/// the background.
std::vector<int> events(const DecisionRules& rules, const std::vector<int>& decided) {
  DecisionFilter<3, 4, 5> filter;
  std::vector<int> begins;
  for (std::size_t window = 0; window < decided.size(); ++window) {
    std::int8_t probabilities[3] = {-100, -100, -100};
    if (decided[window] != kUncertain) probabilities[decided[window]] = 120;
    bool is_event = false;
    filter.next(rules, probabilities, &is_event);
    if (is_event) begins.push_back(static_cast<int>(window));
  }
  return begins;
}

constexpr DecisionRules kPlain = {180, 2, 1, 1, 1, 0};

TEST(DecisionFilter, begins_an_event_where_the_class_changes_and_never_with_the_background) {
  EXPECT_THAT(events(kPlain, {2, 0, 0, 0, 2, 2, 1, 0, 255, 0}), ElementsAre(1, 6, 7, 9));
  EXPECT_THAT(events(kPlain, {0, 0}), ElementsAre(0));
  EXPECT_THAT(events({180, -1, 1, 1, 1, 0}, {2, 0, 2}), ElementsAre(0, 1, 2));
}

TEST(DecisionFilter, begins_none_within_the_refractory_time) {
  DecisionRules rules = kPlain;
  rules.refractory_windows = 3;
  EXPECT_THAT(events(rules, {0, 255, 0, 255, 0, 2, 0}), ElementsAre(0, 4));
  EXPECT_THAT(events(rules, {0, 2, 0, 2, 1}), ElementsAre(0, 4));
}

TEST(DecisionFilter, wants_as_many_votes_as_the_rules_say) {
  DecisionRules rules = kPlain;
  rules.votes = 2;
  rules.voting_windows = 3;
  EXPECT_THAT(events(rules, {0, 2, 2, 0, 2, 0, 0, 2, 2, 2, 0}), ElementsAre(5));
}

TEST(DecisionFilter, averages_the_windows_that_there_are) {
  DecisionRules rules = kPlain;
  rules.averaged_windows = 3;
  DecisionFilter<3, 4, 5> filter;
  bool is_event = false;
  const std::int8_t sure[3] = {127, -128, -128}, other[3] = {-128, 127, -128};
  EXPECT_EQ(filter.next(rules, sure, &is_event).confidence, 255);
  EXPECT_TRUE(is_event);
  EXPECT_EQ(filter.next(rules, other, &is_event).confidence, 127);  // (255 + 0) / 2 rounded down
  const Decision third = filter.next(rules, other, &is_event);
  EXPECT_EQ(third.class_index, 1);
  EXPECT_EQ(third.confidence, 170);
  EXPECT_EQ(third.decision, kUncertain);
  EXPECT_EQ(filter.next(rules, other, &is_event).confidence, 255);  // the first window has left
  EXPECT_TRUE(is_event);
  filter.restart();
  EXPECT_EQ(filter.next(rules, sure, &is_event).confidence, 255);
}

}  // namespace
}  // namespace mote::runtime
