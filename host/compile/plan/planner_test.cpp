// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/planner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/random.h"

namespace mote::compile {
namespace {

/// A chain of layers as a model without branches has it: value n is written in step n - 1 and read in step n.
MemoryNeeds chain(const std::vector<std::int32_t>& bytes, const std::vector<std::int32_t>& ahead) {
  MemoryNeeds needs;
  for (std::int32_t index = 0; index < static_cast<std::int32_t>(bytes.size()); ++index)
    needs.buffers.push_back({bytes[static_cast<std::size_t>(index)], index - 1, index});
  for (std::int32_t index = 0; index < static_cast<std::int32_t>(ahead.size()); ++index)
    if (ahead[static_cast<std::size_t>(index)] >= 0)
      needs.overlays.push_back({index + 1, index, ahead[static_cast<std::size_t>(index)]});
  return needs;
}

TEST(Planner, DenseChainTrailsItsInput) {
  // 300 -> 32: the first 31 outputs must lie before the input, the last may lie over its first bytes.
  const auto needs = chain({300, 32, 16, 3, 3}, {31, 15, 2, 0});
  const auto plan = plan_memory(needs);
  EXPECT_EQ(plan.total_bytes, 332);
  EXPECT_TRUE(check_plan(needs, plan).has_value());
}

TEST(Planner, InPlaceLayersShareOneBuffer) {
  const auto needs = chain({64, 64, 64}, {0, 0});
  EXPECT_EQ(plan_memory(needs).total_bytes, 64);
}

TEST(Planner, WithoutOverlaysNeighboursAreDisjoint) {
  EXPECT_EQ(plan_memory(chain({100, 52, 200}, {-1, -1})).total_bytes, 252);
}

TEST(Planner, NoBuffersNeedNoMemory) {
  EXPECT_EQ(plan_memory({}).total_bytes, 0);
}

TEST(Planner, OffsetsAreAligned) {
  auto needs = chain({3, 5, 7}, {-1, -1});
  for (auto& buffer : needs.buffers) buffer.alignment_bytes = 16;
  const auto plan = plan_memory(needs);
  for (const auto offset : plan.offsets) EXPECT_EQ(offset % 16, 0);
  EXPECT_EQ(plan.total_bytes, 21) << "only the offsets are aligned, not the end";
}

TEST(Planner, EachBufferHasItsOwnAlignment) {
  MemoryNeeds needs;
  needs.buffers = {{3, 0, 1, 1}, {5, 0, 1, 1}, {2, 0, 1, 2}, {4, 0, 1, 4}, {8, 0, 1, 8}};
  const auto plan = plan_memory(needs);
  EXPECT_EQ(plan.total_bytes, 22) << "nothing is lost where the small ones come last";
  EXPECT_TRUE(check_plan(needs, plan).has_value());
}

TEST(Planner, AnAdditionGoesIntoEitherOfItsOperands) {
  // Step 1 adds buffers 0 and 1; the one whose place is taken may be the larger or the smaller.
  MemoryNeeds needs;
  needs.buffers = {{16, -1, 1}, {16, 0, 1}, {16, 1, 2}};
  needs.overlays = {{2, 0, 0}, {2, 1, 0}};
  EXPECT_EQ(plan_memory(needs).total_bytes, 32);
  EXPECT_EQ(memory_lower_bound(needs), 32) << "but not into both";
  needs.buffers[0].last = 3;  // a shortcut that is read again
  EXPECT_EQ(plan_memory(needs).total_bytes, 32);
  needs.buffers[1].last = 3;
  EXPECT_EQ(plan_memory(needs).total_bytes, 48);
}

TEST(Planner, WhatMayOnlyReplaceDoesSoOrIsDisjoint) {
  // Buffer 1 may replace 0; 2 is alive with 1 and cannot be where 0 was unless 1 moves away.
  MemoryNeeds needs;
  needs.buffers = {{16, 0, 1}, {8, 1, 2}, {8, 2, 3}};
  needs.overlays = {{1, 0, 0, true}};
  const auto plan = plan_memory(needs);
  EXPECT_EQ(plan.offsets[1], plan.offsets[0]);
  EXPECT_EQ(plan.total_bytes, 16);
  EXPECT_TRUE(check_plan(needs, {{0, 16, 0}, 24}).has_value()) << "disjoint is allowed";
  EXPECT_FALSE(check_plan(needs, {{4, 0, 8}, 20}).has_value()) << "any other overlap is not";
  EXPECT_FALSE(check_plan(needs, {{0, 4, 12}, 20}).has_value());
}

TEST(Planner, WhatIsTiedKeepsItsDistance) {
  // Buffers 0 and 1 are halves of one thing; 2 is alive with the first half only and lies over the second.
  MemoryNeeds needs;
  needs.buffers = {{8, 0, 1}, {8, 2, 3}, {8, 0, 1}};
  needs.ties = {{1, 0, 8}};
  const auto plan = plan_memory(needs);
  EXPECT_EQ(plan.offsets[1], plan.offsets[0] + 8);
  EXPECT_EQ(plan.total_bytes, 16);
  EXPECT_EQ(memory_lower_bound(needs), 16);
  EXPECT_TRUE(check_plan(needs, plan).has_value());
}

TEST(Planner, TiesGoEitherWayAndInChains) {
  MemoryNeeds needs;
  needs.buffers = {{8, 0, 3}, {8, 0, 3}, {4, 0, 3}};
  needs.ties = {{1, 0, -8}, {2, 1, -4}};
  EXPECT_EQ(plan_memory(needs), (MemoryPlan{{12, 4, 0}, 20}));
}

TEST(Planner, ATieCarriesTheStrictestAlignment) {
  MemoryNeeds needs;
  needs.buffers = {{2, 0, 1, 1}, {4, 0, 1, 4}};
  needs.ties = {{1, 0, 2}};
  EXPECT_EQ(plan_memory(needs), (MemoryPlan{{2, 4}, 8})) << "the second is aligned, so the first is not";
}

TEST(PlanChecker, SeesEveryKindOfFault) {
  const auto needs = chain({8, 8, 8}, {4, -1});
  EXPECT_TRUE(check_plan(needs, {{4, 0, 8}, 16}).has_value()) << "trails by exactly what is announced";
  EXPECT_FALSE(check_plan(needs, {{0, 0, 8}, 16}).has_value()) << "trails by less";
  EXPECT_FALSE(check_plan(needs, {{0, 4, 12}, 20}).has_value()) << "the output may not be behind";
  EXPECT_FALSE(check_plan(needs, {{0, 8, 12}, 20}).has_value()) << "no permission at all";
  EXPECT_FALSE(check_plan(needs, {{2, 12, 20}, 28}).has_value()) << "misaligned";
  EXPECT_FALSE(check_plan(needs, {{0, 8, 16}, 20}).has_value()) << "beyond the end";
  EXPECT_FALSE(check_plan(needs, {{0, 8}, 16}).has_value()) << "an offset is missing";
  EXPECT_FALSE(check_plan(needs, {{-4, 8, 0}, 16}).has_value()) << "before the beginning";
}

TEST(PlanChecker, SeesATornTie) {
  MemoryNeeds needs;
  needs.buffers = {{8, 0, 1}, {8, 0, 1}};
  needs.ties = {{1, 0, 8}};
  EXPECT_TRUE(check_plan(needs, {{0, 8}, 16}).has_value());
  EXPECT_FALSE(check_plan(needs, {{0, 12}, 20}).has_value());
  EXPECT_FALSE(check_plan(needs, {{8, 0}, 16}).has_value());
}

TEST(PlanChecker, EachOverlayHasItsOwnInput) {
  MemoryNeeds needs;
  needs.buffers = {{8, 0, 1}, {8, 0, 1}, {16, 1, 2}};
  needs.overlays = {{2, 0, 0}, {2, 1, 8}};
  EXPECT_TRUE(check_plan(needs, {{0, 8, 0}, 16}).has_value()) << "over both, each as far behind as announced";
  EXPECT_FALSE(check_plan(needs, {{8, 0, 0}, 16}).has_value())
      << "the second must be 8 behind, not the first";
  needs.overlays.pop_back();
  EXPECT_FALSE(check_plan(needs, {{0, 8, 0}, 16}).has_value());
}

TEST(PlanChecker, AnOverlayEndsWithItsStep) {
  MemoryNeeds needs = chain({8, 8, 8}, {0, -1});
  needs.buffers[0].last = 1;  // the input is read once more, after its successor was written
  EXPECT_FALSE(check_plan(needs, {{0, 0, 8}, 16}).has_value());
  needs.buffers[1].last = 0;  // also when the successor is gone by then
  EXPECT_FALSE(check_plan(needs, {{0, 0, 8}, 16}).has_value());
}

constexpr std::int32_t kAlignmentBytes = 4;

/// The smallest total over every assignment of aligned offsets below `limit`: no idea behind it.
std::int32_t smallest_total(const MemoryNeeds& needs, std::int32_t limit) {
  MemoryPlan plan{std::vector<std::int32_t>(needs.buffers.size(), 0), 0};
  std::int32_t smallest = limit;
  for (;;) {
    plan.total_bytes = 0;
    for (std::size_t index = 0; index < plan.offsets.size(); ++index)
      plan.total_bytes = std::max(plan.total_bytes, plan.offsets[index] + needs.buffers[index].bytes);
    if (plan.total_bytes < smallest && check_plan(needs, plan).has_value()) smallest = plan.total_bytes;
    std::size_t digit = 0;
    while (digit < plan.offsets.size() && (plan.offsets[digit] += kAlignmentBytes) >= smallest)
      plan.offsets[digit++] = 0;
    if (digit == plan.offsets.size()) return smallest;
  }
}

/// Buffers with random life and overlays wherever a buffer begins as another ends.
MemoryNeeds random_needs(Rng& rng, int count, std::int32_t largest) {
  MemoryNeeds needs;
  for (int index = 0; index < count; ++index) {
    const auto first = static_cast<std::int32_t>(rng.below(4)) - 1;
    needs.buffers.push_back({static_cast<std::int32_t>(1 + rng.below(static_cast<std::uint64_t>(largest))),
                             first, first + static_cast<std::int32_t>(rng.below(3))});
  }
  for (std::int32_t output = 0; output < count; ++output)
    for (std::int32_t input = 0; input < count; ++input) {
      const Buffer& out = needs.buffers[static_cast<std::size_t>(output)];
      const Buffer& in = needs.buffers[static_cast<std::size_t>(input)];
      if (output != input && in.first < out.first && in.last == out.first && rng.below(2) == 0)
        needs.overlays.push_back(
            {output, input, static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(out.bytes) + 1)),
             rng.below(4) == 0});
    }
  return needs;
}

/// Ties some neighbours in the list to each other, at distances that their alignment allows.
void tie_some(MemoryNeeds& needs, Rng& rng) {
  for (std::int32_t buffer = 1; buffer < static_cast<std::int32_t>(needs.buffers.size()); ++buffer) {
    if (rng.below(3) != 0) continue;
    const std::int32_t anchor_bytes = needs.buffers[static_cast<std::size_t>(buffer) - 1].bytes;
    needs.ties.push_back({buffer, buffer - 1, (anchor_bytes + 3) / 4 * 4});
  }
}

TEST(Planner, SmallPlansAreTheSmallestThereAre) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Rng rng(seed);
    auto needs = random_needs(rng, 4, 20);
    for (Overlay& overlay : needs.overlays) overlay.in_place = false;  // the search is not exact with them
    const auto plan = plan_memory(needs);
    ASSERT_TRUE(check_plan(needs, plan).has_value()) << "seed " << seed;
    EXPECT_EQ(plan.total_bytes, smallest_total(needs, 84)) << "seed " << seed;
    EXPECT_LE(memory_lower_bound(needs), plan.total_bytes) << "seed " << seed;
  }
}

constexpr PlanEffort kLittleEffort = {.placements = 2000};

TEST(Planner, LargePlansHoldAndAreRepeatable) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Rng rng(1000 + seed);
    auto needs = random_needs(rng, 3 + static_cast<int>(rng.below(22)), 400);
    if (seed % 3 == 0) tie_some(needs, rng);
    const auto plan = plan_memory(needs, kLittleEffort);
    const auto valid = check_plan(needs, plan);
    ASSERT_TRUE(valid.has_value()) << "seed " << seed << ": " << valid.error().what;
    EXPECT_EQ(plan_memory(needs, kLittleEffort), plan);
    std::int32_t sum = 0;
    for (const auto& buffer : needs.buffers) sum += (buffer.bytes + 3) / 4 * 4;
    EXPECT_LE(plan.total_bytes, sum);
    EXPECT_GE(plan.total_bytes, memory_lower_bound(needs));
  }
}

/// Whether two buffers may lie where the plan has them, from the definition of Overlay.
bool may_lie_there(const MemoryNeeds& needs, const MemoryPlan& plan, std::size_t a, std::size_t b) {
  const Buffer& one = needs.buffers[a];
  const Buffer& other = needs.buffers[b];
  const bool together = one.first <= other.last && other.first <= one.last;
  const bool disjoint =
      plan.offsets[a] + one.bytes <= plan.offsets[b] || plan.offsets[b] + other.bytes <= plan.offsets[a];
  if (!together || disjoint) return true;
  return std::ranges::any_of(needs.overlays, [&](const Overlay& overlay) {
    const auto output = static_cast<std::size_t>(overlay.output);
    const auto input = static_cast<std::size_t>(overlay.input);
    return ((output == a && input == b) || (output == b && input == a)) &&
           (overlay.in_place ? plan.offsets[input] == plan.offsets[output]
                             : plan.offsets[input] >= plan.offsets[output] + overlay.ahead_bytes);
  });
}

TEST(PlanChecker, FindsEveryPlantedFaultAndNoOther) {
  int faulty = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(5000 + seed);
    const auto needs = random_needs(rng, 3 + static_cast<int>(rng.below(8)), 40);
    auto plan = plan_memory(needs, kLittleEffort);
    auto& moved = plan.offsets[rng.below(plan.offsets.size())];
    const auto limit = static_cast<std::uint64_t>(plan.total_bytes / kAlignmentBytes + 1);
    moved = static_cast<std::int32_t>(rng.below(limit)) * kAlignmentBytes;
    bool is_valid = true;
    for (std::size_t a = 0; a < needs.buffers.size(); ++a) {
      is_valid = is_valid && plan.offsets[a] + needs.buffers[a].bytes <= plan.total_bytes;
      for (std::size_t b = 0; b < a; ++b) is_valid = is_valid && may_lie_there(needs, plan, a, b);
    }
    EXPECT_EQ(check_plan(needs, plan).has_value(), is_valid) << "seed " << seed;
    faulty += is_valid ? 0 : 1;
  }
  EXPECT_GT(faulty, 1000) << "most moves break a plan";
}

}  // namespace
}  // namespace mote::compile
