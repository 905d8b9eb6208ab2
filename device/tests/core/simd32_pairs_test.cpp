// SPDX-License-Identifier: Apache-2.0
// The pairs of halfwords compute what their names say, on worked examples, where sums and products leave 16
// bits.
#include "mote/core/simd32_pairs.h"

#include <gtest/gtest.h>

namespace mote::simd32 {
namespace {

TEST(Simd32Pairs, multiply) {
  EXPECT_EQ(smlabb(0x00020003u, 0x0005FFFFu, 10u), 7u);  // 10 + 3 * -1
  EXPECT_EQ(smulbb(0x00028000u, 0x00058000u), 0x40000000u);
  EXPECT_EQ(smultt(0xFFFE0003u, 0x00050007u), static_cast<std::uint32_t>(-10));
  EXPECT_EQ(smuad(0x80008000u, 0x80008000u), 0x80000000u);
  EXPECT_EQ(smladx(0x00020003u, 0x00050007u, 1u), 1u + 3u * 5u + 2u * 7u);
  EXPECT_EQ(smlsd(0x00020003u, 0x00050007u, 1u), 1u + 3u * 7u - 2u * 5u);
  EXPECT_EQ(smulwb(-65536, 0x00010003u), -3);
  EXPECT_EQ(smulwb(1, 0x0001FFFFu), -1);  // -1 / 2^16, rounded down
  EXPECT_EQ(smulwt(0x7FFFFFFF, 0x80000001u), -0x40000000);
}

TEST(Simd32Pairs, add_modulo_2_to_the_16) {
  EXPECT_EQ(ssub16(0x80000001u, 0x00010002u), 0x7FFFFFFFu);
  EXPECT_EQ(sasx(0x7FFF8000u, 0x00010002u), 0x80017FFFu);  // high: 0x7FFF + 2, low: 0x8000 - 1
  EXPECT_EQ(ssax(0x80007FFFu, 0x00010002u), 0x7FFE8000u);  // high: 0x8000 - 2, low: 0x7FFF + 1
}

TEST(Simd32Pairs, halve_rounding_down_without_overflow) {
  EXPECT_EQ(shadd16(0x7FFFFFFFu, 0x7FFFFFFEu), 0x7FFFFFFEu);  // low: -3 / 2 = -2
  EXPECT_EQ(shsub16(0x80000000u, 0x7FFF0001u), 0x8000FFFFu);
}

TEST(Simd32Pairs, compare_and_pack) {
  EXPECT_EQ(smax16(0xFFFF0005u, 0x00000004u), 0x00000005u);
  EXPECT_EQ(smin16(0xFFFF0005u, 0x00000004u), 0xFFFF0004u);
  EXPECT_EQ(smin16(0x80007FFFu, 0x7FFF8000u), 0x80008000u);
  EXPECT_EQ(pkhbt_top(0x11112222u, 0x33334444u), 0x33332222u);
  EXPECT_EQ(pkhtb_asr<15>(0x80000000u, 0x12345678u), 0x12340000u);
  EXPECT_EQ(pkhtb_asr<12>(0xFFFFF000u, 0x12345678u), 0x1234FFFFu);
}

}  // namespace
}  // namespace mote::simd32
