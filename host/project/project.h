// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "mote/runtime/contract.h"

namespace mote::project {

using runtime::SensorKind;
using runtime::Unit;

/// Axes that share quantity, unit and range: one sensor of a board.
struct SensorGroup {
  SensorKind kind = SensorKind::kAccelerometer;
  std::vector<std::string> axes;  ///< column names in file and channel order
  Unit unit = Unit::kG;
  double range = 0;  ///< largest magnitude in `unit`; a raw count is range / 32768

  bool operator==(const SensorGroup&) const = default;
};

/// What a recording was made with, and what a model expects.
struct SensorDescription {
  std::string name;  ///< part or board, for people: "BMI270"
  std::int64_t rate_millihertz = 0;
  std::string mounting;  ///< for people: "back of the right hand, x to the fingers"
  std::vector<SensorGroup> groups;

  std::int32_t axis_count() const;
  std::vector<std::string> axis_names() const;
  double rate_hz() const { return static_cast<double>(rate_millihertz) / 1000.0; }
  /// Raw counts per unit of the channel `axis`: 32768 / range of its group.
  double counts_per_unit(std::int32_t axis) const;

  bool operator==(const SensorDescription&) const = default;
};

/// How recordings are divided into training, validation and test (held out) parts.
struct SplitSettings {
  enum class By {
    kSession,  ///< the latest sessions are held out
    kPerson,   ///< whole persons are held out
    kCapture,  ///< the last captures of each label are held out: weaker, and reports say so
    kGiven,    ///< as the data set itself divides its files, kept at import
  };
  By by = By::kSession;
  std::int32_t test_count = 1;  ///< sessions or persons; the latest (by name for persons unless listed)
  std::int32_t validation_count = 1;
  std::vector<std::string> test_persons;  ///< kPerson: names; empty: the last test_count in name order
  std::vector<std::string> validation_persons;
  double test_fraction = 0.2;  ///< kCapture: share of each label's captures, the latest in time
  double validation_fraction = 0.2;

  bool operator==(const SplitSettings&) const = default;
};

struct TrainingSettings {
  std::string architecture = "dense";  ///< "dense" or "conv"
  std::int32_t epochs = 100;
  std::int32_t batch = 16;
  double learning_rate = 0.002;
  std::int32_t patience = 20;  ///< epochs without a better validation loss before training stops
  std::uint64_t seed = 1;

  bool operator==(const TrainingSettings&) const = default;
};

/// What the product must reach; set before data is collected.
struct ProductTargets {
  double false_positives_per_hour = 0.5;
  double false_negative_rate = 0.05;
  double latency_ms = 200;        ///< gesture end to decision
  double battery_life_hours = 0;  ///< 0: no target

  bool operator==(const ProductTargets&) const = default;
};

/// How windows become decisions and events on the device, see mote/runtime/decision.h.
struct DecisionSettings {
  std::int32_t average_windows = 1;  ///< whose probabilities are averaged
  std::int32_t votes = 1;            ///< windows that must decide for a class ...
  std::int32_t voting_windows = 1;   ///< ... among the latest so many
  double refractory_seconds = 0;     ///< after an event in which there is no other

  bool operator==(const DecisionSettings&) const = default;
};

/// One `[[features]]` table: a block of the signal pipeline. The features stage knows which blocks there are.
struct FeatureBlock {
  std::string block;               ///< "frame"
  Json settings = Json::object();  ///< its other keys; numbers, truth values, strings and lists of these
  std::string where;               ///< "mote.toml:12", for messages

  bool operator==(const FeatureBlock& other) const {
    return block == other.block && settings == other.settings;
  }
};

/// A second model in the same firmware, which runs on a window only where the first one decides for a label.
struct CascadeSettings {
  std::string label;            ///< of this project's labels
  std::filesystem::path model;  ///< as in mote.toml: a folder with a project, or a .tflite that mote trained

  bool operator==(const CascadeSettings&) const = default;
};

/// What the device watches while it runs.
struct WatchSettings {
  /// The axis of the accelerometer that reads +1 g at rest, with '-' in front for -1 g; none: not checked.
  std::optional<std::string> up_at_rest;
  std::optional<std::int32_t> lost_samples_per_minute;  ///< that are tolerated; none: one hop
  bool constant_is_fault = true;                        ///< whether an axis that never changes is broken

  bool operator==(const WatchSettings&) const = default;
};

/// Everything in mote.toml.
struct Project {
  std::filesystem::path root;  ///< the folder that holds mote.toml; absolute
  std::string name;            ///< plain name; names the model and its generated code
  std::string version;         ///< of the model, three numbers: "1.0.0"
  SensorDescription sensor;
  std::vector<FeatureBlock> features;  ///< in order; none: the model looks at the samples themselves
  std::int32_t window_samples = 0;
  std::int32_t hop_samples = 0;
  std::vector<std::string> labels;  ///< plain names; the model's class order
  std::optional<std::string>
      background;  ///< the label that means "nothing of interest"; none only with --no-background
  double confidence_threshold = 0.70;  ///< below it the decision is `uncertain`
  DecisionSettings decision;
  std::optional<CascadeSettings> cascade;  ///< none: one model
  WatchSettings watch;
  SplitSettings split;
  TrainingSettings training;
  ProductTargets targets;
  std::string board;

  double window_seconds() const { return window_samples / sensor.rate_hz(); }
  std::filesystem::path file() const { return root / "mote.toml"; }
  std::filesystem::path recordings() const { return root / "recordings"; }
  std::filesystem::path run() const { return root / "run"; }
  std::filesystem::path model_float() const { return run() / "model_float.tflite"; }
  std::filesystem::path model_int8() const { return run() / "model_int8.tflite"; }
  std::filesystem::path generated() const { return run() / "generated"; }
  /// The int8 model that `cascade` names; only with one.
  std::filesystem::path woken_model_int8() const;
  std::filesystem::path generated_woken() const { return generated() / "woken"; }
  std::filesystem::path firmware(const std::string& board_name) const {
    return run() / "firmware" / board_name;
  }
  std::filesystem::path report() const { return run() / "report.html"; }
};

/// The confidence threshold in 1/256 as the device compares it: the smallest q with q/256 >= threshold, 1 ...
/// 255.
std::uint8_t threshold_q8(double confidence_threshold);

/// Parses the text of a mote.toml; `where` names it in errors (kInput), which carry line, key, found and
/// expected, and the nearest known key for an unknown one. Every value is range-checked: window 4 ... 65536
/// samples, hop 1 ... window, 1 ... 16 axes, 2 ... 64 labels, rate 0.001 ... 100000 Hz.
Result<Project> parse(std::string_view toml, std::string_view where);

/// Loads `<folder>/mote.toml`. Errors: as parse(); kUsage if there is none (hint: `mote new`).
Result<Project> load(const std::filesystem::path& folder);

/// The text of a mote.toml that parse() reads back to the same project, with a comment on every entry.
std::string to_toml(const Project& project);

/// A project for `mote new gesture`: 3-axis accelerometer, 100 Hz, 4 g, window 100, hop 20, punch/flex/idle.
Project gesture_template(const std::string& name);

/// Names as they stand in mote.toml and elsewhere: "accelerometer", "g", "m/s2", "dps", "rad/s", "uT",
/// "full-scale", "counts".
std::string_view to_string(SensorKind kind);
std::string_view to_string(Unit unit);
std::optional<SensorKind> sensor_kind_from(std::string_view name);
std::optional<Unit> unit_from(std::string_view name);

}  // namespace mote::project
