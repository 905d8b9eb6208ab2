// SPDX-License-Identifier: Apache-2.0
#include "compile/plan/scratch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/test_graphs.h"

namespace mote::compile {
namespace {

constexpr ops::LowerOptions kOptions = {.isa = ops::Isa::kCortexMDsp};

/// Convolutions of a wide map and of a narrow one.
graph::Graph two_convolutions() {
  GraphBuilder builder(1, "two", {1, 16, 16, 8});
  builder.conv_2d(8, 3, 3, 1, 1);
  builder.conv_2d(4, 3, 3, 2, 1);
  builder.conv_2d(4, 1, 1, 1, 1);
  return builder.finish();
}

std::int32_t smallest(const graph::Graph& graph) {
  return lay_out(graph, ops::lower(graph, kOptions).value()).value().layout.total_bytes;
}

std::vector<std::int32_t> scratches(const LaidOut& plan) {
  std::vector<std::int32_t> bytes;
  for (const Layer& layer : plan.layers) bytes.push_back(layer.scratch_bytes);
  return bytes;
}

TEST(Scratch, takes_what_the_smallest_plan_leaves_free) {
  const graph::Graph graph = two_convolutions();
  const LaidOut least = lay_out(graph, ops::lower(graph, kOptions).value()).value();
  const LaidOut plan = lower_into_memory(graph, kOptions, kNoMore).value();
  EXPECT_LE(plan.layout.total_bytes, least.layout.total_bytes);
  EXPECT_GT(scratches(plan).back(), scratches(least).back());
}

TEST(Scratch, stays_within_the_limit_and_uses_it) {
  const graph::Graph graph = two_convolutions();
  const std::int32_t least = smallest(graph);
  const auto with = [&](MoreMemory more) { return lower_into_memory(graph, kOptions, more).value(); };
  EXPECT_LE(with({40, 0}).layout.total_bytes, least + least * 40 / 100);
  EXPECT_GT(with({40, 0}).layout.total_bytes, least);
  EXPECT_LE(with({0, 1000}).layout.total_bytes, least + 1000);
  EXPECT_GT(scratches(with({0, 1000})).front(), scratches(with(kNoMore)).front());
}

TEST(Scratch, never_exceeds_the_limit_of_random_graphs) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const graph::Graph graph = random_graph(seed, "random");
    const auto plan = lower_into_memory(graph, kOptions, {10, 100});
    ASSERT_TRUE(plan) << plan.error().what;
    const std::int32_t least = smallest(graph);
    EXPECT_LE(plan->layout.total_bytes, least + std::max(least / 10, 100));
  }
}

}  // namespace
}  // namespace mote::compile
