// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/compare/compare.h"
#include "ops/node_test.h"

namespace mote::ops::compare {
namespace {

using namespace ops::test;
using graph::DType;

constexpr Function kAll[] = {Function::kEqual,     Function::kNotEqual, Function::kLess,
                             Function::kLessEqual, Function::kGreater,  Function::kGreaterEqual};

bool holds(Function function, double a, double b) {
  switch (function) {
    case Function::kEqual:
      return a == b;
    case Function::kNotEqual:
      return a != b;
    case Function::kLess:
      return a < b;
    case Function::kLessEqual:
      return a <= b;
    case Function::kGreater:
      return a > b;
    case Function::kGreaterEqual:
      return a >= b;
  }
  return false;
}

const Extents kA = {2, 1, 4}, kB = {3, 1}, kOut = {2, 3, 4};

/// Compares all pairs; the real numbers are what `real_a` and `real_b` make of the operands' items.
template <class T, class RealA, class RealB>
void expect_all(const graph::Value& a_type, const graph::Value& b_type, const std::vector<T>& a,
                const std::vector<T>& b, RealA real_a, RealB real_b) {
  for (const Function function : kAll) {
    OneNode node("compare", to_map({.function = function}));
    node.input(a_type, a).input(b_type, b).output(bools(kOut));
    std::vector<std::uint8_t> expected;
    for (std::size_t index = 0; index < count_of(kOut); ++index) {
      const Extents place = coordinates(kOut, index);
      expected.push_back(
          holds(function, real_a(a[repeated_index(kA, place)]), real_b(b[repeated_index(kB, place)])));
    }
    EXPECT_EQ(node.run<std::uint8_t>(), expected) << static_cast<int>(function);
  }
}

constexpr auto kAsIs = [](auto number) { return static_cast<double>(number); };

TEST(Compare, NumbersAsTheyAre) {
  Rng rng(1);
  expect_all(floats(kA), floats(kB), whole<float>(rng, 8, -2, 2), whole<float>(rng, 3, -2, 2), kAsIs, kAsIs);
  expect_all(int32s(kA), int32s(kB), whole<std::int32_t>(rng, 8, -2, 2), whole<std::int32_t>(rng, 3, -2, 2),
             kAsIs, kAsIs);
  expect_all(int64s(kA), int64s(kB), whole<std::int64_t>(rng, 8, -2, 2), whole<std::int64_t>(rng, 3, -2, 2),
             kAsIs, kAsIs);
}

// Scales that are powers of two are exact in the 8 bits more that operands are brought to.
TEST(Compare, QuantizedNumbersByWhatTheyMean) {
  Rng rng(2);
  const auto half = [](int number) { return 0.5 * (number - 3); };
  const auto quarter = [](int number) { return 0.25 * (number + 5); };
  for (int repeat = 0; repeat < 10; ++repeat)
    expect_all(int8s(kA, 0.5f, 3), int8s(kB, 0.25f, -5), whole<std::int8_t>(rng, 8, 0, 6),
               whole<std::int8_t>(rng, 3, -10, 2), half, quarter);
  const auto fine = [](int number) { return 0x1p-6 * number; };
  const auto finer = [](int number) { return 0x1p-7 * number; };
  expect_all(int16s(kA, 0x1p-6f), int16s(kB, 0x1p-7f), whole<std::int16_t>(rng, 8, -4, 4),
             whole<std::int16_t>(rng, 3, -8, 8), fine, finer);
}

TEST(Compare, NanIsUnequalToEverything) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Function function : kAll) {
    OneNode node("compare", to_map({.function = function}));
    node.input(floats({2}), std::vector<float>{nan, 1})
        .input(floats({2}), std::vector<float>{nan, nan})
        .output(bools({2}));
    const std::uint8_t expected = function == Function::kNotEqual ? 1 : 0;
    EXPECT_EQ(node.run<std::uint8_t>(), (std::vector<std::uint8_t>{expected, expected}))
        << static_cast<int>(function);
  }
}

}  // namespace
}  // namespace mote::ops::compare
