// SPDX-License-Identifier: Apache-2.0
// Each kind of augmentation does what it is named after, within what was asked for, and nothing else.
#include "features/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace mote::features {
namespace {

using project::SensorGroup;

project::SensorDescription board() {
  return {"board",
          100000,
          "",
          {SensorGroup{project::SensorKind::kAccelerometer, {"ax", "ay", "az"}, project::Unit::kG, 4},
           SensorGroup{
               project::SensorKind::kGyroscope, {"gx", "gy", "gz"}, project::Unit::kDegreesPerSecond, 2000}}};
}

project::SensorDescription microphone() {
  return {"microphone",
          16000000,
          "",
          {SensorGroup{project::SensorKind::kMicrophone, {"sound"}, project::Unit::kFullScale, 1}}};
}

std::vector<std::int16_t> motion(std::size_t samples) {
  Rng rng(11);
  std::vector<std::int16_t> counts;
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (int axis = 0; axis < 6; ++axis)
      counts.push_back(static_cast<std::int16_t>(3000 * std::sin(0.05 * static_cast<double>(sample) + axis) +
                                                 rng.uniform(-2000, 2000)));
  return counts;
}

std::vector<std::int16_t> changed(const Augmentation& augmentation, std::uint64_t seed) {
  return augment(motion(200), board(), augmentation, {}, Rng(seed));
}

double length(const std::vector<std::int16_t>& counts, std::size_t at) {
  return std::sqrt(std::pow(counts[at], 2.0) + std::pow(counts[at + 1], 2.0) + std::pow(counts[at + 2], 2.0));
}

TEST(Augment, changes_nothing_when_everything_is_off) {
  EXPECT_EQ(changed({}, 1), motion(200));
  std::vector<std::int16_t> ends = {-32768, 32767, 0, -1, 1, 32766};
  EXPECT_EQ(augment(ends, board(), {}, {}, Rng(2)), ends);
  EXPECT_TRUE(augment({}, board(), {}, {}, Rng(2)).empty());
}

TEST(Augment, depends_on_the_seed_alone) {
  const Augmentation all{20, 0.2, 10, 0.1, 15, true, 5, 20};
  ASSERT_TRUE(check(all).has_value());
  const auto background = motion(50);
  const auto once = augment(motion(200), board(), all, background, Rng(3));
  EXPECT_EQ(augment(motion(200), board(), all, background, Rng(3)), once);
  EXPECT_NE(augment(motion(200), board(), all, background, Rng(4)), once);
}

TEST(Augment, adds_noise_of_the_deviation_asked_for) {
  const auto found = changed({.noise_counts = 50}, 5), before = motion(200);
  double sum = 0, squares = 0;
  for (std::size_t at = 0; at < found.size(); ++at) {
    sum += found[at] - before[at];
    squares += std::pow(found[at] - before[at], 2.0);
  }
  // 1,200 values: five deviations of a mean are 7.2, of a deviation 5.1.
  EXPECT_NEAR(sum / 1200, 0, 7.2);
  EXPECT_NEAR(std::sqrt(squares / 1200), 50, 5.1);
}

TEST(Augment, scales_a_recording_as_a_whole) {
  std::set<int> gains;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto found = changed({.gain_share = 0.2}, seed), before = motion(200);
    const double gain = length(found, 0) / length(before, 0);
    EXPECT_NEAR(gain, 1, 0.201);
    gains.insert(static_cast<int>(std::lround(gain * 20)));
    for (std::size_t at = 0; at < found.size(); ++at) ASSERT_NEAR(found[at], before[at] * gain, 4) << seed;
  }
  EXPECT_GE(gains.size(), 7U);
}

TEST(Augment, shifts_by_whole_samples_and_holds_the_ends) {
  std::set<std::int64_t> shifts;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto found = changed({.shift_samples = 5}, seed), before = motion(200);
    ASSERT_EQ(found.size(), before.size());
    bool equal_to_one = false;
    for (std::int64_t shift = -5; shift <= 5; ++shift) {
      bool equal = true;
      for (std::int64_t sample = 0; sample < 200; ++sample)
        for (std::size_t axis = 0; axis < 6; ++axis)
          equal = equal &&
                  found[static_cast<std::size_t>(sample) * 6 + axis] ==
                      before[static_cast<std::size_t>(std::clamp<std::int64_t>(sample - shift, 0, 199)) * 6 +
                             axis];
      if (equal) shifts.insert(shift);
      equal_to_one = equal_to_one || equal;
    }
    EXPECT_TRUE(equal_to_one) << seed;
  }
  EXPECT_GE(shifts.size(), 9U);
}

TEST(Augment, stretches_time) {
  std::vector<std::int16_t> wave;
  for (int sample = 0; sample < 1000; ++sample)
    wave.push_back(static_cast<std::int16_t>(std::lround(10000 * std::sin(0.1 * sample))));
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto found = augment(wave, microphone(), {.stretch_share = 0.2}, {}, Rng(seed));
    lengths.insert(found.size() / 50);
    const double stretch = static_cast<double>(found.size()) / 1000;
    EXPECT_NEAR(stretch, 1, 0.2005);
    for (std::size_t at = 0; at + 10 < found.size();
         ++at)  // half a sample of length is half a radian / 10 at the end
      ASSERT_NEAR(found[at], 10000 * std::sin(0.1 * static_cast<double>(at) / stretch), 600) << seed;
  }
  EXPECT_GE(lengths.size(), 6U);
}

TEST(Augment, turns_a_board_as_a_whole_and_keeps_magnitudes) {
  double greatest = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    auto before = motion(200);
    for (std::size_t at = 0; at < before.size(); at += 6)  // the gyroscope sees the same vectors
      std::copy_n(before.begin() + static_cast<std::ptrdiff_t>(at), 3,
                  before.begin() + static_cast<std::ptrdiff_t>(at + 3));
    const auto found = augment(before, board(), {.tilt_degrees = 15}, {}, Rng(seed));
    for (std::size_t at = 0; at < found.size(); at += 6) {
      ASSERT_NEAR(length(found, at), length(before, at), 1);  // sqrt(3) / 2 of rounding
      double product = 0;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        product += double{1} * found[at + axis] * before[at + axis];
        ASSERT_EQ(found[at + axis], found[at + 3 + axis]);
      }
      if (length(before, at) < 2000) continue;
      const double cosine = product / (length(found, at) * length(before, at));
      const double degrees = std::acos(std::min(cosine, 1.0)) * 180 / std::numbers::pi;
      ASSERT_LE(degrees, 15.1) << seed;
      greatest = std::max(greatest, degrees);
    }
  }
  EXPECT_GT(greatest, 12);
}

TEST(Augment, mirrors_nothing) {
  const std::vector<std::int16_t> axes = {10000, 0, 0, 0, 0, 0, 0, 10000, 0, 0, 0, 0, 0, 0, 10000, 0, 0, 0};
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto m = augment(axes, board(), {.tilt_degrees = 180}, {}, Rng(seed));
    const auto at = [&](std::size_t sample, std::size_t axis) { return m[sample * 6 + axis] / 10000.0; };
    const double determinant = at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1)) -
                               at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0)) +
                               at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
    EXPECT_NEAR(determinant, 1, 1e-3);
  }
}

TEST(Augment, turns_no_group_of_other_than_three_axes) {
  const std::vector<std::int16_t> sound = {1, -2, 3000, 4};
  EXPECT_EQ(augment(sound, microphone(), {.tilt_degrees = 90}, {}, Rng(1)), sound);
}

TEST(Augment, mixes_background_at_the_ratio_asked_for) {
  Rng rng(8);
  std::vector<std::int16_t> speech, noise;
  for (int sample = 0; sample < 8000; ++sample)
    speech.push_back(static_cast<std::int16_t>(std::lround(5000 * std::sin(0.07 * sample))));
  for (int sample = 0; sample < 3000; ++sample)
    noise.push_back(static_cast<std::int16_t>(700 + rng.uniform(-300, 300)));
  std::set<int> ratios;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const auto found = augment(speech, microphone(), {.background = true, .snr_low_db = 3, .snr_high_db = 25},
                               noise, Rng(seed));
    double signal = 0, added = 0, offset = 0;
    for (std::size_t at = 0; at < speech.size(); ++at) {
      signal += std::pow(speech[at], 2.0);
      added += std::pow(found[at] - speech[at], 2.0);
      offset += found[at] - speech[at];
    }
    const double ratio = 10 * std::log10(signal / added);
    EXPECT_GE(ratio, 3 - 0.05);
    EXPECT_LE(ratio, 25 + 0.05);
    EXPECT_NEAR(offset / 8000, 0, 0.5);
    ratios.insert(static_cast<int>(ratio / 3));
  }
  EXPECT_GE(ratios.size(), 6U);
  const std::vector<std::int16_t> constant(10, 77);
  EXPECT_EQ(augment(speech, microphone(), {.background = true}, constant, Rng(1)), speech);
  EXPECT_EQ(augment(speech, microphone(), {.background = true}, {}, Rng(1)), speech);
}

TEST(Augment, draws_each_property_apart_from_the_others) {
  const auto gained = changed({.gain_share = 0.2}, 9),
             both = changed({.noise_counts = 1, .gain_share = 0.2}, 9);
  for (std::size_t at = 0; at < both.size(); ++at) ASSERT_NEAR(both[at], gained[at], 7);
}

TEST(AugmentCheck, names_the_parameter_that_is_out_of_range) {
  const auto error = [](const Augmentation& augmentation) {
    const auto checked = check(augmentation);
    return checked.has_value() ? "none" : checked.error().what;
  };
  EXPECT_EQ(error({}), "none");
  EXPECT_EQ(error({.noise_counts = -1}), "noise_counts is -1, expected 0 to 32767");
  EXPECT_EQ(error({.gain_share = 1}), "gain_share is 1, expected 0 to 0.9");
  EXPECT_EQ(error({.shift_samples = 2e6}), "shift_samples is 2000000, expected 0 to 1000000");
  EXPECT_EQ(error({.stretch_share = 0.6}), "stretch_share is 0.6, expected 0 to 0.5");
  EXPECT_EQ(error({.tilt_degrees = std::nan("")}), "tilt_degrees is nan, expected 0 to 180");
  EXPECT_EQ(error({.snr_low_db = 31}), "snr_low_db is 31, expected -40 to 30");
  EXPECT_EQ(error({.snr_high_db = 101}), "snr_high_db is 101, expected -40 to 100");
}

}  // namespace
}  // namespace mote::features
