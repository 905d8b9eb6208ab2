// SPDX-License-Identifier: Apache-2.0
// Rectify, Difference and Magnitude equal their formulas for every kind of signal.
#include <algorithm>
#include <cmath>

#include "block_test.h"
#include "mote/dsp/difference.h"
#include "mote/dsp/magnitude.h"
#include "mote/dsp/rectify.h"

namespace mote::dsp {
namespace {

TEST(Rectify, gives_magnitudes) {
  EXPECT_EQ(run(Rectify{3}, {5, -5, 0, -32768, 32767, -32767}),
            (std::vector<std::int16_t>{5, 5, 0, 32767, 32767, 32767}));
  EXPECT_FALSE(Rectify{0}.valid());
  EXPECT_TRUE(Rectify{1048576}.valid());
  EXPECT_FALSE(Rectify{1048577}.valid());
}

TEST(Difference, subtracts_the_sample_before) {
  EXPECT_EQ(run(Difference{2}, {1, 10, 4, 8, -32768, 32767, 32767, -32768}),
            (std::vector<std::int16_t>{3, -2, -32768, 32759, 32767, -32768}));
  for (const auto& [name, signal] : signals(300)) {
    const auto found = run(Difference{3}, signal);
    ASSERT_EQ(found.size(), 297U);
    for (std::size_t at = 0; at < found.size(); ++at)
      ASSERT_EQ(found[at], std::clamp(signal[at + 3] - signal[at], -32768, 32767)) << name;
  }
  EXPECT_FALSE(Difference{0}.valid());
  EXPECT_TRUE(Difference{32768}.valid());
  EXPECT_FALSE(Difference{32769}.valid());
}

TEST(Magnitude, is_the_rounded_root_of_the_sum_of_squares) {
  EXPECT_EQ(run(Magnitude{3}, {3, 4, 0, -1, 1, 1, -32768, -32768, -32768, 0, 0, 0, -20000, 0, 20000}),
            (std::vector<std::int16_t>{5, 2, 32767, 0, 28284}));
  for (const std::int32_t axes : {1, 2, 3})
    for (const auto& [name, signal] : signals(600)) {
      const auto found = run(Magnitude{axes}, signal);
      for (std::size_t at = 0; at < found.size(); ++at) {
        double sum = 0;
        for (std::size_t axis = 0; axis < static_cast<std::size_t>(axes); ++axis)
          sum += std::pow(signal[at * static_cast<std::size_t>(axes) + axis], 2.0);
        ASSERT_EQ(found[at], std::min(32767.0, std::round(std::sqrt(sum))))
            << name << ", " << axes << " axes";
      }
    }
  EXPECT_FALSE(Magnitude{0}.valid());
  EXPECT_FALSE(Magnitude{4}.valid());
}

}  // namespace
}  // namespace mote::dsp
