// SPDX-License-Identifier: Apache-2.0
#include "mote/kernels/binary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_test.h"
#include "overlap.h"

namespace mote::kernels {
namespace {

using test::Random;

constexpr float kLowest = std::numeric_limits<float>::lowest();
constexpr float kLargest = std::numeric_limits<float>::max();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

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

BinaryShape flat(size_t count) {
  return {{1, 1, 1, 1, 1, static_cast<int32_t>(count)}, {0, 0}};
}

template <class Kernel>
std::vector<typename Kernel::Out> run_flat(const std::vector<typename Kernel::A>& a,
                                           const std::vector<typename Kernel::B>& b) {
  return run<Kernel>(flat(a.size()), a, b);
}

TEST(BinaryFloat, computes_and_clamps) {
  const std::vector<float> a = {1.5f, -4.0f, 3e38f, 0.5f};
  const std::vector<float> b = {2.0f, 0.5f, 3e38f, -0.25f};
  const BinaryFloatShape plain = {{1, 1, 1, 1, 1, 4}, {0, 0}, kLowest, kLargest};
  EXPECT_EQ(run<AddFloat>(plain, a, b), (std::vector<float>{3.5f, -3.5f, kLargest, 0.25f}));
  EXPECT_EQ(run<SubtractFloat>(plain, a, b), (std::vector<float>{-0.5f, -4.5f, 0.0f, 0.75f}));
  EXPECT_EQ(run<MultiplyFloat>(plain, a, b), (std::vector<float>{3.0f, -2.0f, kLargest, -0.125f}));
  EXPECT_EQ(run<DivideFloat>(plain, a, b), (std::vector<float>{0.75f, -8.0f, 1.0f, -2.0f}));
  const BinaryFloatShape relu6 = {{1, 1, 1, 1, 1, 4}, {0, 0}, 0.0f, 6.0f};
  EXPECT_EQ(run<AddFloat>(relu6, a, b), (std::vector<float>{3.5f, 0.0f, 6.0f, 0.25f}));
  EXPECT_EQ(run<DivideFloat>(relu6, a, b), (std::vector<float>{0.75f, 0.0f, 1.0f, 0.0f}));
}

TEST(BinaryInt32, wraps_and_clamps) {
  const std::vector<int32_t> a = {INT32_MAX, INT32_MIN, 70000, -7, 7, INT32_MIN};
  const std::vector<int32_t> b = {1, 1, 70000, 2, 0, -1};
  const BinaryInt32Shape plain = {{1, 1, 1, 1, 1, 6}, {0, 0}, INT32_MIN, INT32_MAX};
  EXPECT_EQ(run<AddInt32>(plain, a, b),
            (std::vector<int32_t>{INT32_MIN, -2147483647, 140000, -5, 7, INT32_MAX}));
  EXPECT_EQ(run<SubtractInt32>(plain, a, b),
            (std::vector<int32_t>{2147483646, INT32_MAX, 0, -9, 7, -2147483647}));
  EXPECT_EQ(run<MultiplyInt32>(plain, a, b),
            (std::vector<int32_t>{INT32_MAX, INT32_MIN, 605032704, -14, 0, INT32_MIN}));
  EXPECT_EQ(run<DivideInt32>(plain, a, b), (std::vector<int32_t>{INT32_MAX, INT32_MIN, 1, -3, 0, INT32_MIN}));
  const BinaryInt32Shape relu_n1_to_1 = {{1, 1, 1, 1, 1, 6}, {0, 0}, -1, 1};
  EXPECT_EQ(run<SubtractInt32>(relu_n1_to_1, a, b), (std::vector<int32_t>{1, 1, 0, -1, 1, -1}));
}

TEST(BinaryFunctions, of_plain_numbers_and_bools) {
  EXPECT_EQ(run_flat<SquaredDifferenceFloat>({1.5f, -2.0f}, {0.0f, 1.0f}), (std::vector<float>{2.25f, 9.0f}));
  EXPECT_EQ(run_flat<SquaredDifferenceInt32>({5, 65536}, {-3, 0}), (std::vector<int32_t>{64, 0}));
  EXPECT_EQ(run_flat<Maximum<int8_t>>({-128, 5, 3}, {127, -5, 3}), (std::vector<int8_t>{127, 5, 3}));
  EXPECT_EQ(run_flat<Minimum<int16_t>>({-128, 5, 3}, {127, -5, 3}), (std::vector<int16_t>{-128, -5, 3}));
  EXPECT_EQ(run_flat<Maximum<int64_t>>({INT64_MIN}, {INT64_MAX}), (std::vector<int64_t>{INT64_MAX}));
  EXPECT_EQ(run_flat<Minimum<float>>({1.0f, -kInfinity}, {2.0f, 0.0f}),
            (std::vector<float>{1.0f, -kInfinity}));
  EXPECT_EQ(run_flat<PreluFloat>({-2.0f, 0.0f, 3.0f}, {0.25f, 9.0f, 9.0f}),
            (std::vector<float>{-0.5f, 0.0f, 3.0f}));
  EXPECT_EQ(run_flat<LogicalAnd>({0, 0, 1, 2}, {0, 1, 0, 4}), (std::vector<uint8_t>{0, 0, 0, 1}));
  EXPECT_EQ(run_flat<LogicalOr>({0, 0, 1, 2}, {0, 4, 0, 4}), (std::vector<uint8_t>{0, 1, 1, 1}));
}

// The second operand wins as TFLite's comparison does it: a > b ? a : b.
TEST(BinaryFunctions, give_the_second_operand_where_one_is_nan) {
  const float nan = std::nanf("");
  EXPECT_EQ(run_flat<Maximum<float>>({nan}, {1.0f}), (std::vector<float>{1.0f}));
  EXPECT_TRUE(std::isnan(run_flat<Minimum<float>>({1.0f}, {nan})[0]));
}

TEST(BinaryFunctions, floor_division_and_its_remainder_equal_the_c_library) {
  Random random(1);
  std::vector<float> a;
  std::vector<float> b;
  for (int32_t index = 0; index < 20000; ++index) {
    a.push_back(std::ldexp(static_cast<float>(random.uniform(-2000, 2000)), random.uniform(-90, 90) / 3));
    b.push_back(std::ldexp(static_cast<float>(random.uniform(1, 999)), random.uniform(-90, 90) / 3) *
                (index % 2 == 0 ? 1.0f : -1.0f));
  }
  const auto quotient = run_flat<FloorDivide>(a, b);
  const auto remainder = run_flat<FloorModulo>(a, b);
  for (size_t index = 0; index < a.size(); ++index) {
    EXPECT_EQ(quotient[index],
              static_cast<float>(std::floor(static_cast<double>(a[index]) / static_cast<double>(b[index]))));
    const float truncated = std::fmod(a[index], b[index]);
    const bool differ = truncated != 0.0f && (truncated < 0.0f) != (b[index] < 0.0f);
    EXPECT_EQ(remainder[index], differ ? truncated + b[index] : truncated) << a[index] << " % " << b[index];
  }
}

TEST(BinaryFunctions, floor_division_by_zero_is_infinite_and_its_remainder_no_number) {
  EXPECT_EQ(run_flat<FloorDivide>({1.0f, -1.0f}, {0.0f, 0.0f}), (std::vector<float>{kInfinity, -kInfinity}));
  for (const float value : run_flat<FloorModulo>({1.0f, kInfinity, std::nanf("")}, {0.0f, 2.0f, 2.0f}))
    EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(run_flat<FloorModulo>({1.0f, -1.0f}, {kInfinity, kInfinity}),
            (std::vector<float>{1.0f, kInfinity}));
}

/// A shape of small random axes of which either operand repeats some, and never both the same.
BinaryShape random_shape(Random& random) {
  BinaryShape shape = {};
  for (int32_t axis = 0; axis < kBroadcastAxes; ++axis) {
    shape.size[axis] = random.uniform(1, 4);
    const int32_t who = random.uniform(-1, 2);
    if (who >= 0 && who < 2) shape.repeats[who] |= 1 << axis;
  }
  return shape;
}

/// Position in an operand of the output's element `index`, by its coordinates.
int32_t element(const BinaryShape& shape, int32_t operand, int32_t index) {
  int32_t position = 0;
  int32_t stride = 1;
  for (int32_t axis = kBroadcastAxes - 1; axis >= 0; --axis) {
    const int32_t coordinate = index % shape.size[axis];
    index /= shape.size[axis];
    if ((shape.repeats[operand] >> axis & 1) != 0) continue;
    position += coordinate * stride;
    stride *= shape.size[axis];
  }
  return position;
}

int32_t elements(const BinaryShape& shape, int32_t operand) {
  return element(shape, operand, static_cast<int32_t>(detail::broadcast_count(shape)) - 1) + 1;
}

TEST(Broadcast, takes_each_operands_element_by_its_coordinates) {
  Random random(2);
  for (int32_t round = 0; round < 300; ++round) {
    const BinaryShape shape = random_shape(random);
    const auto count = static_cast<int32_t>(detail::broadcast_count(shape));
    const auto a = random.values<float>(elements(shape, 0), -9999, 9999);
    const auto b = random.values<float>(elements(shape, 1), -9999, 9999);
    std::vector<float> expected;
    for (int32_t index = 0; index < count; ++index)
      expected.push_back(std::max(a[static_cast<size_t>(element(shape, 0, index))],
                                  b[static_cast<size_t>(element(shape, 1, index))]));
    EXPECT_EQ(run<Maximum<float>>(shape, a, b), expected);
  }
}

TEST(Broadcast, of_no_elements_writes_nothing) {
  EXPECT_TRUE(run<Maximum<float>>({{1, 1, 3, 0, 2, 2}, {0, 0}}, {}, {}).empty());
  EXPECT_TRUE(run<Maximum<float>>({{1, 1, 3, 2, 2, 0}, {0, 1 << 2}}, {}, {}).empty());
}

// Distinct values, none its own square, so that any that was overwritten shows.
std::vector<float> distinct(int32_t count) {
  std::vector<float> values;
  for (int32_t index = 0; index < count; ++index) values.push_back(2.0f + static_cast<float>(index));
  return values;
}

TEST(Broadcast, runs_at_exactly_the_announced_overlap) {
  Random random(3);
  for (int32_t round = 0; round < 300; ++round) {
    const BinaryShape shape = random_shape(random);
    const auto count = static_cast<size_t>(detail::broadcast_count(shape));
    const std::vector<float> zeros(count);
    const auto a = distinct(elements(shape, 0));
    test::expect_exact_overlap<float>(a, count, SquaredDifferenceFloat::input_ahead_bytes(shape, 0),
                                      [&](const float* in, float* out) {
                                        SquaredDifferenceFloat::run(shape, in, zeros.data(), out, nullptr);
                                      });
    const auto b = distinct(elements(shape, 1));
    test::expect_exact_overlap<float>(b, count, SquaredDifferenceFloat::input_ahead_bytes(shape, 1),
                                      [&](const float* in, float* out) {
                                        SquaredDifferenceFloat::run(shape, zeros.data(), in, out, nullptr);
                                      });
  }
}

TEST(Broadcast, of_one_shape_runs_in_place) {
  EXPECT_EQ(AddFloat::input_ahead_bytes({{1, 1, 1, 1, 1, 500}, {0, 0}, 0.0f, 6.0f}, 0), 0);
  EXPECT_EQ(AddFloat::input_ahead_bytes({{1, 1, 1, 1, 1, 500}, {0, 0}, 0.0f, 6.0f}, 1), 0);
}

TEST(Broadcast, refuses_sizes_whose_product_overflows) {
  EXPECT_TRUE(Maximum<float>::supports({{1, 1, 1, 1, 1 << 14, (1 << 14) - 1}, {0, 0}}, {}));
  EXPECT_FALSE(Maximum<float>::supports({{1, 1, 1, 1, 1 << 14, 1 << 14}, {0, 0}}, {}));
  EXPECT_FALSE(Maximum<float>::supports({{0, 1, 1, 1, 1 << 14, 1 << 14}, {0, 0}}, {}));
  EXPECT_FALSE(Maximum<float>::supports({{1, 1, 1, 1, -1, -1}, {0, 0}}, {}));
}

}  // namespace
}  // namespace mote::kernels
