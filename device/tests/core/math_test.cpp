// SPDX-License-Identifier: Apache-2.0
// The bounds of core/math.h against the C library's double functions, whose own error is below 2^-28 of a
// unit.
//
// Every 257th float of both signs, all exponents, and every float near the places where a function changes
// its method. MOTE_EVERY_FLOAT=1 in the environment tries all 2^32, about 20 minutes of processor time.
#include "mote/core/math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace mote {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

struct Function {
  const char* name;
  float (*function)(float);
  double (*reference)(double);
  double bound_units;
  std::vector<float> breakpoints;
};

double logistic(double x) {
  return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
}

/// |got - exact| in units of the last place of a float of that size; infinity stands for 2^128.
double error_units(float got, double exact) {
  const double limit = 0x1p128;
  exact = std::clamp(exact, -limit, limit);
  const double value = std::isinf(got) ? std::copysign(limit, got) : double{got};
  const auto exponent = static_cast<int>((std::bit_cast<uint64_t>(exact) >> 52) & 0x7FF) - 1023;
  const auto field = static_cast<uint64_t>(1023 + 23 - std::clamp(exponent, -126, 127));
  return std::abs(value - exact) * std::bit_cast<double>(field << 52);  // 2^(23 - exponent)
}

class MathBound : public testing::TestWithParam<Function> {
 protected:
  void check(uint32_t bits) {
    const float x = std::bit_cast<float>(bits);
    const double exact = GetParam().reference(double{x});
    const float got = GetParam().function(x);
    if (std::isnan(exact) || std::isnan(got)) {
      wrong_nans_ += std::isnan(exact) != std::isnan(got) ? 1 : 0;
      return;
    }
    const double error = error_units(got, exact);
    if (error <= worst_) return;
    worst_ = error;
    worst_at_ = x;
  }

  double worst_ = 0;
  float worst_at_ = 0;
  int wrong_nans_ = 0;
};

TEST_P(MathBound, holds) {
#if defined(__SANITIZE_ADDRESS__)
  const uint64_t stride = 8191, near = 1 << 10;
#else
  const uint64_t stride = std::getenv("MOTE_EVERY_FLOAT") != nullptr ? 1 : 257, near = 1 << 16;
#endif
  for (uint64_t bits = 0; bits < uint64_t{1} << 32; bits += stride) check(static_cast<uint32_t>(bits));
  for (const float breakpoint : GetParam().breakpoints) {
    const auto from = static_cast<uint32_t>(std::bit_cast<uint32_t>(breakpoint) - near / 2);
    for (uint32_t offset = 0; offset < near; ++offset) check(from + offset);
  }
  EXPECT_LE(worst_, GetParam().bound_units) << "at " << worst_at_;
  EXPECT_EQ(wrong_nans_, 0);
  RecordProperty("worst_units", std::to_string(worst_));
}

double sqrt_reference(double x) {
  return std::sqrt(x);
}
double exp_reference(double x) {
  return std::exp(x);
}
double log_reference(double x) {
  return std::log(x);
}
double tanh_reference(double x) {
  return std::tanh(x);
}
double sin_reference(double x) {
  return std::sin(x);
}
double cos_reference(double x) {
  return std::cos(x);
}

INSTANTIATE_TEST_SUITE_P(
    Math, MathBound,
    testing::Values(
        Function{"exp_f32",
                 exp_f32,
                 exp_reference,
                 0.53,
                 {0x1p-25f, -0x1p-25f, 88.72284f, -87.33654f, -103.9721f, 128.0f, -128.0f, 0.3465736f}},
        Function{"log_f32", log_f32, log_reference, 0.53, {1.0f, 1.4142135f, 0.70710677f, 0x1p-126f}},
        Function{"sqrt_f32", sqrt_f32, sqrt_reference, 0.5, {1.0f, 4.0f, 0x1p-126f, 0x1p-149f}},
        Function{
            "logistic_f32", logistic_f32, logistic, 0.53, {0x1p-25f, -0x1p-25f, -103.9721f, 17.3f, -17.3f}},
        Function{"tanh_f32", tanh_f32, tanh_reference, 0.53, {0.5f, -0.5f, 9.01f, 16.0f, 0x1p-126f}},
        Function{"sin_f32",
                 sin_f32,
                 sin_reference,
                 0.53,
                 {0.7853982f, 3.1415927f, 0x1p-126f, 16367173.0f * 0x1p72f}},
        Function{"cos_f32", cos_f32, cos_reference, 0.53, {0.7853982f, 1.5707964f, 16367173.0f * 0x1p72f}}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(Math, special_values_are_those_of_the_real_functions) {
  EXPECT_EQ(exp_f32(0.0f), 1.0f);
  EXPECT_EQ(exp_f32(kInfinity), kInfinity);
  EXPECT_EQ(exp_f32(-kInfinity), 0.0f);
  EXPECT_EQ(log_f32(1.0f), 0.0f);
  EXPECT_EQ(log_f32(0.0f), -kInfinity);
  EXPECT_EQ(log_f32(-0.0f), -kInfinity);
  EXPECT_EQ(log_f32(kInfinity), kInfinity);
  EXPECT_EQ(sqrt_f32(kInfinity), kInfinity);
  EXPECT_EQ(logistic_f32(0.0f), 0.5f);
  EXPECT_EQ(logistic_f32(kInfinity), 1.0f);
  EXPECT_EQ(logistic_f32(-kInfinity), 0.0f);
  EXPECT_EQ(tanh_f32(kInfinity), 1.0f);
  EXPECT_EQ(tanh_f32(-kInfinity), -1.0f);
  EXPECT_EQ(cos_f32(0.0f), 1.0f);
  for (const float x : {-1.0f, -0x1p-149f, -kInfinity}) {
    EXPECT_TRUE(std::isnan(log_f32(x)));
    EXPECT_TRUE(std::isnan(sqrt_f32(x)));
  }
  EXPECT_TRUE(std::isnan(sin_f32(kInfinity)));
  EXPECT_TRUE(std::isnan(cos_f32(-kInfinity)));
  for (const auto function : {exp_f32, log_f32, sqrt_f32, logistic_f32, tanh_f32, sin_f32, cos_f32})
    EXPECT_TRUE(std::isnan(function(kNan)));
}

TEST(Math, zeros_keep_their_sign) {
  for (const auto function : {sqrt_f32, tanh_f32, sin_f32}) {
    EXPECT_FALSE(std::signbit(function(0.0f)));
    EXPECT_TRUE(std::signbit(function(-0.0f)));
    EXPECT_EQ(function(-0.0f), 0.0f);
  }
}

}  // namespace
}  // namespace mote
