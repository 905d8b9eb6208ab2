// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/recording.h"

namespace mote::dataset {

/// What a recording is used for. Recordings of kTest are touched by evaluation alone.
enum class Part : std::uint8_t { kTrain, kValidation, kTest };

/// "train", "validation", "test".
std::string_view to_string(Part part);

/// One recording as the device would have seen it.
struct Recording {
  recordings::Description description;
  std::int32_t label = 0;    ///< index into the project's labels
  Part part = Part::kTrain;  ///< set by split()
  std::int64_t samples = 0;
  std::vector<std::int16_t> counts;  ///< [sample][axis], raw counts
  std::vector<double> time_ms;       ///< [sample], empty without time stamps
  std::int64_t clipped_samples = 0;  ///< samples with an axis at the end of its range

  double seconds() const { return static_cast<double>(samples) / description.sensor.rate_hz(); }
  std::optional<double> measured_rate_hz() const;  ///< none without time stamps
};

struct Dataset {
  std::vector<std::string> labels;
  std::optional<std::string> background;
  std::int32_t axes = 0;
  project::SplitSettings split;
  std::vector<Recording> recordings;  ///< by session (in time order), label, id

  /// Indices into `recordings` of those in `part`, in order.
  std::vector<std::int32_t> in_part(Part part) const;
};

/// Reads every recording of the project and verifies it against its description; parts are not set yet.
/// Errors (kInput): damaged or changed files, a label that the project has not, a sensor or rate other than
/// the project's; kUsage if there are no recordings.
Result<Dataset> read(const project::Project& project);

/// Sets the part of every recording. Pure: depends on the descriptions and `settings` only.
/// Errors (kInput): too few sessions, persons or captures; a recording without a person when persons are
/// held out; equal content in two parts; a person in two parts when persons are held out; a recording whose
/// data set gives it no part when that rule is asked for; a label without training recordings.
Result<void> split(Dataset& dataset, const project::SplitSettings& settings);

/// read() and split(): what every later stage works on.
Result<Dataset> load(const project::Project& project);

/// Sessions in time order: by the start of their first recording if every recording has a time, else by name
/// (numbers inside names by value: s2 before s10).
std::vector<std::string> sessions_in_order(const Dataset& dataset);

}  // namespace mote::dataset
