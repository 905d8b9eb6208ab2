// SPDX-License-Identifier: Apache-2.0
#include "features/picture.h"

#include <algorithm>
#include <cmath>

#include "core/portable_math.h"

namespace mote::features {
namespace {

constexpr std::int32_t kWindow = 512;
constexpr std::int32_t kBands = 64;
constexpr std::int64_t kMostSteps = 200;
constexpr double kLeastPower = 1e-3;  // of counts squared: below the noise of any converter

/// Powers of the bands of one window of samples.
std::vector<double> band_powers(std::span<const std::int16_t> samples) {
  static const std::vector<double> cosines = [] {
    std::vector<double> table(kWindow);
    for (std::int32_t index = 0; index < kWindow; ++index)
      table[static_cast<std::size_t>(index)] = portable_cos(2 * 3.141592653589793 * index / kWindow);
    return table;
  }();
  std::vector<double> powers(kBands);
  std::vector<double> tapered(kWindow);
  for (std::size_t index = 0; index < tapered.size(); ++index)
    tapered[index] = samples[index] * (0.5 - 0.5 * cosines[index]);
  for (std::size_t bin = 1; bin <= kWindow / 2; ++bin) {
    double real = 0, imaginary = 0;
    for (std::size_t index = 0; index < tapered.size(); ++index) {
      const std::size_t angle = bin * index % kWindow;
      real += tapered[index] * cosines[angle];
      imaginary += tapered[index] * cosines[(angle + kWindow * 3 / 4) % kWindow];
    }
    powers[(bin - 1) * kBands / (kWindow / 2)] += (real * real + imaginary * imaginary) / (kWindow * kWindow);
  }
  return powers;
}

/// `values` from `low` ... `high` to 0 ... 255.
std::uint8_t grey(double value, double low, double high) {
  if (high <= low) return 0;
  return static_cast<std::uint8_t>(std::lround(255.0 * std::clamp((value - low) / (high - low), 0.0, 1.0)));
}

}  // namespace

Picture picture_of_rows(std::span<const std::int16_t> rows, std::int32_t columns, double rows_hz,
                        bool by_column) {
  const auto width = std::min<std::int64_t>(std::ssize(rows) / columns, kMostSteps);
  Picture picture{static_cast<std::int32_t>(width), columns, 0, 0, static_cast<double>(width) / rows_hz, {}};
  const auto value = [&](std::int64_t row, std::int32_t column) {
    return rows[static_cast<std::size_t>(row * columns + column)];
  };
  std::vector<double> low(static_cast<std::size_t>(columns), INFINITY), high(low.size(), -INFINITY);
  for (std::int64_t row = 0; row < width; ++row)
    for (std::int32_t column = 0; column < columns; ++column) {
      const std::size_t scale = by_column ? static_cast<std::size_t>(column) : 0;
      low[scale] = std::min<double>(low[scale], value(row, column));
      high[scale] = std::max<double>(high[scale], value(row, column));
    }
  if (width > 0 && !by_column) {
    picture.low = low[0];
    picture.high = high[0];
  }
  for (std::int64_t row = 0; row < width; ++row)
    for (std::int32_t column = 0; column < columns; ++column) {
      const std::size_t scale = by_column ? static_cast<std::size_t>(column) : 0;
      picture.pixels.push_back(grey(value(row, column), low[scale], high[scale]));
    }
  return picture;
}

Picture spectrogram(std::span<const std::int16_t> counts, double rate_hz) {
  Picture picture;
  std::vector<double> decibels;
  for (std::size_t start = 0; start + kWindow <= counts.size() && picture.width < kMostSteps;
       start += kWindow / 2) {
    for (const double power : band_powers(counts.subspan(start, kWindow)))
      decibels.push_back(10 * portable_log(std::max(power, kLeastPower)) / portable_log(10.0));
    ++picture.width;
  }
  if (picture.width == 0) return picture;
  picture.height = kBands;
  picture.seconds = picture.width * (kWindow / 2) / rate_hz;
  const auto [low, high] = std::ranges::minmax(decibels);
  picture.low = low;
  picture.high = high;
  for (const double value : decibels) picture.pixels.push_back(grey(value, low, high));
  return picture;
}

}  // namespace mote::features
