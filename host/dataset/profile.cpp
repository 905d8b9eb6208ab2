// SPDX-License-Identifier: Apache-2.0
#include "dataset/profile.h"

#include <algorithm>
#include <cmath>

namespace mote::dataset {
namespace {

constexpr std::size_t kWindow = 32;

using Values = std::vector<double>;

/// The values of one axis of several recordings, one behind the other, each a whole number of windows.
Values axis_values(const std::vector<const Recording*>& recordings, std::size_t axes, std::size_t axis,
                   double scale) {
  Values values;
  for (const auto* recording : recordings) {
    const std::size_t samples = recording->counts.size() / axes / kWindow * kWindow;
    for (std::size_t at = 0; at < samples; ++at)
      values.push_back(recording->counts[at * axes + axis] / scale);
  }
  return values;
}

/// The tenth percentile over windows of the deviation that white noise with such second differences has.
double noise_of(const Values& values, double least) {
  Values windows;
  for (std::size_t start = 0; start + kWindow <= values.size(); start += kWindow) {
    double squares = 0;
    for (std::size_t at = start + 2; at < start + kWindow; ++at)
      squares += std::pow(values[at] - 2 * values[at - 1] + values[at - 2], 2);
    windows.push_back(std::sqrt(squares / (6 * (kWindow - 2))));
  }
  std::ranges::sort(windows);
  return std::max(windows[windows.size() / 10], least);
}

/// Haar wavelet of each window: power of the differences in octaves, from half the rate down, over their sum.
std::array<double, kBands> log_bands(const Values& values, double least) {
  std::array<double, kBands> power{};
  power.fill(least * least);
  for (std::size_t start = 0; start + kWindow <= values.size(); start += kWindow) {
    Values level(values.begin() + static_cast<std::ptrdiff_t>(start),
                 values.begin() + static_cast<std::ptrdiff_t>(start + kWindow));
    for (std::size_t band = 0; band < kBands; ++band) {
      Values next;
      for (std::size_t at = 0; at < level.size(); at += 2) {
        power[band] += std::pow(level[at] - level[at + 1], 2) / 2;
        next.push_back((level[at] + level[at + 1]) / std::sqrt(2.0));
      }
      level = std::move(next);
    }
  }
  double sum = 0;
  for (const double value : power) sum += value;
  for (double& value : power) value = std::log(value / sum);
  return power;
}

Profile profile_of(const std::vector<const Recording*>& recordings) {
  const auto& sensor = recordings.front()->description.sensor;
  const auto axes = static_cast<std::size_t>(sensor.axis_count());
  Profile profile;
  std::vector<Values> columns;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const double scale = sensor.counts_per_unit(static_cast<std::int32_t>(axis)), least = 0.1 / scale;
    Values values = axis_values(recordings, axes, axis, scale);
    const auto count = static_cast<double>(values.size());
    profile.noise.push_back(noise_of(values, least));
    profile.log_band.push_back(log_bands(values, least));
    double sum = 0, squares = 0, cubes = 0;
    for (const double value : values) sum += value;
    profile.mean.push_back(sum / count);
    for (double& value : values) {
      value -= sum / count;
      squares += value * value;
      cubes += value * value * value;
    }
    profile.deviation.push_back(std::max(std::sqrt(squares / count), least));
    profile.third.push_back(std::cbrt(cubes / count));
    columns.push_back(std::move(values));
  }
  for (const auto& a : columns) {
    profile.mean_product.emplace_back();
    for (const auto& b : columns) {
      double sum = 0;
      for (std::size_t at = 0; at < a.size(); ++at) sum += a[at] * b[at];
      profile.mean_product.back().push_back(sum / static_cast<double>(a.size()));
    }
  }
  double clipped = 0, samples = 0;
  for (const auto* recording : recordings) {
    clipped += static_cast<double>(recording->clipped_samples);
    samples += static_cast<double>(recording->samples);
  }
  profile.clipped_share = clipped / samples;
  return profile;
}

}  // namespace

double Profile::covariance(std::size_t a, std::size_t b) const {
  const double product = mean_product[a][b];
  return product < 0 ? -std::sqrt(-product) : std::sqrt(product);
}

double Profile::size(std::size_t first, std::size_t count) const {
  double squares = 0;
  for (std::size_t at = first; at < first + count; ++at)
    squares += mean[at] * mean[at] + deviation[at] * deviation[at];
  return std::sqrt(squares);
}

void Profile::divide(std::size_t first, std::size_t count, double factor) {
  for (std::size_t at = first; at < first + count; ++at) {
    for (auto* values : {&mean, &deviation, &third, &noise}) (*values)[at] /= factor;
    for (std::size_t other = 0; other < mean.size(); ++other) {
      mean_product[at][other] /= factor;
      mean_product[other][at] /= factor;
    }
  }
}

Profile Profile::turned(std::size_t first, const AxisTurn& turn) const {
  std::vector<std::size_t> from(mean.size());
  std::vector<int> sign(mean.size(), 1);
  for (std::size_t at = 0; at < from.size(); ++at) from[at] = at;
  for (std::size_t at = 0; at < 3; ++at) {
    from[first + at] = first + turn.from[at];
    sign[first + at] = turn.sign[at];
  }
  Profile result = *this;
  for (std::size_t at = 0; at < from.size(); ++at) {
    result.mean[at] = sign[at] * mean[from[at]];
    result.third[at] = sign[at] * third[from[at]];
    result.deviation[at] = deviation[from[at]];
    result.noise[at] = noise[from[at]];
    result.log_band[at] = log_band[from[at]];
    for (std::size_t other = 0; other < from.size(); ++other)
      result.mean_product[at][other] = sign[at] * sign[other] * mean_product[from[at]][from[other]];
  }
  return result;
}

std::vector<Group> groups_of(std::span<const Recording> recordings, const std::set<std::string>& labels) {
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::vector<const Recording*>>> sorted;
  for (const auto& recording : recordings)
    if (labels.contains(recording.description.label) &&
        recording.samples >= static_cast<std::int64_t>(kWindow))
      sorted[{recording.description.session, recording.description.person}][recording.description.label]
          .push_back(&recording);
  std::vector<Group> groups;
  for (const auto& [name, by_label] : sorted) {
    Group group;
    recordings::RateEstimate rate;
    for (const auto& [label, members] : by_label) {
      group.profiles.emplace(label, profile_of(members));
      for (const auto* recording : members) rate.add(recording->time_ms);
    }
    group.rate_hz = rate.rate_hz();
    groups.push_back(std::move(group));
  }
  return groups;
}

std::pair<std::vector<double>, std::vector<double>> centre_and_variance(
    const std::vector<std::vector<double>>& vectors, double floor) {
  std::vector<double> centre(vectors.front().size()), variance(centre.size());
  const auto count = static_cast<double>(vectors.size());
  for (const auto& vector : vectors)
    for (std::size_t at = 0; at < centre.size(); ++at) centre[at] += vector[at] / count;
  for (const auto& vector : vectors)
    for (std::size_t at = 0; at < centre.size(); ++at)
      variance[at] += std::pow(vector[at] - centre[at], 2) / count;
  for (double& value : variance) value = std::max(value, floor * floor);
  return {centre, variance};
}

double distance(const std::vector<double>& vector, const std::vector<double>& centre,
                const std::vector<double>& variance) {
  double sum = 0;
  for (std::size_t at = 0; at < vector.size(); ++at)
    sum += std::pow(vector[at] - centre[at], 2) / variance[at];
  return sum / static_cast<double>(vector.size());
}

}  // namespace mote::dataset
