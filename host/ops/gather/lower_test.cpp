// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/gather/gather.h"
#include "ops/node_test.h"

namespace mote::ops::gather {
namespace {

using namespace ops::test;
using graph::DType;
using testing::HasSubstr;

/// Slices by the definition: out[before, numbers, behind] = table[before, number, behind].
template <class T>
std::vector<T> picked(const Extents& table_shape, const std::vector<T>& table, std::size_t axis,
                      const Extents& numbers_shape, const std::vector<std::int64_t>& numbers) {
  Extents out_shape(table_shape.begin(), table_shape.begin() + static_cast<std::ptrdiff_t>(axis));
  out_shape.insert(out_shape.end(), numbers_shape.begin(), numbers_shape.end());
  out_shape.insert(out_shape.end(), table_shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1,
                   table_shape.end());
  std::vector<T> out;
  for (std::size_t index = 0; index < count_of(out_shape); ++index) {
    const Extents place = coordinates(out_shape, index);
    const auto first = place.begin() + static_cast<std::ptrdiff_t>(axis);
    const auto behind = first + static_cast<std::ptrdiff_t>(numbers_shape.size());
    Extents from(place.begin(), first);
    from.push_back(static_cast<std::int32_t>(numbers[index_of(numbers_shape, Extents(first, behind))]));
    from.insert(from.end(), behind, place.end());
    out.push_back(table[index_of(table_shape, from)]);
  }
  return out;
}

TEST(Gather, PicksSlicesByNumbersOf32And64Bits) {
  const Extents shape = {2, 3, 4};
  Rng rng(1);
  const auto table = whole<std::int16_t>(rng, 24, -1000, 1000);
  const std::vector<std::int64_t> numbers = {2, 0, 0, 1};
  const auto expected = picked(shape, table, 1, {2, 2}, numbers);
  const AttributeMap attributes = to_map({.function = Function::kGather, .axis = -2});
  OneNode wide("gather", attributes);
  wide.input(int16s(shape, 0.5f), table).input(int64s({2, 2}), numbers).output(int16s({2, 2, 2, 4}, 0.5f));
  EXPECT_EQ(wide.run<std::int16_t>(), expected);
  OneNode narrow("gather", attributes);
  narrow.input(int16s(shape, 0.5f), table)
      .input(int32s({2, 2}), std::vector<std::int32_t>(numbers.begin(), numbers.end()))
      .output(int16s({2, 2, 2, 4}, 0.5f));
  EXPECT_EQ(narrow.run<std::int16_t>(), expected);
  OneNode constant("gather", attributes);
  constant.input(int16s(shape, 0.5f), table)
      .constant(int64s({2, 2}), numbers)
      .output(int16s({2, 2, 2, 4}, 0.5f));
  EXPECT_EQ(constant.run<std::int16_t>(), expected);
}

TEST(Gather, PicksInEachBatchByItself) {
  Rng rng(2);
  const auto table = reals(rng, 12);
  OneNode node("gather", to_map({.function = Function::kGather, .axis = 1, .batch_axes = 1}));
  node.input(floats({2, 3, 2}), table)
      .input(int64s({2, 2}), std::vector<std::int64_t>{2, 0, 1, 1})
      .output(floats({2, 2, 2}));
  std::vector<float> expected;
  for (const std::size_t row : {2u, 0u, 3u + 1, 3u + 1})
    expected.insert(expected.end(), {table[2 * row], table[2 * row + 1]});
  EXPECT_EQ(node.run<float>(), expected);
}

TEST(GatherNd, PicksByListsOfNumbers) {
  Rng rng(3);
  const auto table = whole<std::int8_t>(rng, 24, -100, 100);
  OneNode node("gather", to_map({.function = Function::kGatherNd}));
  node.input(int8s({2, 3, 4}), table)
      .input(int64s({3, 2}), std::vector<std::int64_t>{1, 2, 0, 0, 1, 0})
      .output(int8s({3, 4}));
  std::vector<std::int8_t> expected;
  for (const std::ptrdiff_t row : {3 + 2, 0, 3 + 0})
    expected.insert(expected.end(), table.begin() + 4 * row, table.begin() + 4 * row + 4);
  EXPECT_EQ(node.run<std::int8_t>(), expected);
}

TEST(EmbeddingLookup, TakesRowsByNumbersOf32BitsOnly) {
  Rng rng(4);
  const auto table = reals(rng, 12);
  OneNode node("gather", to_map({.function = Function::kEmbeddingLookup}));
  node.input(int32s({2}), std::vector<std::int32_t>{3, 1})
      .constant(floats({4, 3}), table)
      .output(floats({2, 3}));
  EXPECT_EQ(node.run<float>(),
            (std::vector<float>{table[9], table[10], table[11], table[3], table[4], table[5]}));
  OneNode wide("gather", to_map({.function = Function::kEmbeddingLookup}));
  wide.input(int64s({2}), std::vector<std::int64_t>{3, 1})
      .constant(floats({4, 3}), table)
      .output(floats({2, 3}));
  EXPECT_THAT(wide.refusal(), HasSubstr("numbers of slices are int64, expected int32"));
}

TEST(Gather, RefusesNumbersOfOtherTypes) {
  OneNode node("gather", to_map({.function = Function::kGather}));
  node.input(floats({4}), std::vector<float>(4))
      .input(tensor(DType::kInt16, {2}), std::vector<std::int16_t>{3, 1})
      .output(floats({2}));
  EXPECT_THAT(node.refusal(), HasSubstr("numbers of slices are int16, expected int32 or int64"));
}

}  // namespace
}  // namespace mote::ops::gather
