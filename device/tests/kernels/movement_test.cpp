// SPDX-License-Identifier: Apache-2.0
// Kernels that move elements: copies with strides, fills, borders, gathered slices, replaced blocks.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/broadcast_args_variants.h"
#include "mote/kernels/dynamic_update_slice_variants.h"
#include "mote/kernels/fill_variants.h"
#include "mote/kernels/gather_variants.h"
#include "mote/kernels/pad_variants.h"
#include "mote/kernels/strided_copy_variants.h"
#include "overlay_test.h"

namespace mote::kernels {
namespace {

using test::expect_exact_overlay;
using test::Guarded;
using test::Random;

constexpr Limits kNoTables = {0, 0, 0, 0};
using Coordinates = std::array<int32_t, kMaxAxes>;

/// Calls `visit` for all coordinates below `extents`, in memory order.
void for_all(const int32_t (&extents)[kMaxAxes], const std::function<void(const Coordinates&)>& visit) {
  int32_t count = 1;
  for (const int32_t extent : extents) count *= extent;
  for (int32_t index = 0; index < count; ++index) {
    Coordinates at = {};
    int32_t rest = index;
    for (int32_t axis = kMaxAxes - 1; axis >= 0; --axis) {
      at[static_cast<size_t>(axis)] = rest % extents[axis];
      rest /= extents[axis];
    }
    visit(at);
  }
}

template <class T>
std::vector<std::vector<T>> many(Random& random, int32_t elements, int32_t low = -128, int32_t high = 127,
                                 int32_t count = 6) {
  std::vector<std::vector<T>> inputs;
  for (int32_t input = 0; input < count; ++input) inputs.push_back(random.values<T>(elements, low, high));
  return inputs;
}

// [[1, 2, 3], [4, 5, 6]] has the columns 1 4, 2 5, 3 6.
TEST(StridedCopy, transposes_the_hand_example) {
  const int8_t in[] = {1, 2, 3, 4, 5, 6};
  Guarded<int8_t> out(6);
  StridedCopy<int8_t>::run({{1, 1, 1, 1, 3, 2}, {0, 0, 0, 0, 1, 3}, {0, 0, 0, 0, 2, 1}, 0, 0}, in, out.data(),
                           nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{1, 4, 2, 5, 3, 6}));
  EXPECT_TRUE(out.intact());
}

TEST(StridedCopy, goes_backwards_and_stands_still) {
  const int64_t in[] = {10, 20, 30, 40, 50};
  Guarded<int64_t> out(6);
  // in[4], in[2], in[0], each twice.
  StridedCopy<int64_t>::run({{1, 1, 1, 1, 3, 2}, {0, 0, 0, 0, -2, 0}, {0, 0, 0, 0, 2, 1}, 4, 0}, in,
                            out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int64_t>{50, 50, 30, 30, 10, 10}));
}

/// A random copy: an input seen with steps, backwards or not at all along some axes, into a part of an
/// output.
struct RandomCopy {
  StridedCopyShape shape = {{1, 1, 1, 1, 1, 1}, {}, {}, 0, 0};
  int32_t inputs = 1;
  int32_t outputs = 1;

  explicit RandomCopy(Random& random) {
    std::array<int32_t, kMaxAxes> order = {};
    std::iota(order.begin(), order.end(), 0);
    for (size_t axis = kMaxAxes; axis-- > 1;)
      std::swap(order[axis], order[static_cast<size_t>(random.uniform(0, static_cast<int32_t>(axis)))]);
    for (int32_t axis = random.uniform(0, 5); axis < kMaxAxes; ++axis)
      shape.extents[axis] = random.uniform(1, 3);
    for (size_t place = kMaxAxes; place-- > 0;) {
      const int32_t axis = random.uniform(0, 3) == 0 ? order[place] : static_cast<int32_t>(place);
      if (shape.in_strides[axis] != 0) continue;
      const int32_t step = random.uniform(1, 2);
      const int32_t kind = random.uniform(0, 5);
      shape.in_strides[axis] = kind == 0 ? 0 : kind == 1 ? -step * inputs : step * inputs;
      if (kind == 1) shape.in_offset += (shape.extents[axis] - 1) * step * inputs;
      if (kind != 0) inputs *= shape.extents[axis] * step;
    }
    for (int32_t axis = kMaxAxes - 1; axis >= 0; --axis) {
      shape.out_strides[axis] = outputs;
      outputs *= shape.extents[axis] + random.uniform(0, 1);
    }
    const int32_t in_front = random.uniform(0, 4), before = random.uniform(0, 4);
    shape.in_offset += in_front;
    inputs += in_front;
    shape.out_offset = before;
    outputs += before;
  }

  bool repeats() const {
    for (int32_t axis = 0; axis < kMaxAxes; ++axis)
      if (shape.extents[axis] > 1 && shape.in_strides[axis] == 0) return true;
    return false;
  }
  int32_t from(const Coordinates& at) const {
    return std::inner_product(at.begin(), at.end(), shape.in_strides, shape.in_offset);
  }
  int32_t to(const Coordinates& at) const {
    return std::inner_product(at.begin(), at.end(), shape.out_strides, shape.out_offset);
  }
};

TEST(StridedCopy, writes_each_element_where_the_strides_say_and_nothing_else) {
  Random random(1);
  for (int32_t repeat = 0; repeat < 500; ++repeat) {
    const RandomCopy copy(random);
    const auto in = random.values<int16_t>(copy.inputs, -32768, 32767);
    Guarded<int16_t> expected(copy.outputs);
    for_all(copy.shape.extents, [&](const Coordinates& at) {
      expected.data()[copy.to(at)] = in[static_cast<size_t>(copy.from(at))];
    });
    ASSERT_TRUE(StridedCopy<int16_t>::supports(copy.shape, kNoTables));
    for (const StridedCopyShape& shape : {copy.shape, merge_axes(copy.shape)}) {
      Guarded<int16_t> out(copy.outputs);
      StridedCopy<int16_t>::run(shape, in.data(), out.data(), nullptr);
      ASSERT_EQ(out.values(), expected.values()) << "repeat " << repeat;
      ASSERT_TRUE(out.intact());
    }
  }
}

TEST(StridedCopy, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(2);
  for (int32_t repeat = 0; repeat < 500; ++repeat) {
    const RandomCopy copy(random);
    SCOPED_TRACE(testing::Message() << "repeat " << repeat);
    const bool exact = test::check_overlay<int32_t>(
        many<int32_t>(random, copy.inputs, -100000, 100000), copy.outputs,
        StridedCopy<int32_t>::input_ahead_bytes(copy.shape),
        [&](const int32_t* in, int32_t* out) { StridedCopy<int32_t>::run(copy.shape, in, out, nullptr); },
        [&](const std::vector<int32_t>& all) {
          std::vector<int32_t> written;
          for_all(copy.shape.extents,
                  [&](const Coordinates& at) { written.push_back(all[static_cast<size_t>(copy.to(at))]); });
          return written;
        });
    // An element that is read several times may be overwritten by itself.
    EXPECT_TRUE(exact || copy.repeats());
  }
}

TEST(StridedCopy, knows_a_contiguous_piece) {
  // Rows 1 and 2 of [4][2][3], into rows 0 and 1.
  const ContiguousCopy rows =
      contiguous_copy({{1, 1, 1, 2, 2, 3}, {0, 0, 0, 6, 3, 1}, {0, 0, 0, 6, 3, 1}, 6, 0});
  EXPECT_TRUE(rows.in_offset == 6 && rows.out_offset == 0 && rows.count == 12);
  // Columns 0 and 1 of [2][3], a transposition, and one element repeated.
  EXPECT_EQ(contiguous_copy({{1, 1, 1, 1, 2, 2}, {0, 0, 0, 0, 3, 1}, {0, 0, 0, 0, 2, 1}, 0, 0}).count, 0);
  EXPECT_EQ(contiguous_copy({{1, 1, 1, 1, 2, 2}, {0, 0, 0, 0, 1, 2}, {0, 0, 0, 0, 2, 1}, 0, 0}).count, 0);
  EXPECT_EQ(contiguous_copy({{1, 1, 1, 1, 1, 2}, {}, {0, 0, 0, 0, 0, 1}, 0, 0}).count, 0);
  EXPECT_EQ(contiguous_copy({{1, 1, 1, 1, 1, 1}, {}, {}, 3, 7}).count, 1);
  // Whatever the strides of axes with one element are.
  EXPECT_EQ(contiguous_copy({{1, 2, 1, 2, 1, 3}, {9, 6, 5, 3, 7, 1}, {8, 6, 2, 3, 0, 1}, 0, 0}).count, 12);
}

TEST(StridedCopy, refuses_positions_outside) {
  StridedCopyShape shape = {{1, 1, 1, 1, 1, 3}, {0, 0, 0, 0, 0, -2}, {0, 0, 0, 0, 0, 1}, 4, 0};
  EXPECT_TRUE(StridedCopy<int8_t>::supports(shape, kNoTables));
  shape.in_offset = 3;
  EXPECT_FALSE(StridedCopy<int8_t>::supports(shape, kNoTables));
  shape.in_offset = 4;
  shape.out_offset = INT32_MAX - 2;
  EXPECT_TRUE(StridedCopy<int8_t>::supports(shape, kNoTables));
  ++shape.out_offset;
  EXPECT_FALSE(StridedCopy<int8_t>::supports(shape, kNoTables));
}

TEST(Fill, writes_its_range_with_each_type) {
  Guarded<int8_t> bytes(5);
  const auto before = bytes.values();
  Fill<int8_t>::run({1, 3, -7}, bytes.data(), nullptr);
  EXPECT_EQ(bytes.values(), (std::vector<int8_t>{before[0], -7, -7, -7, before[4]}));
  Guarded<int64_t> wide(2);
  Fill<int64_t>::run({0, 2, -2}, wide.data(), nullptr);
  EXPECT_EQ(wide.values(), (std::vector<int64_t>{-2, -2}));
  Guarded<float> reals(1);
  Fill<float>::run({0, 1, 0x3FC00000}, reals.data(), nullptr);
  EXPECT_EQ(reals.values()[0], 1.5f);
  EXPECT_TRUE(bytes.intact() && wide.intact() && reals.intact());
}

PadShape random_borders(Random& random, int32_t edge) {
  PadShape shape = {{1, 1, 1, 1, 1, 1}, {}, {}, 99};
  for (int32_t axis = random.uniform(1, 5); axis < kMaxAxes; ++axis) {
    shape.extents[axis] = random.uniform(1, 4);
    shape.before[axis] = random.uniform(0, std::min(2, shape.extents[axis] - edge));
    shape.after[axis] = random.uniform(0, std::min(2, shape.extents[axis] - edge));
  }
  return shape;
}

int32_t size(const PadShape& shape, bool padded) {
  int32_t count = 1;
  for (int32_t axis = 0; axis < kMaxAxes; ++axis)
    count *= shape.extents[axis] + (padded ? shape.before[axis] + shape.after[axis] : 0);
  return count;
}

/// The padded tensor, where `source(position, extent)` says which element a coordinate shows, or -1 for the
/// border.
template <class T, class Source>
std::vector<T> padded_by(const PadShape& shape, const std::vector<T>& in, Source source) {
  int32_t extents[kMaxAxes];
  for (int32_t axis = 0; axis < kMaxAxes; ++axis)
    extents[axis] = shape.before[axis] + shape.extents[axis] + shape.after[axis];
  std::vector<T> out;
  for_all(extents, [&](const Coordinates& at) {
    int32_t index = 0;
    bool border = false;
    for (int32_t axis = 0; axis < kMaxAxes; ++axis) {
      const int32_t from = source(at[static_cast<size_t>(axis)] - shape.before[axis], shape.extents[axis]);
      border |= from < 0;
      index = index * shape.extents[axis] + from;
    }
    out.push_back(border ? static_cast<T>(shape.value_bits) : in[static_cast<size_t>(index)]);
  });
  return out;
}

TEST(Pad, surrounds_the_hand_example) {
  const int8_t in[] = {1, 2, 3, 4};
  Guarded<int8_t> out(12);
  Pad<int8_t>::run({{1, 1, 1, 1, 2, 2}, {0, 0, 0, 0, 0, 1}, {0, 0, 0, 0, 1, 1}, -9}, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{-9, 1, 2, -9, -9, 3, 4, -9, -9, -9, -9, -9}));
  EXPECT_TRUE(out.intact());
}

TEST(Pad, surrounds_any_number_of_axes) {
  Random random(3);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    const PadShape shape = random_borders(random, 0);
    const auto in = random.values<int16_t>(size(shape, false), -32768, 32767);
    Guarded<int16_t> out(size(shape, true));
    Pad<int16_t>::run(shape, in.data(), out.data(), nullptr);
    ASSERT_EQ(out.values(), padded_by(shape, in, [](int32_t position, int32_t extent) {
                return position < 0 || position >= extent ? -1 : position;
              }));
    ASSERT_TRUE(out.intact());
  }
}

// From TensorFlow's documentation of MirrorPad: [[1, 2, 3], [4, 5, 6]] with the borders [[1, 1], [2, 2]].
TEST(MirrorPad, gives_the_documented_examples) {
  const PadShape shape = {{1, 1, 1, 1, 2, 3}, {0, 0, 0, 0, 1, 2}, {0, 0, 0, 0, 1, 2}, 0};
  const int8_t in[] = {1, 2, 3, 4, 5, 6};
  Guarded<int8_t> out(28);
  MirrorPad<int8_t, 0>::run(shape, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{2, 1, 1, 2, 3, 3, 2, 2, 1, 1, 2, 3, 3, 2,
                                               5, 4, 4, 5, 6, 6, 5, 5, 4, 4, 5, 6, 6, 5}));
  MirrorPad<int8_t, 1>::run(shape, in, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{6, 5, 4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 2, 1,
                                               6, 5, 4, 5, 6, 5, 4, 3, 2, 1, 2, 3, 2, 1}));
  EXPECT_TRUE(out.intact());
}

template <int32_t kEdge>
void expect_mirrors(Random& random) {
  const PadShape shape = random_borders(random, kEdge);
  ASSERT_TRUE((MirrorPad<float, kEdge>::supports(shape, kNoTables)));
  const auto in = random.values<float>(size(shape, false), -1000, 1000);
  Guarded<float> out(size(shape, true));
  MirrorPad<float, kEdge>::run(shape, in.data(), out.data(), nullptr);
  ASSERT_EQ(out.values(), padded_by(shape, in, [](int32_t position, int32_t extent) {
              if (position < 0) return -position - 1 + kEdge;
              return position < extent ? position : extent - 1 - (position - extent + kEdge);
            }));
  const bool exact = test::check_overlay<float>(
      many<float>(random, size(shape, false), -1000, 1000), size(shape, true),
      MirrorPad<float, kEdge>::input_ahead_bytes(shape),
      [&](const float* from, float* to) { MirrorPad<float, kEdge>::run(shape, from, to, nullptr); });
  // An edge that is repeated may be overwritten by itself.
  EXPECT_TRUE(exact || kEdge == 0);
}

TEST(MirrorPad, mirrors_any_number_of_axes_and_announces_how_far_ahead_the_input_must_start) {
  Random random(4);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    expect_mirrors<0>(random);
    expect_mirrors<1>(random);
  }
}

TEST(MirrorPad, refuses_a_border_wider_than_what_it_mirrors) {
  PadShape shape = {{1, 1, 1, 1, 1, 3}, {0, 0, 0, 0, 0, 2}, {0, 0, 0, 0, 0, 2}, 0};
  EXPECT_TRUE((MirrorPad<int8_t, 1>::supports(shape, kNoTables)));
  shape.after[5] = 3;
  EXPECT_FALSE((MirrorPad<int8_t, 1>::supports(shape, kNoTables)));
  EXPECT_TRUE((MirrorPad<int8_t, 0>::supports(shape, kNoTables)));
  shape.before[5] = 4;
  EXPECT_FALSE((MirrorPad<int8_t, 0>::supports(shape, kNoTables)));
}

TEST(Pad, announces_exactly_how_far_ahead_the_input_must_start) {
  Random random(5);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    const PadShape shape = random_borders(random, 0);
    expect_exact_overlay<int32_t>(
        many<int32_t>(random, size(shape, false), -100000, 100000), size(shape, true),
        Pad<int32_t>::input_ahead_bytes(shape),
        [&](const int32_t* in, int32_t* out) { Pad<int32_t>::run(shape, in, out, nullptr); });
  }
}

// Two batches of [2][3]: from the first, columns 2 and 0; from the second, columns 1 and 1.
TEST(Gather, picks_slices_in_each_batch) {
  const float in[] = {0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112};
  const int32_t indices[] = {2, 0, 1, 1};
  Guarded<float> out(8);
  Gather<float>::run({2, 2, 3, 1, 2, 0.0f}, in, indices, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<float>{2, 0, 12, 10, 101, 101, 111, 111}));
  EXPECT_TRUE(out.intact());
}

TEST(Gather, keeps_indices_inside_the_input) {
  const int8_t in[] = {1, 2, 3, 4};
  const int32_t indices[] = {-1, 2, INT32_MIN, INT32_MAX, 1};
  Guarded<int8_t> out(10);
  Gather<int8_t>::run({1, 1, 2, 2, 5, 0.0f}, in, indices, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{1, 2, 3, 4, 1, 2, 3, 4, 3, 4}));
  Guarded<float> scaled(4);
  const int32_t rows[] = {1, 7};
  DequantizedGather::run({1, 1, 2, 2, 2, 0.5f}, in, rows, scaled.data(), nullptr);
  EXPECT_EQ(scaled.values(), (std::vector<float>{1.5f, 2.0f, 1.5f, 2.0f}));
  EXPECT_TRUE(out.intact() && scaled.intact());
}

TEST(Gather, takes_indices_of_64_bits) {
  const int8_t in[] = {1, 2, 3, 4};
  const int64_t indices[] = {1, 0, INT64_MIN, INT64_MAX, int64_t{1} << 32};  // whose lower half is 0
  Guarded<int8_t> out(10);
  Gather<int8_t, int64_t>::run({1, 1, 2, 2, 5, 0.0f}, in, indices, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{3, 4, 1, 2, 1, 2, 3, 4, 3, 4}));
  const int64_t elements[] = {1, 1, 0, 1, INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN};
  Guarded<int8_t> single(4);
  GatherNd<int8_t, int64_t>::run({4, 1, 4, 2, {2, 1}}, in, elements, single.data(), nullptr);
  EXPECT_EQ(single.values(), (std::vector<int8_t>{4, 2, 4, 1}));
  EXPECT_TRUE(out.intact() && single.intact());
}

// [[1, 2], [3, 4], [5, 6]]: whole rows by one number, elements by two; 3 and more rows do not exist, and
// neither does a position in front of the first element.
TEST(GatherNd, picks_slices_and_elements_and_keeps_them_inside) {
  const int8_t in[] = {1, 2, 3, 4, 5, 6};
  const int32_t rows[] = {2, 0, 9, -1};
  Guarded<int8_t> out(8);
  GatherNd<int8_t>::run({4, 2, 6, 1, {2}}, in, rows, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{5, 6, 1, 2, 5, 6, 1, 2}));
  const int32_t elements[] = {1, 1, 0, 3, INT32_MAX, INT32_MAX};
  Guarded<int8_t> single(3);
  GatherNd<int8_t>::run({3, 1, 6, 2, {2, 1}}, in, elements, single.data(), nullptr);
  EXPECT_EQ(single.values(), (std::vector<int8_t>{4, 4, 6}));  // 0 * 2 + 3 is inside, as in TFLite Micro
  EXPECT_TRUE(out.intact() && single.intact());
}

TEST(Gather, announces_exactly_how_far_ahead_each_input_must_start) {
  Random random(6);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    const GatherShape shape = {random.uniform(1, 2), random.uniform(1, 2), random.uniform(1, 3),
                               random.uniform(1, 6), random.uniform(1, 4), 1.0f};
    const int32_t inputs = shape.batch * shape.outer * shape.axis * shape.inner;
    const int32_t outputs = shape.batch * shape.outer * shape.indices * shape.inner;
    const int32_t count = shape.batch * shape.indices;
    SCOPED_TRACE(testing::Message() << shape.batch << " " << shape.outer << " " << shape.axis << " "
                                    << shape.inner << " " << shape.indices);
    bool exact = false;
    for (const auto& indices : many<int32_t>(random, count, 0, shape.axis - 1, 40))
      exact |= test::check_overlay<int8_t>(many<int8_t>(random, inputs), outputs,
                                           Gather<int8_t>::input_ahead_bytes(shape, 0),
                                           [&](const int8_t* in, int8_t* out) {
                                             Gather<int8_t>::run(shape, in, indices.data(), out, nullptr);
                                           });
    EXPECT_TRUE(exact || shape.axis == 1);  // one slice may be overwritten by itself
    std::vector<int8_t> in(static_cast<size_t>(inputs));
    std::iota(in.begin(), in.end(), int8_t{1});
    exact = test::check_overlay<float>(many<int32_t>(random, count, 0, shape.axis - 1, 40), outputs,
                                       DequantizedGather::input_ahead_bytes(shape, 1),
                                       [&](const int32_t* indices, float* out) {
                                         DequantizedGather::run(shape, in.data(), indices, out, nullptr);
                                       });
    EXPECT_TRUE(exact || shape.axis == 1);  // whatever the index, it is 0
    using Wide = Gather<int8_t, int64_t>;
    const int32_t ahead = Wide::input_ahead_bytes(shape, 1);
    exact = test::check_overlay<int8_t>(
        many<int64_t>(random, count, 0, shape.axis - 1, 40), outputs, ahead,
        [&](const int64_t* indices, int8_t* out) { Wide::run(shape, in.data(), indices, out, nullptr); });
    // An index is 8 bytes: it takes long slices to catch up with them.
    EXPECT_TRUE(exact || ahead == 0 || shape.axis == 1);
  }
}

TEST(GatherNd, announces_exactly_how_far_ahead_each_input_must_start) {
  Random random(7);
  for (int32_t repeat = 0; repeat < 200; ++repeat) {
    const int32_t slice = random.uniform(1, 5), rows = random.uniform(2, 4);
    const GatherNdShape shape = {random.uniform(1, 4), slice, slice * rows, 1, {slice}};
    bool exact = false;
    for (const auto& indices : many<int32_t>(random, shape.slices, 0, rows - 1, 40))
      exact |= test::check_overlay<int8_t>(many<int8_t>(random, shape.positions), shape.slices * slice,
                                           GatherNd<int8_t>::input_ahead_bytes(shape, 0),
                                           [&](const int8_t* in, int8_t* out) {
                                             GatherNd<int8_t>::run(shape, in, indices.data(), out, nullptr);
                                           });
    EXPECT_TRUE(exact);
    const auto in = random.values<int8_t>(shape.positions, -128, 127);
    expect_exact_overlay<int8_t>(many<int32_t>(random, shape.slices, 0, rows - 1, 40), shape.slices * slice,
                                 GatherNd<int8_t>::input_ahead_bytes(shape, 1),
                                 [&](const int32_t* indices, int8_t* out) {
                                   GatherNd<int8_t>::run(shape, in.data(), indices, out, nullptr);
                                 });
  }
}

TEST(DynamicUpdateSlice, replaces_a_block_and_moves_it_inside) {
  const std::vector<int8_t> in = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const int8_t update[] = {-1, -2};
  const DynamicUpdateSliceShape shape = {{1, 1, 1, 1, 3, 3}, {1, 1, 1, 1, 1, 2}, 2};
  Guarded<int8_t> out(9);
  const int32_t start[] = {1, 0};
  DynamicUpdateSlice<int8_t, int32_t>::run(shape, in.data(), update, start, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{1, 2, 3, -1, -2, 6, 7, 8, 9}));
  const int64_t far[] = {int64_t{1} << 40, -5};
  DynamicUpdateSlice<int8_t, int64_t>::run(shape, in.data(), update, far, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{1, 2, 3, 4, 5, 6, -1, -2, 9}));
  const int32_t right[] = {-3, 7};
  DynamicUpdateSlice<int8_t, int32_t>::run(shape, in.data(), update, right, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int8_t>{1, -1, -2, 4, 5, 6, 7, 8, 9}));
  EXPECT_TRUE(out.intact());
  const auto ahead = [&](int32_t input) {
    return DynamicUpdateSlice<int8_t, int32_t>::input_ahead_bytes(shape, input);
  };
  expect_exact_overlay<int8_t>(
      std::vector<std::vector<int8_t>>{in}, 9, ahead(0), [&](const int8_t* from, int8_t* to) {
        DynamicUpdateSlice<int8_t, int32_t>::run(shape, from, update, start, to, nullptr);
      });
  EXPECT_EQ(ahead(1), kDisjoint);
  expect_exact_overlay<int8_t>(
      std::vector<std::vector<int32_t>>{{1, 0}, {2, 1}}, 9, ahead(2), [&](const int32_t* from, int8_t* to) {
        DynamicUpdateSlice<int8_t, int32_t>::run(shape, in.data(), update, from, to, nullptr);
      });
}

TEST(BroadcastArgs, joins_shapes_from_the_right) {
  const int32_t longer[] = {4, 1, 3}, shorter[] = {5, 1};
  Guarded<int32_t> out(3);
  BroadcastArgs<int32_t>::run({3, 2}, longer, shorter, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int32_t>{4, 5, 3}));
  BroadcastArgs<int32_t>::run({2, 3}, shorter, longer, out.data(), nullptr);
  EXPECT_EQ(out.values(), (std::vector<int32_t>{4, 5, 3}));
  EXPECT_TRUE(out.intact());
}

TEST(BroadcastArgs, announces_exactly_how_far_ahead_each_input_must_start) {
  const std::vector<int64_t> longer = {4, 1, 3, 1};
  const BroadcastArgsShape shape = {2, 4};
  expect_exact_overlay<int64_t>(std::vector<std::vector<int64_t>>{{5, 6}, {7, 8}}, 4,
                                BroadcastArgs<int64_t>::input_ahead_bytes(shape, 0),
                                [&](const int64_t* in, int64_t* out) {
                                  BroadcastArgs<int64_t>::run(shape, in, longer.data(), out, nullptr);
                                });
  EXPECT_EQ(BroadcastArgs<int64_t>::input_ahead_bytes(shape, 1), 0);
}

}  // namespace
}  // namespace mote::kernels
