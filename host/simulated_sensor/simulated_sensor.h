// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A simulated motion sensor on the back of a hand: rigid-body motion, gravity, and what a real accelerometer
/// adds to it. For the demo, and for planting faults whose truth is known (a rotated board, half the rate,
/// other noise). Everything is seeded and computed without the C library's transcendental functions: the same
/// on every machine.
namespace mote::simulated_sensor {

using Vector = std::array<double, 3>;
/// Rows are the axes of the new frame in the old one.
using Rotation = std::array<Vector, 3>;

inline constexpr Rotation kNoRotation = {Vector{1, 0, 0}, Vector{0, 1, 0}, Vector{0, 0, 1}};

/// Turns by `angle_rad` about one of the axes 0, 1, 2.
Rotation rotation(int axis, double angle_rad);

/// The accelerometer and how it sits on the hand; defaults are a BMI270 at +-4 g.
struct SensorModel {
  double rate_hz = 100;
  double range_g = 4;                   ///< larger values saturate
  double noise_g_per_sqrt_hz = 160e-6;  ///< BMI270 data sheet, typical
  Vector bias_g = {0.010, -0.015, 0.020};
  double sensitivity = 1.0;         ///< 1.02: reads 2 % too much
  Rotation mounting = kNoRotation;  ///< from the hand's axes to the sensor's
  double unit_per_g = 1.0;          ///< 9.80665: reports m/s2
  int stuck_axis = -1;              ///< 0 ... 2: this axis repeats its first value
};

/// How somebody moves; people differ more from one another than one from day to day.
struct PersonModel {
  std::string name;
  double speed = 1.0;  ///< 1.2: a fifth faster
  double reach = 1.0;  ///< length of strokes
  double forearm_m = 0.28;
  double rest_pitch_rad = 0;  ///< how the hand is held
  double rest_roll_rad = 0;
  double tremor_g = 0.008;
  double sloppiness = 1.0;  ///< variation from one stroke to the next
};

/// Person `index` of an endless crowd; the same index is the same person.
PersonModel person(std::uint64_t index);

/// What a hand does. kIdle is everything that is no gesture: rest, walking, reaching, typing.
enum class Motion : std::uint8_t { kPunch, kFlex, kIdle };

std::string_view to_string(Motion motion);

/// One recording.
struct Scene {
  Motion motion = Motion::kIdle;
  double seconds = 4;
  Rotation strap = kNoRotation;  ///< how the sensor was put on in this session
  std::uint64_t seed = 1;
};

/// What the sensor delivers: [sample][axis x, y, z], in g times unit_per_g, saturated, in steps of range /
/// 32768. Hand axes: x to the fingers, y to the left, z out of the back of the hand; a hand at rest, palm
/// down, reads +1 g on z.
std::vector<double> simulate(const SensorModel& sensor, const PersonModel& person, const Scene& scene);

/// A strap put on by hand: a few degrees off in each direction.
Rotation worn_strap(std::uint64_t seed);

}  // namespace mote::simulated_sensor
