// SPDX-License-Identifier: Apache-2.0
#include "compile/folded.h"

#include <gtest/gtest.h>

#include "compile/compile.h"
#include "compile/passes/passes.h"
#include "core/text.h"
#include "ops/conv_2d/conv_2d.h"
#include "ops/lower.h"

namespace mote::compile {
namespace {

using graph::DType;
using graph::Graph;
using graph::ValueId;

/// in [1, 8, 8, 3] -> 3x3 to 8 channels, of which `constants` have no weights -> depthwise 3x3 -> 1x1 to 4.
Graph graph_with_constant_channels(std::int32_t constants) {
  Graph graph;
  const auto activation = [&](std::vector<std::int32_t> shape) {
    return graph.add({"activation " + std::to_string(graph.values.size()),
                      DType::kInt8,
                      std::move(shape),
                      graph::Quantization{{0.5f}, {-128}, 0},
                      {}});
  };
  const auto constant = [&](std::vector<std::int32_t> shape, std::int32_t zeros) {
    std::vector<std::int8_t> items;
    for (std::int32_t index = 0; index < shape[0] * shape[1] * shape[2] * shape[3]; ++index)
      items.push_back(static_cast<std::int8_t>(index < zeros ? 0 : index % 7 - 3));
    graph::Value value = graph::constant("weights", DType::kInt8, std::move(shape), items);
    value.quantization = graph::Quantization{{0.01f}, {0}, 0};
    return graph.add(std::move(value));
  };
  const auto add = [&](const char* op, ValueId in, ValueId weights, std::vector<std::int32_t> shape) {
    const ValueId bias =
        graph.add(graph::constant("bias", DType::kInt32, {shape[3]},
                                  std::vector<std::int32_t>(static_cast<std::size_t>(shape[3]), 500)));
    const ValueId out = activation(std::move(shape));
    graph.nodes.push_back(
        {op, ops::conv_2d::to_map({.padding = ops::Padding::kValid}), {in, weights, bias}, {out}});
    return out;
  };
  graph.name = "invented";
  const ValueId in = activation({1, 8, 8, 3});
  const ValueId first = add("conv_2d", in, constant({8, 3, 3, 3}, constants * 27), {1, 6, 6, 8});
  const ValueId second = add("depthwise_conv_2d", first, constant({1, 3, 3, 8}, 0), {1, 4, 4, 8});
  graph.outputs = {add("conv_2d", second, constant({4, 1, 1, 8}, 0), {1, 4, 4, 4})};
  graph.inputs = {in};
  return graph;
}

TEST(Folded, CountsChannelsAndMultiplications) {
  const auto model = compile(graph_with_constant_channels(2), {});
  ASSERT_TRUE(model) << to_text(model.error());
  // Two of eight channels go from the first two layers; the third reads two fewer.
  EXPECT_EQ(model->folded.channels, 8 + 8 + 4);
  EXPECT_EQ(model->folded.channels_removed, 2 + 2);
  EXPECT_EQ(model->folded.macs_before, 36 * 8 * 27 + 16 * 8 * 9 + 16 * 4 * 8);
  EXPECT_EQ(model->folded.macs_after, 36 * 6 * 27 + 16 * 6 * 9 + 16 * 4 * 6);
  EXPECT_EQ(model->folded.macs_after, model->macs);
  EXPECT_EQ(model->facts["folded"],
            (Json{{"channels_removed", 4}, {"channels", 20}, {"macs_before", 9440}, {"macs_after", 7080}}));
  EXPECT_EQ(folded_text(model->folded),
            "folded: 4 of 20 channels are constant or not needed; 9440 multiplications become 7080");
}

TEST(Folded, CountsBeforeWhatTheLayersOfTheModelSay) {
  const Graph graph = graph_with_constant_channels(3);
  const auto model = compile(graph, {});
  const auto layers = ops::lower(graph, {});
  ASSERT_TRUE(model && layers);
  std::int64_t macs = 0;
  for (const ops::Layer& layer : *layers) macs += layer.macs;
  EXPECT_EQ(model->folded.macs_before, macs);
}

TEST(Folded, SaysNothingWhereNothingIsFolded) {
  const auto model = compile(graph_with_constant_channels(0), {});
  ASSERT_TRUE(model) << to_text(model.error());
  EXPECT_EQ(model->folded.channels_removed, 0);
  EXPECT_EQ(model->folded.macs_before, model->macs);
  EXPECT_EQ(folded_text(model->folded), "");
}

TEST(FoldedText, RoundsLargeCounts) {
  EXPECT_EQ(folded_text({980, 2738, 7'489'664, 3'734'912}),
            "folded: 980 of 2738 channels are constant or not needed; 7.49 M multiplications become 3.73 M");
  EXPECT_EQ(folded_text({1, 20, 123'456, 9'999}),
            "folded: 1 of 20 channels are constant or not needed; 123 k multiplications become 9999");
}

}  // namespace
}  // namespace mote::compile
