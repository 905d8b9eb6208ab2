// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/node_test.h"
#include "ops/view/view.h"

namespace mote::ops::view {
namespace {

using namespace ops::test;
using graph::DType;
using testing::HasSubstr;

/// One axis of a strided slice, as Python writes it.
struct Range {
  std::int32_t begin;
  std::int32_t end;
  std::int32_t stride;
  bool from_start = false;
  bool to_end = false;
};

/// The indices that Python's slice picks of an axis.
std::vector<std::int32_t> picked(const Range& range, std::int32_t extent) {
  const auto from_front = [&](std::int32_t number) { return number < 0 ? number + extent : number; };
  std::vector<std::int32_t> indices;
  for (std::int32_t index = 0; index < extent; ++index) {
    const std::int32_t at = range.stride > 0 ? index : extent - 1 - index;
    const std::int32_t begin = from_front(range.begin), end = from_front(range.end);
    const bool has_begun = range.from_start || (range.stride > 0 ? at >= begin : at <= begin);
    const bool has_ended = !range.to_end && (range.stride > 0 ? at >= end : at <= end);
    // Steps count from the first element that is there.
    const std::int32_t first = range.stride > 0
                                   ? (range.from_start ? 0 : std::max(begin, 0))
                                   : (range.from_start ? extent - 1 : std::min(begin, extent - 1));
    if (has_begun && !has_ended && (at - first) % range.stride == 0) indices.push_back(at);
  }
  return indices;
}

const Extents kShape = {4, 5, 3};

TEST(StridedSlice, PicksWhatPythonPicks) {
  Rng rng(1);
  int slices = 0;
  for (int repeat = 0; repeat < 500; ++repeat) {
    std::vector<Range> ranges;
    std::vector<std::int32_t> begin, end, strides;
    Attributes attributes = {.function = Function::kStridedSlice};
    Extents out_shape;
    std::vector<std::vector<std::int32_t>> indices;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::int32_t extent = kShape[axis];
      const auto any = [&] {
        return static_cast<std::int32_t>(rng.below(2 * static_cast<std::uint64_t>(extent) + 3)) - extent - 1;
      };
      static constexpr std::int32_t kStrides[] = {1, 2, 3, -1, -2};
      const Range range = {any(), any(), kStrides[rng.below(5)], rng.below(3) == 0, rng.below(3) == 0};
      attributes.masks.begin |= range.from_start ? 1 << axis : 0;
      attributes.masks.end |= range.to_end ? 1 << axis : 0;
      begin.push_back(range.begin);
      end.push_back(range.end);
      strides.push_back(range.stride);
      indices.push_back(picked(range, extent));
      out_shape.push_back(static_cast<std::int32_t>(indices.back().size()));
    }
    if (std::ranges::count(out_shape, 0) > 0) continue;
    SCOPED_TRACE(testing::PrintToString(begin) + testing::PrintToString(end) +
                 testing::PrintToString(strides) + std::to_string(attributes.masks.begin) + " " +
                 std::to_string(attributes.masks.end));
    const auto in = whole<std::int16_t>(rng, 60, -999, 999);
    std::vector<std::int16_t> expected;
    for (std::size_t index = 0; index < count_of(out_shape); ++index) {
      Extents place = coordinates(out_shape, index);
      for (std::size_t axis = 0; axis < 3; ++axis)
        place[axis] = indices[axis][static_cast<std::size_t>(place[axis])];
      expected.push_back(in[index_of(kShape, place)]);
    }
    OneNode node("view", to_map(attributes));
    node.input(int16s(kShape, 0.5f), in).list(begin).list(end).list(strides).output(int16s(out_shape, 0.5f));
    EXPECT_EQ(node.run<std::int16_t>(), expected);
    ++slices;
  }
  EXPECT_GT(slices, 100);
}

// in[1, ..., newaxis, 0:2]
TEST(StridedSlice, ShrinksAddsAndSkipsAxes) {
  Attributes attributes = {.function = Function::kStridedSlice};
  attributes.masks = {.ellipsis = 0b0010, .new_axis = 0b0100, .shrink = 0b0001};
  Rng rng(2);
  const auto in = reals(rng, 60);
  OneNode node("view", to_map(attributes));
  node.input(floats(kShape), in)
      .list({1, 0, 0, 0})
      .list({2, 0, 0, 2})
      .list({1, 1, 1, 1})
      .output(floats({5, 1, 2}));
  std::vector<float> expected;
  for (std::int32_t row = 0; row < 5; ++row)
    for (std::int32_t col = 0; col < 2; ++col) expected.push_back(in[index_of(kShape, {1, row, col})]);
  EXPECT_EQ(node.run<float>(), expected);
}

TEST(StridedSlice, EndMayCountFromBegin) {
  Attributes attributes = {.function = Function::kStridedSlice};
  attributes.masks.offset = true;
  OneNode node("view", to_map(attributes));
  node.input(int32s({6}), std::vector<std::int32_t>{0, 1, 2, 3, 4, 5})
      .list({2})
      .list({3})
      .list({1})
      .output(int32s({3}));
  EXPECT_EQ(node.run<std::int32_t>(), (std::vector<std::int32_t>{2, 3, 4}));
}

TEST(StridedSlice, RefusesToGiveNothing) {
  OneNode node("view", to_map({.function = Function::kStridedSlice}));
  node.input(int32s({6}), std::vector<std::int32_t>(6)).list({3}).list({3}).list({1}).output(int32s({1}));
  EXPECT_THAT(node.refusal(), HasSubstr("nothing is left of an axis"));
}

/// Runs a view of [4][5][3] whose output element at `place` must be the input's at `from(place)`.
template <class From>
void expect_view(const Attributes& attributes, const std::vector<std::vector<std::int32_t>>& lists,
                 const Extents& shape, From from) {
  Rng rng(3);
  const auto in = whole<std::int8_t>(rng, 60, -128, 127);
  OneNode node("view", to_map(attributes));
  node.input(int8s(kShape), in);
  for (const auto& list : lists) node.list(list);
  node.output(int8s(shape));
  std::vector<std::int8_t> expected;
  for (std::size_t index = 0; index < count_of(shape); ++index)
    expected.push_back(in[index_of(kShape, from(coordinates(shape, index)))]);
  EXPECT_EQ(node.run<std::int8_t>(), expected);
}

TEST(View, TransposesSlicesAndReverses) {
  expect_view({.function = Function::kTranspose}, {{2, 0, 1}}, {3, 4, 5},
              [](const Extents& place) { return Extents{place[1], place[2], place[0]}; });
  expect_view({.function = Function::kSlice}, {{1, 0, 2}, {2, -1, 1}}, {2, 5, 1},
              [](const Extents& place) { return Extents{place[0] + 1, place[1], place[2] + 2}; });
  expect_view({.function = Function::kReverse}, {{0, 2}}, kShape,
              [](const Extents& place) { return Extents{3 - place[0], place[1], 2 - place[2]}; });
  expect_view({.function = Function::kBroadcastTo}, {{2, 4, 5, 3}}, {2, 4, 5, 3},
              [](const Extents& place) { return Extents{place[1], place[2], place[3]}; });
}

TEST(View, DealsBlocksOutAndBack) {
  Rng rng(4);
  const Extents space = {2, 4, 6, 3}, depth = {2, 2, 3, 12};
  const auto in = whole<std::int8_t>(rng, count_of(space), -128, 127);
  std::vector<std::int8_t> dealt(in.size());
  for (std::size_t index = 0; index < in.size(); ++index) {
    const Extents place = coordinates(space, index);
    dealt[index_of(depth, {place[0], place[1] / 2, place[2] / 2,
                           (place[1] % 2 * 2 + place[2] % 2) * 3 + place[3]})] = in[index];
  }
  OneNode there("view", to_map({.function = Function::kSpaceToDepth, .block = 2}));
  there.input(int8s(space), in).output(int8s(depth));
  EXPECT_EQ(there.run<std::int8_t>(), dealt);
  OneNode back("view", to_map({.function = Function::kDepthToSpace, .block = 2}));
  back.input(int8s(depth), dealt).output(int8s(space));
  EXPECT_EQ(back.run<std::int8_t>(), in);
}

}  // namespace
}  // namespace mote::ops::view
