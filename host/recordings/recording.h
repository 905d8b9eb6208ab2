// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "project/project.h"

namespace mote::recordings {

/// In which kind of file the samples stand: CSV in physical units, or 16-bit WAV of the raw counts.
enum class Storage : std::uint8_t { kCsv, kWav };

/// What is known about a recording besides its samples: the .json beside its .csv or .wav.
struct Description {
  std::string id;       ///< names both files, unique in the project: "<session>-<label>-<number>"
  std::string label;    ///< one of the project's labels
  std::string session;  ///< plain name: samples taken in one go, one mounting
  std::string person;   ///< plain name, or empty if not told
  std::string device;   ///< plain name, or empty if not told
  std::string part;     ///< "train", "validation" or "test" if the data set has a rule of its own, else empty
  std::string recorded;  ///< start, UTC, "2026-01-31T10:20:30.125Z"; empty if not known
  project::SensorDescription sensor;
  std::map<std::string, std::string> conditions;  ///< "temperature": "cold"
  std::string source_file;                        ///< name of the imported file, without folders
  std::int64_t source_line = 0;                   ///< where the recording starts in it
  std::int64_t capture = 0;                       ///< its number in the file, from 1
  std::int64_t samples = 0;
  Storage storage = Storage::kCsv;
  std::string file_sha256;     ///< of the .csv or .wav
  std::string content_sha256;  ///< of the raw counts: equal for equal motion, whatever the text looks like

  bool operator==(const Description&) const = default;
};

/// A recording as it stands in its two files.
struct Recording {
  Description description;
  std::vector<double> values;   ///< [sample][axis], in the units of the sensor
  std::vector<double> time_ms;  ///< [sample] since the first, or empty if there are no time stamps

  std::int64_t samples() const { return description.samples; }
};

/// Whether the sensor is one channel of a microphone.
bool is_audio(const project::SensorDescription& sensor);

/// A physical value as the device's raw count: value * 32768 / range, rounded half away from zero, saturated.
std::int16_t to_count(double value, double counts_per_unit);

/// All of `values` ([sample][axis]) as raw counts.
std::vector<std::int16_t> to_counts(const std::vector<double>& values,
                                    const project::SensorDescription& sensor);

/// How many samples of `counts` ([sample][axis]) have an axis at the end of its range.
std::int64_t clipped_samples(const std::vector<std::int16_t>& counts, std::int32_t axes);

/// SHA-256 of raw counts, the recording's identity.
std::string content_hash(const std::vector<std::int16_t>& counts);

/// Sums for the slope of a straight line of time stamps over sample numbers; several recordings of one rate
/// can be added up. The median step is no measure: time stamps in whole milliseconds make 104 Hz look like
/// 100 Hz.
class RateEstimate {
 public:
  /// Adds the time stamps of one uninterrupted recording.
  void add(const std::vector<double>& time_ms);
  /// Samples per second; none with fewer than two samples or no progress of time.
  std::optional<double> rate_hz() const;

 private:
  double covariance_ms_ = 0;
  double variance_ = 0;
};

/// The text of a recording's .csv: a heading (time_ms first if there are time stamps), then one line a
/// sample, numbers as short as they can be without loss.
std::string to_csv(const Recording& recording);

Json to_json(const Description& description);
Json to_json(const project::SensorDescription& sensor);

/// Errors (kInput): a field is missing, has another type or a value that import never writes (a name that is
/// no plain name, for instance).
Result<Description> description_from(const Json& json, std::string_view where);
Result<project::SensorDescription> sensor_from(const Json& json, std::string_view where);

}  // namespace mote::recordings
