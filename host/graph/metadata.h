// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "project/project.h"

namespace mote::graph {

/// Normalisation of an axis, or of a column of features, both as a person reads it and as the device computes
/// it.
struct AxisNormalization {
  double mean = 0;  ///< in the unit of axis or feature, over the training recordings
  double standard_deviation = 1;
  /// Device form: feature = saturate16((counts * multiplier + bias + rounding) >> shift), see
  /// mote/dsp/normalize.h.
  std::int32_t multiplier = 0;
  std::int32_t bias = 0;
  std::int32_t shift = 0;

  bool operator==(const AxisNormalization&) const = default;
};

/// What belongs to a model besides its graph; travels inside the .tflite file. Empty for models from
/// elsewhere.
struct ModelMetadata {
  std::string version;
  std::string date;  ///< YYYY-MM-DD, an input (--date, SOURCE_DATE_EPOCH), never the clock
  std::vector<std::string> labels;
  std::optional<std::string> background;
  std::optional<project::SensorDescription> sensor;  ///< the contract
  std::vector<project::FeatureBlock> features;  ///< the signal pipeline; none: a row of features is a sample
  std::int32_t window_samples = 0;
  std::int32_t hop_samples = 0;
  std::vector<AxisNormalization> normalization;  ///< one per column of a row: per axis without features
  double confidence_threshold = 0.70;

  bool operator==(const ModelMetadata&) const = default;
};

}  // namespace mote::graph
