// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "core/progress.h"
#include "dataset/dataset.h"
#include "features/pipeline.h"
#include "graph/metadata.h"

namespace mote::features {

/// Windows of a part of the dataset, as features and with what they belong to.
struct WindowSet {
  std::int32_t rows = 0;     ///< of a window; without a pipeline its samples
  std::int32_t columns = 0;  ///< of a row; without a pipeline the axes
  /// [window][row][column], 11 fraction bits: 2048 is one standard deviation above the mean.
  std::vector<std::int16_t> features;
  std::vector<std::int32_t> label;      ///< [window], index into the labels
  std::vector<std::int32_t> recording;  ///< [window], index into the dataset's recordings
  std::int64_t short_recordings = 0;    ///< recordings of the part that are shorter than a window

  std::int64_t count() const { return static_cast<std::int64_t>(label.size()); }
  std::int32_t values_per_window() const { return rows * columns; }
  std::span<const std::int16_t> window(std::int64_t index) const {
    return std::span(features).subspan(static_cast<std::size_t>(index * values_per_window()),
                                       static_cast<std::size_t>(values_per_window()));
  }
};

/// The integer form of (value - mean) / standard_deviation in 11 fraction bits.
///
/// `mean`, `standard_deviation` in the axis's unit; a deviation below one count is raised to one count, so
/// that an axis that never moved gives 0 in training and a plain warning sign (saturation) when it does move.
/// Exactness: for every count c the feature differs from 2048 * (c / counts_per_unit - mean) /
/// standard_deviation, saturated, by at most 0.5 + (|c - mean * counts_per_unit| + 1) / 2^(shift + 1);
/// mote::dsp::valid() holds for the result.
graph::AxisNormalization to_integer_form(double mean, double standard_deviation, double counts_per_unit);

/// A dataset as rows of features: its recordings hold rows in place of samples and columns in place of axes.
struct Features {
  Pipeline pipeline;
  dataset::Dataset rows;  ///< counts: [row][column] before normalisation
  std::int32_t window_rows = 0;
  std::int32_t hop_rows = 0;
  std::int64_t from_cache = 0;  ///< recordings that had been computed before
};

/// Runs the project's pipeline over every recording, or takes its rows from the project's cache (cache.h).
/// Errors (kInput): as Pipeline::create(), window_rows() and hop_rows(). `progress` hears of the recordings.
Result<Features> compute(const dataset::Dataset& dataset, const project::Project& project,
                         const ProgressSink& progress = {});

/// Mean and standard deviation of every column over the rows of the training recordings, and their integer
/// form. Exact sums of integers: the same on every machine. Errors (kInput): no row of a training recording.
Result<std::vector<graph::AxisNormalization>> fit_normalization(const Features& features);

/// The windows of `part`, recording by recording in the dataset's order; none crosses a recording's end.
/// `normalization`: one per column. Computed by mote/dsp/normalize.h, the device's own code.
WindowSet windows(const Features& features, dataset::Part part,
                  std::span<const graph::AxisNormalization> normalization);

}  // namespace mote::features
