// SPDX-License-Identifier: Apache-2.0
#include "simulate/rp2040js.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote::simulate {
namespace {

using ::testing::ElementsAre;

TEST(ReadEdges, leds_and_the_time_between_two_changes_of_the_busy_signal) {
  const auto seen = read_edges("busy 1 1000000\nbusy 0 3500000\nled 1 4000000\nled 0 4000008\n", "edges");
  ASSERT_TRUE(seen.has_value());
  EXPECT_THAT(seen->led, ElementsAre(LedEdge{true, 4}, LedEdge{false, 4.000008}));
  EXPECT_THAT(seen->inference_ms, ElementsAre(2.5));
}

TEST(ReadEdges, anything_else_is_refused_with_its_line) {
  for (const char* line :
       {"led 2 1", "lamp 1 1", "led 1", "led 1 1 1", "led 1 -1", "led 1 x", "led 1 9x", ""}) {
    const auto seen = read_edges(std::string("led 1 0\n") + line + "\n", "edges");
    ASSERT_FALSE(seen.has_value()) << line;
    EXPECT_EQ(seen.error().kind, ErrorKind::kInput);
    EXPECT_EQ(seen.error().where, "edges:2");
  }
}

TEST(ReadEdges, time_does_not_run_backwards) {
  EXPECT_FALSE(read_edges("led 1 2\nled 0 1\n", "edges").has_value());
}

}  // namespace
}  // namespace mote::simulate
