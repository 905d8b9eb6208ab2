// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/gradient_test_support.h"
#include "ops/softmax/cross_entropy.h"
#include "ops/softmax/softmax.h"

namespace mote::ops::softmax {
namespace {

TEST(SoftmaxGradient, AgreesWithDifferencesOnRandomShapes) {
  Rng rng(25);
  for (int trial = 0; trial < 20; ++trial) {
    const auto depth = static_cast<std::int32_t>(2 + rng.below(8));
    const auto rows = static_cast<std::int32_t>(1 + rng.below(3));
    const double beta = trial % 3 == 0 ? 0.5 : 1.0;
    SCOPED_TRACE(testing::Message() << "trial " << trial);
    expect_gradients_agree(
        one_node_graph("softmax", to_map(Attributes{beta}), {1, rows, depth}, {}, {1, rows, depth}, rng), rng,
        true);
  }
}

TEST(CrossEntropy, IsTheWeightedLogarithmOfTheLabelsProbability) {
  // Logits ln 1, ln 2, ln 5: probabilities 1/8, 2/8, 5/8. Label 1, weight 3: loss 3 ln 4.
  const float logits[] = {0.0f, std::log(2.0f), std::log(5.0f)};
  const std::int32_t label = 1;
  const float weights[] = {1.0f, 3.0f, 1.0f};
  float probabilities[3], gradient[3];
  const double loss = cross_entropy({1, 3, 1.0f, logits, &label, weights, probabilities, gradient});
  EXPECT_NEAR(loss, 3 * std::log(4.0), 1e-6);
  EXPECT_NEAR(probabilities[2], 0.625, 1e-7);
  EXPECT_NEAR(gradient[0], 3 * 0.125, 1e-6);
  EXPECT_NEAR(gradient[1], 3 * (0.25 - 1), 1e-6);
  EXPECT_NEAR(gradient[2], 3 * 0.625, 1e-6);
}

TEST(CrossEntropy, StaysFiniteWhereTheProbabilityIsZeroAndSaysWhenALogitIsNot) {
  const float far_apart[] = {0.0f, 500.0f};
  const std::int32_t label = 0;
  const float weights[] = {1.0f, 1.0f};
  float probabilities[2], gradient[2];
  EXPECT_NEAR(cross_entropy({1, 2, 1.0f, far_apart, &label, weights, probabilities, gradient}), 500.0, 1e-9);
  EXPECT_EQ(gradient[0], -1.0f);
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), INFINITY, -INFINITY}) {
    const float logits[] = {bad, 0.0f};
    EXPECT_TRUE(std::isnan(cross_entropy({1, 2, 1.0f, logits, &label, weights, probabilities, gradient})));
  }
}

TEST(CrossEntropy, GradientAgreesWithDifferences) {
  Rng rng(26);
  constexpr std::int32_t kBatch = 5, kClasses = 4;
  float logits[kBatch * kClasses], probabilities[kBatch * kClasses], gradient[kBatch * kClasses];
  std::int32_t labels[kBatch];
  float weights[kClasses];
  for (float& logit : logits) logit = static_cast<float>(rng.uniform(-3, 3));
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(rng.below(kClasses));
  for (float& weight : weights) weight = static_cast<float>(rng.uniform(0.2, 2));
  cross_entropy({kBatch, kClasses, 1.0f, logits, labels, weights, probabilities, gradient});
  for (int index = 0; index < kBatch * kClasses; ++index) {
    constexpr float kStep = 0x1p-10f;
    const auto loss = [&](float shift) {
      const float original = logits[index];
      logits[index] += shift;
      const double value =
          cross_entropy({kBatch, kClasses, 1.0f, logits, labels, weights, probabilities, nullptr});
      logits[index] = original;
      return value / kBatch;
    };
    // The third derivative of ln sum e^x is below 1; weights below 2; the step itself is rounded to 2^-23.
    EXPECT_NEAR(double{gradient[index]}, (loss(kStep) - loss(-kStep)) / (2 * double{kStep}), 0x1p-12);
  }
}

}  // namespace
}  // namespace mote::ops::softmax
