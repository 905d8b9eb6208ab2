// SPDX-License-Identifier: Apache-2.0
#include "ops/gradient.h"

#include <gtest/gtest.h>

#include "ops/fully_connected/fully_connected.h"
#include "ops/gradient_test_support.h"

namespace mote::ops {
namespace {

TEST(Gradient, IsThereForWhatIsTrainedAndNullOtherwise) {
  for (const char* op : {"average_pool_2d", "conv_2d", "fully_connected", "max_pool_2d", "softmax"})
    EXPECT_NE(find_gradient(op), nullptr) << op;
  EXPECT_EQ(find_gradient("quantize"), nullptr);
  EXPECT_EQ(find_gradient(""), nullptr);
}

TEST(Gradient, RefusesWhatIsNotAFloatNetworkOfBatchOne) {
  Rng rng(1);
  const auto attributes = fully_connected::to_map({Activation::kNone, false});
  graph::Graph batched = one_node_graph("fully_connected", attributes, {2, 3}, {{4, 3}}, {2, 4}, rng);
  const auto refused = find_gradient("fully_connected")->prepare(batched, batched.nodes[0], 8);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().what, "op fully_connected 'out': input and output must be float32 with batch 1");
  graph::Graph quantised = one_node_graph("fully_connected", attributes, {1, 3}, {{4, 3}}, {1, 4}, rng);
  quantised.value(quantised.nodes[0].inputs[1]).dtype = graph::DType::kInt8;
  EXPECT_FALSE(find_gradient("fully_connected")->prepare(quantised, quantised.nodes[0], 8).has_value());
}

}  // namespace
}  // namespace mote::ops
