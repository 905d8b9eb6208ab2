// SPDX-License-Identifier: Apache-2.0
// Integer softmax against the definition in double, within what its fixed-point steps allow, and against rows
// that were computed with TFLite's own fixed-point library; the float one within its bound.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/softmax_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

/// As TFLite prepares it: beta * input scale * 2^26 in Q31 and a shift, and the radius that the shift leaves.
SoftmaxShape prepared(int32_t rows, int32_t depth, double beta_scale) {
  int shift = 0;
  const double fraction = std::frexp(std::min(beta_scale * 67108864.0, 2147483647.0), &shift);
  const auto multiplier =
      static_cast<int32_t>(std::min<int64_t>(std::llround(fraction * 2147483648.0), INT32_MAX));
  const double radius = std::floor(31.0 * 67108864.0 / std::ldexp(1.0, shift));
  return {rows, depth, multiplier, shift, -static_cast<int32_t>(radius)};
}

std::vector<int8_t> softmax(const SoftmaxShape& shape, const std::vector<int8_t>& in) {
  Guarded<int8_t> out(static_cast<int32_t>(in.size()));
  SoftmaxReference::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

// Two equal inputs have probability 1/2 each: 128 - 128 = 0.
TEST(Softmax, gives_equal_inputs_equal_shares) {
  EXPECT_EQ(softmax(prepared(1, 2, 0.1), {5, 5}), (std::vector<int8_t>{0, 0}));
  EXPECT_EQ(softmax(prepared(1, 1, 0.1), {-7}), (std::vector<int8_t>{127}));
  EXPECT_EQ(softmax(prepared(2, 2, 0.5), {127, -128, -128, 127}),
            (std::vector<int8_t>{127, -128, -128, 127}));
}

TEST(Softmax, is_within_one_step_of_the_definition) {
  Random random(8);
  for (int32_t repeat = 0; repeat < 3000; ++repeat) {
    const int32_t depth = random.uniform(1, repeat % 50 == 0 ? 500 : 10);
    const double beta_scale = std::exp2(random.uniform(-800, 100) / 100.0);
    const SoftmaxShape shape = prepared(1, depth, beta_scale);
    ASSERT_TRUE(SoftmaxReference::supports(shape, {}));
    const auto in = random.values<int8_t>(depth, random.uniform(-128, 120), 127);
    const auto out = softmax(shape, in);
    double sum = 0;
    for (const int8_t value : in) sum += std::exp((value - 127) * beta_scale);
    for (size_t index = 0; index < in.size(); ++index) {
      const double exact = std::exp((in[index] - 127) * beta_scale) / sum * 256 - 128;
      ASSERT_NEAR(out[index], std::min(exact, 127.0), 1.01) << beta_scale << " " << depth;
    }
  }
}

TEST(Softmax, runs_in_place) {
  Random random(9);
  const SoftmaxShape shape = prepared(3, 7, 0.07);
  EXPECT_EQ(SoftmaxReference::input_ahead_bytes(shape), 0);
  std::vector<std::vector<int8_t>> inputs;
  for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(random.values<int8_t>(21, -128, 127));
  test::expect_exact_input_ahead(
      inputs, 21, 0, [&](const int8_t* in, int8_t* out) { SoftmaxReference::run(shape, in, out, nullptr); });
}

TEST(Softmax, supports_what_its_formats_hold) {
  SoftmaxShape shape = prepared(1, 4095, 0.1);
  EXPECT_TRUE(SoftmaxReference::supports(shape, {}));
  const std::vector<int8_t> in(4095, 3);
  EXPECT_EQ(softmax(shape, in), std::vector<int8_t>(4095, -128));  // 1/4095 rounds to 0
  ++shape.depth;
  EXPECT_FALSE(SoftmaxReference::supports(shape, {}));
  EXPECT_TRUE(SoftmaxReference::supports({1, 2, 1 << 30, 23, -256}, {}));
  EXPECT_FALSE(SoftmaxReference::supports({1, 2, 1 << 30, 24, -255}, {}));  // 255 * 2^24 overflows
  EXPECT_TRUE(SoftmaxReference::supports({1, 2, 1 << 30, 24, -128}, {}));
}

// Rows whose outputs were computed with gemmlowp's fixed-point library by TFLite's formula.
TEST(Softmax, equals_rows_of_the_published_definition) {
  struct Row {
    int32_t depth;
    double beta_scale;
    std::vector<int8_t> in, out;
  };
  const Row rows[] = {
      {3, 0.0703125, {-49, -6, -53}, {-117, 108, -119}},
      {5, 0.25, {-15, 26, 10, 52, 53}, {-128, -128, -128, -16, 16}},
      {8, 0.031, {-12, -56, 19, -30, -49, -28, 18, -12}, {-99, -121, -53, -112, -119, -110, -55, -99}},
      {4, 1, {10, 9, 7, -20}, {53, -62, -119, -128}},
  };
  for (const Row& row : rows) EXPECT_EQ(softmax(prepared(1, row.depth, row.beta_scale), row.in), row.out);
}

TEST(SoftmaxFloat, stays_within_its_relative_bound) {
  Random random(10);
  std::vector<float> in, out(40);
  for (int32_t index = 0; index < 40; ++index)
    in.push_back(static_cast<float>(random.uniform(-8000, 8000)) / 300.0f);
  SoftmaxFloat::run({2, 20, 0, 0, 0}, 0.7f, in.data(), out.data(), nullptr);
  for (size_t row = 0; row < 2; ++row) {
    float largest = in[row * 20];
    for (size_t index = 0; index < 20; ++index) largest = std::max(largest, in[row * 20 + index]);
    // The exponent's argument is rounded twice; that error, times its size, is on both sides of the fraction.
    double sum = 0, argument = 0;
    for (size_t index = 0; index < 20; ++index)
      sum += std::exp((in[row * 20 + index] - largest) * double{0.7f});
    for (size_t index = 0; index < 20; ++index) {
      argument = (in[row * 20 + index] - largest) * double{0.7f};
      const double exact = std::exp(argument) / sum;
      EXPECT_NEAR(out[row * 20 + index], exact, exact * (26 + 2 * std::abs(argument)) * std::exp2(-23));
    }
  }
}

}  // namespace
}  // namespace mote::kernels
