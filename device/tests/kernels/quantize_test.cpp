// SPDX-License-Identifier: Apache-2.0
#include "mote/kernels/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/cast.h"
#include "overlap.h"

namespace mote::kernels {
namespace {

/// Also that the kernel runs at exactly the overlap it announces.
template <class Kernel>
std::vector<typename Kernel::Out> run(typename Kernel::Shape shape,
                                      const std::vector<typename Kernel::In>& in) {
  using In = typename Kernel::In;
  using Out = typename Kernel::Out;
  shape.count = static_cast<int32_t>(in.size());
  EXPECT_TRUE(Kernel::supports(shape, {}));
  test::Guarded<Out> out(shape.count);
  Kernel::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  test::expect_exact_overlap<Out>(in, in.size(), Kernel::input_ahead_bytes(shape),
                                  [&](const In* from, Out* to) { Kernel::run(shape, from, to, nullptr); });
  return out.values();
}

template <class From, class To>
std::vector<To> requantize_by_0_7(int32_t input_zero_point, int32_t output_zero_point,
                                  const std::vector<From>& in) {
  return run<Requantize<From, To>>({0, input_zero_point, output_zero_point, 1503238554, 0,
                                    IntegerRange<To>::kMin, IntegerRange<To>::kMax, Rounding::kDouble},
                                   in);
}

// Expected outputs are what TFLite Micro's reference kernel gave.
TEST(Requantize, changes_scale_and_type_as_tflite) {
  const std::vector<int32_t> int32 = {-2000000, -12345, -3, 0, 1, 500, 20000, 2000000};
  const std::vector<int16_t> int16 = {-32768, -12345, -3, 0, 1, 500, 20000, 32767};
  const std::vector<int8_t> int8 = {-128, -77, -3, 0, 1, 5, 90, 127};
  const std::vector<uint8_t> uint8 = {0, 1, 127, 128, 129, 200, 254, 255};
  EXPECT_EQ((requantize_by_0_7<int32_t, int16_t>(4, -7, int32)),
            (std::vector<int16_t>{-32768, -8651, -12, -10, -9, 340, 13990, 32767}));
  EXPECT_EQ((requantize_by_0_7<int32_t, int8_t>(4, -7, int32)),
            (std::vector<int8_t>{-128, -128, -12, -10, -9, 127, 127, 127}));
  EXPECT_EQ((requantize_by_0_7<int16_t, int8_t>(4, -7, int16)),
            (std::vector<int8_t>{-128, -128, -12, -10, -9, 127, 127, 127}));
  EXPECT_EQ((requantize_by_0_7<int16_t, int16_t>(4, -7, int16)),
            (std::vector<int16_t>{-22947, -8651, -12, -10, -9, 340, 13990, 22927}));
  EXPECT_EQ((requantize_by_0_7<int16_t, int32_t>(4, -7, int16)),
            (std::vector<int32_t>{-22947, -8651, -12, -10, -9, 340, 13990, 22927}));
  EXPECT_EQ((requantize_by_0_7<int8_t, int8_t>(4, -7, int8)),
            (std::vector<int8_t>{-99, -64, -12, -10, -9, -6, 53, 79}));
  EXPECT_EQ((requantize_by_0_7<int8_t, uint8_t>(4, 120, int8)),
            (std::vector<uint8_t>{28, 63, 115, 117, 118, 121, 180, 206}));
  EXPECT_EQ((requantize_by_0_7<int8_t, int16_t>(4, -7, int8)),
            (std::vector<int16_t>{-99, -64, -12, -10, -9, -6, 53, 79}));
  EXPECT_EQ((requantize_by_0_7<int8_t, int32_t>(4, -7, int8)),
            (std::vector<int32_t>{-99, -64, -12, -10, -9, -6, 53, 79}));
  EXPECT_EQ((requantize_by_0_7<uint8_t, int8_t>(120, -7, uint8)),
            (std::vector<int8_t>{-91, -90, -2, -1, -1, 49, 87, 88}));
}

// Scale 2^-11 to 2^-4: divided by 128; 2048 is 16, 64 is a half and goes away from zero;
// 63 is halved to 31.5 -> 32 first, and so a half too. Zero point -3.
TEST(Requantize, turns_int16_into_int8_by_the_hand_example) {
  EXPECT_EQ((run<Requantize<int16_t, int8_t>>({0, 0, -3, 1 << 30, -6, -128, 127, Rounding::kDouble},
                                              {2048, 64, 63, 62, -64, -2048, 32767, -32768})),
            (std::vector<int8_t>{13, -2, -2, -3, -4, -19, 127, -128}));
}

TEST(Requantize, supports_shifts_that_cannot_overflow) {
  using FromInt16 = Requantize<int16_t, int8_t>;
  EXPECT_FALSE(FromInt16::supports({1, -128, 0, INT32_MAX, 15, -128, 127, Rounding::kDouble}, {}));
  EXPECT_FALSE(
      (Requantize<int8_t, int8_t>::supports({1, 0, 0, INT32_MAX, 23, -128, 127, Rounding::kDouble}, {})));
  // At the bound the largest input saturates rather than wraps.
  EXPECT_EQ((run<FromInt16>({0, -128, 127, INT32_MAX, 14, -128, 127, Rounding::kDouble}, {32767, -32768})),
            (std::vector<int8_t>{127, -128}));
  EXPECT_EQ((run<Requantize<int8_t, int8_t>>({0, -128, 0, INT32_MAX, 22, -128, 127, Rounding::kDouble},
                                             {127, -128})),
            (std::vector<int8_t>{127, 0}));
}

// RELU and RELU6 of int16. -2 / 4 is -1/2.
TEST(Requantize, clamps_where_asked_and_rounds_once_or_twice) {
  const std::vector<int16_t> in = {-2, 100, -100};
  EXPECT_EQ((run<Requantize<int16_t, int16_t>>({0, 0, 0, 1 << 30, -1, -20, 20, Rounding::kDouble}, in)),
            (std::vector<int16_t>{-1, 20, -20}));
  EXPECT_EQ((run<Requantize<int16_t, int16_t>>({0, 0, 0, 1 << 30, -1, -20, 20, Rounding::kSingle}, in)),
            (std::vector<int16_t>{0, 20, -20}));
}

TEST(Requantize, refuses_bounds_that_the_output_type_lacks) {
  EXPECT_TRUE(
      (Requantize<int8_t, int8_t>::supports({1, 0, 0, 1 << 30, 0, -128, 127, Rounding::kDouble}, {})));
  EXPECT_FALSE(
      (Requantize<int8_t, int8_t>::supports({1, 0, 0, 1 << 30, 0, -129, 127, Rounding::kDouble}, {})));
  EXPECT_FALSE(
      (Requantize<int8_t, uint8_t>::supports({1, 0, 0, 1 << 30, 0, -1, 127, Rounding::kDouble}, {})));
  EXPECT_FALSE(
      (Requantize<int8_t, int8_t>::supports({1, 0, 0, 1 << 30, 31, -128, 127, Rounding::kDouble}, {})));
}

TEST(Quantize, rounds_halves_away_from_zero_and_saturates) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> in = {0.0f,      0.25f,         -0.25f, 0.2499f, 1e30f,
                                 -infinity, std::nanf(""), 63.0f,  -64.5f};
  EXPECT_EQ(run<Quantize<int8_t>>({0, 0.5f, 1}, in),
            (std::vector<int8_t>{1, 2, 0, 1, 127, -128, 1, 127, -128}));
  EXPECT_EQ(run<Quantize<int16_t>>({0, 0.5f, 1}, in),
            (std::vector<int16_t>{1, 2, 0, 1, 32767, -32768, 1, 127, -128}));
  // A zero point at the end of the range still leaves the whole range in front of it.
  EXPECT_EQ(run<Quantize<int16_t>>({0, 1.0f, -32768}, {65535.0f, 65534.0f, -1.0f}),
            (std::vector<int16_t>{32767, 32766, -32768}));
}

TEST(Dequantize, rounds_once) {
  EXPECT_EQ(run<Dequantize<int8_t>>({0, 0.1f, -128}, {-128, -127, 127}),
            (std::vector<float>{0.0f, 0.1f, static_cast<float>(255.0 * static_cast<double>(0.1f))}));
  EXPECT_EQ(run<Dequantize<uint8_t>>({0, 0.5f, 128}, {0, 128, 255}),
            (std::vector<float>{-64.0f, 0.0f, 63.5f}));
  EXPECT_EQ(run<Dequantize<int16_t>>({0, 0.5f, 0}, {-32768, 1, 32767}),
            (std::vector<float>{-16384.0f, 0.5f, 16383.5f}));
}

TEST(Affine, refuses_a_scale_of_zero_and_zero_points_out_of_range) {
  EXPECT_FALSE(Quantize<int8_t>::supports({1, 0.0f, 0}, {}));
  EXPECT_FALSE(Quantize<int8_t>::supports({1, 1.0f, 128}, {}));
  EXPECT_TRUE(Dequantize<uint8_t>::supports({1, 1.0f, 128}, {}));
  EXPECT_FALSE(Dequantize<uint8_t>::supports({1, 1.0f, -1}, {}));
}

TEST(Cast, takes_integers_modulo_their_size) {
  EXPECT_EQ((run<Cast<int32_t, int8_t>>({}, {300, -129, 5})), (std::vector<int8_t>{44, 127, 5}));
  EXPECT_EQ((run<Cast<int8_t, uint32_t>>({}, {-1, 5})), (std::vector<uint32_t>{UINT32_MAX, 5}));
  EXPECT_EQ((run<Cast<uint32_t, int16_t>>({}, {65535, 7})), (std::vector<int16_t>{-1, 7}));
  EXPECT_EQ((run<Cast<int64_t, int32_t>>({}, {int64_t{1} << 32, -7})), (std::vector<int32_t>{0, -7}));
  EXPECT_EQ((run<Cast<int16_t, int64_t>>({}, {-300, 7})), (std::vector<int64_t>{-300, 7}));
  EXPECT_EQ(run<CastFromBool<int16_t>>({}, {0, 1, 2}), (std::vector<int16_t>{0, 1, 1}));
}

TEST(Cast, takes_floats_towards_zero_and_saturates_beyond_int32) {
  const std::vector<float> in = {1.9f, 3e9f, -3e9f, 1e30f, std::nanf(""), -1.9f};
  EXPECT_EQ((run<Cast<float, int32_t>>({}, in)),
            (std::vector<int32_t>{1, INT32_MAX, INT32_MIN, INT32_MAX, 0, -1}));
  EXPECT_EQ((run<Cast<float, uint32_t>>({}, in)),
            (std::vector<uint32_t>{1, 3000000000u, 0, UINT32_MAX, 0, 0}));
  EXPECT_EQ((run<Cast<float, int64_t>>({}, in)),
            (std::vector<int64_t>{1, 3000000000, -3000000000, INT64_MAX, 0, -1}));
  EXPECT_EQ((run<Cast<float, int8_t>>({}, {1.9f, -128.5f, 300.0f})), (std::vector<int8_t>{1, -128, 44}));
  EXPECT_EQ((run<Cast<float, int16_t>>({}, {-1.9f, 40000.0f})), (std::vector<int16_t>{-1, -25536}));
}

TEST(Cast, rounds_integers_to_the_nearest_float) {
  EXPECT_EQ((run<Cast<int32_t, float>>({}, {16777217, -3})), (std::vector<float>{16777216.0f, -3.0f}));
  EXPECT_EQ((run<Cast<uint32_t, float>>({}, {UINT32_MAX})), (std::vector<float>{4294967296.0f}));
}

// 64 elements of different types, so that a compiler that took them for disjoint would have vectors to fill.
TEST(Elementwise, may_overlay_an_input_of_another_type) {
  std::vector<int16_t> in;
  for (int16_t value = 0; value < 64; ++value) in.push_back(static_cast<int16_t>(value * 321 - 9999));
  const std::vector<float> out = run<Cast<int16_t, float>>({}, in);
  for (size_t index = 0; index < in.size(); ++index) EXPECT_EQ(out[index], static_cast<float>(in[index]));
}

}  // namespace
}  // namespace mote::kernels
