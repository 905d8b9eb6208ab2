// SPDX-License-Identifier: Apache-2.0
#include "mote/kernels/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/select.h"
#include "overlap.h"

namespace mote::kernels {
namespace {

template <class Kernel>
std::vector<uint8_t> compare(const typename Kernel::Shape& shape, const std::vector<typename Kernel::A>& a,
                             const std::vector<typename Kernel::B>& b) {
  EXPECT_TRUE(Kernel::supports(shape, {}));
  test::Guarded<uint8_t> out(static_cast<int32_t>(a.size()));
  Kernel::run(shape, a.data(), b.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

using Bools = std::vector<uint8_t>;

TEST(Compare, orders_numbers_and_leaves_nan_out) {
  const float nan = std::nanf("");
  const std::vector<float> a = {1.0f, -0.0f, 3.0f, nan};
  const std::vector<float> b = {2.0f, 0.0f, -3.0f, nan};
  const BinaryShape shape = {{1, 1, 1, 1, 1, 4}, {0, 0}};
  EXPECT_EQ(compare<Equal<float>>(shape, a, b), (Bools{0, 1, 0, 0}));
  EXPECT_EQ(compare<NotEqual<float>>(shape, a, b), (Bools{1, 0, 1, 1}));
  EXPECT_EQ(compare<Less<float>>(shape, a, b), (Bools{1, 0, 0, 0}));
  EXPECT_EQ(compare<LessEqual<float>>(shape, a, b), (Bools{1, 1, 0, 0}));
  EXPECT_EQ(compare<Less<int32_t>>({{1, 1, 1, 1, 1, 2}, {0, 0}}, {INT32_MIN, 5}, {INT32_MAX, 5}),
            (Bools{1, 0}));
  EXPECT_EQ(compare<LessEqual<int64_t>>({{1, 1, 1, 1, 1, 2}, {0, 0}}, {INT64_MAX, 5}, {0, 5}), (Bools{0, 1}));
}

TEST(Compare, takes_any_byte_but_zero_for_true) {
  const BinaryShape shape = {{1, 1, 1, 1, 1, 4}, {0, 0}};
  EXPECT_EQ(compare<EqualBool>(shape, {0, 0, 1, 1}, {0, 1, 0, 7}), (Bools{1, 0, 0, 1}));
  EXPECT_EQ(compare<NotEqualBool>(shape, {0, 0, 1, 1}, {0, 1, 0, 7}), (Bools{0, 1, 1, 0}));
}

// Scales 0.05 and 0.03, zero points 3 and -10: 3 and -10 are 0, 6 and -5 both 0.15. The outcomes are TFLite
// Micro's.
TEST(CompareQuantized, compares_in_a_common_scale_as_tflite) {
  const CompareQuantizedShape shape = {{1, 1, 1, 1, 1, 8}, {0, 0}, 3, -10, 1717986918, -4, 2061584302, -5,
                                       Rounding::kDouble};
  const std::vector<int8_t> a = {-128, -7, 3, 6, 9, -100, 90, 127};
  const std::vector<int8_t> b = {127, -27, -10, -5, 0, -128, 120, 127};
  EXPECT_EQ(compare<EqualQuantized<int8_t>>(shape, a, b), (Bools{0, 0, 1, 1, 1, 0, 0, 0}));
  EXPECT_EQ(compare<NotEqualQuantized<int8_t>>(shape, a, b), (Bools{1, 1, 0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(compare<LessQuantized<int8_t>>(shape, a, b), (Bools{1, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(compare<LessEqualQuantized<int8_t>>(shape, a, b), (Bools{1, 0, 1, 1, 1, 1, 0, 0}));
}

// -1 * 256 * 2^-9 is -1/2: -1 when rounded twice, 0 when rounded once.
TEST(CompareQuantized, rounds_once_or_twice_as_asked) {
  CompareQuantizedShape shape = {{1, 1, 1, 1, 1, 1}, {0, 0}, 0, 0, 1 << 30, -8, 1 << 30, -8,
                                 Rounding::kDouble};
  EXPECT_EQ(compare<EqualQuantized<int16_t>>(shape, {-1}, {0}), (Bools{0}));
  shape.rounding = Rounding::kSingle;
  EXPECT_EQ(compare<EqualQuantized<int16_t>>(shape, {-1}, {0}), (Bools{1}));
}

// Equal only as long as no low byte is overwritten.
TEST(Compare, of_wide_operands_runs_in_place_and_at_exactly_the_overlap_of_those_that_repeat) {
  const std::vector<int32_t> row = {0x105, 0x206, 0x307, 0x408};
  const BinaryShape flat = {{1, 1, 1, 1, 1, 4}, {0, 0}};
  EXPECT_EQ(Equal<int32_t>::input_ahead_bytes(flat, 0), 0);
  test::expect_exact_overlap<uint8_t>(row, 4, 0, [&](const int32_t* in, uint8_t* out) {
    Equal<int32_t>::run(flat, in, row.data(), out, nullptr);
  });
  // The row of four is needed six times; when its first element is read last, 20 outputs lie in front of it.
  const BinaryShape rows = {{1, 1, 1, 1, 6, 4}, {1 << 4, 1 << 4}};
  EXPECT_EQ(Equal<int32_t>::input_ahead_bytes(rows, 0), 20);
  test::expect_exact_overlap<uint8_t>(row, 24, 20, [&](const int32_t* in, uint8_t* out) {
    Equal<int32_t>::run(rows, in, row.data(), out, nullptr);
  });
}

TEST(Select, takes_x_where_the_condition_holds) {
  const SelectShape shape = {{1, 1, 1, 1, 1, 4}, {0, 0, 0}};
  const uint8_t condition[] = {1, 0, 2, 0};
  const int16_t x[] = {1, 2, 3, 4};
  const int16_t y[] = {-1, -2, -3, -4};
  test::Guarded<int16_t> out(4);
  EXPECT_TRUE(Select<int16_t>::supports(shape, {}));
  Select<int16_t>::run(shape, condition, x, y, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int16_t>{1, -2, 3, -4}));
  EXPECT_TRUE(out.intact());
}

// Condition [2, 1, 3], x [1], y [2, 2, 1].
TEST(Select, broadcasts_each_operand_in_its_own_way) {
  const SelectShape shape = {{1, 1, 1, 2, 2, 3}, {1 << 4, 1 << 3 | 1 << 4 | 1 << 5, 1 << 5}};
  const uint8_t condition[] = {1, 0, 0, 0, 0, 1};
  const float x[] = {9.0f};
  const float y[] = {1.0f, 2.0f, 3.0f, 4.0f};
  test::Guarded<float> out(12);
  Select<float>::run(shape, condition, x, y, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<float>{9, 1, 1, 9, 2, 2, 3, 3, 9, 4, 4, 9}));
  EXPECT_TRUE(out.intact());
}

// The outputs have no zero byte and differ from what lies where one byte less would write them.
TEST(Select, runs_at_exactly_the_announced_overlap) {
  const SelectShape shape = {{1, 1, 1, 2, 2, 3}, {1 << 4, 1 << 3 | 1 << 4 | 1 << 5, 1 << 5}};
  const std::vector<int32_t> x = {0x09090909};
  const std::vector<int32_t> y = {0x01010101, 0x02020202, 0x03030303, 0x04040404};
  const std::vector<uint8_t> never(6, 0);
  const std::vector<uint8_t> now_and_then = {1, 0, 0, 1, 0, 0};
  using Kernel = Select<int32_t>;
  test::expect_exact_overlap<int32_t>(
      never, 12, Kernel::input_ahead_bytes(shape, 0),
      [&](const uint8_t* in, int32_t* out) { Kernel::run(shape, in, x.data(), y.data(), out, nullptr); });
  test::expect_exact_overlap<int32_t>(x, 12, Kernel::input_ahead_bytes(shape, 1),
                                      [&](const int32_t* in, int32_t* out) {
                                        Kernel::run(shape, now_and_then.data(), in, y.data(), out, nullptr);
                                      });
  test::expect_exact_overlap<int32_t>(
      y, 12, Kernel::input_ahead_bytes(shape, 2),
      [&](const int32_t* in, int32_t* out) { Kernel::run(shape, never.data(), x.data(), in, out, nullptr); });
  EXPECT_EQ(Kernel::input_ahead_bytes({{1, 1, 1, 1, 1, 9}, {0, 0, 0}}, 1), 0);
}

}  // namespace
}  // namespace mote::kernels
