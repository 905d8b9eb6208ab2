// SPDX-License-Identifier: Apache-2.0
// The ring keeps order, never waits, and says exactly where how many samples were lost.
#include "mote/runtime/ring.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>

namespace mote::runtime {
namespace {

template <class Ring>
bool push(Ring& ring, int value) {
  const std::int16_t counts[2] = {static_cast<std::int16_t>(value), static_cast<std::int16_t>(-value)};
  return ring.push(counts);
}

/// The next value, or -1; `lost_before` as pop() says.
template <class Ring>
int pop(Ring& ring, int* lost_before = nullptr) {
  std::int16_t counts[2] = {};
  std::uint16_t lost = 0;
  if (!ring.pop(counts, &lost)) return -1;
  EXPECT_EQ(counts[1], -counts[0]);
  if (lost_before != nullptr) *lost_before = lost;
  return counts[0];
}

TEST(SampleRing, keeps_the_order_over_many_turns) {
  SampleRing<2, 8> ring;
  int next = 0;
  for (int value = 0; value < 5000; ++value) {
    ASSERT_TRUE(push(ring, value));
    if (value % 3 != 2) continue;
    for (int taken = 0; taken < 3; ++taken) ASSERT_EQ(pop(ring), next++);
  }
}

TEST(SampleRing, is_empty_at_first_and_holds_exactly_its_capacity) {
  SampleRing<2, 8> ring;
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(pop(ring), -1);
  for (int value = 0; value < 8; ++value) EXPECT_TRUE(push(ring, value));
  EXPECT_FALSE(push(ring, 8));
  for (int value = 0; value < 8; ++value) EXPECT_EQ(pop(ring), value);
  EXPECT_TRUE(ring.empty());
}

TEST(SampleRing, tells_how_many_were_lost_before_the_next_that_fits) {
  SampleRing<2, 2> ring;
  push(ring, 1);
  push(ring, 2);
  EXPECT_FALSE(push(ring, 3));
  EXPECT_FALSE(push(ring, 4));
  EXPECT_EQ(ring.lost_at_end(), 2);
  int lost = -1;
  EXPECT_EQ(pop(ring, &lost), 1);
  EXPECT_EQ(lost, 0);
  ring.lose();
  push(ring, 6);
  EXPECT_EQ(ring.lost_at_end(), 0);
  EXPECT_EQ(pop(ring, &lost), 2);
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(pop(ring, &lost), 6);
  EXPECT_EQ(lost, 3);
}

TEST(SampleRing, takes_half_buffers_and_counts_what_of_them_is_lost) {
  SampleRing<2, 8> ring;
  const std::int16_t half[5][2] = {{1, -1}, {2, -2}, {3, -3}, {4, -4}, {5, -5}};
  const std::int16_t other[5][2] = {{6, -6}, {7, -7}, {8, -8}, {9, -9}, {10, -10}};
  EXPECT_EQ(ring.push_block(half[0], 0), 0);
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(ring.push_block(half[0], 5), 0);
  EXPECT_EQ(ring.push_block(other[0], 5), 2);  // 9 and 10
  int lost = -1;
  for (int value = 1; value <= 8; ++value) {
    EXPECT_EQ(pop(ring, &lost), value);
    EXPECT_EQ(lost, 0);
  }
  EXPECT_TRUE(ring.empty());
  EXPECT_EQ(ring.push_block(half[0], 5), 0);
  EXPECT_EQ(pop(ring, &lost), 1);
  EXPECT_EQ(lost, 2);
  EXPECT_EQ(pop(ring, &lost), 2);
  EXPECT_EQ(lost, 0);
}

TEST(SampleRing, counts_losses_up_to_its_limit_without_wrapping) {
  SampleRing<2, 2> ring;
  for (int count = 0; count < 70000; ++count) ring.lose();
  EXPECT_EQ(ring.lost_at_end(), UINT16_MAX);
}

template <int kCapacity>
void expect_every_sample_arrives_or_is_counted() {
  SampleRing<2, kCapacity> ring;
  constexpr int kSamples = 20000;  // below the limit of the lost counter
  std::atomic<bool> finished = false;
  std::thread producer([&ring, &finished] {
    for (int value = 0; value < kSamples; ++value)
      if (!push(ring, value & 0x7fff)) std::this_thread::yield();
    finished = true;
  });
  std::int64_t position = 0;
  std::int64_t taken = 0;
  bool last_turn = false;
  while (!last_turn) {
    last_turn = finished;
    std::this_thread::yield();
    int lost = 0;
    for (int value = pop(ring, &lost); value >= 0; value = pop(ring, &lost)) {
      position += lost;
      EXPECT_EQ(value, position & 0x7fff);
      ++position;
      ++taken;
    }
  }
  producer.join();
  EXPECT_EQ(position + ring.lost_at_end(), kSamples);
  EXPECT_GT(taken, 0);
}

TEST(SampleRing, loses_nothing_uncounted_between_two_threads) {
  expect_every_sample_arrives_or_is_counted<16>();
  expect_every_sample_arrives_or_is_counted<128>();
  expect_every_sample_arrives_or_is_counted<256>();
}

}  // namespace
}  // namespace mote::runtime
