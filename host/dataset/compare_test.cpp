// SPDX-License-Identifier: Apache-2.0
// A change that is planted in a simulated sensor is named as what it is; sessions without a change raise
// nothing.
#include "dataset/compare.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dataset/axis_turn.h"
#include "simulated_sensor/simulated_sensor.h"

namespace mote::dataset {
namespace {

using simulated_sensor::Motion;
using simulated_sensor::SensorModel;

/// `unit`: what the description says; the model may deliver another.
std::vector<Recording> session(const std::string& name, const SensorModel& model, std::uint64_t seed,
                               project::Unit unit = project::Unit::kG, double range = 16) {
  project::SensorDescription sensor{
      "simulated", 100000, "", {{project::SensorKind::kAccelerometer, {"x", "y", "z"}, unit, range}}};
  std::vector<Recording> result;
  for (std::uint64_t who = 0; who < 4; ++who) {
    const auto person = simulated_sensor::person(who);
    simulated_sensor::Scene scene{.seconds = 8, .strap = simulated_sensor::worn_strap(seed * 10 + who)};
    for (const Motion motion : {Motion::kPunch, Motion::kFlex, Motion::kIdle}) {
      scene.motion = motion;
      scene.seed = seed * 100 + who * 10 + static_cast<std::uint64_t>(motion);
      Recording recording;
      recording.description.sensor = sensor;
      recording.description.session = name;
      recording.description.person = person.name;
      recording.description.label = simulated_sensor::to_string(motion);
      recording.counts = recordings::to_counts(simulated_sensor::simulate(model, person, scene), sensor);
      recording.samples = static_cast<std::int64_t>(recording.counts.size() / 3);
      recording.clipped_samples = recordings::clipped_samples(recording.counts, 3);
      for (std::int64_t at = 0; at < recording.samples; ++at)
        recording.time_ms.push_back(1000.0 * static_cast<double>(at) / model.rate_hz);
      result.push_back(std::move(recording));
    }
  }
  return result;
}

std::vector<Recording> training(std::uint64_t seed, const SensorModel& model = {.range_g = 16},
                                project::Unit unit = project::Unit::kG, double range = 16) {
  std::vector<Recording> result;
  for (std::uint64_t number = 0; number < 4; ++number) {
    auto more = session("s" + std::to_string(number), model, seed * 1000 + number, unit, range);
    std::ranges::move(more, std::back_inserter(result));
  }
  return result;
}

std::string text(const std::vector<Difference>& differences) {
  std::string result;
  for (const auto& difference : differences)
    result += std::string(to_string(difference.aspect)) + " " + difference.axis + ": " + difference.what +
              "; " + std::to_string(difference.found) + " of " + std::to_string(difference.low) + " to " +
              std::to_string(difference.high) + "\n";
  return result;
}

std::vector<Difference> found(const SensorModel& model, std::uint64_t seed = 1) {
  return compare(training(seed), session("new", model, seed * 1000 + 77)).value();
}

TEST(Compare, raises_nothing_on_a_session_like_the_others) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) EXPECT_EQ(text(found({.range_g = 16}, seed)), "") << seed;
}

void expect_one(const std::vector<Difference>& differences, Aspect aspect, const std::string& what) {
  ASSERT_FALSE(differences.empty()) << what;
  for (const auto& difference : differences) {
    EXPECT_EQ(difference.aspect, aspect) << text(differences);
    EXPECT_NE(difference.what.find(what), std::string::npos) << text(differences);
    EXPECT_FALSE(difference.low <= difference.found && difference.found <= difference.high);
    EXPECT_FALSE(difference.means.empty() || difference.action.empty());
  }
}

TEST(Compare, names_another_rate) {
  expect_one(found({.rate_hz = 50, .range_g = 16}), Aspect::kRate, "sampled at 50 Hz instead of 100 Hz");
}

TEST(Compare, names_more_noise) {
  expect_one(found({.range_g = 16, .noise_g_per_sqrt_hz = 8e-3}), Aspect::kNoise, "noise at rest");
}

TEST(Compare, names_another_unit) {
  expect_one(found({.range_g = 16, .unit_per_g = 9.80665}), Aspect::kScale, "in m/s2 where g was expected");
  const SensorModel metres{.range_g = 16, .unit_per_g = 9.80665};
  const auto unit = project::Unit::kMetersPerSecondSquared;
  const auto differences =
      compare(training(2, metres, unit, 160), session("new", {.range_g = 16}, 2077, unit, 160)).value();
  expect_one(differences, Aspect::kScale, "in g where m/s2 was expected");
}

TEST(Compare, names_turned_and_exchanged_axes) {
  using simulated_sensor::rotation;
  const double quarter = std::numbers::pi / 2;
  const std::array<std::string, 3> names = {"x", "y", "z"};
  for (int axis = 0; axis < 3; ++axis) {
    expect_one(found({.range_g = 16, .mounting = rotation(axis, quarter)}), Aspect::kOrientation,
               "turned by 90 degrees about " + names[static_cast<std::size_t>(axis)]);
    expect_one(found({.range_g = 16, .mounting = rotation(axis, 2 * quarter)}), Aspect::kOrientation,
               "turned by 180 degrees about " + names[static_cast<std::size_t>(axis)]);
  }
  const simulated_sensor::Rotation exchanged = {simulated_sensor::Vector{0, 1, 0}, {1, 0, 0}, {0, 0, 1}};
  expect_one(found({.range_g = 16, .mounting = exchanged}), Aspect::kOrientation, "x and y exchanged");
}

TEST(Compare, names_a_range_that_is_too_small) {
  auto recent = session("new", {.range_g = 16}, 1077);
  for (auto& recording : recent) recording.clipped_samples = recording.samples / 50;
  expect_one(compare(training(1), recent).value(), Aspect::kClipping, "2.0 % of the samples are at the end");
}

TEST(Compare, refuses_what_cannot_be_compared) {
  const auto usual = training(1);
  EXPECT_EQ(compare({}, usual).error().what,
            "0 training and 48 new recordings, expected at least one of each");
  auto other = usual;
  for (auto& recording : other) recording.description.label = "wave";
  EXPECT_EQ(compare(usual, other).error().what,
            "new recordings are of 'wave', expected a label of the training set");
}

TEST(AxisTurn, has_24_rotations_and_words_for_all) {
  int rotations = 0;
  for (std::size_t index = 0; index < kAxisTurns; ++index) rotations += is_rotation(axis_turn(index)) ? 1 : 0;
  EXPECT_EQ(rotations, 24);
  const std::array<std::string, 3> names = {"x", "y", "z"};
  EXPECT_EQ(in_words({}, names), "as in training");
  EXPECT_EQ(in_words({{1, 0, 2}, {1, 1, 1}}, names), "x and y exchanged");
  EXPECT_EQ(in_words({{0, 1, 2}, {1, -1, 1}}, names), "y reversed");
  EXPECT_EQ(in_words({{1, 0, 2}, {-1, 1, 1}}, names),
            "turned by 90 degrees about z (x is now on -y, y is now on x, z is now on z)");
  EXPECT_EQ(in_words({{0, 1, 2}, {-1, -1, 1}}, names),
            "turned by 180 degrees about z (x is now on -x, y is now on -y, z is now on z)");
}

}  // namespace
}  // namespace mote::dataset
