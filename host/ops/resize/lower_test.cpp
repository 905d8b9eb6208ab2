// SPDX-License-Identifier: Apache-2.0
#include "ops/lower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include "ops/node_test.h"
#include "ops/resize/resize.h"

namespace mote::ops::resize {
namespace {

using namespace ops::test;
using graph::DType;

/// Sizes whose ratios, with corners aligned or not, are multiples of 2^-9: positions are exact in float and
/// in the integers of the kernels.
struct Sizes {
  std::int32_t in;
  std::int32_t out;
};
constexpr Sizes kPlain[] = {{4, 8}, {3, 6}, {4, 2}, {5, 4}, {2, 2}, {3, 1}, {1, 4}};
constexpr Sizes kAligned[] = {{3, 5}, {5, 3}, {2, 3}, {4, 4}, {1, 3}, {6, 5}};

/// Where the middle of an output pixel lies among those of the input.
double position(const Attributes& attributes, Sizes sizes, std::int32_t out) {
  if (attributes.align_corners && sizes.out > 1) return out * (sizes.in - 1.0) / (sizes.out - 1.0);
  const double ratio = static_cast<double>(sizes.in) / sizes.out;
  return attributes.half_pixel_centers ? (out + 0.5) * ratio - 0.5 : out * ratio;
}

std::int32_t inside(double place, std::int32_t extent) {
  return std::clamp(static_cast<std::int32_t>(place), 0, extent - 1);
}

/// An image [2][rows][cols][3], and what it becomes.
struct Image {
  Attributes attributes;
  Sizes rows;
  Sizes cols;

  Extents in_shape() const { return {2, rows.in, cols.in, 3}; }
  Extents out_shape() const { return {2, rows.out, cols.out, 3}; }

  double at(const std::vector<double>& in, const Extents& place, std::int32_t row, std::int32_t col) const {
    return in[index_of(in_shape(), {place[0], row, col, place[3]})];
  }
  double bilinear(const std::vector<double>& in, const Extents& place) const {
    const double row = position(attributes, rows, place[1]), col = position(attributes, cols, place[2]);
    const double down = row - std::floor(row), right = col - std::floor(col);
    const std::int32_t top = inside(std::floor(row), rows.in), bottom = inside(std::floor(row) + 1, rows.in);
    const std::int32_t first = inside(std::floor(col), cols.in),
                       second = inside(std::floor(col) + 1, cols.in);
    if (row < 0 || col < 0) {  // before the middle of the first pixel there is only that
      const double only_down = row < 0 ? 0 : down, only_right = col < 0 ? 0 : right;
      return (at(in, place, top, first) * (1 - only_right) + at(in, place, top, second) * only_right) *
                 (1 - only_down) +
             (at(in, place, bottom, first) * (1 - only_right) + at(in, place, bottom, second) * only_right) *
                 only_down;
    }
    return (at(in, place, top, first) * (1 - right) + at(in, place, top, second) * right) * (1 - down) +
           (at(in, place, bottom, first) * (1 - right) + at(in, place, bottom, second) * right) * down;
  }
  /// The pixel that an output pixel begins in, or the middle of one that it lies nearest to.
  double nearest(const std::vector<double>& in, const Extents& place) const {
    const auto source = [&](Sizes sizes, std::int32_t out) {
      const double ratio = attributes.align_corners && sizes.out > 1
                               ? (sizes.in - 1.0) / (sizes.out - 1.0)
                               : static_cast<double>(sizes.in) / sizes.out;
      const double where = (out + (attributes.half_pixel_centers ? 0.5 : 0.0)) * ratio;
      return inside(std::floor(attributes.align_corners ? where + 0.5 : where), sizes.in);
    };
    return at(in, place, source(rows, place[1]), source(cols, place[2]));
  }

  template <class T>
  std::vector<double> expected(const std::vector<T>& in) const {
    const std::vector<double> real(in.begin(), in.end());
    std::vector<double> out;
    for (std::size_t index = 0; index < count_of(out_shape()); ++index) {
      const Extents place = coordinates(out_shape(), index);
      out.push_back(attributes.bilinear ? bilinear(real, place) : nearest(real, place));
    }
    return out;
  }

  template <class T>
  std::vector<T> run(graph::Value in_type, graph::Value out_type, const std::vector<T>& in,
                     const LowerOptions& options = {}) const {
    OneNode node("resize", to_map(attributes));
    node.input(std::move(in_type), in).list({rows.out, cols.out}).output(std::move(out_type));
    return node.run<T>(options);
  }
};

/// Calls `test` with images of all sizes and alignments.
template <class Test>
void for_images(bool bilinear, Test test) {
  for (const bool align_corners : {false, true})
    for (const bool half_pixel_centers : {false, true}) {
      if (bilinear && align_corners && half_pixel_centers) continue;  // refused
      const std::span<const Sizes> all =
          align_corners ? std::span<const Sizes>(kAligned) : std::span<const Sizes>(kPlain);
      for (const Sizes rows : all)
        for (const Sizes cols : all) {
          SCOPED_TRACE(testing::Message()
                       << rows.in << " x " << cols.in << " to " << rows.out << " x " << cols.out
                       << (align_corners ? ", aligned" : "") << (half_pixel_centers ? ", half pixels" : ""));
          test(Image{{bilinear, align_corners, half_pixel_centers}, rows, cols});
        }
    }
}

TEST(ResizeNearest, MovesPixels) {
  Rng rng(1);
  for_images(false, [&](const Image& image) {
    const auto in = whole<std::int8_t>(rng, count_of(image.in_shape()), -128, 127);
    const auto wanted = image.expected(in);
    EXPECT_EQ(image.run(int8s(image.in_shape()), int8s(image.out_shape()), in),
              std::vector<std::int8_t>(wanted.begin(), wanted.end()));
  });
}

TEST(ResizeBilinear, IntegersAreRoundedOnce) {
  Rng rng(2);
  for_images(true, [&](const Image& image) {
    const auto in = whole<std::int8_t>(rng, count_of(image.in_shape()), -128, 127);
    const auto wide = whole<std::int16_t>(rng, count_of(image.in_shape()), -32768, 32767);
    for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle}) {
      expect_quantized(
          image.run(int8s(image.in_shape()), int8s(image.out_shape()), in, {.rounding = rounding}),
          image.expected(in), 1, 0, 0.5);
      expect_quantized(image.run(int16s(image.in_shape(), 0.5f), int16s(image.out_shape(), 0.5f), wide,
                                 {.rounding = rounding}),
                       image.expected(wide), 1, 0, 0.5);
    }
  });
}

TEST(ResizeBilinear, FloatsAreWithinTheirRoundings) {
  Rng rng(3);
  for_images(true, [&](const Image& image) {
    const auto in = reals(rng, count_of(image.in_shape()));
    // Weights are exact; eight roundings of products of at most 1.5 each.
    expect_close(image.run(floats(image.in_shape()), floats(image.out_shape()), in), image.expected(in),
                 8 * 1.5 * 0x1p-24);
  });
}

}  // namespace
}  // namespace mote::ops::resize
