// SPDX-License-Identifier: Apache-2.0
#include "mote/kernels/unary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/lookup.h"

namespace mote::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

template <class Kernel>
std::vector<typename Kernel::Out> run(typename Kernel::Shape shape,
                                      const std::vector<typename Kernel::In>& in) {
  shape.count = static_cast<int32_t>(in.size());
  EXPECT_TRUE(Kernel::supports(shape, {}));
  EXPECT_EQ(Kernel::input_ahead_bytes(shape), 0);
  test::Guarded<typename Kernel::Out> out(shape.count);
  Kernel::run(shape, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  std::vector<typename Kernel::In> in_place = in;
  Kernel::run(shape, in_place.data(), in_place.data(), nullptr);
  EXPECT_EQ(in_place, out.values());
  return out.values();
}

template <class Kernel>
std::vector<float> run(const std::vector<float>& in) {
  return run<Kernel>(UnaryShape{}, in);
}

using Floats = std::vector<float>;

TEST(UnaryFloat, gives_exact_results) {
  EXPECT_EQ(run<AbsFloat>({-2.5f, 0.0f, 7.0f}), (Floats{2.5f, 0.0f, 7.0f}));
  EXPECT_EQ(run<NegateFloat>({-2.5f, 0.0f, 7.0f}), (Floats{2.5f, -0.0f, -7.0f}));
  EXPECT_EQ(run<SquareFloat>({-2.5f, 0.0f, 1e30f}), (Floats{6.25f, 0.0f, kInfinity}));
  EXPECT_EQ(run<FloorFloat>({-2.5f, 2.5f, 3.0f}), (Floats{-3.0f, 2.0f, 3.0f}));
  EXPECT_EQ(run<CeilFloat>({-2.5f, 2.5f, 3.0f}), (Floats{-2.0f, 3.0f, 3.0f}));
  EXPECT_EQ(run<RoundFloat>({-2.5f, 2.5f, 3.5f, 2.51f}), (Floats{-2.0f, 2.0f, 4.0f, 3.0f}));
  EXPECT_EQ(run<SqrtFloat>({0.0f, 2.25f, 1e-40f}), (Floats{0.0f, 1.5f, std::sqrt(1e-40f)}));
  EXPECT_EQ(run<RsqrtFloat>({0.25f, 4.0f, 0.0f}), (Floats{2.0f, 0.5f, kInfinity}));
}

// The functions themselves are tested with mote/core/math.h.
TEST(UnaryFloat, calls_the_function_it_is_named_after) {
  EXPECT_EQ(run<ExpFloat>({0.0f, 1.0f}), (Floats{1.0f, exp_f32(1.0f)}));
  EXPECT_EQ(run<LogFloat>({1.0f, 2.0f}), (Floats{0.0f, log_f32(2.0f)}));
  EXPECT_EQ(run<SinFloat>({0.0f, 1.0f}), (Floats{0.0f, sin_f32(1.0f)}));
  EXPECT_EQ(run<CosFloat>({0.0f, 1.0f}), (Floats{1.0f, cos_f32(1.0f)}));
  EXPECT_EQ(run<TanhFloat>({0.0f, 1.0f}), (Floats{0.0f, tanh_f32(1.0f)}));
  EXPECT_EQ(run<LogisticFloat>({0.0f, 1.0f}), (Floats{0.5f, logistic_f32(1.0f)}));
}

TEST(UnaryFloat, clamps_and_bends) {
  const Floats in = {-7.0f, -1.5f, 0.0f, 0.5f, 9.0f};
  EXPECT_EQ(run<ClampFloat>({0, 0.0f, kInfinity}, in), (Floats{0.0f, 0.0f, 0.0f, 0.5f, 9.0f}));
  EXPECT_EQ(run<ClampFloat>({0, -1.0f, 1.0f}, in), (Floats{-1.0f, -1.0f, 0.0f, 0.5f, 1.0f}));
  EXPECT_EQ(run<LeakyReluFloat>({0, 0.25f}, in), (Floats{-1.75f, -0.375f, 0.0f, 0.5f, 9.0f}));
  EXPECT_EQ(run<HardSwishFloat>(in), (Floats{-0.0f, -0.375f, 0.0f, 1.75f / 6.0f, 9.0f}));
}

TEST(EluFloat, stays_within_four_units_in_the_last_place) {
  double worst = 0.0;
  for (float x = -1e-30f; x > -104.0f; x *= 1.0001f) {
    const double exact = std::expm1(static_cast<double>(x));
    const double unit = std::ldexp(1.0, std::ilogb(exact) - 23);
    float y = 0.0f;
    EluFloat::run({1}, &x, &y, nullptr);
    worst = std::max(worst, std::fabs(static_cast<double>(y) - exact) / unit);
  }
  EXPECT_LE(worst, 4.0);
  EXPECT_EQ(run<EluFloat>({0.0f, 3.5f, -kInfinity}), (Floats{0.0f, 3.5f, -1.0f}));
}

// Expected outputs here and below are what TFLite Micro's reference kernels gave.
TEST(LeakyReluInt16, scales_either_side_as_tflite) {
  const std::vector<int16_t> in = {-32768, -12345, -3, 0, 1, 500, 20000, 32767};
  EXPECT_EQ(run<LeakyReluInt16>({0, 0, 0, 1782411428, 0, 1690499128, -6, Rounding::kDouble}, in),
            (std::vector<int16_t>{-403, -152, 0, 0, 1, 415, 16600, 27197}));
  EXPECT_EQ(run<LeakyReluInt16>({0, 0, 0, 1782411428, 0, -1782411428, 0, Rounding::kDouble}, in),
            (std::vector<int16_t>{27197, 10246, 2, 0, 1, 415, 16600, 27197}));
}

// -2 / 4: away from zero when rounded twice, upward when rounded once.
TEST(UnaryInt16, rounds_once_or_twice_as_asked) {
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle}) {
    const int16_t half = rounding == Rounding::kDouble ? -1 : 0;
    EXPECT_EQ(run<LeakyReluInt16>({0, 0, 0, 1 << 30, -1, 1 << 30, -1, rounding}, {-2})[0], half);
    EXPECT_EQ(run<LeakyReluInt16>({0, 0, 0, 1 << 30, -1, -(1 << 30), -1, rounding}, {-2})[0], -half);
  }
}

TEST(AbsInt16, rescales_and_saturates_unless_the_numbers_are_plain) {
  const std::vector<int16_t> in = {-32768, -32767, -3, 0, 5};
  EXPECT_EQ(run<AbsInt16>({0, 1 << 30, 1, 32767, Rounding::kDouble}, in),
            (std::vector<int16_t>{32767, 32767, 3, 0, 5}));
  EXPECT_EQ(run<AbsInt16>({0, 1 << 30, 1, 32768, Rounding::kDouble}, in),
            (std::vector<int16_t>{-32768, 32767, 3, 0, 5}));
  EXPECT_EQ(run<AbsInt16>({0, 1 << 30, -1, 32767, Rounding::kSingle}, in),
            (std::vector<int16_t>{8192, 8192, 1, 0, 1}));
}

TEST(RsqrtInt16, divides_by_the_root_as_tflite) {
  EXPECT_EQ(run<RsqrtInt16>({0, 1465429510, 15, Rounding::kDouble}, {1, 2, 3, 100, 12345, 32767, 0, -5}),
            (std::vector<int16_t>{22361, 15811, 12910, 2236, 201, 124, 32767, 32767}));
}

TEST(LogicalNot, gives_zero_for_any_byte_but_zero) {
  EXPECT_EQ(run<LogicalNot>(UnaryShape{}, {0, 1, 2, 255}), (std::vector<uint8_t>{1, 0, 0, 0}));
}

TEST(Lookup, gives_each_of_the_256_inputs_its_entry) {
  std::vector<int8_t> table(256);
  std::vector<int8_t> in(256);
  std::vector<int8_t> expected(256);
  for (int32_t value = -128; value < 128; ++value) {
    const auto index = static_cast<size_t>(value + 128);
    in[index] = static_cast<int8_t>(value);
    expected[index] = static_cast<int8_t>(value * 89 + 7);
    table[static_cast<uint8_t>(value)] = expected[index];
  }
  test::Guarded<int8_t> out(256);
  EXPECT_TRUE(Lookup::supports({256}, {}));
  EXPECT_EQ(Lookup::input_ahead_bytes({256}), 0);
  Lookup::run({256}, {table.data()}, in.data(), out.data(), nullptr);
  EXPECT_EQ(out.values(), expected);
  EXPECT_TRUE(out.intact());
  Lookup::run({256}, {table.data()}, in.data(), in.data(), nullptr);
  EXPECT_EQ(in, expected);
}

template <class Kernel>
std::vector<int16_t> run_sigmoid(SigmoidShape shape, std::vector<int16_t> in) {
  shape.count = static_cast<int32_t>(in.size());
  EXPECT_TRUE(Kernel::supports(shape, {}));
  EXPECT_EQ(Kernel::input_ahead_bytes(shape), 0);
  test::Guarded<int16_t> out(shape.count);
  Kernel::run(shape, {kSigmoidTable}, in.data(), out.data(), nullptr);
  EXPECT_TRUE(out.intact());
  Kernel::run(shape, {kSigmoidTable}, in.data(), in.data(), nullptr);
  EXPECT_EQ(in, out.values());
  return in;
}

TEST(SigmoidInt16, interpolates_as_tflite) {
  const std::vector<int16_t> in = {-32768, -12345, -500, -1, 0, 1, 700, 32767};
  EXPECT_EQ(run_sigmoid<LogisticInt16>({0, 20000, 3}, in),
            (std::vector<int16_t>{1, 1, 1, 14723, 16384, 18045, 32767, 32767}));
  EXPECT_EQ(run_sigmoid<TanhInt16>({0, 20000, 3}, in),
            (std::vector<int16_t>{-32767, -32767, -32767, -6576, 0, 6576, 32767, 32767}));
  EXPECT_EQ(run_sigmoid<LogisticInt16>({0, 3, 0}, in),
            (std::vector<int16_t>{11, 1534, 15385, 16382, 16384, 16386, 17781, 32757}));
  EXPECT_EQ(run_sigmoid<TanhInt16>({0, 6, 0}, in),
            (std::vector<int16_t>{-32767, -32767, -7845, -16, 0, 16, 10783, 32767}));
  EXPECT_FALSE(LogisticInt16::supports({1, 32768, 0}, {}));
}

}  // namespace
}  // namespace mote::kernels
