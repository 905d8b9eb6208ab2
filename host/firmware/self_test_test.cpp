// SPDX-License-Identifier: Apache-2.0
#include "firmware/self_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mote::firmware {
namespace {

using ::testing::HasSubstr;

TEST(SelfTest, refuses_a_model_that_does_not_take_the_window) {
  graph::Graph graph;
  graph.name = "two";
  const graph::Value value{"x", graph::DType::kInt8, {1, 6}, graph::Quantization{{0.05f}, {3}, 0}, {}};
  graph.inputs = {graph.add(value)};
  graph.outputs = graph.inputs;
  graph.metadata.normalization = {{0, 1, 4096, 0, 12}};
  EXPECT_TRUE(self_test_of(graph, std::vector<std::int16_t>(6)).has_value());
  const auto refused = self_test_of(graph, std::vector<std::int16_t>(7));
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(to_text(refused.error()), HasSubstr("does not take 7 values"));
}

TEST(SelfTest, is_written_as_tables) {
  const std::string text = self_test_h({{1, -2, 32767}, false, 0x0BAD, {-128, 127}});
  EXPECT_THAT(text, HasSubstr("kCounts[3] MOTE_FLASH_DATA = {\n    1, -2, 32767,\n};"));
  EXPECT_THAT(text, HasSubstr("kOutputs[2] MOTE_FLASH_DATA = {\n    -128, 127,\n};"));
  EXPECT_THAT(text, HasSubstr("kInputCrc = 0x0BAD;"));
}

TEST(SelfTest, a_window_of_noise_takes_no_memory) {
  const std::string text = self_test_h({{1, -2, 32767}, true, 0x0BAD, {-128, 127}});
  EXPECT_THAT(text, HasSubstr("return mote::dsp::noise_count(index);"));
  EXPECT_THAT(text, HasSubstr("kValues = 3;"));
  EXPECT_THAT(text, testing::Not(HasSubstr("kCounts")));
}

}  // namespace
}  // namespace mote::firmware
