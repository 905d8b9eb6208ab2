// SPDX-License-Identifier: Apache-2.0
// Resizing of images: hand examples, TFLite Micro's outputs, and how far ahead the input must start.
#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "mote/kernels/resize_variants.h"
#include "overlay_test.h"
#include "reference_sweep.h"

namespace mote::kernels {
namespace {

using test::Guarded;
using test::Random;

constexpr Limits kNoTables = {0, 0, 0, 0};

template <class Kernel, class T>
std::vector<T> resized(const ResizeShape& shape, const std::vector<T>& in) {
  Guarded<T> out(shape.batch * shape.out_height * shape.out_width * shape.channels);
  Kernel::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  return out.values();
}

// Width 2 to 4. Plain: positions 0, 0.5, 1, 1.5. Corners aligned: 0, 1/3, 2/3, 1. Centres: -0.25, 0.25, 0.75,
// 1.25.
TEST(ResizeBilinear, gives_the_hand_examples) {
  const std::vector<int8_t> in = {0, 120};
  ResizeShape shape = {1, 1, 2, 1, 1, 4, false, false, Rounding::kDouble};
  using Integer = ResizeBilinearInteger<int8_t>;
  EXPECT_EQ((resized<Integer>(shape, in)), (std::vector<int8_t>{0, 60, 120, 120}));
  shape.half_pixel_centers = true;
  EXPECT_EQ((resized<Integer>(shape, in)), (std::vector<int8_t>{0, 30, 90, 120}));
  shape.half_pixel_centers = false;
  shape.align_corners = true;
  EXPECT_EQ((resized<Integer>(shape, in)), (std::vector<int8_t>{0, 40, 80, 120}));  // 341/1024 each
  EXPECT_EQ((resized<ResizeBilinearFloat, float>({1, 1, 2, 1, 1, 4, false, true, Rounding::kDouble}, {1, 9})),
            (std::vector<float>{1, 3, 7, 9}));
}

// Halfway between -1 and 0 is -0.5.
TEST(ResizeBilinear, rounds_halves_away_from_zero_or_upwards) {
  const std::vector<int8_t> in = {-1, 0};
  using Integer = ResizeBilinearInteger<int8_t>;
  EXPECT_EQ((resized<Integer>({1, 1, 2, 1, 1, 4, false, false, Rounding::kDouble}, in)[1]), -1);
  EXPECT_EQ((resized<Integer>({1, 1, 2, 1, 1, 4, false, false, Rounding::kSingle}, in)[1]), 0);
}

TEST(ResizeNearest, gives_the_hand_examples) {
  const std::vector<int16_t> in = {1, 2, 3};
  ResizeShape shape = {1, 1, 3, 1, 1, 5, false, false, Rounding::kDouble};
  using Kernel = ResizeNearest<int16_t>;
  EXPECT_EQ((resized<Kernel>(shape, in)), (std::vector<int16_t>{1, 1, 2, 2, 3}));  // 0, 0.6, 1.2, 1.8, 2.4
  shape.half_pixel_centers = true;
  EXPECT_EQ((resized<Kernel>(shape, in)), (std::vector<int16_t>{1, 1, 2, 3, 3}));  // 0.3, 0.9, 1.5, 2.1, 2.7
  shape.half_pixel_centers = false;
  shape.align_corners = true;
  EXPECT_EQ((resized<Kernel>(shape, in)), (std::vector<int16_t>{1, 2, 2, 3, 3}));  // 0, 0.5, 1, 1.5, 2
}

template <class Kernel, class T>
uint32_t sweep(bool both) {
  return test::sweep_resize<T>(
      both, [](const ResizeShape& shape, const std::vector<T>& in) { return resized<Kernel>(shape, in); });
}

TEST(Resize, gives_the_bytes_of_the_reference_kernels) {
  EXPECT_EQ((sweep<ResizeNearest<int8_t>, int8_t>(true)), 0x3D177449u);
  EXPECT_EQ((sweep<ResizeNearest<int16_t>, int16_t>(true)), 0xCC1C4AB9u);
  EXPECT_EQ((sweep<ResizeNearest<float>, float>(true)), 0x6D7B3F76u);
  EXPECT_EQ((sweep<ResizeBilinearInteger<int8_t>, int8_t>(false)), 0x71B1B6F0u);
  EXPECT_EQ((sweep<ResizeBilinearInteger<int16_t>, int16_t>(false)), 0xFD767B87u);
  EXPECT_EQ((sweep<ResizeBilinearFloat, float>(false)), 0x3FB45CECu);
}

// The ratio 1/227 is 4.51/1024, rounded to 5/1024, so that positions would end at 1130/1024.
TEST(ResizeBilinear, reads_the_last_pixel_where_rounded_positions_pass_it) {
  const std::vector<int8_t> in = {77};
  const ResizeShape shape = {1, 1, 1, 1, 1, 227, false, false, Rounding::kDouble};
  EXPECT_EQ((resized<ResizeBilinearInteger<int8_t>>(shape, in)), std::vector<int8_t>(227, 77));
}

template <class Kernel, class T>
void expect_exact_ahead() {
  Random random(30);
  for (int32_t repeat = 0; repeat < 150; ++repeat) {
    ResizeShape shape = {random.uniform(1, 2),
                         random.uniform(1, 5),
                         random.uniform(1, 5),
                         random.uniform(1, 2),
                         random.uniform(1, 9),
                         random.uniform(1, 9),
                         false,
                         false,
                         Rounding::kDouble};
    shape.align_corners = repeat % 3 == 1;
    shape.half_pixel_centers = repeat % 3 == 2;
    std::vector<std::vector<T>> inputs;
    for (int32_t input = 0; input < 12; ++input)
      inputs.push_back(
          test::any_values<T>(random, shape.batch * shape.in_height * shape.in_width * shape.channels));
    SCOPED_TRACE(testing::Message() << "repeat " << repeat);
    const bool exact = test::check_overlay<T>(
        inputs, shape.batch * shape.out_height * shape.out_width * shape.channels,
        Kernel::input_ahead_bytes(shape), [&](const T* in, T* out) { Kernel::run(shape, in, out, nullptr); });
    // A pixel that is shown several times may be overwritten by itself.
    EXPECT_TRUE(exact || shape.out_height > shape.in_height || shape.out_width > shape.in_width);
  }
}

TEST(Resize, announces_exactly_how_far_ahead_the_input_must_start) {
  expect_exact_ahead<ResizeNearest<int16_t>, int16_t>();
  expect_exact_ahead<ResizeBilinearInteger<int16_t>, int16_t>();
  expect_exact_ahead<ResizeBilinearFloat, float>();
}

TEST(Resize, refuses_both_alignments_at_once_for_bilinear_and_sizes_out_of_range) {
  ResizeShape shape = {1, 2, 2, 1, 4, 4, true, true, Rounding::kDouble};
  EXPECT_FALSE(ResizeBilinearFloat::supports(shape, kNoTables));
  EXPECT_FALSE(ResizeBilinearInteger<int8_t>::supports(shape, kNoTables));
  EXPECT_TRUE(ResizeNearest<int8_t>::supports(shape, kNoTables));
  shape.align_corners = false;
  EXPECT_TRUE(ResizeBilinearFloat::supports(shape, kNoTables));
  shape.out_width = 1 << 19;
  EXPECT_TRUE(ResizeBilinearInteger<int8_t>::supports(shape, kNoTables));
  ++shape.out_width;
  EXPECT_FALSE(ResizeBilinearInteger<int8_t>::supports(shape, kNoTables));
}

}  // namespace
}  // namespace mote::kernels
