// SPDX-License-Identifier: Apache-2.0
#include "features/augment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/portable_math.h"

namespace mote::features {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

/// Which fork of the generator a property draws from.
enum Draw : std::uint64_t { kShift, kStretch, kTilt, kGain, kBackground, kNoise };

Result<void> within(const char* name, double value, double low, double high) {
  if (value >= low && value <= high) return {};
  return fail(ErrorKind::kInput, fmt::format("{} is {}, expected {} to {}", name, value, low, high));
}

/// Values at `position` samples between `values` ([sample][axis]), the ends held.
double interpolated(std::span<const std::int16_t> values, std::size_t axes, std::size_t axis,
                    double position) {
  const auto last = static_cast<std::int64_t>(values.size() / axes) - 1;
  const double floor = std::floor(position);
  const auto at = [&](std::int64_t offset) {
    const auto sample = std::clamp(static_cast<std::int64_t>(floor) + offset, std::int64_t{0}, last);
    return static_cast<double>(values[static_cast<std::size_t>(sample) * axes + axis]);
  };
  const double t = position - floor;
  const double a = at(-1), b = at(0), c = at(1), d = at(2);
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

std::vector<double> resampled(std::span<const std::int16_t> counts, std::size_t axes,
                              const Augmentation& augmentation, const Rng& rng) {
  const double shift =
      std::round(rng.fork(kShift).uniform(-augmentation.shift_samples, augmentation.shift_samples));
  const double stretch =
      1 + rng.fork(kStretch).uniform(-augmentation.stretch_share, augmentation.stretch_share);
  const auto samples =
      static_cast<std::size_t>(std::round(static_cast<double>(counts.size() / axes) * stretch));
  std::vector<double> values;
  values.reserve(samples * axes);
  for (std::size_t sample = 0; sample < samples; ++sample)
    for (std::size_t axis = 0; axis < axes; ++axis)
      values.push_back(interpolated(counts, axes, axis, static_cast<double>(sample) / stretch - shift));
  return values;
}

/// About a random axis by a random angle up to `degrees` (Rodrigues' formula).
Matrix random_turn(double degrees, Rng rng) {
  Vector axis{};
  double length = 0;
  for (double& value : axis) {
    value = rng.normal();
    length += value * value;
  }
  const double angle = rng.uniform(0, degrees) * 0.017453292519943295;
  const double sine = portable_sin(angle), cosine = portable_cos(angle);
  for (double& value : axis) value /= std::sqrt(length);
  const auto& [x, y, z] = axis;
  const double rest = 1 - cosine;
  return {Vector{cosine + x * x * rest, x * y * rest - z * sine, x * z * rest + y * sine},
          Vector{y * x * rest + z * sine, cosine + y * y * rest, y * z * rest - x * sine},
          Vector{z * x * rest - y * sine, z * y * rest + x * sine, cosine + z * z * rest}};
}

void turn(std::vector<double>& values, const project::SensorDescription& sensor, std::size_t axes,
          const Matrix& matrix) {
  std::size_t first = 0;
  for (const auto& group : sensor.groups) {
    if (group.axes.size() == 3)
      for (std::size_t at = first; at < values.size(); at += axes) {
        const Vector old = {values[at], values[at + 1], values[at + 2]};
        for (std::size_t row = 0; row < 3; ++row)
          values[at + row] = matrix[row][0] * old[0] + matrix[row][1] * old[1] + matrix[row][2] * old[2];
      }
    first += group.axes.size();
  }
}

/// Mean square about the mean.
template <class Values>
double power(const Values& values) {
  double sum = 0, squares = 0;
  for (const auto value : values) sum += static_cast<double>(value);
  const auto count = static_cast<double>(values.size());
  for (const auto value : values)
    squares += (static_cast<double>(value) - sum / count) * (static_cast<double>(value) - sum / count);
  return squares / count;
}

void mix(std::vector<double>& values, std::size_t axes, std::span<const std::int16_t> background,
         const Augmentation& augmentation, Rng rng) {
  const std::size_t frames = background.size() / axes;
  if (frames == 0) return;
  const double snr_db = rng.uniform(augmentation.snr_low_db, augmentation.snr_high_db);
  const std::size_t start = static_cast<std::size_t>(rng.below(frames)) * axes;
  std::vector<double> piece(values.size());
  double sum = 0;
  for (std::size_t at = 0; at < piece.size(); ++at) {
    piece[at] = background[(start + at) % (frames * axes)];
    sum += piece[at];
  }
  const double noise = power(piece);
  if (!(noise > 0)) return;
  const double factor =
      std::sqrt(power(values) / noise * portable_exp(-snr_db * 0.23025850929940457));  // ln 10 / 10
  for (std::size_t at = 0; at < values.size(); ++at)
    values[at] += factor * (piece[at] - sum / static_cast<double>(piece.size()));
}

}  // namespace

Result<void> check(const Augmentation& augmentation) {
  MOTE_CHECK(within("noise_counts", augmentation.noise_counts, 0, 32767));
  MOTE_CHECK(within("gain_share", augmentation.gain_share, 0, 0.9));
  MOTE_CHECK(within("shift_samples", augmentation.shift_samples, 0, 1e6));
  MOTE_CHECK(within("stretch_share", augmentation.stretch_share, 0, 0.5));
  MOTE_CHECK(within("tilt_degrees", augmentation.tilt_degrees, 0, 180));
  MOTE_CHECK(within("snr_high_db", augmentation.snr_high_db, -40, 100));
  return within("snr_low_db", augmentation.snr_low_db, -40, augmentation.snr_high_db);
}

std::vector<std::int16_t> augment(std::span<const std::int16_t> counts,
                                  const project::SensorDescription& sensor, const Augmentation& augmentation,
                                  std::span<const std::int16_t> background, const Rng& rng) {
  const auto axes = static_cast<std::size_t>(sensor.axis_count());
  if (counts.size() < axes) return {counts.begin(), counts.end()};
  auto values = resampled(counts, axes, augmentation, rng);
  if (augmentation.tilt_degrees > 0)
    turn(values, sensor, axes, random_turn(augmentation.tilt_degrees, rng.fork(kTilt)));
  const double gain = 1 + rng.fork(kGain).uniform(-augmentation.gain_share, augmentation.gain_share);
  for (double& value : values) value *= gain;
  if (augmentation.background) mix(values, axes, background, augmentation, rng.fork(kBackground));
  Rng noise = rng.fork(kNoise);
  std::vector<std::int16_t> result;
  result.reserve(values.size());
  for (double value : values) {
    if (augmentation.noise_counts > 0) value += augmentation.noise_counts * noise.normal();
    result.push_back(static_cast<std::int16_t>(std::clamp(std::round(value), -32768.0, 32767.0)));
  }
  return result;
}

}  // namespace mote::features
