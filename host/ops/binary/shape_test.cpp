// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/binary/binary.h"
#include "ops/broadcast.h"

namespace mote::ops::binary {
namespace {

using graph::DType;
using graph::Graph;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string message_of(const Extents& a, const Extents& b, const Extents& out, Attributes attributes = {},
                       DType type = DType::kFloat32, DType other = DType::kFloat32) {
  Graph graph;
  graph.add({"a", type, a, std::nullopt, {}});
  graph.add({"b", other, b, std::nullopt, {}});
  graph.add({"out", type, out, std::nullopt, {}});
  graph.inputs = {0, 1};
  graph.outputs = {2};
  graph.nodes.push_back({"binary", to_map(attributes), {0, 1}, {2}});
  const auto checked = check(graph);
  return checked ? "" : to_text(checked.error());
}

TEST(BinaryShape, RepeatsOperandsAlignedAtTheLastAxis) {
  EXPECT_THAT(message_of({2, 3}, {2, 3}, {2, 3}), IsEmpty());
  EXPECT_THAT(message_of({4, 1, 3}, {2, 1}, {4, 2, 3}), IsEmpty());
  EXPECT_THAT(message_of({}, {5}, {5}), IsEmpty());
  EXPECT_THAT(message_of({2, 3}, {2}, {2, 3}),
              HasSubstr("op binary 'out': shapes [2, 3] and [2] cannot be repeated to one"));
}

TEST(BinaryShape, TakesTheTypesOfEachFunction) {
  EXPECT_THAT(message_of({2}, {2}, {2}, {Function::kFloorDivide}, DType::kInt32, DType::kInt32),
              HasSubstr("op binary 'out': int32 and int32 are not supported"));
  EXPECT_THAT(message_of({2}, {2}, {2}, {}, DType::kFloat32, DType::kInt8),
              HasSubstr("float32 and int8 are not supported"));
  EXPECT_THAT(message_of({2}, {2}, {2}, {Function::kPrelu}, DType::kInt16, DType::kInt8), IsEmpty());
  EXPECT_THAT(message_of({2}, {2}, {2}, {Function::kLogicalOr}, DType::kBool, DType::kBool), IsEmpty());
}

TEST(BinaryAttributes, RefuseAnActivationOfAFunctionThatHasNone) {
  EXPECT_THAT(message_of({2}, {2}, {2}, {Function::kMaximum, Activation::kRelu}),
              HasSubstr("only add, sub, mul and div have an activation"));
}

TEST(MergedAxes, AreTheFewestThatTellTheOperandsApart) {
  const auto merged = [](std::vector<Extents> shapes) {
    return merged_axes(shapes, *broadcast_shape(shapes));
  };
  const BroadcastAxes same = merged({{2, 3, 4}, {2, 3, 4}});
  EXPECT_THAT(same.size, ElementsAre(24));
  EXPECT_THAT(same.repeats, ElementsAre(0u, 0u));
  const BroadcastAxes channels = merged({{2, 5, 1, 4}, {4}});
  EXPECT_THAT(channels.size, ElementsAre(10, 4));
  EXPECT_THAT(channels.repeats, ElementsAre(0u, 1u));
  const BroadcastAxes alternating = merged({{2, 1, 3}, {1, 5, 3}});
  EXPECT_THAT(alternating.size, ElementsAre(2, 5, 3));
  EXPECT_THAT(alternating.repeats, ElementsAre(2u, 1u));
  EXPECT_THAT(merged({{1, 1}, {1}}).size, IsEmpty());
}

}  // namespace
}  // namespace mote::ops::binary
