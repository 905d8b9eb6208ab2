// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/arg_min_max/arg_min_max.h"
#include "ops/node_test.h"

namespace mote::ops::arg_min_max {
namespace {

using namespace ops::test;
using graph::DType;

/// The first of the largest, or smallest, along the axis.
template <class T>
std::vector<std::int64_t> extremes(const Extents& shape, const std::vector<T>& in, std::size_t axis,
                                   bool largest) {
  Extents out_shape = shape;
  out_shape[axis] = 1;
  std::vector<std::int64_t> out;
  for (std::size_t index = 0; index < count_of(out_shape); ++index) {
    Extents place = coordinates(out_shape, index);
    std::vector<T> line;
    for (place[axis] = 0; place[axis] < shape[axis]; ++place[axis])
      line.push_back(in[index_of(shape, place)]);
    out.push_back((largest ? std::ranges::max_element(line) : std::ranges::min_element(line)) - line.begin());
  }
  return out;
}

TEST(ArgMinMax, TellsPositionsIn32And64Bits) {
  const Extents shape = {2, 5, 3};
  Rng rng(1);
  for (std::int32_t axis = -3; axis < 3; ++axis)
    for (const bool largest : {true, false}) {
      const std::size_t place = static_cast<std::size_t>((axis + 3) % 3);
      Extents out = shape;
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(place));
      const auto in = whole<std::int8_t>(rng, 30, -3, 3);  // with equal ones
      const auto expected = extremes(shape, in, place, largest);
      OneNode wide("arg_min_max", to_map({.largest = largest}));
      wide.input(int8s(shape), in).scalar(axis).output(int64s(out));
      EXPECT_EQ(wide.run<std::int64_t>(), expected) << axis;
      OneNode narrow("arg_min_max", to_map({.largest = largest}));
      narrow.input(int8s(shape), in).scalar(axis).output(int32s(out));
      EXPECT_EQ(narrow.run<std::int32_t>(), std::vector<std::int32_t>(expected.begin(), expected.end()))
          << axis;
      const auto numbers = reals(rng, 30);
      OneNode real("arg_min_max", to_map({.largest = largest}));
      real.input(floats(shape), numbers).scalar(axis).output(int64s(out));
      EXPECT_EQ(real.run<std::int64_t>(), extremes(shape, numbers, place, largest)) << axis;
    }
}

}  // namespace
}  // namespace mote::ops::arg_min_max
