// SPDX-License-Identifier: Apache-2.0
// Reductions, running sums and positions of extremes: hand examples, TFLite Micro's outputs, overlaying.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "mote/kernels/arg_min_max_variants.h"
#include "mote/kernels/cumsum_variants.h"
#include "mote/kernels/reduce_variants.h"
#include "overlay_test.h"
#include "reference_sweep.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;
using test::ReduceCase;

constexpr Limits kNoTables = {0, 0, 0, 0};

/// [2][3] over the rows or over the columns, plain numbers.
constexpr ReduceShape kOverRows = {{1, 1, 3}, {0, 0, 1}, {1, 1, 2}, {0, 0, 3}, 0, 0, 0, 0, Rounding::kDouble};
constexpr ReduceShape kOverCols = {{1, 1, 2}, {0, 0, 3}, {1, 1, 3}, {0, 0, 1}, 0, 0, 0, 0, Rounding::kDouble};

template <class Kernel, class T>
std::vector<T> reduced(const ReduceShape& shape, const std::vector<T>& in) {
  EXPECT_TRUE(Kernel::supports(shape, kNoTables));
  Guarded<T> out(shape.kept[0] * shape.kept[1] * shape.kept[2]);
  Kernel::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

TEST(Reduce, gives_the_hand_examples) {
  const std::vector<int32_t> in = {1, -2, 3, 4, 5, -6};
  EXPECT_EQ((reduced<Reduce<int32_t, SumOf>>(kOverRows, in)), (std::vector<int32_t>{5, 3, -3}));
  EXPECT_EQ((reduced<Reduce<int32_t, ProductOf>>(kOverCols, in)), (std::vector<int32_t>{-6, -120}));
  EXPECT_EQ((reduced<Reduce<int32_t, LargestOf>>(kOverCols, in)), (std::vector<int32_t>{3, 5}));
  EXPECT_EQ((reduced<Reduce<int32_t, SmallestOf>>(kOverRows, in)), (std::vector<int32_t>{1, -2, -6}));
  EXPECT_EQ((reduced<MeanFloat, float>(kOverCols, {1, 2, 6, 4, 5, -6})), (std::vector<float>{3, 1}));
  const std::vector<int8_t> truth = {1, 0, 1, 1, 1, 1};
  EXPECT_EQ((reduced<Reduce<int8_t, AllOf>>(kOverCols, truth)), (std::vector<int8_t>{0, 1}));
  EXPECT_EQ((reduced<Reduce<int8_t, AnyOf>, int8_t>(kOverRows, {0, 0, 1, 0, 0, 1})),
            (std::vector<int8_t>{0, 0, 1}));
}

// Input zero point 1: {0, 1, 5} and {-4, 0, 2} are left, sums 6 and -2; times 1/2 and plus 3.
TEST(SumQuantized, requantises_the_hand_example) {
  ReduceShape shape = kOverCols;
  shape.input_zero_point = 1;
  shape.output_zero_point = 3;
  shape.multiplier = 1 << 30;
  EXPECT_EQ((reduced<SumQuantized<int8_t>, int8_t>(shape, {1, 2, 6, -3, 1, 3})), (std::vector<int8_t>{6, 2}));
  // The mean of three: the factor 1/2 becomes 1/6; 1, and -1/3 by way of -2/3 -> -1 -> -1/2.
  const Requantization mean = mean_factor({1 << 30, 0}, 3);
  EXPECT_EQ(mean.shift, -1);
  EXPECT_EQ(mean.multiplier, 715827882);  // 2^31 / 3, truncated
  shape.multiplier = mean.multiplier;
  shape.shift = mean.shift;
  EXPECT_EQ((reduced<SumQuantized<int8_t>, int8_t>(shape, {1, 2, 6, -3, 1, 3})), (std::vector<int8_t>{4, 2}));
}

TEST(MeanFactor, shifts_at_most_to_the_smallest_factor) {
  const Requantization smallest = mean_factor({1 << 30, -30}, 1024);
  EXPECT_EQ(smallest.shift, -31);
  EXPECT_EQ(smallest.multiplier, (1 << 30) / 512);
  const Requantization one = mean_factor({INT32_MAX, 5}, 1);
  EXPECT_TRUE(one.multiplier == INT32_MAX && one.shift == 5);
}

TEST(Reduce, treats_nan_and_infinity_as_the_reference_does) {
  const float nan = std::nanf(""), infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> in = {nan, 1.0f, nan, -infinity, -infinity, nan};
  EXPECT_EQ((reduced<Reduce<float, LargestOf>>(kOverCols, in)),
            (std::vector<float>{1.0f, std::numeric_limits<float>::lowest()}));
  EXPECT_EQ((reduced<Reduce<float, SmallestOf>>(kOverCols, in)), (std::vector<float>{1.0f, -infinity}));
}

template <class Kernel, class T>
uint32_t sweep(bool mean = false) {
  return test::sweep_reduce<T>([mean](const ReduceCase& reduction, const std::vector<T>& in) {
    return reduced<Kernel>(test::reduce_shape(reduction, mean), in);
  });
}

TEST(Reduce, gives_the_bytes_of_the_reference_kernels) {
  EXPECT_EQ((sweep<SumQuantized<int8_t>, int8_t>(true)), 0x3533405Du);
  EXPECT_EQ((sweep<SumQuantized<int8_t>, int8_t>()), 0x85F0E77Au);
  EXPECT_EQ((sweep<SumQuantized<int16_t>, int16_t>(true)), 0x72932E6Eu);
  EXPECT_EQ((sweep<SumQuantized<int16_t>, int16_t>()), 0xA9BC79A9u);
  EXPECT_EQ((sweep<Reduce<int8_t, LargestOf>, int8_t>()), 0x46565A59u);
  EXPECT_EQ((sweep<Reduce<int8_t, SmallestOf>, int8_t>()), 0x6BE833F1u);
  EXPECT_EQ((sweep<Reduce<float, LargestOf>, float>()), 0x3296D4C5u);
  EXPECT_EQ((sweep<Reduce<float, SmallestOf>, float>()), 0x0A2CAEBCu);
  EXPECT_EQ((sweep<Reduce<float, SumOf>, float>()), 0xCB671EE8u);
  EXPECT_EQ((sweep<MeanFloat, float>()), 0x8E00B228u);
}

template <class T>
std::vector<std::vector<T>> many(Random& random, int32_t elements) {
  std::vector<std::vector<T>> inputs;
  for (int32_t input = 0; input < 6; ++input) inputs.push_back(test::any_values<T>(random, elements));
  return inputs;
}

TEST(Reduce, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(31);
  for (int32_t repeat = 0; repeat < 300; ++repeat) {
    ReduceCase reduction = {{}, {}, 0, 0, {1 << 30, 1}};
    int32_t elements = 1;
    for (int32_t axis = random.uniform(0, 4); axis < 5; ++axis) {
      reduction.extents.push_back(random.uniform(1, 4));
      reduction.reduced.push_back(random.uniform(0, 1) == 1);
      elements *= reduction.extents.back();
    }
    const ReduceShape shape = test::reduce_shape(reduction, false);
    SCOPED_TRACE(testing::Message() << "repeat " << repeat);
    using Kernel = Reduce<float, SumOf>;
    test::expect_exact_overlay<float>(
        many<float>(random, elements), shape.kept[0] * shape.kept[1] * shape.kept[2],
        Kernel::input_ahead_bytes(shape),
        [&](const float* in, float* out) { Kernel::run(shape, in, out, nullptr); });
  }
}

template <class Kernel, class T>
std::vector<T> summed(const CumsumShape& shape, const std::vector<T>& in) {
  EXPECT_TRUE(Kernel::supports(shape, kNoTables));
  Guarded<T> out(shape.outer * shape.depth * shape.inner);
  Kernel::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

TEST(Cumsum, gives_the_hand_examples) {
  const std::vector<float> in = {1, 2, 3, 4};
  const auto sums = [&](int32_t depth, int32_t inner, bool exclusive, bool reverse) {
    return summed<CumsumFloat>({1, depth, inner, exclusive, reverse, 0, 0, 0, 0, Rounding::kDouble}, in);
  };
  EXPECT_EQ(sums(4, 1, false, false), (std::vector<float>{1, 3, 6, 10}));
  EXPECT_EQ(sums(4, 1, true, false), (std::vector<float>{0, 1, 3, 6}));
  EXPECT_EQ(sums(4, 1, false, true), (std::vector<float>{10, 9, 7, 4}));
  EXPECT_EQ(sums(4, 1, true, true), (std::vector<float>{9, 7, 4, 0}));
  EXPECT_EQ(sums(2, 2, false, false), (std::vector<float>{1, 2, 4, 6}));
}

// Same scale in and out, zero points 0: the multiplier is 2^-19. With an input zero point of 2, the sums
// start at -2 as in TFLite: -2 + (3 - 2), and so on.
TEST(CumsumInt8, starts_at_minus_the_zero_point_as_the_reference_does) {
  CumsumShape shape = {1, 3, 1, false, false, 0, 0, 1 << 30, -18, Rounding::kDouble};
  EXPECT_EQ((summed<CumsumInt8, int8_t>(shape, {3, 4, 127})), (std::vector<int8_t>{3, 7, 127}));
  shape.input_zero_point = 2;
  EXPECT_EQ((summed<CumsumInt8, int8_t>(shape, {3, 4, 127})), (std::vector<int8_t>{-1, 1, 126}));
}

TEST(Cumsum, gives_the_bytes_of_the_reference_kernels) {
  EXPECT_EQ(test::sweep_cumsum<float>(summed<CumsumFloat, float>), 0x80B5AB60u);
  EXPECT_EQ(test::sweep_cumsum<int8_t>(summed<CumsumInt8, int8_t>), 0x2775089Eu);
}

TEST(Cumsum, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(32);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    CumsumShape shape = {random.uniform(1, 3),
                         random.uniform(1, 4),
                         random.uniform(1, 3),
                         repeat % 2 == 1,
                         repeat % 4 >= 2,
                         0,
                         0,
                         0,
                         0,
                         Rounding::kDouble};
    const int32_t elements = shape.outer * shape.depth * shape.inner;
    SCOPED_TRACE(testing::Message() << "repeat " << repeat);
    const bool exact = test::check_overlay<float>(
        many<float>(random, elements), elements, CumsumFloat::input_ahead_bytes(shape),
        [&](const float* in, float* out) { CumsumFloat::run(shape, in, out, nullptr); });
    EXPECT_TRUE(exact || shape.exclusive);  // the last element counts in no sum
  }
}

template <class T, bool kLargest>
std::vector<int32_t> found(const ArgMinMaxShape& shape, const std::vector<T>& in) {
  EXPECT_TRUE((ArgMinMax<T, kLargest>::supports(shape, kNoTables)));
  Guarded<int32_t> out(shape.outer * shape.inner);
  ArgMinMax<T, kLargest>::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

TEST(ArgMinMax, finds_the_first_of_equal_extremes) {
  const std::vector<int8_t> in = {5, 1, 5, 7, 1, -3};
  EXPECT_EQ((found<int8_t, true>({2, 3, 1}, in)), (std::vector<int32_t>{0, 0}));
  EXPECT_EQ((found<int8_t, false>({2, 3, 1}, in)), (std::vector<int32_t>{1, 2}));
  EXPECT_EQ((found<int8_t, true>({1, 2, 3}, in)), (std::vector<int32_t>{1, 0, 0}));
  const float nan = std::nanf("");
  EXPECT_EQ((found<float, true>({2, 2, 1}, {1, nan, nan, 1})), (std::vector<int32_t>{0, 0}));
}

TEST(ArgMinMax, tells_positions_in_64_bits) {
  const int8_t in[] = {5, 1, 7, 2, 9, -3};
  Guarded<int64_t> out(3);
  ArgMinMax<int8_t, true, int64_t>::run({1, 2, 3}, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int64_t>{0, 1, 0}));
  EXPECT_TRUE(out.intact());
}

TEST(ArgMinMax, gives_the_bytes_of_the_reference_kernels) {
  EXPECT_EQ(test::sweep_arg_min_max<int8_t>(found<int8_t, true>), 0xA8645667u);
  EXPECT_EQ(test::sweep_arg_min_max<int8_t>(found<int8_t, false>), 0x2C74D7E1u);
  EXPECT_EQ(test::sweep_arg_min_max<float>(found<float, true>), 0xA95EEC59u);
  EXPECT_EQ(test::sweep_arg_min_max<float>(found<float, false>), 0xB0028EE1u);
}

TEST(ArgMinMax, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(33);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    const ArgMinMaxShape shape = {random.uniform(1, 4), random.uniform(2, 5), random.uniform(1, 4)};
    const int32_t elements = shape.outer * shape.axis * shape.inner;
    SCOPED_TRACE(testing::Message() << shape.outer << " " << shape.axis << " " << shape.inner);
    using Bytes = ArgMinMax<int8_t, true>;
    using Floats = ArgMinMax<float, false>;
    std::vector<std::vector<int8_t>> bytes;
    for (int32_t input = 0; input < 20; ++input) bytes.push_back(random.values<int8_t>(elements, -3, 0));
    test::expect_exact_overlay<int32_t>(
        bytes, shape.outer * shape.inner, Bytes::input_ahead_bytes(shape),
        [&](const int8_t* in, int32_t* out) { Bytes::run(shape, in, out, nullptr); });
    test::expect_exact_overlay<int32_t>(
        many<float>(random, elements), shape.outer * shape.inner, Floats::input_ahead_bytes(shape),
        [&](const float* in, int32_t* out) { Floats::run(shape, in, out, nullptr); });
    using Wide = ArgMinMax<int8_t, true, int64_t>;
    test::expect_exact_overlay<int64_t>(
        bytes, shape.outer * shape.inner, Wide::input_ahead_bytes(shape),
        [&](const int8_t* in, int64_t* out) { Wide::run(shape, in, out, nullptr); });
  }
}

}  // namespace
}  // namespace mote::kernels
