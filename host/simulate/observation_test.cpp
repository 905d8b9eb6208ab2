// SPDX-License-Identifier: Apache-2.0
#include "simulate/observation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote::simulate {
namespace {

TEST(ReadFpgaioTrace, gives_led_edges_and_inference_times_in_emulated_time) {
  const auto seen = read_fpgaio_trace(
      "mps2_fpgaio_reset MPS2 FPGAIO: reset\n"
      "mps2_fpgaio_write MPS2 FPGAIO write: offset 0x0 data 0x0 size 4\n"
      "mps2_fpgaio_read MPS2 FPGAIO read: offset 0x18 data 0x61a8 size 4\n"  // 1 ms
      "mps2_fpgaio_write MPS2 FPGAIO write: offset 0x0 data 0x2 size 4\n"
      "mps2_fpgaio_read MPS2 FPGAIO read: offset 0x18 data 0xc350 size 4\n"  // 2 ms
      "mps2_fpgaio_write MPS2 FPGAIO write: offset 0x0 data 0x0 size 4\n"
      "mps2_fpgaio_read MPS2 FPGAIO read: offset 0x18 data 0x124f8 size 4\n"  // 3 ms
      "mps2_fpgaio_write MPS2 FPGAIO write: offset 0x0 data 0x1 size 4\n"
      "mps2_fpgaio_write MPS2 FPGAIO write: offset 0x0 data 0x1 size 4\n",
      25000000, "trace");
  ASSERT_TRUE(seen.has_value()) << to_text(seen.error());
  ASSERT_EQ(seen->led.size(), 1u);
  EXPECT_TRUE(seen->led[0].on);
  EXPECT_DOUBLE_EQ(seen->led[0].time_ms, 3.0);
  EXPECT_THAT(seen->inference_ms, ::testing::ElementsAre(::testing::DoubleEq(1.0)));
}

TEST(ReadFpgaioTrace, follows_the_counter_over_its_end) {
  const auto seen = read_fpgaio_trace(
      "mps2_fpgaio_read x: offset 0x18 data 0xffffffff size 4\n"
      "mps2_fpgaio_read x: offset 0x18 data 0x61a7 size 4\n"
      "mps2_fpgaio_write x: offset 0x0 data 0x1 size 4\n",
      25000000, "trace");
  ASSERT_TRUE(seen.has_value());
  EXPECT_NEAR(seen->led.at(0).time_ms, 4294967296.0 / 25000 + 1.0 - 1.0 / 25000, 1e-3);
}

TEST(ReadFpgaioTrace, refuses_other_lines) {
  EXPECT_FALSE(read_fpgaio_trace("qemu: something went wrong\n", 25000000, "trace").has_value());
}

TEST(ReadMemoryTrace, takes_the_led_and_the_time_from_their_addresses) {
  const auto seen = read_memory_trace(
      "memory_region_ops_read cpu 0 mr 0x55 addr 0x200bff8 value 0x2710 size 4 name 'mtimer'\n"  // 1 ms
      "memory_region_ops_read cpu 0 mr 0x55 addr 0x200bffc value 0x7 size 4 name 'mtimer'\n"
      "memory_region_ops_write cpu 0 mr 0x56 addr 0x10000000 value 0x2 size 1 name 'serial'\n"
      "memory_region_ops_write cpu 0 mr 0x56 addr 0x10000007 value 0x1 size 1 name 'serial'\n",
      {.led_address = 0x10000007, .time_address = 0x200bff8, .time_hz = 10000000}, "trace");
  ASSERT_TRUE(seen.has_value()) << to_text(seen.error());
  EXPECT_THAT(seen->led, ::testing::ElementsAre(LedEdge{true, 1.0}));
  EXPECT_FALSE(read_memory_trace("mps2_fpgaio_read x\n", {.time_hz = 1}, "trace").has_value());
}

TEST(ReadMemoryTrace, takes_the_bits_that_the_board_names) {
  const auto seen = read_memory_trace(
      "memory_region_ops_read cpu 0 mr 0x55 addr 0x44 value 0x3e8 size 4 name 'timer'\n"
      "memory_region_ops_write cpu 0 mr 0x56 addr 0x4 value 0x2003 size 4 name 'pins'\n"
      "memory_region_ops_read cpu 0 mr 0x55 addr 0x44 value 0x7d0 size 4 name 'timer'\n"
      "memory_region_ops_write cpu 0 mr 0x56 addr 0x4 value 0x2100 size 4 name 'pins'\n"
      "memory_region_ops_read cpu 0 mr 0x55 addr 0x44 value 0xfa0 size 4 name 'timer'\n"
      "memory_region_ops_write cpu 0 mr 0x56 addr 0x4 value 0x3 size 4 name 'pins'\n",
      {.led_address = 4, .led_bit = 13, .busy_bit = 8, .time_address = 0x44, .time_hz = 1000000}, "trace");
  ASSERT_TRUE(seen.has_value()) << to_text(seen.error());
  EXPECT_THAT(seen->led, ::testing::ElementsAre(LedEdge{true, 1.0}, LedEdge{false, 4.0}));
  EXPECT_THAT(seen->inference_ms, ::testing::ElementsAre(2.0));
}

/// Edges of groups with these numbers of blinks, after some edges of normal operation.
std::vector<LedEdge> edges_of(const std::vector<int>& groups, double lit_ms = 200, double dark_ms = 300) {
  std::vector<LedEdge> edges = {{true, 100}, {false, 300}, {true, 500}, {false, 1100}};
  double time = 1100;
  for (const int blinks : groups) {
    time += 1500;
    for (int blink = 0; blink < blinks; ++blink) {
      edges.push_back({true, time});
      edges.push_back({false, time + lit_ms});
      time += lit_ms + dark_ms;
    }
  }
  return edges;
}

TEST(CountBlinks, counts_what_a_person_would_count) {
  EXPECT_EQ(count_blinks(edges_of({5, 5})), 5);
  EXPECT_EQ(count_blinks(edges_of({7, 7, 7})), 7);
  EXPECT_EQ(count_blinks(edges_of({1, 1})), 1);
}

TEST(CountBlinks, allows_a_shorter_pause_before_the_first_group_and_tells_when_it_began) {
  std::vector<LedEdge> edges = edges_of({5, 5});
  for (std::size_t index = 4; index < edges.size(); ++index) edges[index].time_ms -= 1100;
  EXPECT_EQ(count_blinks(edges), 5);
  EXPECT_EQ(first_blink_ms(edges), 1500.0);
  EXPECT_EQ(first_blink_ms(edges_of({5})), std::nullopt);
  for (std::size_t index = 14; index < edges.size(); ++index) edges[index].time_ms -= 1100;
  EXPECT_EQ(count_blinks(edges), std::nullopt);
}

TEST(CountBlinks, sees_no_code_in_normal_operation_or_in_groups_that_differ) {
  EXPECT_EQ(count_blinks({}), std::nullopt);
  EXPECT_EQ(count_blinks(edges_of({})), std::nullopt);
  EXPECT_EQ(count_blinks(edges_of({5})), std::nullopt);
  EXPECT_EQ(count_blinks(edges_of({5, 4})), std::nullopt);
  EXPECT_EQ(count_blinks(edges_of({5, 5}, 100)), std::nullopt);
  EXPECT_EQ(count_blinks(edges_of({5, 5}, 200, 700)), std::nullopt);
}

}  // namespace
}  // namespace mote::simulate
