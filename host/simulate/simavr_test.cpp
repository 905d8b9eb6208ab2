// SPDX-License-Identifier: Apache-2.0
#include "simulate/simavr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote::simulate {
namespace {

using ::testing::ElementsAre;

TEST(PinTrace, gives_edges_in_milliseconds_and_the_length_of_each_inference) {
  const auto seen = read_pin_trace("busy 1 16000\nled 1 20000\nbusy 0 48000\nled 0 32000000\nend 32000001\n",
                                   16'000'000, "t");
  ASSERT_TRUE(seen.has_value()) << to_text(seen.error());
  EXPECT_THAT(seen->led, ElementsAre(LedEdge{true, 1.25}, LedEdge{false, 2000}));
  EXPECT_THAT(seen->inference_ms, ElementsAre(2.0));
}

TEST(PinTrace, refuses_every_other_line) {
  for (const std::string line :
       {"led 2 5", "led 1", "led 1 x", "led 1 5x", "5", "busy 1 99999999999999999999", "fan 1 5"}) {
    const auto seen = read_pin_trace("led 1 5\n" + line + "\n", 16'000'000, "trace");
    ASSERT_FALSE(seen.has_value()) << line;
    EXPECT_EQ(seen.error().kind, ErrorKind::kInput);
    EXPECT_EQ(seen.error().where, "trace:2");
  }
}

}  // namespace
}  // namespace mote::simulate
