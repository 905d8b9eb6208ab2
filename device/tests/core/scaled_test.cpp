// SPDX-License-Identifier: Apache-2.0
// Quotients, square roots and scaled numbers keep to what their comments say.
#include "mote/core/scaled.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace mote {
namespace {

std::vector<std::uint64_t> numbers() {
  std::vector<std::uint64_t> result = {
      1, 2, 3, 4, 5, 0x7FFFFFFF, 0xFFFFFFFF, 0x100000000, 0x7FFFFFFFFFFFFFFF};
  std::mt19937_64 generator(1);  // NOLINT: the same every time
  for (int index = 0; index < 400; ++index) result.push_back((generator() >> 1 >> (generator() % 62)) | 1);
  return result;
}

long double value(Scaled a) {
  return std::ldexp(static_cast<long double>(a.significand), a.exponent);
}

TEST(WideQuotient, is_the_quotient_rounded_down) {
  __extension__ typedef unsigned __int128 Wide;
  for (const auto a : numbers())
    for (const auto b : numbers())
      for (const int bits : {0, 1, 32, 64})
        ASSERT_EQ(wide_quotient(a, b, bits), static_cast<std::uint64_t>((static_cast<Wide>(a) << bits) / b))
            << a << " / " << b << " in " << bits;
  EXPECT_EQ(wide_quotient(0, 5, 32), 0U);
  EXPECT_EQ(signed_ratio_q32(-7, 2), -(INT64_C(7) << 31));
  EXPECT_EQ(signed_ratio_q32(INT64_C(-1) << 62, UINT64_C(1) << 62), -(INT64_C(1) << 32));
}

TEST(RoundedRoot, is_the_nearest_whole_number) {
  for (std::uint32_t x = 0; x < 70000; ++x)
    ASSERT_EQ(rounded_root_u32(x), static_cast<std::uint32_t>(std::lround(std::sqrt(x))));
  for (const std::uint64_t root : {UINT64_C(46341), UINT64_C(65534), UINT64_C(65537), UINT64_C(0xFFFFFFFE)}) {
    EXPECT_EQ(rounded_root_u64(root * root + root), root);
    EXPECT_EQ(rounded_root_u64(root * root + root + 1), root + 1);
    EXPECT_EQ(rounded_root_u64(root * root - root + 1), root);
    EXPECT_EQ(rounded_root_u64(root * root - root), root - 1);
  }
  EXPECT_EQ(rounded_root_u32(UINT32_MAX), 65535U) << "cut";
}

TEST(Scaled, keeps_32_bits_through_every_operation) {
  for (const auto a : numbers()) {
    const Scaled x = scaled(a);
    EXPECT_NE(x.significand >> 31, 0U);
    ASSERT_LE(std::abs(value(x) - a) / a, 0x1p-31L);
    const long double root = std::sqrt(value(x));
    ASSERT_LE(std::abs(value(square_root(x)) - root) / root, 0x1p-31L) << a;
    for (const auto b : numbers()) {
      const Scaled y = scaled(b, -17);
      const long double times = value(x) * value(y), over = value(x) / value(y);
      ASSERT_LE(std::abs(value(product(x, y)) - times) / times, 0x1p-31L);
      ASSERT_LE(std::abs(value(quotient(x, y)) - over) / over, 0x1p-31L);
    }
  }
}

TEST(Scaled, becomes_fixed_point_rounded_to_nearest_and_saturated) {
  EXPECT_EQ(to_fixed(scaled(0), 15), 0);
  EXPECT_EQ(to_fixed(scaled(3), 15), 3 << 15);
  EXPECT_EQ(to_fixed(scaled(3, -17), 15), 1);  // 0.75
  EXPECT_EQ(to_fixed(scaled(1, -17), 15), 0);  // 0.25
  EXPECT_EQ(to_fixed(scaled(1, -16), 15), 1);  // 0.5
  EXPECT_EQ(to_fixed(scaled(1, -48), 15), 0);
  EXPECT_EQ(to_fixed(scaled(65535), 15), 65535 << 15);
  EXPECT_EQ(to_fixed(scaled(65536), 15), INT32_MAX);
  EXPECT_EQ(to_fixed(scaled(1, 40), 15), INT32_MAX);
}

}  // namespace
}  // namespace mote
