// SPDX-License-Identifier: Apache-2.0
// Pooling: hand examples, the padding, and how far ahead the input must start.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "convolution_test.h"
#include "mote/kernels/average_pool_2d_variants.h"
#include "mote/kernels/l2_pool_2d_variants.h"
#include "mote/kernels/max_pool_2d_variants.h"

namespace mote::kernels {
namespace {

using test::conv_shape;
using test::Guarded;
using test::Random;

constexpr Limits kNoTables = {0, 0, 0, 0};

Pool2dShape pool_shape(int32_t height, int32_t width, int32_t channels, int32_t kernel, int32_t stride,
                       bool same) {
  const Conv2dShape conv = conv_shape(height, width, channels, channels, kernel, kernel, stride, 1, same);
  return {1,      height, width,  channels,     conv.out_height, conv.out_width, kernel,
          kernel, stride, stride, conv.pad_top, conv.pad_left,   -128,           127};
}

TEST(MaxPool2d, takes_the_largest_inside_the_input) {
  const Pool2dShape shape = pool_shape(3, 3, 1, 2, 2, true);
  const int8_t in[] = {-128, -5, 1, -9, -6, 2, -3, -4, -128};
  Guarded<int8_t> out(4);
  MaxPool2dReference<int8_t>::run(shape, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{-5, 2, -3, -128}));
  EXPECT_TRUE(out.intact());
}

// Sums and counts: {1, 2, 2, 2} 7/4 -> 2; {-1, -1} -2/2; {3, 0} 1.5 -> 2; {-3} at the corner.
TEST(AveragePool2d, divides_by_the_elements_inside_and_rounds_away_from_zero) {
  const Pool2dShape shape = pool_shape(3, 3, 1, 2, 2, true);
  const int8_t in[] = {1, 2, -1, 2, 2, -1, 3, 0, -3};
  Guarded<int8_t> out(4);
  AveragePool2dReference<int8_t>::run(shape, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{2, -1, 2, -3}));
  const int8_t negative[] = {-1, -2, 0, 0};
  AveragePool2dReference<int8_t>::run(pool_shape(1, 2, 1, 2, 2, true), negative, out.data(), nullptr);
  EXPECT_EQ(out.values()[0], -2);  // -1.5
  EXPECT_TRUE(out.intact());
}

TEST(AveragePool2dLanes, gives_the_bytes_of_the_reference) {
  Random random(9);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    Pool2dShape shape = pool_shape(random.uniform(1, 9), random.uniform(1, 9), random.uniform(1, 11),
                                   random.uniform(1, 4), random.uniform(1, 3), random.uniform(0, 3) > 0);
    if (!valid(shape)) continue;
    shape.batch = random.uniform(1, 2);
    shape.activation_min = random.uniform(-128, 0);
    const std::vector<int8_t> in =
        random.values<int8_t>(shape.batch * shape.in_height * shape.in_width * shape.channels, -128, 127);
    const int32_t outputs = shape.batch * shape.out_height * shape.out_width * shape.channels;
    Guarded<int8_t> expected(outputs), found(outputs);
    AveragePool2dReference<int8_t>::run(shape, in.data(), expected.data(), nullptr);
    AveragePool2dLanes::run(shape, in.data(), found.data(), nullptr);
    ASSERT_EQ(found.values(), expected.values());
    EXPECT_TRUE(found.intact());
  }
}

TEST(AveragePool2dLanes, is_exact_up_to_its_accumulator_bound_and_not_beyond) {
  const auto mean = [](auto variant, int32_t length) {
    Pool2dShape shape = pool_shape(length, 1, 1, 1, 1, false);
    shape.out_height = 1;
    shape.kernel_height = length;
    const std::vector<int8_t> in(static_cast<std::size_t>(length), -128);
    int8_t out = 0;
    decltype(variant)::run(shape, in.data(), &out, nullptr);
    return std::pair(decltype(variant)::supports(shape, kNoTables), int32_t{out});
  };
  EXPECT_EQ(mean(AveragePool2dLanes{}, 256), std::pair(true, -128));
  EXPECT_FALSE(mean(AveragePool2dLanes{}, 257).first);
  EXPECT_NE(mean(AveragePool2dLanes{}, 257).second, -128);
  EXPECT_EQ(mean(AveragePool2dReference<int8_t>{}, 257), std::pair(true, -128));
}

TEST(Pool2d, clamps_to_the_activation) {
  Pool2dShape shape = pool_shape(1, 2, 1, 1, 1, false);
  shape.activation_min = -10;
  shape.activation_max = 20;
  const int8_t in[] = {-50, 50};
  int8_t out[2] = {};
  MaxPool2dReference<int8_t>::run(shape, in, out, nullptr);
  EXPECT_TRUE(out[0] == -10 && out[1] == 20);
  AveragePool2dReference<int8_t>::run(shape, in, out, nullptr);
  EXPECT_TRUE(out[0] == -10 && out[1] == 20);
}

TEST(Pool2d, refuses_a_window_without_input) {
  Pool2dShape shape = pool_shape(4, 4, 1, 2, 2, false);
  EXPECT_TRUE(MaxPool2dReference<int8_t>::supports(shape, kNoTables));
  shape.out_width = 3;
  EXPECT_FALSE(MaxPool2dReference<int8_t>::supports(shape, kNoTables));
  EXPECT_FALSE(AveragePool2dReference<int8_t>::supports(shape, kNoTables));
}

template <class T>
void expect_exact_pool_overlap(uint32_t seed) {
  Random random(seed);
  for (int32_t repeat = 0; repeat < 100; ++repeat) {
    Pool2dShape shape = pool_shape(random.uniform(1, 6), random.uniform(1, 6), random.uniform(1, 3),
                                   random.uniform(1, 3), random.uniform(1, 2), true);
    shape.batch = random.uniform(1, 2);
    std::vector<std::vector<T>> inputs;
    for (int input = 0; input < 60; ++input)
      inputs.push_back(
          random.values<T>(shape.batch * shape.in_height * shape.in_width * shape.channels, -128, 127));
    const int32_t outputs = shape.batch * shape.out_height * shape.out_width * shape.channels;
    const auto expect_exact = [&](auto variant) {
      // Where all windows hold the same elements, an overwritten one is their maximum, which changes nothing.
      const bool minimal =
          std::is_same_v<decltype(variant), AveragePool2dReference<T>> || shape.kernel_width < 3;
      SCOPED_TRACE(testing::Message()
                   << shape.batch << "x" << shape.in_height << "x" << shape.in_width << "x" << shape.channels
                   << " kernel " << shape.kernel_width << " stride " << shape.stride_width);
      test::expect_exact_input_ahead<T>(
          inputs, outputs, variant.input_ahead_bytes(shape),
          [&](const T* in, T* out) { variant.run(shape, in, out, nullptr); }, minimal);
    };
    MaxPool2dVariants<T>::for_each(expect_exact);
    AveragePool2dVariants<T>::for_each(expect_exact);
  }
}

TEST(Pool2d, announces_exactly_how_far_ahead_the_input_must_start) {
  expect_exact_pool_overlap<int8_t>(6);
  expect_exact_pool_overlap<int16_t>(7);
}

TEST(Pool2dInt16, takes_largest_and_rounded_mean_of_the_whole_range) {
  Pool2dShape shape = pool_shape(1, 4, 1, 2, 2, true);
  shape.activation_min = -32768;
  shape.activation_max = 30000;
  const int16_t in[] = {32767, 32766, -32768, -32767};
  int16_t out[2] = {};
  MaxPool2dReference<int16_t>::run(shape, in, out, nullptr);
  EXPECT_TRUE(out[0] == 30000 && out[1] == -32767);
  AveragePool2dReference<int16_t>::run(shape, in, out, nullptr);
  EXPECT_TRUE(out[0] == 30000 && out[1] == -32768);  // -32767.5 rounds away from zero
}

TEST(Pool2dInt16, supports_windows_whose_sums_fit) {
  Pool2dShape shape = pool_shape(1, 1, 1, 1, 1, false);
  shape.kernel_height = 1 << 15;
  EXPECT_TRUE(AveragePool2dReference<int16_t>::supports(shape, kNoTables));
  shape.kernel_width = 2;
  EXPECT_FALSE(AveragePool2dReference<int16_t>::supports(shape, kNoTables));
  EXPECT_TRUE(AveragePool2dReference<int8_t>::supports(shape, kNoTables));
  shape = pool_shape(1, 1, 1, 1, 1, false);
  shape.activation_max = 128;
  EXPECT_TRUE(MaxPool2dReference<int16_t>::supports(shape, kNoTables));
  EXPECT_FALSE(MaxPool2dReference<int8_t>::supports(shape, kNoTables));
}

TEST(Pool2dFloat, takes_largest_and_mean_inside_the_input) {
  const Pool2dShape shape = pool_shape(1, 3, 1, 2, 2, true);
  const float in[] = {-1.5f, -2.5f, -3.0f};
  float out[2] = {};
  MaxPool2dFloat::run(shape, no_activation(), in, out, nullptr);
  EXPECT_TRUE(out[0] == -1.5f && out[1] == -3.0f);
  AveragePool2dFloat::run(shape, no_activation(), in, out, nullptr);
  EXPECT_TRUE(out[0] == -2.0f && out[1] == -3.0f);
}

// {3, 4}: sqrt(25 / 2); {12}: 12; the second clamped to 10.
TEST(L2Pool2dFloat, takes_the_root_of_the_mean_square_inside_the_input) {
  const Pool2dShape shape = pool_shape(1, 3, 1, 2, 2, true);
  const float in[] = {3.0f, -4.0f, -12.0f};
  float out[2] = {};
  L2Pool2dFloat::run(shape, {0.0f, 10.0f}, in, out, nullptr);
  EXPECT_NEAR(out[0], std::sqrt(12.5), (2 + 3) * std::exp2(-25) * std::sqrt(12.5));
  EXPECT_EQ(out[1], 10.0f);
}

TEST(Pool2dFloat, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(8);
  for (int32_t repeat = 0; repeat < 60; ++repeat) {
    Pool2dShape shape = pool_shape(random.uniform(1, 6), random.uniform(1, 6), random.uniform(1, 3),
                                   random.uniform(1, 3), random.uniform(1, 2), true);
    std::vector<std::vector<float>> inputs;
    for (int input = 0; input < 20; ++input)
      inputs.push_back(random.values<float>(shape.in_height * shape.in_width * shape.channels, 1, 128));
    const auto expect_exact = [&](auto variant, bool minimal) {
      test::expect_exact_input_ahead<float>(
          inputs, shape.out_height * shape.out_width * shape.channels, variant.input_ahead_bytes(shape),
          [&](const float* in, float* out) { variant.run(shape, no_activation(), in, out, nullptr); },
          minimal);
    };
    expect_exact(MaxPool2dFloat{}, shape.kernel_width < 3);
    expect_exact(AveragePool2dFloat{}, true);
    expect_exact(L2Pool2dFloat{}, true);
  }
}

}  // namespace
}  // namespace mote::kernels
