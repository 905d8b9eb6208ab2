// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "dataset/dataset.h"

namespace mote::dataset {

/// What can set new recordings apart from those that a model was trained with, in the order in which causes
/// are looked for: what an earlier one explains is taken out before a later one is judged.
enum class Aspect : std::uint8_t {
  kRate,         ///< samples per second, from time stamps
  kScale,        ///< all values times a factor: another unit or range
  kOrientation,  ///< axes exchanged or turned, or the mounting tilted
  kClipping,     ///< samples at the end of the range
  kNoise,        ///< what is left at rest
  kLevel,        ///< mean of an axis
  kStrength,     ///< deviation from the mean of an axis
  kSpectrum,     ///< share of a band in an axis's motion
};

/// "rate", "scale", "orientation", "clipping", "noise", "level", "strength", "spectrum".
std::string_view to_string(Aspect aspect);

/// One way in which new recordings differ by more than training sessions differ among themselves.
struct Difference {
  Aspect aspect = Aspect::kRate;
  std::string axis;    ///< empty if it is about all of them
  double found = 0;    ///< in the new recordings, in `unit`
  double usual = 0;    ///< in the training recordings
  double low = 0;      ///< `found` was expected from here ...
  double high = 0;     ///< ... to here
  std::string unit;    ///< of the four numbers; "" for a ratio
  std::string what;    ///< what differs, in words: "turned by 90 degrees about z"
  std::string means;   ///< what that does to a model
  std::string action;  ///< what to do
};

/// Where `recent` differs from `training` (part is not looked at); empty if nowhere.
///
/// Both are grouped by session and person; each group is one observation of every quantity, averaged over the
/// labels that both sets have. A quantity may be as far from the training groups' mean as Student's t allows
/// for one more group in 10,000, and always by a floor below which no difference matters (rate 1 %, noise a
/// factor of 1.5, strength 1.5, band 4 in power, level 2 % of the range, tilt 5 degrees). Few training groups
/// therefore make wide limits; with two or fewer the floors are multiplied by 3 instead.
///
/// Quantities: the rate of the time stamps; in windows of 32 samples the tenth percentile of the second
/// difference's RMS / sqrt(6), the deviation of white noise; mean and deviation; power in octaves below half
/// the rate (Haar wavelet) over the whole; for three-axis accelerometers which of the 48 exchanges and
/// reversals of axes brings means, deviations, covariances and third moments nearest to the training set's.
/// Errors (kInput): no recordings, no common label, another number of axes.
Result<std::vector<Difference>> compare(std::span<const Recording> training,
                                        std::span<const Recording> recent);

}  // namespace mote::dataset
