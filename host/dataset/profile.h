// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dataset/axis_turn.h"
#include "dataset/dataset.h"

namespace mote::dataset {

/// Octaves of a spectrum, from half the rate down.
inline constexpr std::size_t kBands = 5;

/// What recordings of one label amount to, in the units of the sensor; every vector is [axis].
struct Profile {
  std::vector<double> mean;
  std::vector<double> deviation;
  std::vector<double> third;  ///< cube root of the mean cube of what exceeds the mean
  std::vector<double> noise;  ///< deviation of white noise at rest, at least a tenth of a count
  std::vector<std::array<double, kBands>> log_band;  ///< logarithm of a band's share of the whole power
  std::vector<std::vector<double>> mean_product;     ///< covariances, [axis][axis]
  double clipped_share = 0;

  /// Root of the covariance, with its sign.
  double covariance(std::size_t a, std::size_t b) const;
  /// Root of the mean square of the vector of `count` axes from `first` on.
  double size(std::size_t first, std::size_t count) const;
  void divide(std::size_t first, std::size_t count, double factor);
  /// With three axes from `first` on exchanged and reversed.
  Profile turned(std::size_t first, const AxisTurn& turn) const;
};

/// Recordings of one session and person.
struct Group {
  std::map<std::string, Profile> profiles;  ///< by label
  std::optional<double> rate_hz;
};

/// Groups in the order of their names, of recordings with a label in `labels`; recordings of fewer than 32
/// samples are left out.
std::vector<Group> groups_of(std::span<const Recording> recordings, const std::set<std::string>& labels);

/// Mean of each component, and the variance about it averaged over vectors, at least floor^2.
std::pair<std::vector<double>, std::vector<double>> centre_and_variance(
    const std::vector<std::vector<double>>& vectors, double floor);

/// Mean over the components of (vector - centre)^2 / variance.
double distance(const std::vector<double>& vector, const std::vector<double>& centre,
                const std::vector<double>& variance);

}  // namespace mote::dataset
