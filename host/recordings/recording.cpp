// SPDX-License-Identifier: Apache-2.0
#include "recordings/recording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/hash.h"

namespace mote::recordings {

bool is_audio(const project::SensorDescription& sensor) {
  return sensor.axis_count() == 1 && sensor.groups.front().kind == project::SensorKind::kMicrophone;
}

std::int16_t to_count(double value, double counts_per_unit) {
  return static_cast<std::int16_t>(std::clamp(std::round(value * counts_per_unit), -32768.0, 32767.0));
}

std::vector<std::int16_t> to_counts(const std::vector<double>& values,
                                    const project::SensorDescription& sensor) {
  std::vector<double> counts_per_unit;
  for (std::int32_t axis = 0; axis < sensor.axis_count(); ++axis)
    counts_per_unit.push_back(sensor.counts_per_unit(axis));
  std::vector<std::int16_t> counts(values.size());
  for (std::size_t index = 0; index < values.size(); ++index)
    counts[index] = to_count(values[index], counts_per_unit[index % counts_per_unit.size()]);
  return counts;
}

std::int64_t clipped_samples(const std::vector<std::int16_t>& counts, std::int32_t axes) {
  std::int64_t clipped = 0;
  const auto step = static_cast<std::size_t>(axes);
  for (std::size_t start = 0; start + step <= counts.size(); start += step)
    clipped += std::any_of(counts.begin() + static_cast<std::ptrdiff_t>(start),
                           counts.begin() + static_cast<std::ptrdiff_t>(start + step),
                           [](std::int16_t count) { return count == INT16_MAX || count == INT16_MIN; })
                   ? 1
                   : 0;
  return clipped;
}

std::string content_hash(const std::vector<std::int16_t>& counts) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(2 * counts.size());
  for (const std::int16_t count : counts) {
    bytes.push_back(static_cast<std::uint8_t>(count & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>((count >> 8) & 0xFF));
  }
  return sha256(bytes);
}

void RateEstimate::add(const std::vector<double>& time_ms) {
  const auto count = static_cast<double>(time_ms.size());
  double mean_ms = 0;
  for (const double time : time_ms) mean_ms += time / count;
  for (std::size_t sample = 0; sample < time_ms.size(); ++sample) {
    const double offset = static_cast<double>(sample) - (count - 1) / 2;
    covariance_ms_ += offset * (time_ms[sample] - mean_ms);
    variance_ += offset * offset;
  }
}

std::optional<double> RateEstimate::rate_hz() const {
  if (covariance_ms_ <= 0 || variance_ <= 0) return std::nullopt;
  return 1000.0 * variance_ / covariance_ms_;
}

std::string to_csv(const Recording& recording) {
  const auto axes = static_cast<std::size_t>(recording.description.sensor.axis_count());
  fmt::memory_buffer text;
  const auto out = fmt::appender(text);
  fmt::format_to(out, "{}{}\n", recording.time_ms.empty() ? "" : "time_ms,",
                 fmt::join(recording.description.sensor.axis_names(), ","));
  for (std::size_t index = 0; index < recording.values.size(); ++index) {
    const std::size_t axis = index % axes;
    if (axis == 0 && !recording.time_ms.empty()) fmt::format_to(out, "{},", recording.time_ms[index / axes]);
    fmt::format_to(out, "{}{}", recording.values[index], axis + 1 == axes ? '\n' : ',');
  }
  return fmt::to_string(text);
}

}  // namespace mote::recordings
