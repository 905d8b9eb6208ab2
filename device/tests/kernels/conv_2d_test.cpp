// SPDX-License-Identifier: Apache-2.0
// Convolution: hand examples, the padding, groups, and how far ahead the input must start.
#include <gtest/gtest.h>

#include "convolution_test.h"
#include "mote/kernels/conv_2d_variants.h"

namespace mote::kernels {
namespace {

using test::conv_shape;
using test::ConvLayer;
using test::Random;

template <class Types>
class Conv2d : public testing::Test {};

template <class T, class Bias>
struct Types {
  using Value = T;
  using BiasValue = Bias;
};
using AllTypes = testing::Types<Types<int8_t, int32_t>, Types<int16_t, int64_t>, Types<int16_t, int32_t>>;
TYPED_TEST_SUITE(Conv2d, AllTypes);

int32_t inputs_of(const Conv2dShape& shape) {
  return shape.kernel_height * shape.kernel_width * shape.in_channels / shape.groups;
}

template <class T, class Bias>
Limits limits_of(const ConvLayer<T, Bias>& layer) {
  return layer.limits(weights_by_channel(layer.shape.out_channels, inputs_of(layer.shape)));
}

/// Any attributes, small.
Conv2dShape random_shape(Random& random) {
  const int32_t groups = random.uniform(0, 2) == 0 ? random.uniform(2, 3) : 1;
  Conv2dShape shape =
      conv_shape(random.uniform(1, 7), random.uniform(1, 9), random.uniform(1, 5) * groups,
                 random.uniform(1, 20) * groups, random.uniform(1, 4), random.uniform(1, 4),
                 random.uniform(1, 3), random.uniform(1, 2), random.uniform(0, 1) == 1, groups);
  shape.batch = random.uniform(0, 2);
  shape.scratch_allowance = 512 * random.uniform(0, 4);
  return shape;
}

TYPED_TEST(Conv2d, variants_equal_the_reference) {
  using T = typename TypeParam::Value;
  using Bias = typename TypeParam::BiasValue;
  Random random(4);
  int32_t compared = 0;
  for (int32_t repeat = 0; repeat < 600; ++repeat) {
    SCOPED_TRACE(repeat);
    Conv2dShape shape = random_shape(random);
    test::randomize_quantization<T>(random, shape);
    const auto layer = test::random_layer<T, Bias>(random, shape, inputs_of(shape) * shape.out_channels);
    const Limits limits = layer.limits(weights_by_channel(shape.out_channels, inputs_of(shape)));
    test::expect_variants_equal<Conv2dVariants<T, Bias>, Conv2dReference<T, Bias>>(
        layer, limits, test::random_input<T>(random, shape), compared);
    if (this->HasFatalFailure()) return;
  }
  EXPECT_GT(compared, 400);
}

TYPED_TEST(Conv2d, variants_equal_the_reference_for_more_inputs_than_fit_one_sum) {
  using T = typename TypeParam::Value;
  using Bias = typename TypeParam::BiasValue;
  Random random(14);
  int32_t compared = 0;
  for (int32_t channels : {255, 256, 257, 600, 1024}) {
    Conv2dShape shape = conv_shape(1, 2, channels, 6, 1, 1, 1, 1, false);
    test::randomize_quantization<T>(random, shape);
    auto layer = test::random_layer<T, Bias>(random, shape, channels * 6);
    layer.weights.assign(layer.weights.size(), -128);
    layer.shift.assign(6, -20);
    const Limits limits = layer.limits(weights_by_channel(6, channels));
    std::vector<T> in(static_cast<size_t>(2 * channels), static_cast<T>(sizeof(T) == 1 ? -128 : -32768));
    test::expect_variants_equal<Conv2dVariants<T, Bias>, Conv2dReference<T, Bias>>(layer, limits, in,
                                                                                   compared);
  }
  EXPECT_GE(compared, sizeof(Bias) == 4 && sizeof(T) == 2 ? 2 : 5);
}

TYPED_TEST(Conv2d, announces_exactly_how_far_ahead_the_input_must_start) {
  using T = typename TypeParam::Value;
  using Bias = typename TypeParam::BiasValue;
  Random random(5);
  for (int32_t repeat = 0; repeat < 160; ++repeat) {
    const int32_t groups = random.uniform(0, 3) == 0 ? 2 : 1;
    const int32_t in_ch = random.uniform(1, 4) * groups, out_ch = random.uniform(1, 9) * groups;
    const int32_t kernel_height = random.uniform(1, 3), kernel_width = random.uniform(1, 4);
    Conv2dShape shape =
        conv_shape(random.uniform(1, 5), random.uniform(2, 6), in_ch, out_ch, kernel_height, kernel_width,
                   random.uniform(1, 2), random.uniform(1, 2), random.uniform(0, 1) == 1, groups);
    shape.batch = random.uniform(1, 2);
    const auto layer = test::telling_layer<T, Bias>(random, shape, inputs_of(shape) * shape.out_channels);
    test::expect_exact_overlap<Conv2dVariants<T, Bias>>(random, layer);
  }
}

// The random shapes above hardly ever meet what this variant asks for.
TEST(Conv2dDsp, equals_the_reference_for_any_attributes_and_remainders) {
  Random random(15);
  int32_t small_layers = 0;
  for (int32_t repeat = 0; repeat < 1500; ++repeat) {
    SCOPED_TRACE(repeat);
    const bool pointwise = repeat % 4 == 0;
    Conv2dShape shape =
        conv_shape(random.uniform(1, 6), random.uniform(1, 9), random.uniform(1, 37), random.uniform(1, 9),
                   pointwise ? 1 : random.uniform(1, 4), pointwise ? 1 : random.uniform(1, 4),
                   random.uniform(1, 3), random.uniform(1, 2), random.uniform(0, 1) == 1);
    shape.batch = random.uniform(0, 2);
    shape.scratch_allowance = 512 * random.uniform(0, 4);
    test::randomize_quantization<int8_t>(random, shape);
    shape.rounding = Rounding::kDouble;
    if (repeat % 2 == 0) {
      shape.activation_min = -128;
      shape.activation_max = 127;
    }
    if (repeat % 3 == 0) shape.output_zero_point = shape.activation_min;  // as after a ReLU
    auto layer = test::random_layer<int8_t, int32_t>(random, shape, inputs_of(shape) * shape.out_channels);
    for (int8_t& weight : layer.weights) weight = std::max<int8_t>(weight, -127);
    layer.shift = random.values<int8_t>(shape.out_channels, repeat % 5 == 0 ? -22 : -11, -1);
    const Limits limits = limits_of(layer);
    ASSERT_EQ(Conv2dDsp::supports(shape, limits), limits.max_abs_accumulator < 1 << 23);
    if (!Conv2dDsp::supports(shape, limits)) continue;
    const auto in = test::random_input<int8_t>(random, shape);
    const auto expected = test::outputs_of<Conv2dReference<int8_t, int32_t>>(layer, in);
    ASSERT_EQ(test::outputs_of<Conv2dDsp>(layer, in), expected);
    if (Conv2dDspSmall::supports(shape, limits)) {
      ++small_layers;
      ASSERT_EQ(test::outputs_of<Conv2dDspSmall>(layer, in), expected);
    }
    ASSERT_EQ(test::outputs_of<Conv2dBlocked<2>>(layer, in), expected);
    ASSERT_EQ(test::outputs_of<Conv2dBlocked<4>>(layer, in), expected);
  }
  EXPECT_GT(small_layers, 200);
}

// 512 products of 127 and 128, and a bias that fills the rest of 2^23; one more is refused.
TEST(Conv2dDsp, is_exact_up_to_its_bound_and_refuses_what_is_beyond) {
  for (const int32_t sign : {1, -1}) {
    ConvLayer<int8_t, int32_t> layer = {conv_shape(1, 5, 512, 2, 1, 1, 1, 1, false),
                                        std::vector<int8_t>(1024, static_cast<int8_t>(127 * sign)),
                                        std::vector<int32_t>(2, -sign * ((1 << 23) - 1 - 512 * 127 * 128)),
                                        {INT32_MAX, INT32_MAX},
                                        {-17, -16}};
    EXPECT_TRUE(Conv2dDsp::supports(layer.shape, limits_of(layer)));
    for (const int32_t value : {-128, 127}) {
      const std::vector<int8_t> in(5 * 512, static_cast<int8_t>(value));
      EXPECT_EQ(test::outputs_of<Conv2dDsp>(layer, in),
                (test::outputs_of<Conv2dReference<int8_t, int32_t>>(layer, in)));
    }
    layer.bias[1] -= sign;
    EXPECT_FALSE(Conv2dDsp::supports(layer.shape, limits_of(layer)));
  }
  const Conv2dShape shape = conv_shape(1, 5, 4, 2, 1, 1, 1, 1, false);
  EXPECT_TRUE(Conv2dDsp::supports(shape, {1000, -22, -1, -127}));
  EXPECT_FALSE(Conv2dDsp::supports(shape, {1000, -23, -1, -127}));
  EXPECT_FALSE(Conv2dDsp::supports(shape, {1000, -22, 0, -127}));
  EXPECT_FALSE(Conv2dDsp::supports(shape, {1000, -22, -1, -128}));
}

// Width 3, kernel {1, 2, 3}, padding 1 on both sides, input {4, 5, 6} with zero point 2, that is {2, 3, 4}:
// 2*2 + 3*3 = 13, 1*2 + 2*3 + 3*4 = 20, 1*3 + 2*4 = 11; halved twice and rounded: 3.25 -> 7 -> 4, 5, 5.5 -> 6
// -> 3.
TEST(Conv2dInt8, pads_with_the_zero_point_in_the_hand_example) {
  ConvLayer<int8_t, int32_t> layer = {
      conv_shape(1, 3, 1, 1, 1, 3, 1, 1, true), {1, 2, 3}, {0}, {1 << 30}, {-1}};
  layer.shape.input_zero_point = 2;
  Conv2dVariants<int8_t, int32_t>::for_each([&](auto variant) {
    if (!variant.supports(layer.shape, limits_of(layer))) return;
    EXPECT_EQ(test::outputs_of<decltype(variant)>(layer, {4, 5, 6}), (std::vector<int8_t>{4, 5, 3}))
        << variant.kName;
  });
  layer.shape.rounding = Rounding::kSingle;  // 13 / 4, 20 / 4, 11 / 4
  Conv2dVariants<int8_t, int32_t>::for_each([&](auto variant) {
    if (!variant.supports(layer.shape, limits_of(layer))) return;
    EXPECT_EQ(test::outputs_of<decltype(variant)>(layer, {4, 5, 6}), (std::vector<int8_t>{3, 5, 3}))
        << variant.kName;
  });
}

// {100, -200} * {3, 5} + 7 = -693, times 0.75 (multiplier 0x60000000, which the 15 bits hold exactly) is
// -519.75. 0x60007FFF is rounded down to the same 15 bits, which makes 30000 of 40000; the next up, 40000 *
// 0x6001 / 2^15 = 30001.2.
TEST(Conv2dInt16, reduces_the_multiplier_to_15_bits_for_an_int64_bias_only) {
  ConvLayer<int16_t, int64_t> wide = {
      conv_shape(1, 1, 2, 1, 1, 1, 1, 1, false), {3, 5}, {7}, {0x60000000}, {0}};
  wide.shape.activation_min = -32768;
  wide.shape.activation_max = 32767;
  ConvLayer<int16_t, int32_t> narrow = {wide.shape, {3, 5}, {40000}, {0x60007FFF}, {0}};
  Conv2dVariants<int16_t, int64_t>::for_each([&](auto variant) {
    wide.multiplier = {0x60000000};
    wide.bias = {7};
    EXPECT_EQ(test::outputs_of<decltype(variant)>(wide, {100, -200}), std::vector<int16_t>{-520});
    wide.multiplier = {0x60007FFF};
    wide.bias = {40000};
    EXPECT_EQ(test::outputs_of<decltype(variant)>(wide, {0, 0}), std::vector<int16_t>{30000});
    wide.multiplier = {0x60008000};
    EXPECT_EQ(test::outputs_of<decltype(variant)>(wide, {0, 0}), std::vector<int16_t>{30001});
  });
  Conv2dVariants<int16_t, int32_t>::for_each([&](auto variant) {  // 40000 * 0x60007FFF / 2^31 = 30000.6
    EXPECT_EQ(test::outputs_of<decltype(variant)>(narrow, {0, 0}), std::vector<int16_t>{30001});
  });
}

// Two groups: channels {1, 2} with weights {10, 1} and {1, 10}, then {3, 4} with {1, 1} and {0, 5}.
TEST(Conv2dInt8, keeps_groups_apart) {
  ConvLayer<int8_t, int32_t> layer = {conv_shape(1, 1, 4, 4, 1, 1, 1, 1, false, 2),
                                      {10, 1, 1, 10, 1, 1, 0, 5},
                                      {},
                                      std::vector<int32_t>(4, 1 << 30),
                                      std::vector<int8_t>(4, 1)};
  Conv2dVariants<int8_t, int32_t>::for_each([&](auto variant) {
    if (!variant.supports(layer.shape, limits_of(layer))) return;
    EXPECT_EQ(test::outputs_of<decltype(variant)>(layer, {1, 2, 3, 4}), (std::vector<int8_t>{12, 21, 7, 20}))
        << variant.kName;
  });
  EXPECT_EQ((Conv2dReference<int8_t, int32_t>::macs(layer.shape)), 8);
}

TEST(Conv2dMve, supports_what_fits_int32_and_is_shifted_to_the_right) {
  Conv2dShape shape = conv_shape(3, 3, 4, 4, 1, 1, 1, 1, false);
  const int64_t bound = int64_t{1} << 31;
  EXPECT_TRUE(Conv2dMve::supports(shape, {bound - 1, -31, -1, -128}));
  EXPECT_FALSE(Conv2dMve::supports(shape, {bound, -31, -1, -128}));
  EXPECT_FALSE(Conv2dMve::supports(shape, {1, -31, 0, -128}));
  shape.rounding = Rounding::kSingle;
  EXPECT_FALSE(Conv2dMve::supports(shape, {1, -31, -1, -128}));
}

TEST(Conv2dInt8, counts_multiplications_with_the_padding_too) {
  using Reference = Conv2dReference<int8_t, int32_t>;
  EXPECT_EQ(Reference::macs(conv_shape(1, 3, 1, 1, 1, 3, 1, 1, true)), 9);
  EXPECT_EQ(Reference::macs(conv_shape(5, 5, 2, 3, 3, 3, 1, 1, false)), 9 * 9 * 6);
}

TEST(Conv2dInt8, overlays_a_pointwise_layer_that_widens) {
  const Conv2dShape shape = conv_shape(48, 48, 8, 16, 1, 1, 1, 1, false);
  // The last pixel is read just before its outputs are written over it: the input ends within the output.
  EXPECT_EQ((Conv2dPlain<int8_t, int32_t>::input_ahead_bytes(shape)) + 48 * 48 * 8, 48 * 48 * 16 - 8);
}

TEST(Conv2dInt8, supports_only_shapes_with_a_meaning) {
  using Plain = Conv2dPlain<int8_t, int32_t>;
  const Limits limits = {1000, -5, -1, -127};
  Conv2dShape shape = conv_shape(3, 3, 4, 4, 1, 1, 1, 1, false, 2);
  EXPECT_TRUE(Plain::supports(shape, limits));
  shape.groups = 3;
  EXPECT_FALSE(Plain::supports(shape, limits));
  shape.groups = 1;
  shape.input_zero_point = 128;
  EXPECT_FALSE(Plain::supports(shape, limits));
  shape.input_zero_point = 1;
  EXPECT_FALSE((Conv2dPlain<int16_t, int64_t>::supports(shape, limits)));  // TFLite has none with int16
  shape.in_channels = 65536;
  EXPECT_TRUE(Plain::supports(shape, limits));
  shape.in_channels = 65537;
  EXPECT_FALSE(Plain::supports(shape, limits));
}

TEST(Conv2dInt16, supports_sums_below_47_bits_and_shifts_to_7) {
  using Plain = Conv2dPlain<int16_t, int64_t>;
  const Conv2dShape shape = conv_shape(3, 3, 4, 4, 1, 1, 1, 1, false);
  EXPECT_TRUE(Plain::supports(shape, {(int64_t{1} << 47) - 1, -31, 7, -127}));
  EXPECT_FALSE(Plain::supports(shape, {int64_t{1} << 47, -31, 7, -127}));
  EXPECT_FALSE(Plain::supports(shape, {1, -31, 8, -127}));
  EXPECT_FALSE(Plain::supports(shape, {1, -32, 7, -127}));
}

TEST(Conv2dFloat, adds_taps_inside_the_input_and_the_bias) {
  test::FloatConvLayer<float> layer = {
      conv_shape(1, 3, 1, 1, 1, 3, 1, 1, true), {0.0f, 15.0f}, {1.0f, 2.0f, 3.0f}, {0.5f}, {}};
  test::FloatConvLayer<int8_t> hybrid = {layer.shape, {0.0f, 15.0f}, {2, 4, 6}, {0.5f}, {0.5f}};
  const float in[] = {2.0f, 3.0f, 4.0f};
  const auto expect_example = [](const std::vector<float>& out) {
    EXPECT_EQ(out, (std::vector<float>{13.5f, 15.0f, 11.5f}));  // the second is 20.5, clamped
  };
  Conv2dFloatVariants<float>::for_each([&](auto variant) {
    std::vector<float> out(3);
    test::run_float_layer<decltype(variant)>(layer, in, out.data());
    expect_example(out);
  });
  Conv2dFloatVariants<int8_t>::for_each([&](auto variant) {
    std::vector<float> out(3);
    test::run_float_layer<decltype(variant)>(hybrid, in, out.data());
    expect_example(out);
  });
}

template <class Weight>
void expect_float_bound(uint32_t seed) {
  Random random(seed);
  for (int32_t repeat = 0; repeat < 60; ++repeat) {
    const Conv2dShape shape = random_shape(random);
    const int32_t depth = shape.in_channels / shape.groups, width = shape.out_channels / shape.groups;
    const auto layer = test::random_float_layer<Weight>(random, shape, inputs_of(shape) * shape.out_channels);
    test::expect_within_bound<Conv2dFloatVariants<Weight>>(random, layer, inputs_of(shape), [&](auto visit) {
      for (int32_t out = 0; out < test::out_elements(shape); ++out)
        for (int32_t tap = 0; tap < shape.kernel_height * shape.kernel_width; ++tap) {
          const int32_t out_ch = out % shape.out_channels, pixel = out / shape.out_channels;
          const int32_t row = pixel / shape.out_width % shape.out_height * shape.stride_height -
                              shape.pad_top + tap / shape.kernel_width * shape.dilation_height;
          const int32_t col = pixel % shape.out_width * shape.stride_width - shape.pad_left +
                              tap % shape.kernel_width * shape.dilation_width;
          if (row < 0 || row >= shape.in_height || col < 0 || col >= shape.in_width) continue;
          const int32_t batch = pixel / (shape.out_width * shape.out_height);
          for (int32_t ch = 0; ch < depth; ++ch)
            visit(out, out_ch * inputs_of(shape) + tap * depth + ch,
                  ((batch * shape.in_height + row) * shape.in_width + col) * shape.in_channels +
                      out_ch / width * depth + ch);
        }
    });
  }
}

TEST(Conv2dFloat, stays_within_its_error_bound_of_double_arithmetic) {
  expect_float_bound<float>(6);
  expect_float_bound<int8_t>(7);
}

TEST(Conv2dFloat, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(8);
  for (int32_t repeat = 0; repeat < 40; ++repeat) {
    const Conv2dShape shape = conv_shape(random.uniform(1, 5), random.uniform(3, 6), random.uniform(1, 3),
                                         random.uniform(1, 10), random.uniform(1, 3), random.uniform(1, 3),
                                         random.uniform(1, 2), 1, random.uniform(0, 1) == 1);
    const auto layer = test::random_float_layer<float>(random, shape, inputs_of(shape) * shape.out_channels);
    std::vector<std::vector<float>> inputs;
    for (int input = 0; input < 5; ++input)
      inputs.push_back(random.values<float>(test::in_elements(shape), -9, 9));
    Conv2dFloatVariants<float>::for_each([&](auto variant) {
      using Variant = decltype(variant);
      test::expect_exact_input_ahead<float>(
          inputs, test::out_elements(shape), Variant::input_ahead_bytes(shape),
          [&](const float* in, float* out) { test::run_float_layer<Variant>(layer, in, out); });
    });
  }
}

}  // namespace
}  // namespace mote::kernels
