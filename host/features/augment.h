// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "project/project.h"

namespace mote::features {

/// How training recordings are varied, each within what the product will meet; everything off by default.
struct Augmentation {
  double noise_counts = 0;  ///< standard deviation of white noise added to every axis, counts, 0 ... 32767
  double gain_share = 0;    ///< factor of a recording within 1 - share ... 1 + share, 0 ... 0.9
  double shift_samples =
      0;  ///< earlier or later by at most so many samples; what is missing repeats the end, 0 ... 1e6
  double stretch_share = 0;  ///< slower by a factor within 1 - share ... 1 + share, 0 ... 0.5
  double tilt_degrees = 0;   ///< mounting: turned about any axis by up to this angle, 0 ... 180
  bool background = false;   ///< adds a piece of background at a signal-to-noise ratio from low to high
  double snr_low_db = 10;    ///< -40 ... snr_high_db
  double snr_high_db = 30;   ///< to 100

  bool operator==(const Augmentation&) const = default;
};

/// Errors (kInput) name the first parameter that is out of its range, what was found and what was expected.
Result<void> check(const Augmentation& augmentation);

/// A recording as it might have been: raw counts before any feature.
///
/// `counts`: [sample][axis] of `sensor`; `background` likewise, any length, used if asked for (it wraps
/// around; an empty or constant one adds nothing). check(augmentation) holds. Returns [sample][axis], as many
/// samples as before times the stretch, rounded and saturated. In order: shift and stretch (cubic, Catmull
/// and Rom), turn, gain, background, noise. One turn for all groups of three axes: what sits on one board
/// turns alike; other groups do not turn. Each property draws from its own fork of `rng`, so that switching
/// one on leaves the others as they were. The same counts on every machine; `counts` itself if everything is
/// off.
std::vector<std::int16_t> augment(std::span<const std::int16_t> counts,
                                  const project::SensorDescription& sensor, const Augmentation& augmentation,
                                  std::span<const std::int16_t> background, const Rng& rng);

}  // namespace mote::features
