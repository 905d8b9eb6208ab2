// SPDX-License-Identifier: Apache-2.0
#include "mote/kernels/add_n.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "kernel_test.h"

namespace mote::kernels {
namespace {

TEST(AddN, sums_floats_from_the_first_to_the_last) {
  const float a[] = {1e8f, 1.0f};
  const float b[] = {1.0f, 2.0f};
  const float c[] = {-1e8f, 3.0f};
  test::Guarded<float> out(2);
  using Sum = AddNFloat<float, float, float>;
  EXPECT_TRUE(Sum::supports({2}, {}));
  Sum::run({2}, a, b, c, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<float>{0.0f, 6.0f}));
  EXPECT_TRUE(out.intact());
}

// Scales 1 and 1, zero points 5 and -5: the sum of the differences less 5, as TFLite Micro has it.
TEST(AddN, sums_int8_in_a_common_scale_as_tflite) {
  const int8_t a[] = {5, 10, 127, -128};
  const int8_t b[] = {5, 10, 127, -128};
  const int8_t c[] = {5, 11, 127, -128};
  const AddNInt8Shape shape = {4, 5, -5, 1 << 30, -18, Rounding::kDouble};
  test::Guarded<int8_t> out(4);
  using Sum = AddNInt8<int8_t, int8_t, int8_t>;
  EXPECT_TRUE(Sum::supports(shape, {}));
  EXPECT_FALSE(Sum::supports({4, 5, -5, 1 << 30, 1, Rounding::kDouble}, {}));
  Sum::run(shape, a, b, c, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{-10, 6, 127, -128}));
  EXPECT_TRUE(out.intact());
}

// Differences of -1 halved are -1/2.
TEST(AddN, rounds_once_or_twice_as_asked) {
  const int8_t a[] = {-1};
  const int8_t b[] = {0};
  int8_t out[1] = {};
  AddNInt8<int8_t, int8_t>::run({1, 0, 0, 1 << 30, -19, Rounding::kDouble}, a, b, out, nullptr);
  EXPECT_EQ(out[0], -1);
  AddNInt8<int8_t, int8_t>::run({1, 0, 0, 1 << 30, -19, Rounding::kSingle}, a, b, out, nullptr);
  EXPECT_EQ(out[0], 0);
}

TEST(AddN, runs_in_place_of_each_operand) {
  const std::vector<int8_t> values = {1, -2, 3, 100};
  const AddNInt8Shape shape = {4, 5, -5, 1 << 30, -18, Rounding::kDouble};
  using Sum = AddNInt8<int8_t, int8_t>;
  std::vector<int8_t> expected(4);
  Sum::run(shape, values.data(), values.data(), expected.data(), nullptr);
  std::vector<int8_t> in_place = values;
  EXPECT_EQ(Sum::input_ahead_bytes(shape, 0), 0);
  EXPECT_EQ(Sum::input_ahead_bytes(shape, 1), 0);
  Sum::run(shape, in_place.data(), values.data(), in_place.data(), nullptr);
  EXPECT_EQ(in_place, expected);
}

}  // namespace
}  // namespace mote::kernels
