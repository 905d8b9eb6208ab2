// SPDX-License-Identifier: Apache-2.0
// Iir computes the recursion that its comment names; host/features/design/iir_test.cpp holds it against
// floating point for whole designs.
#include "mote/dsp/iir.h"

#include "block_test.h"

namespace mote::dsp {
namespace {

/// [-damping, coupling, direct, mix]; 2^30 is one half.
constexpr std::int32_t kHalfway[] = {0, 0, 1 << 30, 0};

TEST(Iir, of_first_order_is_worked_by_hand) {
  // Low-pass, direct = 1/2: v2 = s2 + (x - s2) / 2, s2' = 2 v2 - s2 = x: the mean of this sample and the
  // last.
  const Iir low{1, 1, IirBand::kLowPass, 12, 0, kHalfway};
  EXPECT_EQ(run(low, {100, 100, 200, 200, -300, 0}),
            (std::vector<std::int16_t>{100, 100, 150, 200, -50, -150}));
  // High-pass: what the low-pass leaves, half of the difference from the last sample.
  const Iir high{1, 1, IirBand::kHighPass, 12, 0, kHalfway};
  EXPECT_EQ(run(high, {100, 100, 200, 200, -300, 0}), (std::vector<std::int16_t>{0, 0, 50, 0, -250, 150}));
}

TEST(Iir, keeps_channels_apart_and_may_work_in_place) {
  const Iir low{2, 1, IirBand::kLowPass, 12, 0, kHalfway};
  EXPECT_EQ(run(low, {100, -7, 200, -7, 300, -9}), (std::vector<std::int16_t>{100, -7, 150, -7, 250, -8}));
}

TEST(Iir, saturates_what_leaves_int16) {
  // A high-pass of a very low edge passes a step from end to end on: 65535 counts.
  constexpr std::int32_t kTable[] = {0, 0, 1 << 20, 0};
  const Iir high{1, 1, IirBand::kHighPass, 12, 0, kTable};
  EXPECT_EQ(run(high, {32767, -32768, 32767})[1], -32768);
  EXPECT_EQ(run(high, {-32768, 32767, 0})[1], 32767);
}

TEST(Iir, knows_its_limits) {
  EXPECT_TRUE((Iir{256, 8, IirBand::kLowPass, 15, 15, kHalfway}).valid());
  EXPECT_TRUE((Iir{1, 1, IirBand::kLowPass, 1, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{0, 1, IirBand::kLowPass, 12, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{257, 1, IirBand::kLowPass, 12, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{1, 0, IirBand::kLowPass, 12, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{1, 9, IirBand::kLowPass, 12, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{1, 1, IirBand::kLowPass, 0, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{1, 1, IirBand::kLowPass, 16, 0, kHalfway}).valid());
  EXPECT_FALSE((Iir{1, 1, IirBand::kLowPass, 12, -1, kHalfway}).valid());
  EXPECT_FALSE((Iir{1, 1, IirBand::kLowPass, 12, 16, kHalfway}).valid());
}

}  // namespace
}  // namespace mote::dsp
