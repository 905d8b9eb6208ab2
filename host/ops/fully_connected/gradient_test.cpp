// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ops/fully_connected/fully_connected.h"
#include "ops/gradient_test_support.h"

namespace mote::ops::fully_connected {
namespace {

TEST(FullyConnectedGradient, AgreesWithDifferencesOnRandomShapes) {
  Rng rng(21);
  for (int trial = 0; trial < 30; ++trial) {
    const auto in = static_cast<std::int32_t>(1 + rng.below(40));
    const auto out = static_cast<std::int32_t>(1 + rng.below(20));
    const auto rows = static_cast<std::int32_t>(1 + rng.below(2));
    const auto activation = static_cast<Activation>(rng.below(3));
    std::vector<std::vector<std::int32_t>> parameters = {{out, in}};
    if (rng.below(4) != 0) parameters.push_back({out});
    SCOPED_TRACE(testing::Message() << "trial " << trial << ": " << in << " to " << out);
    expect_gradients_agree(one_node_graph("fully_connected", to_map(Attributes{activation, true}),
                                          {1, rows, in}, parameters, {1, rows, out}, rng),
                           rng);
  }
}

}  // namespace
}  // namespace mote::ops::fully_connected
