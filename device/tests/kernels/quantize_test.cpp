// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/quantize_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;

// Scale 2^-11 to 2^-4: divided by 128; 2048 is 16, 64 is a half and goes away from zero;
// 63 is halved to 31.5 -> 32 first, and so a half too. Zero point -3.
TEST(Quantize, turns_int16_into_int8_by_the_hand_example) {
  const int16_t in[] = {2048, 64, 63, 62, -64, -2048, 32767, -32768};
  Guarded<int8_t> out(8);
  QuantizeReference<int16_t>::run({8, 0, -3, 1 << 30, -6}, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{13, -2, -2, -3, -4, -19, 127, -128}));
  EXPECT_TRUE(out.intact());
}

TEST(Quantize, keeps_int8_of_the_same_scale_but_for_the_zero_points) {
  const int8_t in[] = {-128, 0, 5, 127};
  Guarded<int8_t> out(4);
  QuantizeReference<int8_t>::run({4, 5, -5, 1 << 30, 1}, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{-128, -10, -5, 117}));
}

TEST(Quantize, runs_in_place_from_both_types) {
  std::vector<int16_t> in;
  for (int32_t value = -32768; value <= 32767; value += 97) in.push_back(static_cast<int16_t>(value));
  const QuantizeShape shape = {static_cast<int32_t>(in.size()), 0, 7, 1717986918, -7};
  std::vector<int8_t> expected(in.size());
  QuantizeReference<int16_t>::run(shape, in.data(), expected.data(), nullptr);
  EXPECT_EQ(QuantizeReference<int16_t>::input_ahead_bytes(shape), 0);
  EXPECT_EQ(test::run_overlapped(in, shape.count, 0,
                                 [&](const int16_t* from, int8_t* to) {
                                   QuantizeReference<int16_t>::run(shape, from, to, nullptr);
                                 }),
            expected);
  const std::vector<int8_t> bytes = expected;
  QuantizeReference<int8_t>::run(shape, bytes.data(), expected.data(), nullptr);
  EXPECT_EQ(test::run_overlapped(bytes, shape.count, 0,
                                 [&](const int8_t* from, int8_t* to) {
                                   QuantizeReference<int8_t>::run(shape, from, to, nullptr);
                                 }),
            expected);
}

TEST(Quantize, supports_shifts_that_cannot_overflow) {
  EXPECT_TRUE(QuantizeReference<int16_t>::supports({1, -128, 0, INT32_MAX, 14}, {}));
  EXPECT_FALSE(QuantizeReference<int16_t>::supports({1, -128, 0, INT32_MAX, 15}, {}));
  // At the bound the largest input saturates rather than wraps.
  const int16_t in[] = {32767, -32768};
  int8_t out[2] = {};
  QuantizeReference<int16_t>::run({2, -128, 127, INT32_MAX, 14}, in, out, nullptr);
  EXPECT_TRUE(out[0] == 127 && out[1] == -128);
}

TEST(QuantizeFloat, rounds_halves_away_from_zero_and_saturates) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float in[] = {0.0f, 0.25f, -0.25f, 0.2499f, 1e30f, -infinity, std::nanf(""), 63.0f, -64.5f};
  Guarded<int8_t> out(9);
  QuantizeFloat::run({9, 0.5f, 1}, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{1, 2, 0, 1, 127, -128, 1, 127, -128}));
  EXPECT_TRUE(out.intact());
}

}  // namespace
}  // namespace mote::kernels
