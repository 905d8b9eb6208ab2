// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "ops/gradient_test_support.h"

namespace mote::ops {
namespace {

TEST(MaxPool2dGradient, AgreesWithDifferencesOnRandomShapes) {
  Rng rng(23);
  for (int trial = 0; trial < 30; ++trial)
    expect_gradients_agree(random_pool_2d_graph("max_pool_2d", rng), rng);
}

}  // namespace
}  // namespace mote::ops
