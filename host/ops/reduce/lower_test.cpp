// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/node_test.h"
#include "ops/reduce/reduce.h"

namespace mote::ops::reduce {
namespace {

using namespace ops::test;
using graph::DType;

const Extents kShape = {2, 3, 4, 5};
/// One axis, the last ones, all, some that are no neighbours.
const std::vector<std::vector<std::int32_t>> kAxes = {{0}, {1}, {3}, {2, 3}, {0, 1, 2, 3}, {0, 2}, {-1, 1}};

/// The elements that each output is made of, as numbers of elements of the input.
std::vector<std::vector<std::size_t>> groups(const std::vector<std::int32_t>& axes) {
  Extents kept = kShape;
  for (const std::int32_t axis : axes) kept[static_cast<std::size_t>(axis < 0 ? axis + 4 : axis)] = 1;
  std::vector<std::vector<std::size_t>> result(count_of(kept));
  for (std::size_t index = 0; index < count_of(kShape); ++index)
    result[repeated_index(kept, coordinates(kShape, index))].push_back(index);
  return result;
}

Extents out_shape(const std::vector<std::int32_t>& axes, bool keep_axes) {
  Extents shape;
  for (std::int32_t axis = 0; axis < 4; ++axis) {
    const bool is_reduced = std::ranges::count(axes, axis) + std::ranges::count(axes, axis - 4) > 0;
    if (!is_reduced)
      shape.push_back(kShape[static_cast<std::size_t>(axis)]);
    else if (keep_axes)
      shape.push_back(1);
  }
  return shape;
}

/// The function of numbers, in double.
double value_of(Function function, const std::vector<double>& items) {
  double sum = 0, product = 1;
  for (const double item : items) {
    sum += item;
    product *= item;
  }
  switch (function) {
    case Function::kAll:
      return std::ranges::count(items, 0.0) == 0 ? 1 : 0;
    case Function::kAny:
      return std::ranges::count(items, 0.0) < static_cast<std::ptrdiff_t>(items.size()) ? 1 : 0;
    case Function::kMax:
      return std::ranges::max(items);
    case Function::kMin:
      return std::ranges::min(items);
    case Function::kMean:
      return sum / static_cast<double>(items.size());
    case Function::kProd:
      return product;
    case Function::kSum:
      return sum;
  }
  return 0;
}

template <class T, class Real>
std::vector<double> expected(Function function, const std::vector<std::int32_t>& axes,
                             const std::vector<T>& in, Real real) {
  std::vector<double> out;
  for (const auto& group : groups(axes)) {
    std::vector<double> items;
    for (const std::size_t index : group) items.push_back(real(in[index]));
    out.push_back(value_of(function, items));
  }
  return out;
}

constexpr auto kAsIs = [](auto number) { return static_cast<double>(number); };

/// Calls `test(axes, keep_axes)` for all of them.
template <class Test>
void for_axes(Test test) {
  for (const auto& axes : kAxes)
    for (const bool keep_axes : {false, true}) {
      SCOPED_TRACE(testing::PrintToString(axes));
      test(axes, keep_axes);
    }
}

TEST(Reduce, FloatsAreWithinTheirRoundings) {
  Rng rng(1);
  for (const Function function :
       {Function::kMax, Function::kMin, Function::kMean, Function::kProd, Function::kSum})
    for_axes([&](const auto& axes, bool keep_axes) {
      std::vector<float> in = reals(rng, 120);
      OneNode node("reduce", to_map({.function = function, .keep_axes = keep_axes}));
      node.input(floats(kShape), in).list(axes).output(floats(out_shape(axes, keep_axes)));
      // 120 roundings of sums below 120, or of products below 1.
      expect_close(node.run<float>(), expected(function, axes, in, kAsIs), 120 * 120 * 0x1p-24);
    });
}

TEST(Reduce, Int32IsExact) {
  Rng rng(2);
  for (const Function function : {Function::kMax, Function::kMin, Function::kProd, Function::kSum})
    for_axes([&](const auto& axes, bool keep_axes) {
      const auto in = whole<std::int32_t>(rng, 120, function == Function::kProd ? -1 : -1000,
                                          function == Function::kProd ? 1 : 1000);
      OneNode node("reduce", to_map({.function = function, .keep_axes = keep_axes}));
      node.input(int32s(kShape), in).list(axes).output(int32s(out_shape(axes, keep_axes)));
      const auto wanted = expected(function, axes, in, kAsIs);
      EXPECT_EQ(node.run<std::int32_t>(), std::vector<std::int32_t>(wanted.begin(), wanted.end()));
    });
}

TEST(Reduce, BoolsAreExact) {
  Rng rng(3);
  for (const Function function : {Function::kAll, Function::kAny})
    for_axes([&](const auto& axes, bool keep_axes) {
      auto in = whole<std::uint8_t>(rng, 120, 0, 15);  // mostly true for all, mostly false for any
      for (std::uint8_t& item : in) item = (item == 0) == (function == Function::kAny) ? 1 : 0;
      OneNode node("reduce", to_map({.function = function, .keep_axes = keep_axes}));
      node.input(bools(kShape), in).list(axes).output(bools(out_shape(axes, keep_axes)));
      const auto wanted = expected(function, axes, in, kAsIs);
      EXPECT_EQ(node.run<std::uint8_t>(), std::vector<std::uint8_t>(wanted.begin(), wanted.end()));
    });
}

TEST(Reduce, QuantizedSumsAndMeansAreWithinTheirRoundings) {
  Rng rng(4);
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle})
    for (const Function function : {Function::kMean, Function::kSum})
      for_axes([&](const auto& axes, bool keep_axes) {
        const float scale = function == Function::kMean ? 0.07f : 0.9f;
        const auto in = whole<std::int8_t>(rng, 120, -128, 127);
        OneNode node("reduce", to_map({.function = function, .keep_axes = keep_axes}));
        node.input(int8s(kShape, 0.1f, 3), in)
            .list(axes)
            .output(int8s(out_shape(axes, keep_axes), scale, -7));
        const auto wanted = expected(function, axes, in, [](int item) { return double{0.1f} * (item - 3); });
        expect_quantized(node.run<std::int8_t>({.rounding = rounding}), wanted, double{scale}, -7);
        const auto wide = whole<std::int16_t>(rng, 120, -20000, 20000);
        OneNode wide_node("reduce", to_map({.function = function, .keep_axes = keep_axes}));
        wide_node.input(int16s(kShape, 0.001f), wide)
            .list(axes)
            .output(int16s(out_shape(axes, keep_axes), 0.009f));
        expect_quantized(wide_node.run<std::int16_t>({.rounding = rounding}),
                         expected(function, axes, wide, [](int item) { return double{0.001f} * item; }),
                         double{0.009f}, 0);
      });
}

TEST(Reduce, Int8ExtremesKeepTheirScale) {
  Rng rng(5);
  for (const Function function : {Function::kMax, Function::kMin})
    for_axes([&](const auto& axes, bool keep_axes) {
      const auto in = whole<std::int8_t>(rng, 120, -128, 127);
      OneNode node("reduce", to_map({.function = function, .keep_axes = keep_axes}));
      node.input(int8s(kShape, 0.1f, 3), in).list(axes).output(int8s(out_shape(axes, keep_axes), 0.1f, 3));
      const auto wanted = expected(function, axes, in, kAsIs);
      EXPECT_EQ(node.run<std::int8_t>(), std::vector<std::int8_t>(wanted.begin(), wanted.end()));
    });
  OneNode other("reduce", to_map({.function = Function::kMax}));
  other.input(int8s(kShape, 0.1f, 3), std::vector<std::int8_t>(120))
      .list({3})
      .output(int8s({2, 3, 4}, 0.2f, 3));
  EXPECT_THAT(other.refusal(),
              testing::HasSubstr("the output has another scale or zero point than the input"));
}

}  // namespace
}  // namespace mote::ops::reduce
