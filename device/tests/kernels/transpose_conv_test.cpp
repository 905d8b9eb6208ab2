// SPDX-License-Identifier: Apache-2.0
// Transposed convolution: a hand example, a scatter written as TFLite's kernels do it, and how far ahead the
// input must start.
#include <gtest/gtest.h>

#include "convolution_test.h"
#include "mote/kernels/transpose_conv_variants.h"

namespace mote::kernels {
namespace {

using test::conv_shape;
using test::ConvLayer;
using test::Random;

/// A shape whose output is what a convolution with the same attributes takes for its input, as TFLite pads
/// it.
Conv2dShape transpose_shape(int32_t out_height, int32_t out_width, int32_t in_ch, int32_t out_ch,
                            int32_t kernel_height, int32_t kernel_width, int32_t stride, bool same) {
  Conv2dShape shape =
      conv_shape(out_height, out_width, in_ch, out_ch, kernel_height, kernel_width, stride, 1, same);
  std::swap(shape.in_height, shape.out_height);
  std::swap(shape.in_width, shape.out_width);
  return shape;
}

/// Calls visit(out, weight, input), indices, for each product, in TFLite's order of them.
template <class Visit>
void scatter(const Conv2dShape& shape, Visit visit) {
  for (int32_t input = 0; input < test::in_elements(shape); ++input)
    for (int32_t tap = 0; tap < shape.kernel_height * shape.kernel_width; ++tap)
      for (int32_t out_ch = 0; out_ch < shape.out_channels; ++out_ch) {
        const int32_t ch = input % shape.in_channels, pixel = input / shape.in_channels;
        const int32_t row = pixel / shape.in_width % shape.in_height * shape.stride_height - shape.pad_top +
                            tap / shape.kernel_width;
        const int32_t col =
            pixel % shape.in_width * shape.stride_width - shape.pad_left + tap % shape.kernel_width;
        if (row < 0 || row >= shape.out_height || col < 0 || col >= shape.out_width) continue;
        const int32_t batch = pixel / (shape.in_width * shape.in_height);
        visit(((batch * shape.out_height + row) * shape.out_width + col) * shape.out_channels + out_ch,
              (out_ch * shape.kernel_height * shape.kernel_width + tap) * shape.in_channels + ch, input);
      }
}

Conv2dShape random_shape(Random& random) {
  Conv2dShape shape = transpose_shape(random.uniform(1, 8), random.uniform(1, 8), random.uniform(1, 4),
                                      random.uniform(1, 4), random.uniform(1, 4), random.uniform(1, 4),
                                      random.uniform(1, 3), random.uniform(0, 1) == 1);
  shape.batch = random.uniform(0, 2);
  return shape;
}

template <class T, class Bias>
void expect_scattered(uint32_t seed) {
  Random random(seed);
  for (int32_t repeat = 0; repeat < 300; ++repeat) {
    Conv2dShape shape = random_shape(random);
    test::randomize_quantization<T>(random, shape);
    const auto layer = test::random_layer<T, Bias>(
        random, shape, shape.kernel_height * shape.kernel_width * shape.in_channels * shape.out_channels);
    const auto in = test::random_input<T>(random, shape);
    const Limits limits = layer.limits(
        weights_by_channel(shape.out_channels, shape.kernel_height * shape.kernel_width * shape.in_channels));
    if (!TransposeConvReference<T, Bias>::supports(shape, limits)) continue;
    std::vector<int64_t> sums(static_cast<size_t>(test::out_elements(shape)));
    scatter(shape, [&](int32_t out, int32_t weight, int32_t input) {
      sums[static_cast<size_t>(out)] += int64_t{layer.weights[static_cast<size_t>(weight)]} *
                                        (in[static_cast<size_t>(input)] - shape.input_zero_point);
    });
    std::vector<T> expected;
    for (size_t at = 0; at < sums.size(); ++at) {
      const size_t ch = at % static_cast<size_t>(shape.out_channels);
      const Requantization factor = {layer.multiplier[ch], layer.shift[ch]};
      const int64_t sum = sums[at] + layer.bias[ch];
      const int32_t scaled = sizeof(Bias) == 8
                                 ? requantize_wide(sum, factor)
                                 : requantize(static_cast<int32_t>(sum), factor, shape.rounding);
      expected.push_back(static_cast<T>(
          clamp(scaled + shape.output_zero_point, shape.activation_min, shape.activation_max)));
    }
    TransposeConvVariants<T, Bias>::for_each([&](auto variant) {
      ASSERT_EQ(test::outputs_of<decltype(variant)>(layer, in), expected) << "repeat " << repeat;
    });
  }
}

TEST(TransposeConv, equals_a_scatter_into_a_buffer_of_sums) {
  expect_scattered<int8_t, int32_t>(1);
  expect_scattered<int16_t, int64_t>(2);
}

// Stride 2, kernel {1, 2, 3}, inputs {10, 20}: 10, 20, 30 + 20, 40, 60, halved.
TEST(TransposeConv, adds_where_kernels_overlap_in_the_hand_example) {
  ConvLayer<int8_t, int32_t> layer = {
      transpose_shape(1, 5, 1, 1, 1, 3, 2, false), {1, 2, 3}, {}, {1 << 30}, {0}};
  EXPECT_EQ((test::outputs_of<TransposeConvReference<int8_t, int32_t>>(layer, {10, 20})),
            (std::vector<int8_t>{5, 10, 25, 20, 30}));
  EXPECT_EQ((TransposeConvReference<int8_t, int32_t>::macs(layer.shape)), 6);
}

TEST(TransposeConv, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(5);
  for (int32_t repeat = 0; repeat < 80; ++repeat) {
    Conv2dShape shape = random_shape(random);
    if (shape.batch == 0) continue;
    const auto layer = test::telling_layer<int8_t, int32_t>(
        random, shape, shape.kernel_height * shape.kernel_width * shape.in_channels * shape.out_channels);
    test::expect_exact_overlap<TransposeConvVariants<int8_t, int32_t>>(random, layer);
    const auto wide = test::telling_layer<int16_t, int64_t>(
        random, shape, shape.kernel_height * shape.kernel_width * shape.in_channels * shape.out_channels);
    test::expect_exact_overlap<TransposeConvVariants<int16_t, int64_t>>(random, wide);
  }
}

TEST(TransposeConv, refuses_groups_and_dilation) {
  Conv2dShape shape = transpose_shape(4, 4, 2, 2, 2, 2, 2, false);
  const Limits limits = {1000, -5, -1, -127};
  EXPECT_TRUE((TransposeConvReference<int8_t, int32_t>::supports(shape, limits)));
  shape.groups = 2;
  EXPECT_FALSE((TransposeConvReference<int8_t, int32_t>::supports(shape, limits)));
  shape.groups = 1;
  shape.dilation_width = 2;
  EXPECT_FALSE((TransposeConvReference<int8_t, int32_t>::supports(shape, limits)));
}

TEST(TransposeConvFloat, stays_within_its_error_bound_of_double_arithmetic) {
  Random random(6);
  for (int32_t repeat = 0; repeat < 60; ++repeat) {
    const Conv2dShape shape = random_shape(random);
    const int32_t inputs = shape.kernel_height * shape.kernel_width * shape.in_channels;
    const auto layer = test::random_float_layer<float>(random, shape, inputs * shape.out_channels);
    test::expect_within_bound<TransposeConvFloatVariants<float>>(random, layer, inputs,
                                                                 [&](auto visit) { scatter(shape, visit); });
    const auto hybrid = test::random_float_layer<int8_t>(random, shape, inputs * shape.out_channels);
    test::expect_within_bound<TransposeConvFloatVariants<int8_t>>(random, hybrid, inputs,
                                                                  [&](auto visit) { scatter(shape, visit); });
  }
}

}  // namespace
}  // namespace mote::kernels
