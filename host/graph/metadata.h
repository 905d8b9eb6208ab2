// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "project/project.h"

namespace mote::graph {

/// Per-axis normalisation, both as a person reads it and as the device computes it.
struct AxisNormalization {
  double mean = 0;  ///< in the axis's unit, over the training recordings
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
  std::int32_t window_samples = 0;
  std::int32_t hop_samples = 0;
  std::vector<AxisNormalization> normalization;  ///< one per axis
  double confidence_threshold = 0.70;

  bool operator==(const ModelMetadata&) const = default;
};

}  // namespace mote::graph
