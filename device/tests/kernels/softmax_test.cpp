// SPDX-License-Identifier: Apache-2.0
// Integer softmax against the definition in double, within what its fixed-point steps and tables allow, and
// against rows that were computed with TFLite's own fixed-point library; the float one within its bound.
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

template <class Out = int8_t>
std::vector<Out> softmax(const SoftmaxShape& shape, const std::vector<int8_t>& in) {
  Guarded<Out> out(static_cast<int32_t>(in.size()));
  SoftmaxReference<Out>::run(shape, in.data(), out.data(), nullptr);
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

double exact_share(const std::vector<int8_t>& in, size_t index, double beta_scale) {
  double sum = 0;
  for (const int8_t value : in) sum += std::exp((value - 127) * beta_scale);
  return std::exp((in[index] - 127) * beta_scale) / sum;
}

TEST(Softmax, is_within_one_step_of_the_definition) {
  Random random(8);
  for (int32_t repeat = 0; repeat < 3000; ++repeat) {
    const int32_t depth = random.uniform(1, repeat % 50 == 0 ? 500 : 10);
    const double beta_scale = std::exp2(random.uniform(-800, 100) / 100.0);
    const SoftmaxShape shape = prepared(1, depth, beta_scale);
    ASSERT_TRUE(SoftmaxReference<int8_t>::supports(shape, {}));
    const auto in = random.values<int8_t>(depth, random.uniform(-128, 120), 127);
    const auto out = softmax(shape, in);
    // Half a unit of 2^-19 for each term of the sum, which is at least 1; half a step for the output.
    const auto wide = softmax<int16_t>(shape, in);
    for (size_t index = 0; index < in.size(); ++index) {
      const double exact = exact_share(in, index, beta_scale);
      ASSERT_NEAR(out[index], std::min(exact * 256 - 128, 127.0), 1.01) << beta_scale << " " << depth;
      ASSERT_NEAR(wide[index], std::min(exact * 65536 - 32768, 32767.0), 1.01 + depth / 16.0);
    }
  }
}

TEST(Softmax, runs_in_place_or_ends_with_its_input) {
  Random random(9);
  const SoftmaxShape shape = prepared(3, 7, 0.07);
  EXPECT_EQ(SoftmaxReference<int8_t>::input_ahead_bytes(shape), 0);
  EXPECT_EQ(SoftmaxReference<int16_t>::input_ahead_bytes(shape), 20);
  EXPECT_EQ(SoftmaxReference<int16_t>::input_ahead_bytes(prepared(0, 7, 0.07)), 0);
  std::vector<std::vector<int8_t>> inputs;
  for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(random.values<int8_t>(21, -128, 127));
  test::expect_exact_input_ahead(inputs, 21, 0, [&](const int8_t* in, int8_t* out) {
    SoftmaxReference<int8_t>::run(shape, in, out, nullptr);
  });
  test::expect_exact_input_ahead<int16_t>(inputs, 21, 20, [&](const int8_t* in, int16_t* out) {
    SoftmaxReference<int16_t>::run(shape, in, out, nullptr);
  });
}

TEST(Softmax, supports_what_its_formats_hold) {
  SoftmaxShape shape = prepared(1, 4095, 0.1);
  EXPECT_TRUE(SoftmaxReference<int8_t>::supports(shape, {}));
  const std::vector<int8_t> in(4095, 3);
  EXPECT_EQ(softmax(shape, in), std::vector<int8_t>(4095, -128));  // 1/4095 rounds to 0
  ++shape.depth;
  EXPECT_FALSE(SoftmaxReference<int8_t>::supports(shape, {}));
  EXPECT_TRUE(SoftmaxReference<int8_t>::supports({1, 2, 1 << 30, 23, -256}, {}));
  EXPECT_FALSE(SoftmaxReference<int8_t>::supports({1, 2, 1 << 30, 24, -255}, {}));  // 255 * 2^24 overflows
  EXPECT_TRUE(SoftmaxReference<int8_t>::supports({1, 2, 1 << 30, 24, -128}, {}));
}

// Rows whose outputs were computed with TFLite's own code.
TEST(Softmax, equals_rows_of_the_published_definition) {
  struct Row {
    int32_t depth;
    double beta_scale;
    std::vector<int8_t> in, out;
    std::vector<int16_t> wide;
  };
  const Row rows[] = {
      {3, 0.0703125, {-49, -6, -53}, {-117, 108, -119}, {-29831, 27615, -30551}},
      {5, 0.25, {-15, 26, 10, 52, 53}, {-128, -128, -128, -16, 16}, {-32768, -32725, -32767, -4094, 4050}},
      {8,
       0.031,
       {-12, -56, 19, -30, -49, -28, 18, -12},
       {-99, -121, -53, -112, -119, -110, -55, -99},
       {-25407, -30886, -13525, -28555, -30430, -28286, -14112, -25407}},
      {4, 1, {10, 9, 7, -20}, {53, -62, -119, -128}, {13460, -15762, -30466, -32768}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(softmax(prepared(1, row.depth, row.beta_scale), row.in), row.out);
    EXPECT_EQ(softmax<int16_t>(prepared(1, row.depth, row.beta_scale), row.in), row.wide);
  }
}

class SoftmaxInt16 : public testing::Test {
 protected:
  SoftmaxInt16() {
    for (int place = 0; place < 513; ++place) {
      exp_.push_back(static_cast<int16_t>(std::lround(32767 * std::exp(10.0 * (place - 512) / 512))));
      reciprocal_.push_back(static_cast<int16_t>(std::lround(32767 / (1 + place / 512.0))));
    }
  }

  SoftmaxInt16Tables tables() const { return {exp_.data(), reciprocal_.data()}; }

  /// beta * input scale * 65535 / 10 of a scale of 10 / 65535 * 2^shift.
  static SoftmaxInt16Shape prepared(int32_t rows, int32_t depth, int32_t shift) {
    return {rows, depth, 1 << 30, shift + 1, Rounding::kDouble};
  }

  std::vector<int16_t> exp_, reciprocal_;
};

TEST_F(SoftmaxInt16, gives_equal_inputs_equal_shares) {
  const int16_t in[] = {-300, -300, 17, 17};
  Guarded<int16_t> out(4);
  SoftmaxInt16Reference::run(prepared(2, 2, 0), tables(), in, out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  for (const int16_t value : out.values()) EXPECT_NEAR(value, 16384, 1);
}

TEST_F(SoftmaxInt16, is_within_what_its_tables_allow_of_the_definition) {
  Random random(12);
  for (int32_t repeat = 0; repeat < 300; ++repeat) {
    const int32_t depth = random.uniform(1, 12), shift = random.uniform(-4, 3);
    const auto in = random.values<int16_t>(depth, -32768, 32767);
    Guarded<int16_t> out(depth);
    ASSERT_TRUE(SoftmaxInt16Reference::supports(prepared(1, depth, shift), {}));
    SoftmaxInt16Reference::run(prepared(1, depth, shift), tables(), in.data(), out.data(), nullptr);
    EXPECT_TRUE(out.intact());
    const double scale = std::ldexp(10.0 / 65535, shift);
    double sum = 0;
    for (const int16_t value : in) sum += std::exp((value - 32767) * scale);
    for (size_t index = 0; index < in.size(); ++index) {
      const double exact = std::exp((in[index] - 32767) * scale) / sum;
      // Lines between the places of e^x are off by (10/512)^2 / 8 * e^x = 1.6 steps * e^x, entries and their
      // interpolation by one, e^-10 stands for what is below by 1.5; the sum collects these, the reciprocal
      // is within 2 steps of 2^-15 of 1/2.
      ASSERT_NEAR(out.values()[index], exact * 32768, 9 + exact * 2.5 * depth) << depth << " " << shift;
    }
  }
}

// Rows whose outputs were computed with TFLite's own code and the same tables.
TEST_F(SoftmaxInt16, equals_rows_of_the_published_definition) {
  const std::vector<int16_t> in = {-32768, -20000, -500, 1234, 2000, 2001, -7};
  const auto outputs = [&](int32_t shift) {
    Guarded<int16_t> out(7);
    SoftmaxInt16Reference::run(prepared(1, 7, shift), tables(), in.data(), out.data(), nullptr);
    return out.values();
  };
  EXPECT_EQ(outputs(0), (std::vector<int16_t>{37, 262, 5145, 6704, 7535, 7536, 5547}));
  EXPECT_EQ(outputs(2), (std::vector<int16_t>{0, 0, 2270, 6541, 10441, 10447, 3067}));
  EXPECT_EQ(outputs(-3), (std::vector<int16_t>{2780, 3546, 5143, 5317, 5395, 5395, 5192}));
}

TEST_F(SoftmaxInt16, runs_in_place) {
  Random random(13);
  const SoftmaxInt16Shape shape = prepared(3, 5, 0);
  std::vector<std::vector<int16_t>> inputs;
  for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(random.values<int16_t>(15, -32768, 32767));
  test::expect_exact_input_ahead<int16_t>(inputs, 15, SoftmaxInt16Reference::input_ahead_bytes(shape),
                                          [&](const int16_t* in, int16_t* out) {
                                            SoftmaxInt16Reference::run(shape, tables(), in, out, nullptr);
                                          });
}

TEST_F(SoftmaxInt16, supports_what_its_formats_hold) {
  SoftmaxInt16Shape shape = prepared(1, 65538, 0);
  EXPECT_TRUE(SoftmaxInt16Reference::supports(shape, {}));
  const std::vector<int16_t> in(65538, 5);
  std::vector<int16_t> out(in.size());
  SoftmaxInt16Reference::run(shape, tables(), in.data(), out.data(),
                             nullptr);  // 32768 / 65538 rounds to 0 or 1
  EXPECT_TRUE(out[0] == 0 || out[0] == 1);
  ++shape.depth;
  EXPECT_FALSE(SoftmaxInt16Reference::supports(shape, {}));
  EXPECT_TRUE(SoftmaxInt16Reference::supports({1, 1, INT32_MAX, 15, Rounding::kDouble}, {}));
  EXPECT_FALSE(SoftmaxInt16Reference::supports({1, 1, INT32_MAX, 16, Rounding::kDouble}, {}));
}

TEST(SoftmaxFloat, stays_within_its_relative_bound) {
  Random random(10);
  std::vector<float> in, out(40);
  for (int32_t index = 0; index < 40; ++index)
    in.push_back(static_cast<float>(random.uniform(-8000, 8000)) / 300.0f);
  SoftmaxFloat::run({2, 20, 0.7f}, in.data(), out.data(), nullptr);
  for (size_t row = 0; row < 2; ++row) {
    float largest = in[row * 20];
    for (size_t index = 0; index < 20; ++index) largest = std::max(largest, in[row * 20 + index]);
    double sum = 0, argument = 0;
    for (size_t index = 0; index < 20; ++index)
      sum += std::exp((in[row * 20 + index] - largest) * double{0.7f});
    for (size_t index = 0; index < 20; ++index) {
      argument = (in[row * 20 + index] - largest) * double{0.7f};
      const double exact = std::exp(argument) / sum;
      EXPECT_NEAR(out[row * 20 + index], exact,
                  exact * (2 * 20 + 2 * std::abs(argument) + 3) * std::exp2(-24));
    }
  }
}

}  // namespace
}  // namespace mote::kernels
