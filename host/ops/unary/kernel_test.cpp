// SPDX-License-Identifier: Apache-2.0
#include "ops/unary/kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mote/core/crc.h"

namespace mote::ops::unary {
namespace {

using graph::DType;
using graph::Graph;
using testing::HasSubstr;

Graph one_node(DType type, TensorScale in, TensorScale out, Attributes attributes) {
  Graph graph;
  graph.add({"in", type, {1, 4}, graph::Quantization{{in.scale}, {in.zero_point}, 0}, {}});
  graph.add({"out", type, {1, 4}, graph::Quantization{{out.scale}, {out.zero_point}, 0}, {}});
  graph.nodes.push_back({"unary", to_map(attributes), {0}, {1}});
  graph.inputs = {0};
  graph.outputs = {1};
  return graph;
}

std::uint32_t table_crc(TensorScale in, TensorScale out, Attributes attributes,
                        Rounding rounding = Rounding::kDouble) {
  const Graph graph = one_node(DType::kInt8, in, out, attributes);
  const auto table = int8_table(graph, graph.nodes[0], rounding);
  if (!table) return 0;
  std::vector<std::uint8_t> bytes(table->begin(), table->end());
  return crc32_finish(crc32_update(kCrc32Initial, bytes.data(), static_cast<std::int32_t>(bytes.size())));
}

struct Expected {
  Attributes attributes;
  std::uint32_t crc;
};

// CRC-32 of the outputs of TFLite Micro's reference kernels for the inputs 0 ... 127, -128 ... -1.
TEST(Int8Table, HasTheOutputsOfTflite) {
  const Expected widened[] = {{{Function::kRelu}, 0x94421FDDu},
                              {{Function::kReluN1To1}, 0x9D17B03Fu},
                              {{Function::kRelu0To1}, 0x8542A85Cu},
                              {{Function::kRelu6}, 0xCEF62DA8u},
                              {{Function::kLeakyRelu, 0.1f}, 0xE2E6C7D3u},
                              {{Function::kLeakyRelu, -0.3f}, 0xDB0E3482u},
                              {{Function::kTanh}, 0x971E03B7u},
                              {{Function::kHardSwish}, 0x517996C4u},
                              {{Function::kAbs}, 0xBF2E8DDAu},
                              {{Function::kRsqrt}, 0x79B32A7Cu},
                              {{Function::kElu}, 0x06C454D2u},
                              {{Function::kExp}, 0x57934606u}};
  for (const Expected& expected : widened)
    EXPECT_EQ(table_crc({0.05f, 3}, {0.06f, -7}, expected.attributes), expected.crc)
        << static_cast<int>(expected.attributes.function);
  const Expected saturating[] = {{{Function::kRelu}, 0xAEA58177u},
                                 {{Function::kReluN1To1}, 0xF3E8552Cu},
                                 {{Function::kRelu0To1}, 0x11FABDD4u},
                                 {{Function::kRelu6}, 0x62816F09u},
                                 {{Function::kLeakyRelu, 0.1f}, 0x35F35B9Fu},
                                 {{Function::kLeakyRelu, -0.3f}, 0x1368EDD2u},
                                 {{Function::kTanh}, 0xD5EAA0EEu},
                                 {{Function::kHardSwish}, 0xA572C69Fu},
                                 {{Function::kAbs}, 0xFBB17629u},
                                 {{Function::kRsqrt}, 0x757E5C5Bu},
                                 {{Function::kElu}, 0x64AE08D0u},
                                 {{Function::kExp}, 0x43A8DB17u}};
  for (const Expected& expected : saturating)
    EXPECT_EQ(table_crc({0.7f, 100}, {0.1f, 20}, expected.attributes), expected.crc)
        << static_cast<int>(expected.attributes.function);
  EXPECT_EQ(table_crc({0.02f, -128}, {0.015f, -128}, {Function::kLogistic}), 0x77189914u);
  EXPECT_EQ(table_crc({0.0235294f, -1}, {1.0f / 256, -128}, {Function::kLogistic}), 0x7D442455u);
}

TEST(Int8Table, RoundsOnceIfAsked) {
  EXPECT_EQ(table_crc({0.05f, 3}, {0.06f, -7}, {Function::kLeakyRelu, -0.3f}, Rounding::kSingle),
            0xD11C4A2Du);
}

std::string refusal(TensorScale in, TensorScale out, Attributes attributes) {
  const Graph graph = one_node(DType::kInt8, in, out, attributes);
  const auto table = int8_table(graph, graph.nodes[0], Rounding::kDouble);
  return table ? "" : to_text(table.error());
}

TEST(Int8Table, RefusesScalesThatTfliteDoesNotDefine) {
  EXPECT_THAT(refusal({1.0f, 0}, {1.0f / 256, 0}, {Function::kLogistic}),
              HasSubstr("op unary 'out': the output's zero point is not -128"));
  EXPECT_THAT(refusal({0x1p-29f, 0}, {1.0f / 128, 0}, {Function::kTanh}),
              HasSubstr("the input's scale is below 2^-28"));
  EXPECT_THAT(refusal({1e9f, 0}, {1.0f, 0}, {Function::kRelu}),
              HasSubstr("the scales of input and output are too far apart"));
  EXPECT_THAT(refusal({1.0f, 0}, {1e-3f, 0}, {Function::kHardSwish}),
              HasSubstr("the scales of input and output are too far apart"));
}

TEST(Int16Sigmoid, HasTheFactorsOfTflite) {
  const auto factors = [](Function function, float scale) {
    const Graph graph = one_node(DType::kInt16, {scale, 0}, {0x1p-15f, 0}, {function});
    const auto shape = int16_sigmoid(graph, graph.nodes[0], function);
    return shape ? std::pair(shape->multiplier, shape->shift) : std::pair(-1, -1);
  };
  EXPECT_EQ(factors(Function::kLogistic, 0x1p-12f), std::pair(3, 0));
  EXPECT_EQ(factors(Function::kTanh, 0x1p-11f), std::pair(6, 0));
  // 2^-11 * 12288 = 6, doubled until it is above 16383.5.
  EXPECT_EQ(factors(Function::kLogistic, 0x1p-11f), std::pair(24576, 12));
  EXPECT_EQ(factors(Function::kTanh, 3.0f), std::pair(-1, -1));
}

TEST(Int16Relu, ClampsInTheScaleOfTheOutputButRelu6InTheInputs) {
  const auto bounds = [](Function function) {
    const Graph graph = one_node(DType::kInt16, {0.01f, 0}, {0.02f, 0}, {function});
    const auto shape = int16_relu(graph, graph.nodes[0], function);
    return std::pair(shape->activation_min, shape->activation_max);
  };
  EXPECT_EQ(bounds(Function::kRelu), std::pair(0, 32767));
  EXPECT_EQ(bounds(Function::kReluN1To1), std::pair(-50, 50));
  EXPECT_EQ(bounds(Function::kRelu6), std::pair(0, 600));
}

}  // namespace
}  // namespace mote::ops::unary
