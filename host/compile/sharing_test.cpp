// SPDX-License-Identifier: Apache-2.0
#include "compile/sharing.h"

#include <gmock/gmock.h>

namespace mote::compile {
namespace {

using testing::Each;
using testing::ElementsAre;

/// A layer of kernel `variant` with shape `size`, whose code takes 1,000 bytes folded, 2,500 for any shape.
Layer layer(const std::string& variant, int size, std::int64_t macs = 1) {
  Layer layer;
  layer.variant_type = variant;
  layer.arguments = {ops::Argument{}};
  layer.arguments[0].fields = {ops::Field{"size", std::to_string(size)}};
  layer.macs = macs;
  layer.folded_code_bytes = 1000;
  layer.shared_code_bytes = 2500;
  return layer;
}

std::vector<Layer> layers_of_sizes(int count) {
  std::vector<Layer> layers;
  for (int size = 0; size < count; ++size) layers.push_back(layer("A", size, 100 + size));
  return layers;
}

TEST(Sharing, LayersOfEqualShapeShareTheirCode) {
  const Sharing sharing =
      share_instances({layer("A", 1), layer("A", 2), layer("A", 1), layer("B", 1)}, Optimize::kSpeed);
  EXPECT_THAT(sharing.of_layer, ElementsAre(Instance::kSameArguments, Instance::kInline,
                                            Instance::kSameArguments, Instance::kInline));
  EXPECT_EQ(sharing.code_bytes, 3000);
}

TEST(Sharing, SizeTakesOneInstanceForAnyShapeWhereThatIsLess) {
  const Sharing two = share_instances(layers_of_sizes(2), Optimize::kSize);
  EXPECT_THAT(two.of_layer, ElementsAre(Instance::kInline, Instance::kInline));
  const Sharing three = share_instances(layers_of_sizes(3), Optimize::kSize);
  EXPECT_THAT(three.of_layer, Each(Instance::kAnyArguments));
  EXPECT_EQ(three.code_bytes, 2500);
}

TEST(Sharing, SpeedFoldsTheLayersWithTheMostMultiplicationsWithinItsBudget) {
  const Sharing all = share_instances(layers_of_sizes(11), Optimize::kSpeed);
  EXPECT_THAT(all.of_layer, Each(Instance::kInline)) << "11,000 of 11,264 bytes";
  const Sharing some = share_instances(layers_of_sizes(12), Optimize::kSpeed);
  EXPECT_LE(some.code_bytes, 11264);
  EXPECT_EQ(some.code_bytes, 8 * 1000 + 2500);
  for (std::size_t index = 0; index < 12; ++index)
    EXPECT_EQ(some.of_layer[index], index < 4 ? Instance::kAnyArguments : Instance::kInline) << index;
}

TEST(Sharing, LayersOfAnotherKindDoNotShareTheirInstance) {
  std::vector<Layer> layers = layers_of_sizes(4);
  layers[2].instance_kind = layers[3].instance_kind = 1;
  EXPECT_THAT(share_instances(layers, Optimize::kSize).of_layer, Each(Instance::kInline));
}

TEST(Sharing, CodeThatAllInstancesOfAKernelShareCountsOnce) {
  std::vector<Layer> layers = layers_of_sizes(2);
  for (Layer& one : layers) one.common_code_bytes = 700;
  EXPECT_EQ(share_instances(layers, Optimize::kSpeed).code_bytes, 2 * 1000 + 700);
}

}  // namespace
}  // namespace mote::compile
