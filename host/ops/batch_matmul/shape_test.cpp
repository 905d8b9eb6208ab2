// SPDX-License-Identifier: Apache-2.0
#include "ops/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/batch_matmul/batch_matmul.h"

namespace mote::ops::batch_matmul {
namespace {

using graph::DType;
using graph::Graph;
using testing::HasSubstr;
using testing::IsEmpty;

using Extents = std::vector<std::int32_t>;

std::string message_of(const Extents& left, const Extents& right, const Extents& out,
                       Attributes attributes = {}, DType right_type = DType::kFloat32) {
  Graph graph;
  graph.add({"left", DType::kFloat32, left, std::nullopt, {}});
  graph.add({"right", right_type, right, std::nullopt, {}});
  graph.add({"out", DType::kFloat32, out, std::nullopt, {}});
  graph.inputs = {0, 1};
  graph.outputs = {2};
  graph.nodes.push_back({"batch_matmul", to_map(attributes), {0, 1}, {2}});
  const auto checked = check(graph);
  return checked ? "" : to_text(checked.error());
}

TEST(BatchMatmulShape, BroadcastsTheAxesBeforeTheMatrices) {
  EXPECT_THAT(message_of({2, 3}, {3, 5}, {2, 5}), IsEmpty());
  EXPECT_THAT(message_of({4, 1, 2, 3}, {7, 3, 5}, {4, 7, 2, 5}), IsEmpty());
  EXPECT_THAT(message_of({2, 1, 4, 3, 2}, {2, 3, 1, 5, 3}, {2, 3, 4, 2, 5}, {true, true}), IsEmpty());
}

TEST(BatchMatmulShape, RefusesOperandsThatDoNotFit) {
  EXPECT_THAT(message_of({2, 3}, {4, 5}, {2, 5}),
              HasSubstr("op batch_matmul 'out': matrices [2, 3] and [4, 5] do not go together"));
  EXPECT_THAT(message_of({2, 3}, {3, 5}, {2, 5}, {true, false}),
              HasSubstr("matrices [2, 3] transposed and [3, 5]"));
  EXPECT_THAT(message_of({2, 2, 3}, {3, 3, 5}, {2, 2, 5}), HasSubstr("do not go together"));
  EXPECT_THAT(message_of({3}, {3, 5}, {5}), HasSubstr("do not go together"));
  EXPECT_THAT(message_of({1, 1, 1, 1, 2, 3}, {3, 5}, {1, 1, 1, 1, 2, 5}), HasSubstr("do not go together"));
  EXPECT_THAT(message_of({2, 3}, {3, 5}, {2, 5}, {}, DType::kInt8),
              HasSubstr("float32 times int8 is not supported, expected one type"));
}

}  // namespace
}  // namespace mote::ops::batch_matmul
