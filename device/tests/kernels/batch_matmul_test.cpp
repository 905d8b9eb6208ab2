// SPDX-License-Identifier: Apache-2.0
// Products of matrices: a hand example, transposed and broadcast operands, and how far ahead each must start.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/batch_matmul_variants.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

BatchMatmulShape plain_shape(int32_t rows, int32_t depth, int32_t cols) {
  BatchMatmulShape shape = {};
  for (int32_t axis = 0; axis < 3; ++axis)
    shape.batch[axis] = shape.left_batch[axis] = shape.right_batch[axis] = 1;
  shape.rows = rows;
  shape.depth = depth;
  shape.cols = cols;
  shape.multiplier = 1 << 30;
  shape.activation_min = -128;
  shape.activation_max = 127;
  return shape;
}

BatchMatmulShape random_shape(Random& random) {
  BatchMatmulShape shape = plain_shape(random.uniform(1, 4), random.uniform(1, 4), random.uniform(1, 4));
  for (int32_t axis = 0; axis < 3; ++axis) {
    const int32_t batch = random.uniform(1, 2), one_for_all = random.uniform(0, 3);
    shape.batch[axis] = batch;
    shape.left_batch[axis] = one_for_all == 1 ? 1 : batch;
    shape.right_batch[axis] = one_for_all == 2 ? 1 : batch;
  }
  shape.left_transposed = random.uniform(0, 1) == 1;
  shape.right_transposed = random.uniform(0, 1) == 1;
  return shape;
}

int32_t product(const int32_t (&sizes)[3]) {
  return sizes[0] * sizes[1] * sizes[2];
}
int32_t left_elements(const BatchMatmulShape& shape) {
  return product(shape.left_batch) * shape.rows * shape.depth;
}
int32_t right_elements(const BatchMatmulShape& shape) {
  return product(shape.right_batch) * shape.depth * shape.cols;
}
int32_t out_elements(const BatchMatmulShape& shape) {
  return product(shape.batch) * shape.rows * shape.cols;
}

/// Calls visit(out, left, right), indices, for each product; by division of the output's index.
template <class Visit>
void for_each_product(const BatchMatmulShape& shape, Visit visit) {
  for (int32_t out = 0; out < out_elements(shape); ++out) {
    const int32_t col = out % shape.cols, row = out / shape.cols % shape.rows;
    int32_t matrix = out / (shape.cols * shape.rows), left = 0, right = 0, left_step = 1, right_step = 1;
    for (int32_t axis = 2; axis >= 0; --axis) {
      const int32_t at = matrix % shape.batch[axis];
      matrix /= shape.batch[axis];
      left += at % shape.left_batch[axis] * left_step;
      right += at % shape.right_batch[axis] * right_step;
      left_step *= shape.left_batch[axis];
      right_step *= shape.right_batch[axis];
    }
    for (int32_t k = 0; k < shape.depth; ++k)
      visit(out,
            left * shape.rows * shape.depth +
                (shape.left_transposed ? k * shape.rows + row : row * shape.depth + k),
            right * shape.depth * shape.cols +
                (shape.right_transposed ? col * shape.depth + k : k * shape.cols + col));
  }
}

// {{1, 2}, {3, 4}} * {{5, 6}, {7, 8}} = {{19, 22}, {43, 50}}, with zero points 1 and -1: {{0, 1}, {2, 3}} *
// {{6, 7}, {8, 9}} = {{8, 9}, {36, 41}}; plus the bias {10, 20}, halved, minus 3.
TEST(BatchMatmul, computes_the_hand_example) {
  BatchMatmulShape shape = plain_shape(2, 2, 2);
  shape.left_zero_point = 1;
  shape.right_zero_point = -1;
  shape.output_zero_point = -3;
  const int8_t left[] = {1, 2, 3, 4}, right[] = {5, 6, 7, 8};
  const int32_t bias[] = {10, 20};
  Guarded<int8_t> out(4);
  BatchMatmulReference<int8_t, int32_t>::run(shape, {bias}, left, right, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{6, 12, 20, 28}));
  EXPECT_TRUE(out.intact());
}

template <class T, class Sum>
void expect_products(uint32_t seed) {
  Random random(seed);
  const int32_t most = sizeof(T) == 1 ? 127 : 32767;
  for (int32_t repeat = 0; repeat < 300; ++repeat) {
    BatchMatmulShape shape = random_shape(random);
    shape.left_zero_point = sizeof(T) == 1 ? random.extreme_or_uniform(-128, 127) : 0;
    shape.right_zero_point = sizeof(T) == 1 ? random.extreme_or_uniform(-128, 127) : 0;
    shape.activation_min = -most - 1;
    shape.activation_max = random.uniform(0, most);
    shape.multiplier = random.uniform(1 << 30, INT32_MAX);
    shape.shift = sizeof(T) == 1 ? -9 : -15;
    shape.rounding = random.uniform(0, 1) == 1 ? Rounding::kSingle : Rounding::kDouble;
    const auto left = random.values<T>(left_elements(shape), -most - 1, most);
    const auto right = random.values<T>(right_elements(shape), -most - 1, most);
    const auto bias = random.values<Sum>(shape.cols, -9999, 9999);
    ASSERT_TRUE((BatchMatmulReference<T, Sum>::supports(shape, {9999, 0, 0, 0})));
    std::vector<int64_t> sums(static_cast<size_t>(out_elements(shape)));
    for_each_product(shape, [&](int32_t out, int32_t a, int32_t b) {
      sums[static_cast<size_t>(out)] += int64_t{left[static_cast<size_t>(a)] - shape.left_zero_point} *
                                        (right[static_cast<size_t>(b)] - shape.right_zero_point);
    });
    std::vector<T> expected;
    for (size_t at = 0; at < sums.size(); ++at) {
      const int64_t sum = sums[at] + bias[at % static_cast<size_t>(shape.cols)];
      const Requantization factor = {shape.multiplier, shape.shift};
      expected.push_back(
          static_cast<T>(clamp(sizeof(T) == 1 ? requantize(static_cast<int32_t>(sum), factor, shape.rounding)
                                              : requantize_wide(sum, factor),
                               shape.activation_min, shape.activation_max)));
    }
    BatchMatmulVariants<T, Sum>::for_each([&](auto variant) {
      Guarded<T> out(out_elements(shape));
      variant.run(shape, {bias.data()}, left.data(), right.data(), out.data(), nullptr);
      EXPECT_TRUE(out.intact());
      ASSERT_EQ(out.values(), expected) << "repeat " << repeat;
    });
  }
}

TEST(BatchMatmul, multiplies_transposed_and_broadcast_matrices) {
  expect_products<int8_t, int32_t>(1);
  expect_products<int16_t, int64_t>(2);
}

TEST(BatchMatmul, announces_exactly_how_far_ahead_each_operand_must_start) {
  Random random(3);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    BatchMatmulShape shape = random_shape(random);
    SCOPED_TRACE(testing::Message() << shape.rows << "x" << shape.depth << "x" << shape.cols << " left "
                                    << shape.left_transposed << " right " << shape.right_transposed
                                    << " repeat " << repeat);
    for (int32_t input = 0; input < 2; ++input) {
      const auto other =
          random.values<int8_t>(input == 0 ? right_elements(shape) : left_elements(shape), 3, 5);
      std::vector<std::vector<int8_t>> inputs;
      for (int count = 0; count < 20; ++count)
        inputs.push_back(
            random.values<int8_t>(input == 0 ? left_elements(shape) : right_elements(shape), -20, 20));
      BatchMatmulVariants<int8_t, int32_t>::for_each([&](auto variant) {
        test::expect_exact_input_ahead(inputs, out_elements(shape), variant.input_ahead_bytes(shape, input),
                                       [&](const int8_t* in, int8_t* out) {
                                         variant.run(shape, {}, input == 0 ? in : other.data(),
                                                     input == 0 ? other.data() : in, out, nullptr);
                                       });
      });
    }
  }
}

TEST(BatchMatmul, supports_depths_whose_sums_fit) {
  using Reference = BatchMatmulReference<int8_t, int32_t>;
  BatchMatmulShape shape = plain_shape(1, 32767, 1);
  shape.left_zero_point = -128;
  shape.right_zero_point = -128;
  EXPECT_TRUE(Reference::supports(shape, {}));
  EXPECT_FALSE(Reference::supports(shape, {1 << 17, 0, 0, 0}));  // a bias beyond it
  shape.depth = 32768;
  EXPECT_FALSE(Reference::supports(shape, {}));
  shape.depth = 1;
  shape.batch[1] = 2;
  EXPECT_TRUE(Reference::supports(shape, {}));
  shape.left_batch[1] = 3;
  EXPECT_FALSE(Reference::supports(shape, {}));
}

TEST(BatchMatmulFloat, stays_within_its_error_bound_of_double_arithmetic) {
  Random random(4);
  for (int32_t repeat = 0; repeat < 100; ++repeat) {
    const BatchMatmulShape shape = random_shape(random);
    const auto left = random.values<float>(left_elements(shape), -9999, 9999);
    const auto right = random.values<float>(right_elements(shape), -9999, 9999);
    const auto bias = random.values<float>(shape.cols, -9999, 9999);
    std::vector<double> sums, magnitudes;
    for (int32_t out = 0; out < out_elements(shape); ++out) {
      sums.push_back(bias[static_cast<size_t>(out % shape.cols)]);
      magnitudes.push_back(std::abs(sums.back()));
    }
    for_each_product(shape, [&](int32_t out, int32_t a, int32_t b) {
      const double value = double{left[static_cast<size_t>(a)]} * right[static_cast<size_t>(b)];
      sums[static_cast<size_t>(out)] += value;
      magnitudes[static_cast<size_t>(out)] += std::abs(value);
    });
    BatchMatmulFloatVariants::for_each([&](auto variant) {
      Guarded<float> out(out_elements(shape));
      variant.run(shape, no_activation(), {bias.data()}, left.data(), right.data(), out.data(), nullptr);
      EXPECT_TRUE(out.intact());
      for (size_t at = 0; at < sums.size(); ++at)
        ASSERT_NEAR(out.values()[at], sums[at], (shape.depth + 2) * std::exp2(-24) * magnitudes[at]);
    });
  }
}

}  // namespace
}  // namespace mote::kernels
