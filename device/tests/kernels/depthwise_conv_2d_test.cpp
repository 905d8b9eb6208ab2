// SPDX-License-Identifier: Apache-2.0
// Depthwise convolution: hand examples, multipliers, the padding, and how far ahead the input must start.
#include <gtest/gtest.h>

#include "convolution_test.h"
#include "mote/kernels/depthwise_conv_2d_variants.h"

namespace mote::kernels {
namespace {

using test::conv_shape;
using test::ConvLayer;
using test::Random;

template <class Types>
class DepthwiseConv2d : public testing::Test {};

template <class T, class Bias>
struct Types {
  using Value = T;
  using BiasValue = Bias;
};
using AllTypes = testing::Types<Types<int8_t, int32_t>, Types<int16_t, int64_t>, Types<int16_t, int32_t>>;
TYPED_TEST_SUITE(DepthwiseConv2d, AllTypes);

int32_t taps_of(const Conv2dShape& shape) {
  return shape.kernel_height * shape.kernel_width;
}

/// Any attributes, small; channels around the kernels' blocks.
Conv2dShape random_shape(Random& random) {
  const bool multiplied = random.uniform(0, 1) == 1;
  const int32_t in_ch = random.uniform(1, multiplied ? 4 : 40);
  const int32_t multiplier = multiplied ? random.uniform(2, 20) : 1;
  Conv2dShape shape = conv_shape(random.uniform(1, 7), random.uniform(1, 7), in_ch, in_ch * multiplier,
                                 random.uniform(1, 4), random.uniform(1, 4), random.uniform(1, 3),
                                 random.uniform(1, 2), random.uniform(0, 1) == 1, in_ch);
  shape.batch = random.uniform(0, 2);
  shape.scratch_allowance = 512 * random.uniform(0, 4);
  return shape;
}

TYPED_TEST(DepthwiseConv2d, variants_equal_the_reference) {
  using T = typename TypeParam::Value;
  using Bias = typename TypeParam::BiasValue;
  Random random(4);
  int32_t compared = 0;
  for (int32_t repeat = 0; repeat < 600; ++repeat) {
    SCOPED_TRACE(repeat);
    Conv2dShape shape = random_shape(random);
    test::randomize_quantization<T>(random, shape);
    const auto layer = test::random_layer<T, Bias>(random, shape, taps_of(shape) * shape.out_channels);
    const Limits limits = layer.limits(weights_by_input(shape.out_channels, taps_of(shape)));
    test::expect_variants_equal<DepthwiseConv2dVariants<T, Bias>, DepthwiseConv2dReference<T, Bias>>(
        layer, limits, test::random_input<T>(random, shape), compared);
    if (this->HasFatalFailure()) return;
  }
  EXPECT_GT(compared, 400);
}

TYPED_TEST(DepthwiseConv2d, sums_the_largest_products_exactly) {
  using T = typename TypeParam::Value;
  using Bias = typename TypeParam::BiasValue;
  constexpr bool kInt8 = sizeof(T) == 1;
  for (int32_t multiplier : {1, 2}) {
    ConvLayer<T, Bias> layer{conv_shape(16, 16, 1, multiplier, 16, 16, 1, 1, false, 1), {}, {}, {}, {}};
    layer.weights.assign(static_cast<size_t>(256 * multiplier), -128);
    layer.bias.assign(static_cast<size_t>(multiplier), 0);
    layer.multiplier.assign(static_cast<size_t>(multiplier), 1 << 30);
    layer.shift.assign(static_cast<size_t>(multiplier), -20);
    if (kInt8) layer.shape.input_zero_point = 127;
    const std::vector<T> in(256, static_cast<T>(kInt8 ? -128 : -32768));
    // 256 * 255 * 128 / 2^21 = 3.98; 256 * 2^15 * 2^7 / 2^21 = 512.
    if (!kInt8) layer.shape.activation_max = 32767;
    const Limits limits = layer.limits(weights_by_input(multiplier, 256));
    DepthwiseConv2dVariants<T, Bias>::for_each([&](auto variant) {
      if (!variant.supports(layer.shape, limits)) return;
      EXPECT_EQ(test::outputs_of<decltype(variant)>(layer, in),
                std::vector<T>(static_cast<size_t>(multiplier), static_cast<T>(kInt8 ? 4 : 512)));
    });
  }
}

TYPED_TEST(DepthwiseConv2d, announces_exactly_how_far_ahead_the_input_must_start) {
  using T = typename TypeParam::Value;
  using Bias = typename TypeParam::BiasValue;
  Random random(5);
  for (int32_t repeat = 0; repeat < 80; ++repeat) {
    const int32_t in_ch = random.uniform(1, 3), multiplier = random.uniform(1, 3);
    const int32_t kernel_height = random.uniform(1, 3), kernel_width = random.uniform(1, 4);
    Conv2dShape shape = conv_shape(random.uniform(1, 5), random.uniform(2, 6), in_ch, in_ch * multiplier,
                                   kernel_height, kernel_width, random.uniform(1, 2), random.uniform(1, 2),
                                   random.uniform(0, 1) == 1, in_ch);
    shape.batch = random.uniform(1, 2);
    const auto layer = test::telling_layer<T, Bias>(random, shape, taps_of(shape) * shape.out_channels);
    test::expect_exact_overlap<DepthwiseConv2dVariants<T, Bias>>(random, layer);
  }
}

// The random shapes above hardly ever meet what this variant asks for.
TEST(DepthwiseConv2dPlanes, equals_the_reference_for_3x3_kernels_of_any_size_and_padding) {
  Random random(10);
  for (int32_t repeat = 0; repeat < 800; ++repeat) {
    SCOPED_TRACE(repeat);
    const int32_t channels = random.uniform(1, 9);
    Conv2dShape shape =
        conv_shape(random.uniform(1, repeat % 4 == 0 ? 40 : 7), random.uniform(1, repeat % 4 == 1 ? 60 : 7),
                   channels, channels, 3, 3, random.uniform(1, 2), 1, random.uniform(0, 2) > 0, channels);
    shape.batch = random.uniform(0, 2);
    shape.scratch_allowance = 512 * random.uniform(0, 4);
    test::randomize_quantization<int8_t>(random, shape);
    shape.rounding = Rounding::kDouble;
    if (repeat % 2 == 0) {
      shape.activation_min = -128;
      shape.activation_max = 127;
    }
    auto layer = test::random_layer<int8_t, int32_t>(random, shape, 9 * channels);
    layer.shift = random.values<int8_t>(channels, repeat % 3 == 0 ? -22 : -9, -1);
    const Limits limits = layer.limits(weights_by_input(channels, 9));
    ASSERT_TRUE(DepthwiseConv2dPlanes::supports(shape, limits));
    const auto in = test::random_input<int8_t>(random, shape);
    const auto expected = test::outputs_of<DepthwiseConv2dReference<int8_t, int32_t>>(layer, in);
    ASSERT_EQ(test::outputs_of<DepthwiseConv2dPlanes>(layer, in), expected);
    if (DepthwiseConv2dPlanesSmall::supports(shape, limits)) {
      ASSERT_EQ(test::outputs_of<DepthwiseConv2dPlanesSmall>(layer, in), expected);
    }
  }
}

TEST(DepthwiseConv1dDsp, equals_the_reference_for_columns_and_rows_of_any_length) {
  Random random(11);
  for (int32_t repeat = 0; repeat < 600; ++repeat) {
    SCOPED_TRACE(repeat);
    const bool row = repeat % 2 == 0;
    const int32_t channels = random.uniform(1, 9), kernel = random.uniform(1, 17);
    const int32_t length = kernel + random.uniform(0, 40);
    Conv2dShape shape =
        conv_shape(row ? 1 : length, row ? length : 1, channels, channels, row ? 1 : kernel, row ? kernel : 1,
                   random.uniform(1, 3), 1, random.uniform(0, 2) > 0, channels);
    shape.batch = random.uniform(0, 2);
    shape.scratch_allowance = 512 * random.uniform(0, 4);
    test::randomize_quantization<int8_t>(random, shape);
    shape.rounding = Rounding::kDouble;
    auto layer = test::random_layer<int8_t, int32_t>(random, shape, kernel * channels);
    layer.shift = random.values<int8_t>(channels, repeat % 3 == 0 ? -22 : -9, -1);
    ASSERT_TRUE(DepthwiseConv1dDsp::supports(shape, layer.limits(weights_by_input(channels, kernel))));
    const auto in = test::random_input<int8_t>(random, shape);
    const auto expected = test::outputs_of<DepthwiseConv2dReference<int8_t, int32_t>>(layer, in);
    ASSERT_EQ(test::outputs_of<DepthwiseConv1dDsp>(layer, in), expected);
  }
}

TEST(DepthwiseConv1dDsp, refuses_what_it_is_not_exact_for) {
  const Conv2dShape shape = conv_shape(20, 1, 4, 4, 5, 1, 1, 1, true, 4);
  EXPECT_TRUE(DepthwiseConv1dDsp::supports(shape, {(1 << 30) - 1, -22, -1, -128}));
  EXPECT_FALSE(DepthwiseConv1dDsp::supports(shape, {1 << 30, -22, -1, -128}));
  EXPECT_FALSE(DepthwiseConv1dDsp::supports(shape, {1000, -23, -1, -128}));
  EXPECT_FALSE(DepthwiseConv1dDsp::supports(shape, {1000, -22, 0, -128}));
  EXPECT_FALSE(
      DepthwiseConv1dDsp::supports(conv_shape(20, 2, 4, 4, 5, 1, 1, 1, true, 4), {1000, -22, -1, -128}));
  EXPECT_FALSE(
      DepthwiseConv1dDsp::supports(conv_shape(400, 1, 4, 4, 5, 1, 1, 1, true, 4), {1000, -22, -1, -128}));
}

TEST(DepthwiseConv2dPlanes, is_exact_up_to_its_bound_and_refuses_what_is_beyond) {
  const Conv2dShape shape = conv_shape(3, 3, 1, 1, 3, 3, 1, 1, true, 1);
  for (const int32_t bias : {(1 << 30) - 9 * 128 * 128 - 1, -(1 << 30) + 9 * 128 * 128 + 1}) {
    ConvLayer<int8_t, int32_t> layer = {shape, std::vector<int8_t>(9, -128), {bias}, {INT32_MAX}, {-22}};
    EXPECT_TRUE(DepthwiseConv2dPlanes::supports(shape, layer.limits(weights_by_input(1, 9))));
    for (const int32_t value : {-128, 127}) {
      const std::vector<int8_t> in(9, static_cast<int8_t>(value));
      EXPECT_EQ(test::outputs_of<DepthwiseConv2dPlanes>(layer, in),
                (test::outputs_of<DepthwiseConv2dReference<int8_t, int32_t>>(layer, in)));
    }
    layer.bias[0] += bias > 0 ? 1 : -1;
    EXPECT_FALSE(DepthwiseConv2dPlanes::supports(shape, layer.limits(weights_by_input(1, 9))));
  }
  const Limits limits = {1000, -22, -1, -128};
  EXPECT_TRUE(DepthwiseConv2dPlanes::supports(shape, limits));
  EXPECT_FALSE(DepthwiseConv2dPlanes::supports(shape, {1000, -23, -1, -128}));
  EXPECT_FALSE(DepthwiseConv2dPlanes::supports(shape, {1000, -22, 0, -128}));
  Conv2dShape other = shape;
  other.rounding = Rounding::kSingle;
  EXPECT_FALSE(DepthwiseConv2dPlanes::supports(other, limits));
  EXPECT_FALSE(DepthwiseConv2dPlanes::supports(conv_shape(5, 5, 1, 1, 3, 3, 1, 2, true, 1), limits));
  EXPECT_FALSE(DepthwiseConv2dPlanes::supports(conv_shape(7, 7, 1, 1, 3, 3, 3, 1, true, 1), limits));
  EXPECT_FALSE(DepthwiseConv2dPlanes::supports(conv_shape(7, 7, 1, 2, 3, 3, 1, 1, true, 1), limits));
}

// More channels than go together: those that wait are still in the input.
TEST(DepthwiseConv2dInt8, replaces_its_input_in_place_but_one_byte_beside_it) {
  Random random(9);
  for (const Conv2dShape& shape :
       {conv_shape(7, 6, 20, 20, 3, 3, 1, 1, true, 20), conv_shape(7, 6, 20, 20, 3, 3, 2, 1, true, 20),
        conv_shape(17, 1, 20, 20, 4, 1, 1, 1, true, 20)}) {
    const auto layer = test::telling_layer<int8_t, int32_t>(random, shape, taps_of(shape) * 20);
    const auto in = random.values<int8_t>(test::in_elements(shape), -9, 9);
    DepthwiseConv2dVariants<int8_t, int32_t>::for_each([&](auto variant) {
      using Variant = decltype(variant);
      if (!Variant::supports(shape, test::kTellingLimits) || Variant::input_ahead_bytes(shape) != kInPlace)
        return;
      const auto run = [&](const int8_t* from, int8_t* to) { test::run_layer<Variant>(layer, from, to); };
      const auto expected = test::outputs_of<Variant>(layer, in);
      EXPECT_EQ(test::run_overlapped<int8_t>(in, test::out_elements(shape), 0, run), expected)
          << variant.kName;
      EXPECT_NE(test::run_overlapped<int8_t>(in, test::out_elements(shape), 1, run), expected)
          << variant.kName;
    });
  }
}

TEST(DepthwiseConv2dMve, refuses_the_weight_of_which_two_products_do_not_fit_16_bits) {
  const Conv2dShape shape = conv_shape(4, 4, 8, 8, 3, 3, 1, 1, true, 8);
  EXPECT_TRUE(DepthwiseConv2dMve::supports(shape, {1000, -31, -1, -127}));
  EXPECT_FALSE(DepthwiseConv2dMve::supports(shape, {1000, -31, -1, -128}));
  EXPECT_TRUE(
      DepthwiseConv2dMve::supports(conv_shape(8, 4, 8, 8, 8, 4, 1, 1, true, 8), {1000, -5, -1, -127}));
  EXPECT_FALSE(
      DepthwiseConv2dMve::supports(conv_shape(11, 3, 8, 8, 11, 3, 1, 1, true, 8), {1000, -5, -1, -127}));
}

TEST(DepthwiseConv2dInt8, is_disjoint_where_outputs_would_run_ahead_of_inputs) {
  Conv2dShape shape = conv_shape(4, 4, 8, 8, 3, 3, 1, 1, true, 8);
  EXPECT_EQ(DepthwiseConv2dPlanes::input_ahead_bytes(shape), kInPlace);
  shape.out_height = 6;
  shape.pad_top = 3;
  EXPECT_EQ(DepthwiseConv2dPlanes::input_ahead_bytes(shape), kDisjoint);
}

TEST(DepthwiseConv2dInt8, trails_its_input_by_the_padding_and_needs_no_scratch) {
  using Plain = DepthwiseConv2dPlain<int8_t, int32_t>;
  const Conv2dShape shape = conv_shape(25, 5, 64, 64, 3, 3, 1, 1, true, 64);
  EXPECT_EQ(Plain::input_ahead_bytes(shape), (5 + 1) * 64);
  EXPECT_EQ(Plain::scratch_bytes(shape), 0);
}

// Two channels, multiplier 2, kernel of two taps: weights [tap][out_ch] {1, 2, 3, 4}, {10, 20, 30, 40};
// inputs {1, 2} and {3, 4} per pixel: 1*1 + 10*3, 2*1 + 20*3, 3*2 + 30*4, 4*2 + 40*4; at the edge the first
// tap alone.
TEST(DepthwiseConv2dInt8, multiplies_channels_in_the_hand_example) {
  ConvLayer<int8_t, int32_t> layer = {conv_shape(1, 2, 2, 4, 1, 2, 1, 1, true, 2),
                                      {1, 2, 3, 4, 10, 20, 30, 40},
                                      {},
                                      std::vector<int32_t>(4, 1 << 30),
                                      std::vector<int8_t>(4, 0)};
  DepthwiseConv2dVariants<int8_t, int32_t>::for_each([&](auto variant) {
    if (!variant.supports(layer.shape, layer.limits(weights_by_input(4, 2)))) return;
    EXPECT_EQ(test::outputs_of<decltype(variant)>(layer, {1, 2, 3, 4}),
              (std::vector<int8_t>{16, 31, 63, 84, 2, 3, 6, 8}))
        << variant.kName;
  });
}

TEST(DepthwiseConv2dInt8, counts_multiplications_with_the_padding_too) {
  EXPECT_EQ((DepthwiseConv2dReference<int8_t, int32_t>::macs(conv_shape(1, 3, 2, 4, 1, 3, 1, 1, true, 2))),
            9 * 4);
}

TEST(DepthwiseConv2dInt8, supports_only_shapes_with_a_meaning) {
  using Plain = DepthwiseConv2dPlain<int8_t, int32_t>;
  const Limits limits = {1000, -5, -1, -127};
  Conv2dShape shape = conv_shape(3, 3, 4, 8, 1, 1, 1, 1, false, 4);
  EXPECT_TRUE(Plain::supports(shape, limits));
  shape.groups = 2;
  EXPECT_FALSE(Plain::supports(shape, limits));
  shape.groups = 4;
  shape.out_channels = 6;
  EXPECT_FALSE(Plain::supports(shape, limits));
}

TEST(DepthwiseConv2dInt16, leaves_more_than_256_taps_to_the_reference) {
  Conv2dShape shape = conv_shape(16, 17, 1, 1, 16, 16, 1, 1, false, 1);
  const Limits limits = {1000, -5, -1, -127};
  EXPECT_TRUE((DepthwiseConv2dPlain<int16_t, int64_t>::supports(shape, limits)));
  shape.kernel_width = 17;
  EXPECT_FALSE((DepthwiseConv2dPlain<int16_t, int64_t>::supports(shape, limits)));
  EXPECT_TRUE((DepthwiseConv2dReference<int16_t, int64_t>::supports(shape, limits)));
}

template <class Weight>
void expect_float_bound(uint32_t seed) {
  Random random(seed);
  for (int32_t repeat = 0; repeat < 60; ++repeat) {
    const Conv2dShape shape = random_shape(random);
    const auto layer = test::random_float_layer<Weight>(random, shape, taps_of(shape) * shape.out_channels);
    test::expect_within_bound<DepthwiseConv2dFloatVariants<Weight>>(
        random, layer, taps_of(shape), [&](auto visit) {
          for (int32_t out = 0; out < test::out_elements(shape); ++out)
            for (int32_t tap = 0; tap < taps_of(shape); ++tap) {
              const int32_t out_ch = out % shape.out_channels, pixel = out / shape.out_channels;
              const int32_t row = pixel / shape.out_width % shape.out_height * shape.stride_height -
                                  shape.pad_top + tap / shape.kernel_width * shape.dilation_height;
              const int32_t col = pixel % shape.out_width * shape.stride_width - shape.pad_left +
                                  tap % shape.kernel_width * shape.dilation_width;
              if (row < 0 || row >= shape.in_height || col < 0 || col >= shape.in_width) continue;
              const int32_t batch = pixel / (shape.out_width * shape.out_height);
              visit(out, tap * shape.out_channels + out_ch,
                    ((batch * shape.in_height + row) * shape.in_width + col) * shape.in_channels +
                        out_ch / (shape.out_channels / shape.in_channels));
            }
        });
  }
}

TEST(DepthwiseConv2dFloat, stays_within_its_error_bound_of_double_arithmetic) {
  expect_float_bound<float>(6);
  expect_float_bound<int8_t>(7);
}

TEST(DepthwiseConv2dFloat, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(8);
  for (int32_t repeat = 0; repeat < 40; ++repeat) {
    const int32_t in_ch = random.uniform(1, 10), multiplier = random.uniform(1, 2);
    const Conv2dShape shape = conv_shape(random.uniform(1, 5), random.uniform(3, 6), in_ch,
                                         in_ch * multiplier, random.uniform(1, 3), random.uniform(1, 3),
                                         random.uniform(1, 2), 1, random.uniform(0, 1) == 1, in_ch);
    const auto layer = test::random_float_layer<float>(random, shape, taps_of(shape) * shape.out_channels);
    std::vector<std::vector<float>> inputs;
    for (int input = 0; input < 5; ++input)
      inputs.push_back(random.values<float>(test::in_elements(shape), -9, 9));
    DepthwiseConv2dFloatVariants<float>::for_each([&](auto variant) {
      using Variant = decltype(variant);
      test::expect_exact_input_ahead<float>(
          inputs, test::out_elements(shape), Variant::input_ahead_bytes(shape),
          [&](const float* in, float* out) { test::run_float_layer<Variant>(layer, in, out); });
    });
  }
}

}  // namespace
}  // namespace mote::kernels
