// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "core/random.h"
#include "simulated_sensor/simulated_sensor.h"

namespace mote::simulated_sensor {

/// Where the hand is at one moment, as far as an accelerometer can tell.
struct HandState {
  double pitch_rad = 0;     ///< fingers up is positive
  double roll_rad = 0;      ///< about the forearm
  Vector acceleration_g{};  ///< of the hand in hand axes, without gravity
};

/// A hand that carries out one kind of motion over and over.
///
/// Strokes are minimum-jerk (Flash and Hogan, "The coordination of arm movements", J. Neurosci. 5(7), 1985):
/// position 10 s^3 - 15 s^4 + 6 s^5 over the stroke. A punch goes out along x and back, with a turn of the
/// wrist and a jolt at its end; a flex bends the elbow, so that gravity moves from z to x, with the
/// centripetal and tangential acceleration of the forearm; idle is a sequence of rest, walking, reaching and
/// typing.
class Hand {
 public:
  Hand(const PersonModel& person, Motion motion, double seconds, Rng rng);

  /// The state `time_s` after the start; times may come in any order.
  HandState at(double time_s) const;

 private:
  enum class Kind : std::uint8_t { kRest, kPunch, kFlex, kWalk, kReach, kType };
  /// One action with the numbers that make it different from the one before.
  struct Action {
    Kind kind = Kind::kRest;
    double start_s = 0;
    double duration_s = 1;
    double size = 1;  ///< metres of a punch, radians of a flex or reach, radians of a walk's arm swing
    double twist_rad = 0;
    double phase = 0;  ///< 0 ... 1
    double period_s = 1;
  };

  void plan(Motion motion, double seconds);
  Action action(Kind kind, double start_s);
  HandState perform(const Action& action, double time_s) const;

  PersonModel person_;
  Rng rng_;
  double tremor_hz_ = 9;
  double tremor_phase_ = 0;
  double drift_rad_ = 0;
  std::vector<Action> actions_;
};

}  // namespace mote::simulated_sensor
