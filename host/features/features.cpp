// SPDX-License-Identifier: Apache-2.0
#include "features/features.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "features/cache.h"
#include "mote/dsp/normalize.h"
#include "mote/dsp/window.h"

namespace mote::features {
namespace {

/// Exact sums over the counts of one axis.
struct Moments {
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::int64_t sum_of_squares = 0;  ///< below 2^30 * count

  double mean() const { return static_cast<double>(sum) / static_cast<double>(count); }
  double standard_deviation() const {
    const auto wide_count = static_cast<WideUnsigned>(count);
    const auto magnitude = static_cast<WideUnsigned>(sum < 0 ? -sum : sum);
    const WideUnsigned scatter =
        wide_count * static_cast<WideUnsigned>(sum_of_squares) - magnitude * magnitude;
    return std::sqrt(static_cast<double>(scatter)) / static_cast<double>(count);
  }
};

std::vector<Moments> training_moments(const dataset::Dataset& dataset) {
  const auto axes = static_cast<std::size_t>(dataset.axes);
  std::vector<Moments> moments(axes);
  for (const auto& recording : dataset.recordings) {
    if (recording.part != dataset::Part::kTrain) continue;
    for (std::size_t index = 0; index < recording.counts.size(); ++index) {
      const std::int64_t value = recording.counts[index];
      Moments& axis = moments[index % axes];
      ++axis.count;
      axis.sum += value;
      axis.sum_of_squares += value * value;
    }
  }
  return moments;
}

dsp::AxisNormalization device_form(const graph::AxisNormalization& axis) {
  return {axis.multiplier, axis.bias, static_cast<std::int8_t>(axis.shift)};
}

}  // namespace

graph::AxisNormalization to_integer_form(double mean, double standard_deviation, double counts_per_unit) {
  graph::AxisNormalization axis;
  axis.mean = mean;
  axis.standard_deviation = std::max(standard_deviation, 1.0 / counts_per_unit);
  const double mean_counts = mean * counts_per_unit;
  const double scale = 2048.0 / (axis.standard_deviation * counts_per_unit);  // 2^-11 steps per count
  for (axis.shift = 30; axis.shift > 0; --axis.shift) {
    const double multiplier = std::round(std::ldexp(scale, axis.shift));
    if (multiplier > 32767.0) continue;
    // From the rounded multiplier, so that the error is zero at the mean and grows from there.
    axis.multiplier = static_cast<std::int32_t>(multiplier);
    axis.bias = static_cast<std::int32_t>(std::llround(-multiplier * mean_counts));
    if (dsp::valid(device_form(axis))) break;
  }
  return axis;
}

Result<Features> compute(const dataset::Dataset& dataset, const project::Project& project,
                         const ProgressSink& progress) {
  MOTE_TRY(Pipeline pipeline, Pipeline::create(project.features, project.sensor));
  MOTE_TRY(const std::int32_t window_rows, pipeline.window_rows(project.window_samples));
  MOTE_TRY(const std::int32_t hop_rows, pipeline.hop_rows(project.hop_samples));
  Features features{std::move(pipeline), dataset, window_rows, hop_rows};
  if (project.features.empty()) return features;
  Cache cache(project.run() / "features", features.pipeline);
  features.rows.axes = features.pipeline.columns();
  for (std::size_t index = 0; index < dataset.recordings.size(); ++index) {
    dataset::Recording& recording = features.rows.recordings[index];
    recording.counts = cache.rows(recording.description.content_sha256, dataset.recordings[index].counts);
    recording.samples = std::ssize(recording.counts) / features.rows.axes;
    recording.time_ms.clear();
    if (progress)
      progress(
          {static_cast<std::int64_t>(index) + 1, std::ssize(dataset.recordings), recording.description.id});
  }
  features.from_cache = cache.hits();
  return features;
}

Result<std::vector<graph::AxisNormalization>> fit_normalization(const Features& features) {
  std::vector<graph::AxisNormalization> normalization;
  const dataset::Dataset& dataset = features.rows;
  const auto moments = training_moments(dataset);
  if (moments.empty() || moments.front().count == 0)
    return fail(ErrorKind::kInput, "no training recording to compute the normalisation from", "",
                "run `mote data` to see which sessions train");
  for (std::size_t axis = 0; axis < moments.size(); ++axis) {
    const double counts_per_unit = 1.0 / features.pipeline.column_steps()[axis];
    const Moments& sums = moments[axis];
    normalization.push_back(to_integer_form(sums.mean() / counts_per_unit,
                                            sums.standard_deviation() / counts_per_unit, counts_per_unit));
  }
  return normalization;
}

WindowSet windows(const Features& source, dataset::Part part,
                  std::span<const graph::AxisNormalization> normalization) {
  const dataset::Dataset& dataset = source.rows;
  WindowSet set;
  set.rows = source.window_rows;
  set.columns = dataset.axes;
  std::vector<std::int16_t> features;
  for (const std::int32_t index : dataset.in_part(part)) {
    const auto& recording = dataset.recordings[static_cast<std::size_t>(index)];
    features.resize(recording.counts.size());
    for (std::size_t value = 0; value < features.size(); ++value)
      features[value] =
          dsp::normalize(recording.counts[value], device_form(normalization[value % normalization.size()]));
    const std::int64_t count = dsp::window_count(recording.samples, source.window_rows, source.hop_rows);
    if (count == 0) ++set.short_recordings;
    for (std::int64_t window = 0; window < count; ++window) {
      const auto begin = features.begin() + dsp::window_start(window, source.hop_rows) * dataset.axes;
      set.features.insert(set.features.end(), begin, begin + set.values_per_window());
      set.label.push_back(recording.label);
      set.recording.push_back(index);
    }
  }
  return set;
}

}  // namespace mote::features
