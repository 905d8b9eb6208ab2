// SPDX-License-Identifier: Apache-2.0
// Integer log-softmax against the definition in double, within the steps of its formats, and the float one
// within its bound.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/log_softmax_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

/// As TFLite prepares it: scale * 2^26 in Q31 and a shift, the radius that the shift leaves, and the way
/// back.
LogSoftmaxShape prepared(int32_t rows, int32_t depth, double scale) {
  int shift = 0, reverse_shift = 0;
  const auto q31 = [](double fraction) {
    return static_cast<int32_t>(std::min<int64_t>(std::llround(fraction * 2147483648.0), INT32_MAX));
  };
  const int32_t multiplier = q31(std::frexp(scale * 67108864.0, &shift));
  const double radius = std::floor(31.0 * 67108864.0 / std::ldexp(1.0, shift));
  const double reverse = std::frexp(std::ldexp(1.0, 31 - shift) / multiplier, &reverse_shift);
  return {rows,         depth,         multiplier,       shift, -static_cast<int32_t>(radius),
          q31(reverse), reverse_shift, Rounding::kDouble};
}

std::vector<int8_t> log_softmax(const LogSoftmaxShape& shape, const std::vector<int8_t>& in) {
  Guarded<int8_t> out(static_cast<int32_t>(in.size()));
  LogSoftmaxReference::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

// log(1/2) is -0.693, 11.09 steps of 1/16 below the zero point, log(1) the zero point; log(e^-2 / (1 + e^-2))
// is -2.127, 34.03 steps.
TEST(LogSoftmax, follows_the_hand_example) {
  EXPECT_EQ(log_softmax(prepared(3, 2, 0.1), {5, 5, 20, 0, -128, 127}),
            (std::vector<int8_t>{116, 116, 125, 93, -128, 127}));
  EXPECT_EQ(log_softmax(prepared(1, 1, 0.1), {-7}), (std::vector<int8_t>{127}));
}

TEST(LogSoftmax, is_within_one_step_of_the_definition) {
  Random random(8);
  for (int32_t repeat = 0; repeat < 3000; ++repeat) {
    const int32_t depth = random.uniform(1, repeat % 50 == 0 ? 4095 : 10);
    const double scale = std::exp2(random.uniform(-800, 100) / 100.0);
    const LogSoftmaxShape shape = prepared(1, depth, scale);
    ASSERT_TRUE(LogSoftmaxReference::supports(shape, {}));
    const auto in = random.values<int8_t>(depth, random.uniform(-128, 120), 127);
    const auto out = log_softmax(shape, in);
    double sum = 0;
    for (const int8_t value : in) sum += std::exp((value - 127) * scale);
    for (size_t index = 0; index < in.size(); ++index) {
      const double exact = (in[index] - 127) * scale - std::log(sum);
      ASSERT_NEAR(out[index], std::max(exact * 16 + 127, -128.0), 0.52) << scale << " " << depth;
    }
  }
}

// Rows whose outputs were computed with TFLite's own code.
TEST(LogSoftmax, equals_rows_of_the_published_definition) {
  const auto row = [](double scale, const std::vector<int8_t>& in) {
    return log_softmax(prepared(1, static_cast<int32_t>(in.size()), scale), in);
  };
  EXPECT_EQ(row(0.0703125, {-49, -6, -53}), (std::vector<int8_t>{77, 126, 73}));
  EXPECT_EQ(row(0.25, {-15, 26, 10, 52, 53}), (std::vector<int8_t>{-128, 10, -54, 114, 118}));
  EXPECT_EQ(row(0.031, {-12, -56, 19, -30, -49, -28, 18, -12}),
            (std::vector<int8_t>{92, 70, 107, 83, 74, 84, 107, 92}));
  EXPECT_EQ(row(1, {10, 9, 7, -20}), (std::vector<int8_t>{121, 105, 73, -128}));
}

TEST(LogSoftmax, runs_in_place) {
  Random random(9);
  const LogSoftmaxShape shape = prepared(3, 7, 0.07);
  std::vector<std::vector<int8_t>> inputs;
  for (int repeat = 0; repeat < 20; ++repeat) inputs.push_back(random.values<int8_t>(21, -128, 127));
  test::expect_exact_input_ahead(
      inputs, 21, LogSoftmaxReference::input_ahead_bytes(shape),
      [&](const int8_t* in, int8_t* out) { LogSoftmaxReference::run(shape, in, out, nullptr); });
}

TEST(LogSoftmax, supports_what_its_formats_hold) {
  LogSoftmaxShape shape = prepared(1, 4095, 0.1);
  EXPECT_TRUE(LogSoftmaxReference::supports(shape, {}));
  ++shape.depth;
  EXPECT_FALSE(LogSoftmaxReference::supports(shape, {}));
  const auto shifted = [](int32_t left, int32_t diff_min) {
    return LogSoftmaxShape{1, 2, 1 << 30, left, diff_min, 1 << 30, 0, Rounding::kDouble};
  };
  EXPECT_TRUE(LogSoftmaxReference::supports(shifted(23, -256), {}));
  EXPECT_FALSE(LogSoftmaxReference::supports(shifted(24, -255), {}));  // 255 * 2^24 overflows
  EXPECT_TRUE(LogSoftmaxReference::supports(shifted(24, -128), {}));
}

TEST(LogSoftmaxFloat, stays_within_its_absolute_bound_in_place) {
  Random random(10);
  for (const int32_t depth : {1, 2, 40, 1000}) {
    std::vector<float> in, out;
    for (int32_t index = 0; index < 2 * depth; ++index)
      in.push_back(static_cast<float>(random.uniform(-8000, 8000)) / 300.0f);
    out = in;
    LogSoftmaxFloat::run({2, depth}, out.data(), out.data(), nullptr);
    for (int32_t row = 0; row < 2; ++row) {
      const float* const values = in.data() + row * depth;
      double sum = 0;
      for (int32_t index = 0; index < depth; ++index) sum += std::exp(double{values[index]});
      for (int32_t index = 0; index < depth; ++index) {
        const double exact = double{values[index]} - std::log(sum);
        EXPECT_NEAR(out[static_cast<size_t>(row * depth + index)], exact,
                    (1.4 * depth + 2.2 * std::abs(exact) + 1) * std::exp2(-24));
      }
    }
  }
}

}  // namespace
}  // namespace mote::kernels
