// SPDX-License-Identifier: Apache-2.0
// Convolution and pooling: hand examples, the padding, and how far ahead the input must start.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/average_pool_2d_variants.h"
#include "mote/kernels/conv_2d_variants.h"
#include "mote/kernels/max_pool_2d_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

constexpr Limits kNoTables = {0, 0, 0, 0};

Conv2dShape conv_shape(int32_t height, int32_t width, int32_t in_ch, int32_t out_ch, int32_t kernel_height,
                       int32_t kernel_width, int32_t stride, int32_t dilation, bool same) {
  Conv2dShape shape = {1,      height,   width,    in_ch, 0, 0, out_ch, kernel_height, kernel_width, stride,
                       stride, dilation, dilation, 0,     0, 0, 0,      -128,          127};
  const int32_t reach_height = (kernel_height - 1) * dilation + 1,
                reach_width = (kernel_width - 1) * dilation + 1;
  shape.out_height =
      same ? (height + stride - 1) / stride : std::max((height - reach_height) / stride + 1, 0);
  shape.out_width = same ? (width + stride - 1) / stride : std::max((width - reach_width) / stride + 1, 0);
  shape.pad_top = std::max(((shape.out_height - 1) * stride + reach_height - height) / 2, 0);
  shape.pad_left = std::max(((shape.out_width - 1) * stride + reach_width - width) / 2, 0);
  return shape;
}

template <class Variant>
void run_conv(const Conv2dShape& shape, const std::vector<int8_t>& weights, const std::vector<int32_t>& bias,
              const std::vector<int32_t>& multiplier, const std::vector<int8_t>& shift, const int8_t* in,
              int8_t* out) {
  Guarded<int8_t> packed(Variant::packed_bytes(shape));
  Guarded<int32_t> packed_bias(shape.out_channels);
  Guarded<uint8_t> scratch(Variant::scratch_bytes(shape));
  Variant::pack(shape, weights.data(), bias.data(), packed.data(), packed_bias.data());
  Variant::run(shape, {packed.data(), packed_bias.data(), multiplier.data(), shift.data()}, in, out,
               scratch.data());
  EXPECT_TRUE(packed.intact() && packed_bias.intact() && scratch.intact()) << Variant::kName;
}

// Width 3, kernel {1, 2, 3}, padding 1 on both sides, input {4, 5, 6} with zero point 2, that is {2, 3, 4}:
// 2*2 + 3*3 = 13, 1*2 + 2*3 + 3*4 = 20, 1*3 + 2*4 = 11; halved twice and rounded: 3.25 -> 7 -> 4, 5, 5.5 -> 6
// -> 3.
TEST(Conv2d, pads_with_the_zero_point_in_the_hand_example) {
  Conv2dShape shape = conv_shape(1, 3, 1, 1, 1, 3, 1, 1, true);
  shape.input_zero_point = 2;
  const std::vector<int8_t> in = {4, 5, 6};
  Conv2dVariants::for_each([&](auto variant) {
    std::vector<int8_t> out(3);
    run_conv<decltype(variant)>(shape, {1, 2, 3}, {0}, {1 << 30}, {-1}, in.data(), out.data());
    EXPECT_EQ(out, (std::vector<int8_t>{4, 5, 3})) << variant.kName;
  });
}

TEST(Conv2d, variants_equal_the_reference) {
  Random random(4);
  for (int32_t repeat = 0; repeat < 400; ++repeat) {
    Conv2dShape shape = conv_shape(random.uniform(1, 7), random.uniform(1, 9), random.uniform(1, 5),
                                   random.uniform(1, 6), random.uniform(1, 4), random.uniform(1, 4),
                                   random.uniform(1, 3), random.uniform(1, 2), random.uniform(0, 1) == 1);
    shape.batch = random.uniform(0, 2);
    shape.input_zero_point = random.extreme_or_uniform(-128, 127);
    shape.output_zero_point = random.extreme_or_uniform(-128, 127);
    const int32_t inputs = shape.kernel_height * shape.kernel_width * shape.in_channels;
    const auto weights = random.values<int8_t>(inputs * shape.out_channels, -127, 127);
    const auto bias = random.values<int32_t>(shape.out_channels, -3000, 3000);
    const auto multiplier = random.values<int32_t>(shape.out_channels, 1 << 30, INT32_MAX);
    const auto shift = random.values<int8_t>(shape.out_channels, -10, -1);
    const auto in =
        random.values<int8_t>(shape.batch * shape.in_height * shape.in_width * shape.in_channels, -128, 127);
    const int32_t outputs = shape.batch * shape.out_height * shape.out_width * shape.out_channels;
    Guarded<int8_t> expected(outputs);
    run_conv<Conv2dReference>(shape, weights, bias, multiplier, shift, in.data(), expected.data());
    EXPECT_TRUE(expected.intact());
    const Limits limits = weight_limits(shape.out_channels, inputs, weights.data(), bias.data(),
                                        shape.input_zero_point, shift.data(), shape.out_channels);
    Conv2dVariants::for_each([&](auto variant) {
      using Variant = decltype(variant);
      if (!Variant::supports(shape, limits)) return;
      Guarded<int8_t> out(outputs);
      run_conv<Variant>(shape, weights, bias, multiplier, shift, in.data(), out.data());
      EXPECT_TRUE(out.intact());
      ASSERT_EQ(out.values(), expected.values()) << Variant::kName << " repeat " << repeat;
    });
  }
}

TEST(Conv2d, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(5);
  for (int32_t repeat = 0; repeat < 60; ++repeat) {
    Conv2dShape shape =
        conv_shape(random.uniform(1, 5), random.uniform(3, 6), random.uniform(1, 3), random.uniform(1, 4), 1,
                   3, random.uniform(1, 2), 1, random.uniform(0, 1) == 1);
    shape.batch = random.uniform(1, 2);
    const std::vector<int8_t> weights(static_cast<size_t>(3 * shape.in_channels * shape.out_channels), 2);
    const std::vector<int32_t> bias(static_cast<size_t>(shape.out_channels)),
        multiplier(bias.size(), 1 << 30);
    const std::vector<int8_t> shift(bias.size(), -1);
    std::vector<std::vector<int8_t>> inputs;
    for (int input = 0; input < 20; ++input)
      inputs.push_back(
          random.values<int8_t>(shape.batch * shape.in_height * shape.in_width * shape.in_channels, -9, 9));
    Conv2dVariants::for_each([&](auto variant) {
      using Variant = decltype(variant);
      test::expect_exact_input_ahead(inputs,
                                     shape.batch * shape.out_height * shape.out_width * shape.out_channels,
                                     Variant::input_ahead_bytes(shape), [&](const int8_t* in, int8_t* out) {
                                       run_conv<Variant>(shape, weights, bias, multiplier, shift, in, out);
                                     });
    });
  }
}

TEST(Conv2d, counts_no_multiplication_with_the_padding) {
  EXPECT_EQ(Conv2dReference::macs(conv_shape(1, 3, 1, 1, 1, 3, 1, 1, true)), 7);
  EXPECT_EQ(Conv2dReference::macs(conv_shape(5, 5, 2, 3, 3, 3, 1, 1, false)), 9 * 9 * 6);
}

TEST(Conv2dFloat, adds_taps_inside_the_input_and_the_bias) {
  const Conv2dShape shape = conv_shape(1, 3, 1, 1, 1, 3, 1, 1, true);
  const float weights[] = {1.0f, 2.0f, 3.0f}, bias[] = {0.5f}, in[] = {2.0f, 3.0f, 4.0f};
  float out[3] = {};
  Conv2dFloat::run(shape, {0.0f, 15.0f}, {weights, bias}, in, out, nullptr);
  EXPECT_EQ(out[0], 13.5f);
  EXPECT_EQ(out[1], 15.0f);  // 20.5, clamped
  EXPECT_EQ(out[2], 11.5f);
}

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
  MaxPool2dReference::run(shape, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{-5, 2, -3, -128}));
  EXPECT_TRUE(out.intact());
}

// Sums and counts: {1, 2, 2, 2} 7/4 -> 2; {-1, -1} -2/2; {3, 0} 1.5 -> 2; {-3} at the corner.
TEST(AveragePool2d, divides_by_the_elements_inside_and_rounds_away_from_zero) {
  const Pool2dShape shape = pool_shape(3, 3, 1, 2, 2, true);
  const int8_t in[] = {1, 2, -1, 2, 2, -1, 3, 0, -3};
  Guarded<int8_t> out(4);
  AveragePool2dReference::run(shape, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{2, -1, 2, -3}));
  const int8_t negative[] = {-1, -2, 0, 0};
  AveragePool2dReference::run(pool_shape(1, 2, 1, 2, 2, true), negative, out.data(), nullptr);
  EXPECT_EQ(out.values()[0], -2);  // -1.5
  EXPECT_TRUE(out.intact());
}

TEST(Pool2d, clamps_to_the_activation) {
  Pool2dShape shape = pool_shape(1, 2, 1, 1, 1, false);
  shape.activation_min = -10;
  shape.activation_max = 20;
  const int8_t in[] = {-50, 50};
  int8_t out[2] = {};
  MaxPool2dReference::run(shape, in, out, nullptr);
  EXPECT_TRUE(out[0] == -10 && out[1] == 20);
  AveragePool2dReference::run(shape, in, out, nullptr);
  EXPECT_TRUE(out[0] == -10 && out[1] == 20);
}

TEST(Pool2d, refuses_a_window_without_input) {
  Pool2dShape shape = pool_shape(4, 4, 1, 2, 2, false);
  EXPECT_TRUE(MaxPool2dReference::supports(shape, kNoTables));
  shape.out_width = 3;
  EXPECT_FALSE(MaxPool2dReference::supports(shape, kNoTables));
  EXPECT_FALSE(AveragePool2dReference::supports(shape, kNoTables));
}

TEST(Pool2d, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(6);
  for (int32_t repeat = 0; repeat < 100; ++repeat) {
    Pool2dShape shape = pool_shape(random.uniform(1, 6), random.uniform(1, 6), random.uniform(1, 3),
                                   random.uniform(1, 3), random.uniform(1, 2), true);
    shape.batch = random.uniform(1, 2);
    std::vector<std::vector<int8_t>> inputs;
    for (int input = 0; input < 60; ++input)
      inputs.push_back(
          random.values<int8_t>(shape.batch * shape.in_height * shape.in_width * shape.channels, -128, 127));
    const int32_t outputs = shape.batch * shape.out_height * shape.out_width * shape.channels;
    const auto expect_exact = [&](auto variant) {
      // Where all windows hold the same elements, an overwritten one is their maximum, which changes nothing.
      const bool minimal =
          std::is_same_v<decltype(variant), AveragePool2dReference> || shape.kernel_width < 3;
      SCOPED_TRACE(testing::Message()
                   << shape.batch << "x" << shape.in_height << "x" << shape.in_width << "x" << shape.channels
                   << " kernel " << shape.kernel_width << " stride " << shape.stride_width);
      test::expect_exact_input_ahead(
          inputs, outputs, variant.input_ahead_bytes(shape),
          [&](const int8_t* in, int8_t* out) { variant.run(shape, in, out, nullptr); }, minimal);
    };
    MaxPool2dVariants::for_each(expect_exact);
    AveragePool2dVariants::for_each(expect_exact);
  }
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

}  // namespace
}  // namespace mote::kernels
