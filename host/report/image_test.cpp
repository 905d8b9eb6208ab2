// SPDX-License-Identifier: Apache-2.0
#include "report/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace mote::report {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Base64, TestVectorsOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

// The chunks of a picture of one pixel, whose sums Python's zlib module gives.
TEST(Image, OnePixelHasTheSumsOfZlib) {
  const std::vector<std::uint8_t> pixel = {0x7F};
  const std::string bytes = hex(grey_png(1, 1, pixel));
  EXPECT_THAT(bytes, StartsWith("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"));
  EXPECT_THAT(bytes, HasSubstr("78010102"
                               "00fdff007f00810080"));
  EXPECT_TRUE(bytes.ends_with("0000000049454e44ae426082"));
}

TEST(Image, AHeatMapOfTheWrongSizeIsLeftOut) {
  const std::vector<std::uint8_t> pixels = {1, 2, 3};
  EXPECT_TRUE(heat_map("t", "c", 2, 2, pixels).empty());
  EXPECT_THAT(heat_map("<t>", "c", 3, 1, pixels).str(), HasSubstr("alt=\"&lt;t&gt;\""));
}

}  // namespace
}  // namespace mote::report
