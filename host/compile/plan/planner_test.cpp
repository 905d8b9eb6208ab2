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
  needs.alignment_bytes = 16;
  const auto plan = plan_memory(needs);
  for (const auto offset : plan.offsets) EXPECT_EQ(offset % 16, 0);
  EXPECT_EQ(plan.total_bytes, 21) << "only the offsets are aligned, not the end";
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
}

TEST(PlanChecker, AnOverlayEndsWithItsStep) {
  MemoryNeeds needs = chain({8, 8, 8}, {0, -1});
  needs.buffers[0].last = 1;  // the input is read once more, after its successor was written
  EXPECT_FALSE(check_plan(needs, {{0, 0, 8}, 16}).has_value());
  needs.buffers[1].last = 0;  // also when the successor is gone by then
  EXPECT_FALSE(check_plan(needs, {{0, 0, 8}, 16}).has_value());
}

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
    while (digit < plan.offsets.size() && (plan.offsets[digit] += needs.alignment_bytes) >= smallest)
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
            {output, input, static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(out.bytes) + 1))});
    }
  return needs;
}

TEST(Planner, SmallPlansAreTheSmallestThereAre) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const auto needs = random_needs(rng, 4, 20);
    const auto plan = plan_memory(needs);
    ASSERT_TRUE(check_plan(needs, plan).has_value()) << "seed " << seed;
    EXPECT_EQ(plan.total_bytes, smallest_total(needs, 84)) << "seed " << seed;
    EXPECT_LE(memory_lower_bound(needs), plan.total_bytes) << "seed " << seed;
  }
}

TEST(Planner, LargePlansHoldAndAreRepeatable) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Rng rng(1000 + seed);
    const auto needs = random_needs(rng, 5 + static_cast<int>(rng.below(20)), 400);
    const auto plan = plan_memory(needs);
    const auto valid = check_plan(needs, plan);
    ASSERT_TRUE(valid.has_value()) << "seed " << seed << ": " << valid.error().what;
    EXPECT_EQ(plan_memory(needs), plan);
    std::int32_t sum = 0;
    for (const auto& buffer : needs.buffers) sum += (buffer.bytes + 3) / 4 * 4;
    EXPECT_LE(plan.total_bytes, sum);
    EXPECT_GE(plan.total_bytes, memory_lower_bound(needs));
  }
}

}  // namespace
}  // namespace mote::compile
