// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>

#include "mote/core/crc.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/quotient.h"
#include "mote/core/simd32.h"

namespace mote {
namespace {

// gemmlowp's definition, in its own words: nudge by sign, then a division that truncates.
int32_t high_mul_by_definition(int32_t a, int32_t b) {
  if (a == b && a == INT32_MIN) return INT32_MAX;
  const int64_t product = int64_t{a} * b;
  return static_cast<int32_t>((product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))) / (int64_t{1} << 31));
}

int32_t any_int32(std::mt19937& generator) {
  const auto value = static_cast<int32_t>(generator());
  return generator() % 8 == 0 ? (generator() % 2 == 0 ? INT32_MIN : INT32_MAX) : value >> (generator() % 31);
}

TEST(Quotient, equals_the_division_of_the_language) {
  std::mt19937_64 generator(1);
  for (int repeat = 0; repeat < 10000; ++repeat) {
    const auto denominator = static_cast<uint32_t>(generator() >> (32 + generator() % 31) | 1);
    const uint64_t numerator = generator() >> (generator() % 63);
    ASSERT_EQ(quotient(numerator, denominator), static_cast<uint32_t>(numerator / denominator))
        << numerator << " / " << denominator;
  }
  EXPECT_EQ(quotient(UINT64_MAX, UINT32_MAX), 1u);  // 2^32 + 1, modulo 2^32
}

TEST(FixedPoint, high_multiplication_equals_its_definition) {
  std::mt19937 generator(1);
  for (int count = 0; count < 1000000; ++count) {
    const int32_t a = any_int32(generator), b = any_int32(generator);
    ASSERT_EQ(saturating_rounding_doubling_high_mul(a, b), high_mul_by_definition(a, b)) << a << " " << b;
  }
}

TEST(FixedPoint, division_by_a_power_of_two_rounds_halves_away_from_zero) {
  std::mt19937 generator(2);
  for (int count = 0; count < 1000000; ++count) {
    const int32_t value = any_int32(generator), exponent = static_cast<int32_t>(generator() % 32);
    const auto expected =
        static_cast<int32_t>(std::round(std::ldexp(double{static_cast<double>(value)}, -exponent)));
    ASSERT_EQ(rounding_divide_by_power_of_two(value, exponent), expected) << value << " " << exponent;
  }
}

TEST(FixedPoint, requantize_rounds_twice) {
  // 3 / 4: the high multiplication gives 1.5 -> 2, halved 1. One rounding of 0.75 would give 1 too; 1 / 4
  // differs.
  EXPECT_EQ(requantize(3, {1 << 30, -1}), 1);
  EXPECT_EQ(requantize(1, {1 << 30, -1}), 1);  // 0.5 -> 1, 0.5 -> 1; once: 0.25 -> 0
  EXPECT_EQ(requantize(-3, {1 << 30, 0}), -1);
  EXPECT_EQ(requantize(5, {1 << 30, 3}), 20);
}

TEST(FixedPoint, shift_left_saturates) {
  EXPECT_EQ(saturating_shift_left(1 << 29, 1), 1 << 30);
  EXPECT_EQ(saturating_shift_left(1 << 30, 1), INT32_MAX);
  EXPECT_EQ(saturating_shift_left(-(1 << 30) - 1, 1), INT32_MIN);
}

TEST(Simd32, bytes_are_widened_in_pairs) {
  EXPECT_EQ(simd32::sxtb16(0x80017FFFu), 0x0001FFFFu);
  EXPECT_EQ(simd32::sxtb16_ror8(0x80017FFFu), 0xFF80007Fu);
}

TEST(Simd32, products_of_halfwords_are_added_modulo_2_32) {
  EXPECT_EQ(simd32::smlad(0x0002FFFFu, 0x00030004u, 10u), 12u);  // 2*3 + -1*4 + 10
  EXPECT_EQ(simd32::smlad(0x80008000u, 0x80008000u, 0x80000000u), 0u);
}

TEST(Simd32, word_times_halfword_rounds_down) {
  std::mt19937 generator(4);
  const auto compare = [](int32_t a, int32_t b) {
    const auto quotient = static_cast<int32_t>((int64_t{a} * b) >> 16);
    const uint32_t low = static_cast<uint16_t>(b), high = static_cast<uint32_t>(b) << 16;
    ASSERT_EQ(simd32::detail::word_times_halfword_in_parts(a, b), quotient) << a << " " << b;
    ASSERT_EQ(simd32::smulwb(a, low | 0x12340000u), quotient) << a << " " << b;
    ASSERT_EQ(simd32::smulwt(a, high | 0x1234u), quotient) << a << " " << b;
    const auto sum = static_cast<int32_t>(static_cast<uint32_t>(quotient) + 0x7FFFFFF0u);
    ASSERT_EQ(simd32::smlawb(a, low, 0x7FFFFFF0), sum) << a << " " << b;
    ASSERT_EQ(simd32::smlawt(a, high, 0x7FFFFFF0), sum) << a << " " << b;
  };
  for (int count = 0; count < 100000; ++count) {
    const int32_t a = any_int32(generator), b = any_int32(generator);
    compare(a, b >> 16);
  }
  for (const int32_t a : {INT32_MIN, INT32_MIN + 1, -65536, -65535, -1, 0, 1, 65535, 65536, INT32_MAX})
    for (const int32_t b : {-32768, -32767, -1, 0, 1, 32767}) compare(a, b);
}

TEST(Simd32, products_of_halfwords_are_added_in_64_bits) {
  EXPECT_EQ(simd32::smlald(0x0002FFFFu, 0x00030004u, 10), 12);
  EXPECT_EQ(simd32::smlald(0x80008000u, 0x80008000u, INT32_MAX), (int64_t{1} << 31) + INT32_MAX);
}

TEST(Simd32, high_multiply_accumulate_rounds_to_nearest) {
  std::mt19937 generator(3);
  for (int count = 0; count < 100000; ++count) {
    const int32_t a = any_int32(generator), b = any_int32(generator);
    const int32_t acc = any_int32(generator) >> 2;
    const int64_t high = (int64_t{a} * b + (int64_t{1} << 31)) >> 32;
    ASSERT_EQ(simd32::detail::rounded_high_product(a, b), static_cast<int32_t>(high));
    ASSERT_EQ(simd32::smmlar(a, b, acc), static_cast<int32_t>(static_cast<uint32_t>(high + acc)));
  }
  for (const int32_t a : {INT32_MIN, INT32_MIN + 1, -65536, -65535, -32768, -1, 0, 1, 32767, 32768, 65535,
                          65536, INT32_MAX - 65535, INT32_MAX})
    for (const int32_t b :
         {1, 32768, 65535, 65536, 98303, (1 << 30), INT32_MAX - 65535, INT32_MAX - 32768, INT32_MAX})
      EXPECT_EQ(simd32::detail::rounded_high_product(a, b),
                static_cast<int32_t>((int64_t{a} * b + (int64_t{1} << 31)) >> 32))
          << a << " * " << b;
  EXPECT_EQ(simd32::ssat8(128), 127);
  EXPECT_EQ(simd32::ssat8(-129), -128);
}

TEST(Simd32, words_are_little_endian) {
  alignas(4) const int8_t bytes[] = {1, -2, 3, -4, 5, 6, 7, 8};
  EXPECT_EQ(simd32::load_word(bytes + 1), 0x05FC03FEu);
  EXPECT_EQ(simd32::load_bytes(bytes, 3), 0x0003FE01u);
  Flash<int8_t> from(bytes);
  uint32_t first = 0, second = 0;
  simd32::load_word_pair(from, first, second);
  EXPECT_EQ(first, 0xFC03FE01u);
  EXPECT_EQ(second, 0x08070605u);
  EXPECT_EQ(from.data(), bytes + 8);
}

TEST(Crc, gives_the_published_check_values) {
  const char digits[] = "123456789";
  EXPECT_EQ(crc16_update(kCrc16Initial, digits, 9), 0x29B1);
  EXPECT_EQ(crc32_finish(crc32_update(kCrc32Initial, digits, 9)), 0xCBF43926u);
}

TEST(Crc, of_a_table_is_that_of_its_bytes) {
  const int32_t table[] = {1, -2, 0x12345678};
  EXPECT_EQ(crc32_update(kCrc32Initial, Flash<int32_t>(table), 3),
            crc32_update(kCrc32Initial, table, sizeof(table)));
}

}  // namespace
}  // namespace mote
