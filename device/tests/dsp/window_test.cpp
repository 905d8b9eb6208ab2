// SPDX-License-Identifier: Apache-2.0
// SlidingWindow gives the windows that window_start() and window_count() name, whatever window and hop are.
#include "mote/dsp/window.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace mote::dsp {
namespace {

/// The value of `axis` in sample `sample` of the test stream.
std::int16_t value_at(std::int64_t sample, int axis) {
  return static_cast<std::int16_t>(sample * 7 + axis * 1000);
}

template <int kWindow, int kHop, int kAxes>
void expect_windows_of_a_plain_loop(int samples) {
  SlidingWindow<std::int16_t, kWindow, kHop, kAxes> sliding;
  std::int64_t index = 0;
  for (int sample = 0; sample < samples; ++sample) {
    for (int axis = 0; axis < kAxes; ++axis) sliding.next()[axis] = value_at(sample, axis);
    if (!sliding.push()) continue;
    std::vector<std::int16_t> window(kWindow * kAxes + 1, 4711);
    sliding.copy_to(window.data());
    for (int row = 0; row < kWindow; ++row)
      for (int axis = 0; axis < kAxes; ++axis)
        ASSERT_EQ(window[static_cast<std::size_t>(row * kAxes + axis)],
                  value_at(window_start(index, kHop) + row, axis))
            << "window " << index << ", row " << row << ", axis " << axis;
    EXPECT_EQ(window.back(), 4711);
    ASSERT_EQ(sample, window_start(index, kHop) + kWindow - 1);
    ++index;
  }
  EXPECT_EQ(index, window_count(samples, kWindow, kHop));
}

TEST(SlidingWindow, gives_the_windows_of_a_plain_loop) {
  expect_windows_of_a_plain_loop<100, 20, 3>(1000);
  expect_windows_of_a_plain_loop<100, 100, 1>(1000);
  expect_windows_of_a_plain_loop<10, 3, 6>(100);
  expect_windows_of_a_plain_loop<7, 1, 2>(50);
  expect_windows_of_a_plain_loop<1, 1, 1>(5);
  expect_windows_of_a_plain_loop<10, 3, 2>(9);
}

TEST(SlidingWindow, starts_over_after_restart) {
  SlidingWindow<std::int8_t, 4, 2, 1> sliding;
  for (std::int8_t sample = 0; sample < 3; ++sample) {
    sliding.next()[0] = sample;
    ASSERT_FALSE(sliding.push());
  }
  sliding.restart();
  for (std::int8_t sample = 10; sample < 14; ++sample) {
    sliding.next()[0] = sample;
    ASSERT_EQ(sliding.push(), sample == 13);
  }
  std::int8_t window[4] = {};
  sliding.copy_to(window);
  EXPECT_EQ(window[0], 10);
  EXPECT_EQ(window[3], 13);
}

TEST(WindowCount, counts_only_complete_windows) {
  EXPECT_EQ(window_count(0, 100, 20), 0);
  EXPECT_EQ(window_count(99, 100, 20), 0);
  EXPECT_EQ(window_count(100, 100, 20), 1);
  EXPECT_EQ(window_count(119, 100, 20), 1);
  EXPECT_EQ(window_count(120, 100, 20), 2);
}

}  // namespace
}  // namespace mote::dsp
