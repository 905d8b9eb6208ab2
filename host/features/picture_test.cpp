// SPDX-License-Identifier: Apache-2.0
#include "features/picture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace mote::features {
namespace {

using ::testing::ElementsAre;

TEST(Picture, HasOneScaleOrOneForEachColumn) {
  const std::vector<std::int16_t> rows = {0, 100, 10, 300};  // two rows of two columns
  EXPECT_THAT(picture_of_rows(rows, 2, 1, false).pixels, ElementsAre(0, 85, 9, 255));
  EXPECT_THAT(picture_of_rows(rows, 2, 1, true).pixels, ElementsAre(0, 0, 255, 255));
  EXPECT_EQ(picture_of_rows({}, 2, 1, false).width, 0);
}

TEST(Spectrogram, IsBrightestWhereTheToneIs) {
  std::vector<std::int16_t> tone;
  for (int sample = 0; sample < 4096; ++sample)  // at 16 kHz
    tone.push_back(
        static_cast<std::int16_t>(std::lround(8000 * std::sin(2 * M_PI * 1030.0 * sample / 16000.0))));
  const Picture picture = spectrogram(tone, 16000);
  ASSERT_EQ(picture.height, 64);
  ASSERT_EQ(picture.width, 15);
  for (int step = 0; step < picture.width; ++step) {
    const auto first = picture.pixels.begin() + step * 64;
    EXPECT_EQ(std::max_element(first, first + 64) - first, 8) << "step " << step;  // 125 Hz a band
  }
}

TEST(Spectrogram, OfLessThanAWindowIsEmpty) {
  EXPECT_EQ(spectrogram(std::vector<std::int16_t>(511), 16000).width, 0);
  EXPECT_EQ(spectrogram(std::vector<std::int16_t>(512), 16000).width, 1);  // of silence
}

}  // namespace
}  // namespace mote::features
