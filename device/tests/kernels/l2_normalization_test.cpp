// SPDX-License-Identifier: Apache-2.0
// Normalisation to length 1 against the definition in double, and against rows that were computed with
// TFLite's own code.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/l2_normalization_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

std::vector<int8_t> normalized(const L2NormalizationShape& shape, const std::vector<int8_t>& in) {
  Guarded<int8_t> out(static_cast<int32_t>(in.size()));
  L2NormalizationReference::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

// 3, 4 has length 5: 0.6 and 0.8 are 76.8 and 102.4 steps of 1/128. A single value gives 1, which saturates.
TEST(L2Normalization, follows_the_hand_example) {
  EXPECT_EQ(normalized({1, 2, 10, Rounding::kDouble}, {13, 14}), (std::vector<int8_t>{77, 102}));
  EXPECT_EQ(normalized({2, 1, 0, Rounding::kDouble}, {-5, 9}), (std::vector<int8_t>{-128, 127}));
  EXPECT_EQ(normalized({1, 3, -4, Rounding::kDouble}, {-4, -4, -4}), (std::vector<int8_t>{0, 0, 0}));
}

TEST(L2Normalization, is_within_one_step_of_the_definition_with_either_rounding) {
  Random random(3);
  bool roundings_differ = false;
  for (int32_t repeat = 0; repeat < 3000; ++repeat) {
    const int32_t depth = random.uniform(1, repeat % 100 == 0 ? 33025 : 12);
    L2NormalizationShape shape = {1, depth, random.extreme_or_uniform(-128, 127), Rounding::kDouble};
    ASSERT_TRUE(L2NormalizationReference::supports(shape, {}));
    const int32_t spread = random.uniform(0, 127);
    const auto in = random.values<int8_t>(depth, -1 - spread, spread);
    double sum = 0;
    for (const int8_t value : in) sum += std::pow(value - shape.input_zero_point, 2);
    const double length = std::sqrt(std::max(sum, 1.0));
    const auto out = normalized(shape, in);
    for (size_t index = 0; index < in.size(); ++index) {
      const double exact = (in[index] - shape.input_zero_point) / length * 128;
      ASSERT_NEAR(out[index], std::min(exact, 127.0), 0.75);  // a shift of one place may round twice
    }
    shape.rounding = Rounding::kSingle;
    const auto once = normalized(shape, in);
    for (size_t index = 0; index < in.size(); ++index) ASSERT_NEAR(once[index], out[index], 1);
    roundings_differ |= once != out;
  }
  EXPECT_TRUE(roundings_differ);
}

// Rows whose outputs were computed with TFLite's own code.
TEST(L2Normalization, equals_rows_of_the_published_definition) {
  const auto row = [](const std::vector<int8_t>& in) {
    return normalized({1, static_cast<int32_t>(in.size()), 3, Rounding::kDouble}, in);
  };
  EXPECT_EQ(row({-49, -6, -53}), (std::vector<int8_t>{-86, -15, -93}));
  EXPECT_EQ(row({-15, 26, 10, 52, 53}), (std::vector<int8_t>{-30, 39, 12, 82, 84}));
  EXPECT_EQ(row({-12, -56, 19, -30, -49, -28, 18, -12}),
            (std::vector<int8_t>{-20, -79, 21, -44, -70, -41, 20, -20}));
  EXPECT_EQ(row({10, 9, 7, -20}), (std::vector<int8_t>{36, 31, 20, -117}));
}

TEST(L2Normalization, runs_in_place) {
  Random random(4);
  const L2NormalizationShape shape = {3, 5, 7, Rounding::kDouble};
  std::vector<std::vector<int8_t>> inputs;
  for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(random.values<int8_t>(15, -128, 127));
  test::expect_exact_input_ahead(
      inputs, 15, L2NormalizationReference::input_ahead_bytes(shape),
      [&](const int8_t* in, int8_t* out) { L2NormalizationReference::run(shape, in, out, nullptr); });
}

TEST(L2Normalization, supports_as_many_squares_as_fit) {
  EXPECT_TRUE(L2NormalizationReference::supports({1, 33025, 127, Rounding::kDouble}, {}));
  EXPECT_FALSE(L2NormalizationReference::supports({1, 33026, 127, Rounding::kDouble}, {}));
  const std::vector<int8_t> in(33025, -128);  // 255^2 * 33025 = 2^31 - 2023
  EXPECT_EQ(normalized({1, 33025, 127, Rounding::kDouble}, in), std::vector<int8_t>(33025, -1));
}

TEST(L2NormalizationFloat, stays_within_its_relative_bound_in_place) {
  Random random(5);
  for (const int32_t depth : {1, 3, 100}) {
    std::vector<float> in, out;
    for (int32_t index = 0; index < depth; ++index)
      in.push_back(static_cast<float>(random.uniform(-8000, 8000)) / 300.0f);
    out = in;
    L2NormalizationFloat::run({1, depth}, out.data(), out.data(), nullptr);
    double sum = 0;
    for (const float value : in) sum += double{value} * double{value};
    for (size_t index = 0; index < in.size(); ++index) {
      const double exact = in[index] / std::sqrt(sum);
      EXPECT_NEAR(out[index], exact, std::abs(exact) * (depth / 2.0 + 2) * std::exp2(-24));
    }
  }
}

TEST(L2NormalizationFloat, keeps_what_is_shorter_than_a_millionth_short) {
  const float in[] = {0.0f, 5e-7f};
  float out[2];
  L2NormalizationFloat::run({1, 2}, in, out, nullptr);
  EXPECT_EQ(out[0], 0.0f);
  EXPECT_FLOAT_EQ(out[1], 0.5f);
}

}  // namespace
}  // namespace mote::kernels
