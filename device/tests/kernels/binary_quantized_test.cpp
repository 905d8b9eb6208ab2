// SPDX-License-Identifier: Apache-2.0
#include "mote/kernels/binary_quantized.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/cortex_m_dsp/add.h"
#include "mote/kernels/cortex_m_mve/add.h"

// Expected outputs are what TFLite Micro's reference kernels gave for these inputs and parameters.

namespace mote::kernels {
namespace {

const std::vector<int8_t> kA8 = {-128, -77, -3, 0, 1, 5, 90, 127};
const std::vector<int8_t> kB8 = {127, -128, -4, 0, 2, -5, 33, 127};
const std::vector<int16_t> kA16 = {-32768, -12345, -3, 0, 1, 500, 20000, 32767};
const std::vector<int16_t> kB16 = {32767, -32768, -4, 0, 2, -777, 12345, 32767};

// Scales 0.05 and 0.031 (int16: 0.0005 and 0.00031).
constexpr Requantization kFactorA = {1073741824, 0};
constexpr Requantization kFactorB = {1331439862, -1};

template <class Kernel>
std::vector<typename Kernel::Out> run(const typename Kernel::Shape& shape,
                                      const std::vector<typename Kernel::A>& a,
                                      const std::vector<typename Kernel::B>& b) {
  EXPECT_TRUE(Kernel::supports(shape, {}));
  test::Guarded<typename Kernel::Out> out(static_cast<int32_t>(detail::broadcast_count(shape)));
  Kernel::run(shape, a.data(), b.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

BinaryQuantizedShape shape_of_eight(bool is_int8, Requantization output) {
  BinaryQuantizedShape shape = {};
  for (int32_t& size : shape.size) size = 1;
  shape.size[kBroadcastAxes - 1] = 8;
  shape.a_zero_point = is_int8 ? 3 : 0;
  shape.b_zero_point = is_int8 ? -10 : 0;
  shape.output_zero_point = is_int8 ? -7 : 0;
  shape.a_multiplier = kFactorA.multiplier;
  shape.a_shift = kFactorA.shift;
  shape.b_multiplier = kFactorB.multiplier;
  shape.b_shift = kFactorB.shift;
  shape.output_multiplier = output.multiplier;
  shape.output_shift = output.shift;
  shape.activation_min = is_int8 ? -128 : -20000;
  shape.activation_max = is_int8 ? 127 : 32767;
  return shape;
}

ProductShape product_of_eight(bool is_int8, Requantization factor) {
  ProductShape shape = {};
  for (int32_t& size : shape.size) size = 1;
  shape.size[kBroadcastAxes - 1] = 8;
  shape.a_zero_point = is_int8 ? 3 : 0;
  shape.b_zero_point = is_int8 ? -10 : 0;
  shape.output_zero_point = is_int8 ? -7 : 0;
  shape.multiplier = factor.multiplier;
  shape.shift = factor.shift;
  shape.activation_min = is_int8 ? -128 : -32768;
  shape.activation_max = is_int8 ? 100 : 32767;
  return shape;
}

PreluShape prelu_of_eight(bool is_int8) {
  PreluShape shape = {};
  for (int32_t& size : shape.size) size = 1;
  shape.size[kBroadcastAxes - 1] = 8;
  shape.input_zero_point = is_int8 ? 3 : 0;
  shape.slope_zero_point = -10;
  shape.output_zero_point = is_int8 ? -7 : 0;
  shape.positive_multiplier = 1782411428;  // 0.83
  shape.negative_multiplier = 1690499128;  // 0.0123
  shape.negative_shift = -6;
  return shape;
}

TEST(BinaryQuantized, adds_and_subtracts_as_tflite) {
  const auto int8 = shape_of_eight(true, {1789569707, -19});
  EXPECT_EQ(run<AddQuantized<int8_t>>(int8, kA8, kB8),
            (std::vector<int8_t>{-45, -128, -9, -4, -2, -3, 88, 127}));
  EXPECT_EQ(run<SubtractQuantized<int8_t>>(int8, kA8, kB8),
            (std::vector<int8_t>{-128, -13, -15, -15, -15, -8, 43, 26}));
  const auto int16 = shape_of_eight(false, {1533916891, -14});
  EXPECT_EQ(run<AddQuantized<int16_t>>(int16, kA16, kB16),
            (std::vector<int16_t>{-8895, -20000, -4, 0, 2, 13, 19753, 32767}));
  EXPECT_EQ(run<SubtractQuantized<int16_t>>(int16, kA16, kB16),
            (std::vector<int16_t>{-20000, 5694, 0, 0, 0, 701, 8819, 8894}));
}

TEST(BinaryQuantized, squares_differences_as_tflite) {
  EXPECT_EQ(run<SquaredDifferenceQuantized<int8_t>>(shape_of_eight(true, {1145324612, -19}), kA8, kB8),
            (std::vector<int8_t>{127, -7, -7, -7, -7, -7, 8, -1}));
  EXPECT_EQ(run<SquaredDifferenceQuantized<int16_t>>(shape_of_eight(false, {1759218604, -14}), kA16, kB16),
            (std::vector<int16_t>{32767, 794, 0, 0, 0, 12, 1905, 1938}));
}

TEST(BinaryQuantized, multiplies_as_tflite) {
  EXPECT_EQ(run<MultiplyQuantized<int8_t>>(product_of_eight(true, {1690499128, -6}), kA8, kB8),
            (std::vector<int8_t>{-128, 100, -7, -7, -7, -7, 39, 100}));
  EXPECT_EQ(run<MultiplyQuantized<int16_t>>(product_of_eight(false, {1407374884, -14}), kA16, kB16),
            (std::vector<int16_t>{-32768, 16181, 0, 0, 0, -16, 9876, 32767}));
}

TEST(BinaryQuantized, divides_as_tflite) {
  EXPECT_EQ(run<DivideQuantized>(product_of_eight(true, {1258291200, 6}), kA8, kB8),
            (std::vector<int8_t>{-43, 18, -44, -18, -13, 8, 69, 27}));
}

// -1 has 31 free bits; 1 / 137 is below every bit of the quotient.
TEST(BinaryQuantized, divides_what_tflite_leaves_undefined) {
  auto shape = product_of_eight(true, {1 << 30, -5});
  EXPECT_EQ(run<DivideQuantized>(shape, {4, 2, 127, 3, 3, 3, 4, 3}, {127, 127, -10, -10, 127, -128, -10, -9}),
            (std::vector<int8_t>{-7, -7, 100, -7, -7, -7, 100, -7}));
  EXPECT_EQ(run<DivideQuantized>(shape, {2, 2, 2, 2, 2, 2, 2, 2}, {-10, -10, -10, -10, -10, -10, -10, -10}),
            std::vector<int8_t>(8, -128));
}

TEST(BinaryQuantized, division_supports_factors_that_shift_right_in_the_end) {
  EXPECT_TRUE(DivideQuantized::supports(product_of_eight(true, {1 << 30, 22}), {}));
  EXPECT_FALSE(DivideQuantized::supports(product_of_eight(true, {1 << 30, 23}), {}));
  EXPECT_TRUE(MultiplyQuantized<int8_t>::supports(product_of_eight(true, {1 << 30, 23}), {}));
}

TEST(BinaryQuantized, prelu_scales_either_side_as_tflite) {
  EXPECT_EQ(run<PreluQuantized<int8_t>>(prelu_of_eight(true), kA8, kB8),
            (std::vector<int8_t>{-128, 109, -7, -7, -7, -5, 65, 96}));
  EXPECT_EQ(run<PreluQuantized<int16_t>>(prelu_of_eight(false), kA16, kB8),
            (std::vector<int16_t>{-32768, 17918, 0, 0, 1, 415, 16600, 27197}));
}

// A quotient of -1/2: away from zero when rounded twice, upward when rounded once.
TEST(BinaryQuantized, rounds_once_or_twice_as_asked) {
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle}) {
    const int32_t half = rounding == Rounding::kDouble ? -1 : 0;
    BinaryQuantizedShape sum = {
        {1, 1, 1, 1, 1, 1}, {0, 0}, 0, 0, 0, 1 << 30, 0, 1 << 30, 0, 1 << 30, -20, -128, 127, rounding};
    EXPECT_EQ(run<AddQuantized<int8_t>>(sum, {-2}, {0})[0], half);
    EXPECT_EQ(run<SubtractQuantized<int8_t>>(sum, {0}, {2})[0], half);
    sum.output_shift = -15;
    EXPECT_EQ(run<AddQuantized<int16_t>>(sum, {-2}, {0})[0], half);
    const ProductShape product = {{1, 1, 1, 1, 1, 1}, {0, 0}, 0, 0, 0, 1 << 30, -1, -128, 127, rounding};
    EXPECT_EQ(run<MultiplyQuantized<int8_t>>(product, {-2}, {1})[0], half);
    const PreluShape prelu = {{1, 1, 1, 1, 1, 1}, {0, 0}, 0, 0, 0, 1 << 30, -1, 1 << 30, -1, rounding};
    EXPECT_EQ(run<PreluQuantized<int8_t>>(prelu, {-2}, {1})[0], half);
  }
}

TEST(BinaryQuantized, adds_in_place_of_either_operand) {
  const auto shape = shape_of_eight(true, {1789569707, -19});
  using Add = AddQuantized<int8_t>;
  EXPECT_TRUE(Add::input_ahead_bytes(shape, 0) == 0 && Add::input_ahead_bytes(shape, 1) == 0);
  const auto expected = run<Add>(shape, kA8, kB8);
  std::vector<int8_t> a = kA8;
  std::vector<int8_t> b = kB8;
  Add::run(shape, a.data(), kB8.data(), a.data(), nullptr);
  Add::run(shape, kA8.data(), b.data(), b.data(), nullptr);
  EXPECT_EQ(a, expected);
  EXPECT_EQ(b, expected);
}

/// Random factors, zero points and counts; every pair of operands with some of them.
TEST(AddDsp, EqualsTheReferenceAsAddMveDoes) {
  std::mt19937 random(1);
  const auto between = [&](int32_t low, int32_t high) {
    return std::uniform_int_distribution<int32_t>(low, high)(random);
  };
  for (int32_t round = 0; round < 300; ++round) {
    BinaryQuantizedShape shape = shape_of_eight(true, {between(1 << 30, INT32_MAX), between(-22, -1)});
    shape.size[kBroadcastAxes - 1] = round < 20 ? 65536 : between(1, 67);
    shape.a_zero_point = between(-128, 127);
    shape.b_zero_point = between(-128, 127);
    shape.output_zero_point = between(-128, 127);
    if (round % 2 == 0) {
      shape.a_multiplier = between(1 << 30, INT32_MAX);
      shape.a_shift = between(-8, -1);
    }
    shape.b_multiplier = between(1 << 30, INT32_MAX);
    shape.b_shift = between(-30, -1);
    if (round % 3 == 0) shape.activation_min = shape.output_zero_point;
    std::vector<int8_t> a, b;
    for (int32_t index = 0; index < shape.size[kBroadcastAxes - 1]; ++index) {
      a.push_back(static_cast<int8_t>(round < 20 ? index >> 8 : between(-128, 127)));
      b.push_back(static_cast<int8_t>(round < 20 ? index : between(-128, 127)));
    }
    const auto expected = run<Binary<functions::AddQuantized<int8_t>>>(shape, a, b);
    EXPECT_EQ(run<AddDsp>(shape, a, b), expected) << round;
    EXPECT_EQ(run<AddMve>(shape, a, b), expected) << round;
  }
}

TEST(AddDsp, RefusesWhatItIsNotExactFor) {
  BinaryQuantizedShape shape = shape_of_eight(true, {1 << 30, -10});
  EXPECT_TRUE(AddDsp::supports(shape, {}));
  shape.a_multiplier = (1 << 30) + 1;  // more than a half without a shift
  EXPECT_FALSE(AddDsp::supports(shape, {}));
  shape = shape_of_eight(true, {1 << 30, 0});
  EXPECT_FALSE(AddDsp::supports(shape, {}));
  shape = shape_of_eight(true, {1 << 30, -23});
  EXPECT_FALSE(AddDsp::supports(shape, {}));
  shape = shape_of_eight(true, {1 << 30, -10});
  shape.repeats[1] = 1 << (kBroadcastAxes - 1);
  EXPECT_FALSE(AddDsp::supports(shape, {}));
  shape = shape_of_eight(true, {1 << 30, -10});
  shape.rounding = Rounding::kSingle;
  EXPECT_FALSE(AddDsp::supports(shape, {}));
}

TEST(AddMve, RefusesWhatItIsNotExactFor) {
  BinaryQuantizedShape shape = shape_of_eight(true, {1 << 30, -1});
  shape.a_multiplier = INT32_MAX;  // nearly 1, without a shift
  shape.a_shift = 0;
  EXPECT_TRUE(AddMve::supports(shape, {}));
  EXPECT_EQ(run<AddMve>(shape, kA8, kB8), run<Binary<functions::AddQuantized<int8_t>>>(shape, kA8, kB8));
  EXPECT_FALSE(AddMve::supports(shape_of_eight(true, {1 << 30, 0}), {}));
  shape.repeats[1] = 1 << (kBroadcastAxes - 1);
  EXPECT_FALSE(AddMve::supports(shape, {}));
  shape = shape_of_eight(true, {1 << 30, -10});
  shape.rounding = Rounding::kSingle;
  EXPECT_FALSE(AddMve::supports(shape, {}));
}

}  // namespace
}  // namespace mote::kernels
