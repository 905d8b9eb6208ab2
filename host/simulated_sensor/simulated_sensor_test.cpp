// SPDX-License-Identifier: Apache-2.0
#include "simulated_sensor/simulated_sensor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mote::simulated_sensor {
namespace {

constexpr SensorModel kIdeal = {.noise_g_per_sqrt_hz = 0, .bias_g = {0, 0, 0}};

PersonModel still() {
  return {.name = "still", .tremor_g = 0};
}

std::vector<double> axis_of(const std::vector<double>& values, std::size_t axis) {
  std::vector<double> result;
  for (std::size_t index = axis; index < values.size(); index += 3) result.push_back(values[index]);
  return result;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double largest(const std::vector<double>& values) {
  return std::abs(*std::max_element(values.begin(), values.end(),
                                    [](double a, double b) { return std::abs(a) < std::abs(b); }));
}

double deviation(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

/// Mean magnitude of the change from one sample to the next.
double mean_step(const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t sample = 1; sample < values.size(); ++sample)
    sum += std::abs(values[sample] - values[sample - 1]);
  return sum / static_cast<double>(values.size() - 1);
}

/// A seed whose idle recording begins with at least `samples` of rest.
std::vector<double> rest(const SensorModel& sensor) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    auto values = simulate(kIdeal, still(), {.motion = Motion::kIdle, .seconds = 0.5, .seed = seed});
    if (deviation(axis_of(values, 2)) < 1e-3)
      return simulate(sensor, still(), {.seconds = 0.5, .seed = seed});
  }
  ADD_FAILURE() << "no seed rests";
  return {0, 0, 0};
}

TEST(SimulatedSensor, AHandAtRestReadsOneGOnZ) {
  const auto values = rest(kIdeal);
  EXPECT_NEAR(mean(axis_of(values, 2)), 1.0, 0.02);
  EXPECT_NEAR(mean(axis_of(values, 0)), 0.0, 0.15);  // the arm drifts a few degrees
}

TEST(SimulatedSensor, AQuarterTurnOfTheBoardMovesGravityToAnotherAxis) {
  SensorModel turned = kIdeal;
  turned.mounting = rotation(0, std::numbers::pi / 2);
  EXPECT_NEAR(mean(axis_of(rest(turned), 1)), 1.0, 0.02);
}

TEST(SimulatedSensor, NoiseHasTheDensityOfTheDataSheet) {
  SensorModel noisy = kIdeal;
  noisy.noise_g_per_sqrt_hz = 0.01;  // far above one count; rms = 0.01 * sqrt(50 Hz)
  const auto with = axis_of(rest(noisy), 2), without = axis_of(rest(kIdeal), 2);
  std::vector<double> noise;
  for (std::size_t sample = 0; sample < with.size(); ++sample)
    noise.push_back(with[sample] - without[sample]);
  EXPECT_NEAR(deviation(noise), 0.0707, 0.0707 * 0.3);  // 50 samples: 10 % standard error
}

TEST(SimulatedSensor, ValuesAreWholeCountsWithinTheRange) {
  const SensorModel sensor{.range_g = 2};
  const auto values = simulate(sensor, person(1), {.motion = Motion::kPunch, .seconds = 20});
  for (const double value : values) {
    EXPECT_EQ(value * 16384, std::round(value * 16384));
    EXPECT_LE(std::abs(value), 2.0);
  }
  EXPECT_EQ(largest(axis_of(values, 0)), 2.0) << "a punch saturates a range of 2 g";
}

TEST(SimulatedSensor, PunchesAreFastAlongTheArmAndFlexesTurnGravity) {
  const auto punch = simulate(kIdeal, still(), {.motion = Motion::kPunch, .seconds = 10});
  const auto flex = simulate(kIdeal, still(), {.motion = Motion::kFlex, .seconds = 10});
  EXPECT_GT(mean_step(axis_of(punch, 0)), 2 * mean_step(axis_of(flex, 0)));
  EXPECT_LT(*std::min_element(flex.begin() + 2, flex.end()), -0.5) << "the forearm passes the vertical";
}

TEST(SimulatedSensor, TheSeedIsTheRecording) {
  const Scene scene{.motion = Motion::kFlex, .seconds = 2, .seed = 7};
  Scene other = scene;
  other.seed = 8;
  EXPECT_EQ(simulate({}, person(0), scene), simulate({}, person(0), scene));
  EXPECT_NE(simulate({}, person(0), scene), simulate({}, person(0), other));
}

TEST(SimulatedSensor, OtherRatesSampleTheSameMotion) {
  SensorModel half = kIdeal;
  half.rate_hz = 50;
  const Scene scene{.motion = Motion::kPunch, .seconds = 2, .seed = 3};
  const auto slow = simulate(half, still(), scene), fast = simulate(kIdeal, still(), scene);
  ASSERT_EQ(slow.size() * 2, fast.size());
  for (std::size_t sample = 0; sample < slow.size() / 3; ++sample)
    EXPECT_EQ(slow[sample * 3], fast[sample * 6]);
}

TEST(SimulatedSensor, AStuckAxisRepeatsItsFirstValue) {
  const auto values = simulate({.stuck_axis = 1}, person(0), {.motion = Motion::kPunch});
  EXPECT_EQ(deviation(axis_of(values, 1)), 0.0);
  EXPECT_GT(deviation(axis_of(values, 0)), 0.1);
}

}  // namespace
}  // namespace mote::simulated_sensor
