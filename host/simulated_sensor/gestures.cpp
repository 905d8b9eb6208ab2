// SPDX-License-Identifier: Apache-2.0
#include "simulated_sensor/gestures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/portable_math.h"

namespace mote::simulated_sensor {
namespace {

constexpr double kMetersPerSecondSquaredPerG = 9.80665;
constexpr double kTurn = 2 * std::numbers::pi;

/// A minimum-jerk stroke from 0 to 1 and its first two derivatives with respect to s, all 0 or 1 outside of 0
/// ... 1.
struct Stroke {
  double position = 0;
  double velocity = 0;
  double acceleration = 0;
};

Stroke stroke(double s) {
  if (s <= 0) return {};
  if (s >= 1) return {1, 0, 0};
  return {s * s * s * (10 + s * (-15 + 6 * s)), 30 * s * s * (1 + s * (-2 + s)),
          60 * s * (1 + s * (-3 + 2 * s))};
}

/// Out in the first `share` of the action and back in the rest.
Stroke out_and_back(double s, double share) {
  if (s < share) {
    const Stroke out = stroke(s / share);
    return {out.position, out.velocity / share, out.acceleration / (share * share)};
  }
  const double rest = 1 - share;
  const Stroke back = stroke((s - share) / rest);
  return {1 - back.position, -back.velocity / rest, -back.acceleration / (rest * rest)};
}

HandState punch(double s, double duration_s, double reach_m, double twist_rad) {
  constexpr double kOutShare = 0.45;
  const Stroke arm = out_and_back(s, kOutShare);
  HandState hand;
  hand.acceleration_g[0] =
      reach_m * arm.acceleration / (duration_s * duration_s) / kMetersPerSecondSquaredPerG;
  hand.acceleration_g[2] = 0.12 * hand.acceleration_g[0];  // a fist rises a little
  hand.roll_rad = twist_rad * arm.position;
  const double since_end_s = (s - kOutShare) * duration_s;
  if (since_end_s > 0) {  // the arm stops: a damped ring of 18 Hz
    const double ring = 0.8 * portable_exp(-since_end_s / 0.03) * portable_sin(kTurn * 18 * since_end_s);
    hand.acceleration_g[1] += 0.5 * ring;
    hand.acceleration_g[2] += ring;
  }
  return hand;
}

HandState bend(double s, double duration_s, double angle_rad, double twist_rad, double forearm_m) {
  const Stroke elbow = out_and_back(s, 0.5);
  const double speed = angle_rad * elbow.velocity / duration_s;
  const double change = angle_rad * elbow.acceleration / (duration_s * duration_s);
  HandState hand;
  hand.pitch_rad = angle_rad * elbow.position;
  hand.roll_rad = twist_rad * elbow.position;
  hand.acceleration_g[0] = -forearm_m * speed * speed / kMetersPerSecondSquaredPerG;
  hand.acceleration_g[2] = forearm_m * change / kMetersPerSecondSquaredPerG;
  return hand;
}

HandState walk(double time_s, double period_s, double swing_rad, double phase) {
  constexpr double kArm = 0.6;  // metres from the shoulder
  const double angle = kTurn * (time_s / period_s + phase);
  const double omega = kTurn / period_s;
  HandState hand;
  hand.pitch_rad = -1.1 + swing_rad * portable_sin(angle);  // the arm hangs
  const double speed = swing_rad * omega * portable_cos(angle);
  hand.acceleration_g[0] = -kArm * speed * speed / kMetersPerSecondSquaredPerG;
  hand.acceleration_g[2] =
      -kArm * swing_rad * omega * omega * portable_sin(angle) / kMetersPerSecondSquaredPerG;
  const double step_s = period_s / 2;  // two heel strikes a swing
  const double since_strike_s = time_s - step_s * std::floor(time_s / step_s);
  hand.acceleration_g[0] +=
      0.35 * portable_exp(-since_strike_s / 0.04) * portable_sin(kTurn * 11 * since_strike_s);
  return hand;
}

HandState type(double time_s, double period_s, double phase) {
  const double beat = time_s / period_s + phase;
  const double since_key_s = (beat - std::floor(beat)) * period_s;
  HandState hand;
  hand.acceleration_g[2] = 0.15 * portable_exp(-since_key_s / 0.02) * portable_sin(kTurn * 25 * since_key_s);
  return hand;
}

}  // namespace

Hand::Hand(const PersonModel& person, Motion motion, double seconds, Rng rng) : person_(person), rng_(rng) {
  tremor_hz_ = rng_.uniform(8, 11);
  tremor_phase_ = rng_.uniform();
  drift_rad_ = 0.06 * rng_.normal();
  plan(motion, seconds);
}

Hand::Action Hand::action(Kind kind, double start_s) {
  const auto varied = [this](double spread) {
    return std::max(0.4, 1 + spread * person_.sloppiness * rng_.normal());
  };
  Action result{.kind = kind, .start_s = start_s, .phase = rng_.uniform()};
  switch (kind) {
    case Kind::kPunch:
      result.duration_s = 0.62 / person_.speed * varied(0.10);
      result.size = 0.36 * person_.reach * varied(0.14);
      result.twist_rad = 0.9 * varied(0.3);
      break;
    case Kind::kFlex:
      result.duration_s = 1.15 / person_.speed * varied(0.12);
      result.size = 1.9 * person_.reach * varied(0.12);
      result.twist_rad = 0.3 * rng_.normal();
      break;
    case Kind::kReach:  // lifting a cup: a slow, smaller flex, or a fast short push
      result.duration_s = rng_.uniform(1.3, 3.0);
      result.size = rng_.uniform(0.4, 1.5);
      result.twist_rad = 0.5 * rng_.normal();
      break;
    case Kind::kWalk:
      result.duration_s = rng_.uniform(1.5, 4.0);
      result.size = rng_.uniform(0.25, 0.6);
      result.period_s = 1.05 / person_.speed * varied(0.05);
      break;
    case Kind::kType:
      result.duration_s = rng_.uniform(1.0, 3.0);
      result.period_s = rng_.uniform(0.12, 0.35);
      break;
    case Kind::kRest:
      result.duration_s = rng_.uniform(0.5, 3.0);
      break;
  }
  return result;
}

void Hand::plan(Motion motion, double seconds) {
  constexpr std::array kIdleKinds = {Kind::kRest, Kind::kRest, Kind::kReach,
                                     Kind::kWalk, Kind::kType, Kind::kReach};
  // Starts before 0, so that a recording does not begin with the start of a stroke.
  for (double start_s = -rng_.uniform(); start_s < seconds;
       start_s = actions_.back().start_s + actions_.back().duration_s) {
    Kind kind = motion == Motion::kPunch ? Kind::kPunch : Kind::kFlex;
    if (motion == Motion::kIdle) kind = kIdleKinds[rng_.below(kIdleKinds.size())];
    actions_.push_back(action(kind, start_s));
    if (motion != Motion::kIdle) {  // a breath between two strokes
      const double pause_s = rng_.uniform(0.05, 0.25);
      actions_.push_back(
          {.kind = Kind::kRest, .start_s = start_s + actions_.back().duration_s, .duration_s = pause_s});
    }
  }
}

HandState Hand::perform(const Action& action, double time_s) const {
  const double since_s = time_s - action.start_s;
  const double s = since_s / action.duration_s;
  switch (action.kind) {
    case Kind::kPunch:
      return punch(s, action.duration_s, action.size, action.twist_rad);
    case Kind::kFlex:
    case Kind::kReach:
      return bend(s, action.duration_s, action.size, action.twist_rad, person_.forearm_m);
    case Kind::kWalk:
      return walk(since_s, action.period_s, action.size, action.phase);
    case Kind::kType:
      return type(since_s, action.period_s, action.phase);
    case Kind::kRest:
      break;
  }
  return {};
}

HandState Hand::at(double time_s) const {
  const auto next = std::upper_bound(actions_.begin(), actions_.end(), time_s,
                                     [](double time, const Action& action) { return time < action.start_s; });
  HandState hand = next == actions_.begin() ? HandState{} : perform(*(next - 1), time_s);
  hand.pitch_rad += person_.rest_pitch_rad + drift_rad_ * portable_sin(0.7 * time_s);
  hand.roll_rad += person_.rest_roll_rad + drift_rad_ * portable_cos(0.5 * time_s);
  const double tremor = kTurn * (tremor_hz_ * time_s + tremor_phase_);
  hand.acceleration_g[1] += person_.tremor_g * portable_sin(tremor);
  hand.acceleration_g[2] += person_.tremor_g * portable_cos(1.3 * tremor);
  return hand;
}

}  // namespace mote::simulated_sensor
