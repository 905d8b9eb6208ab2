// SPDX-License-Identifier: Apache-2.0
#include "simulated_sensor/simulated_sensor.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/portable_math.h"
#include "core/random.h"
#include "simulated_sensor/gestures.h"

namespace mote::simulated_sensor {
namespace {

Vector rotated(const Rotation& turn, const Vector& v) {
  Vector result{};
  for (std::size_t row = 0; row < 3; ++row)
    result[row] = turn[row][0] * v[0] + turn[row][1] * v[1] + turn[row][2] * v[2];
  return result;
}

Rotation multiply(const Rotation& left, const Rotation& right) {
  Rotation result{};
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      for (std::size_t inner = 0; inner < 3; ++inner)
        result[row][column] += left[row][inner] * right[inner][column];
    }
  }
  return result;
}

/// Specific force on the hand in hand axes, in g: gravity as the turned hand sees it, plus the hand's
/// acceleration.
Vector specific_force(const HandState& hand) {
  // World to hand: first about the forearm's pitch axis y, then about the forearm itself.
  const Rotation turn = multiply(rotation(0, hand.roll_rad), rotation(1, hand.pitch_rad));
  Vector force = rotated(turn, Vector{0, 0, 1});
  for (std::size_t axis = 0; axis < 3; ++axis) force[axis] += hand.acceleration_g[axis];
  return force;
}

double quantised(double value_g, const SensorModel& sensor) {
  const double step_g = sensor.range_g / 32768;
  return std::clamp(std::round(value_g / step_g), -32768.0, 32767.0) * step_g;
}

}  // namespace

Rotation rotation(int axis, double angle_rad) {
  const double c = portable_cos(angle_rad), s = portable_sin(angle_rad);
  Rotation turn = kNoRotation;
  const auto first = static_cast<std::size_t>((axis + 1) % 3),
             second = static_cast<std::size_t>((axis + 2) % 3);
  turn[first][first] = c;
  turn[first][second] = s;
  turn[second][first] = -s;
  turn[second][second] = c;
  return turn;
}

Rotation worn_strap(std::uint64_t seed) {
  Rng rng(seed ^ 0x5354524150u);
  Rotation strap = kNoRotation;
  for (const int axis : {0, 1, 2}) strap = multiply(rotation(axis, 0.10 * rng.normal()), strap);
  return strap;
}

PersonModel person(std::uint64_t index) {
  Rng rng = Rng(0x50454F504C45u).fork(index);
  PersonModel model;
  model.name = "p" + std::to_string(index + 1);
  model.speed = 1.0 + 0.12 * rng.normal();
  model.reach = 1.0 + 0.12 * rng.normal();
  model.forearm_m = 0.27 + 0.02 * rng.normal();
  model.rest_pitch_rad = 0.15 * rng.normal();
  model.rest_roll_rad = 0.20 * rng.normal();
  model.tremor_g = 0.006 + 0.004 * rng.uniform();
  model.sloppiness = 0.8 + 0.6 * rng.uniform();
  return model;
}

std::string_view to_string(Motion motion) {
  switch (motion) {
    case Motion::kPunch:
      return "punch";
    case Motion::kFlex:
      return "flex";
    case Motion::kIdle:
      break;
  }
  return "idle";
}

std::vector<double> simulate(const SensorModel& sensor, const PersonModel& person, const Scene& scene) {
  Rng rng(scene.seed);
  Hand hand(person, scene.motion, scene.seconds, rng.fork(1));
  const double noise_g = sensor.noise_g_per_sqrt_hz * std::sqrt(sensor.rate_hz / 2);
  const Rotation turn = multiply(sensor.mounting, scene.strap);
  const auto samples = static_cast<std::int64_t>(std::llround(scene.seconds * sensor.rate_hz));
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(samples) * 3);
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    const Vector force = rotated(turn, specific_force(hand.at(static_cast<double>(sample) / sensor.rate_hz)));
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double measured = sensor.sensitivity * force[axis] + sensor.bias_g[axis] + noise_g * rng.normal();
      const bool stuck = sensor.stuck_axis == static_cast<int>(axis) && sample > 0;
      values.push_back(stuck ? values[axis] : quantised(measured, sensor) * sensor.unit_per_g);
    }
  }
  return values;
}

}  // namespace mote::simulated_sensor
