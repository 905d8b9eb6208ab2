// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/node_test.h"
#include "ops/select/select.h"

namespace mote::ops::select {
namespace {

using namespace ops::test;
using graph::DType;
using testing::HasSubstr;

TEST(Select, RepeatsAllThreeOperands) {
  const Extents condition_shape = {2, 1, 4}, x_shape = {3, 1}, y_shape = {1, 4}, shape = {2, 3, 4};
  Rng rng(1);
  const auto condition = whole<std::uint8_t>(rng, 8, 0, 1);
  const auto x = whole<std::int32_t>(rng, 3, 0, 99), y = whole<std::int32_t>(rng, 4, -99, -1);
  OneNode node("select", to_map({}));
  node.input(bools(condition_shape), condition)
      .input(int32s(x_shape), x)
      .input(int32s(y_shape), y)
      .output(int32s(shape));
  std::vector<std::int32_t> expected;
  for (std::size_t index = 0; index < count_of(shape); ++index) {
    const Extents place = coordinates(shape, index);
    expected.push_back(condition[repeated_index(condition_shape, place)] != 0
                           ? x[repeated_index(x_shape, place)]
                           : y[repeated_index(y_shape, place)]);
  }
  EXPECT_EQ(node.run<std::int32_t>(), expected);
}

/// SELECT without repeating, of two [3, 2, 3]; what it chose or why it refused.
struct Choice {
  Extents condition_shape;
  std::vector<std::uint8_t> condition;
  Extents y_shape = {3, 2, 3};

  OneNode node(const std::vector<float>& x, const std::vector<float>& y) const {
    OneNode result("select", to_map({.broadcasts = false}));
    result.input(bools(condition_shape), condition).input(floats({3, 2, 3}), x).input(floats(y_shape), y);
    result.output(floats({3, 2, 3}));
    return result;
  }
};

TEST(Select, ChoosesByElementByRowOrAtOnce) {
  Rng rng(2);
  const auto x = reals(rng, 18), y = reals(rng, 18);
  const auto expect = [&](const Choice& choice, auto condition_of) {
    std::vector<float> expected;
    for (std::size_t index = 0; index < 18; ++index)
      expected.push_back(condition_of(index) != 0 ? x[index] : y[index]);
    EXPECT_EQ(choice.node(x, y).run<float>(), expected);
  };
  const auto each = whole<std::uint8_t>(rng, 18, 0, 1);
  expect({{3, 2, 3}, each}, [&](std::size_t index) { return each[index]; });
  const std::vector<std::uint8_t> rows = {1, 0, 1};  // the last axis has three elements as well
  expect({{3}, rows}, [&](std::size_t index) { return rows[index / 6]; });
  expect({{}, {0}}, [](std::size_t) { return 0; });
}

TEST(Select, RefusesToRepeatWhereItMayNot) {
  const std::vector<float> x(18), y(3);
  EXPECT_THAT(
      (Choice{{3, 1, 1}, {1, 0, 1}}.node(x, x).refusal()),
      HasSubstr("condition [3, 1, 1] does not choose between [3, 2, 3] and [3, 2, 3], expected two of one "
                "shape, and a condition of that shape, a scalar or one for each index of its first axis"));
  EXPECT_THAT((Choice{{2}, {1, 0}}.node(x, x).refusal()), HasSubstr("condition [2] does not choose"));
  EXPECT_THAT((Choice{{3}, {1, 0, 1}, {3}}.node(x, y).refusal()), HasSubstr("between [3, 2, 3] and [3]"));
}

}  // namespace
}  // namespace mote::ops::select
