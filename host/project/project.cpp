// SPDX-License-Identifier: Apache-2.0
#include "project/project.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/files.h"
#include "core/text.h"
#include "project/toml_reader.h"

namespace mote::project {
namespace {

template <class Enum>
struct Name {
  Enum value;
  std::string_view name;
};

constexpr Name<SensorKind> kSensorKinds[] = {
    {SensorKind::kAccelerometer, "accelerometer"},
    {SensorKind::kGyroscope, "gyroscope"},
    {SensorKind::kMagnetometer, "magnetometer"},
    {SensorKind::kMicrophone, "microphone"},
    {SensorKind::kOther, "other"},
};
constexpr Name<Unit> kUnits[] = {
    {Unit::kG, "g"},
    {Unit::kMetersPerSecondSquared, "m/s2"},
    {Unit::kDegreesPerSecond, "dps"},
    {Unit::kRadiansPerSecond, "rad/s"},
    {Unit::kMicrotesla, "uT"},
    {Unit::kFullScale, "full-scale"},
    {Unit::kCounts, "counts"},
};
constexpr Name<SplitSettings::By> kSplits[] = {
    {SplitSettings::By::kSession, "session"},
    {SplitSettings::By::kPerson, "person"},
    {SplitSettings::By::kCapture, "capture"},
    {SplitSettings::By::kGiven, "given"},
};
constexpr Name<bool> kArchitectures[] = {{false, "dense"}, {true, "conv"}};

template <class Enum, std::size_t count>
std::string_view name_of(const Name<Enum> (&names)[count], Enum value) {
  for (const auto& entry : names)
    if (entry.value == value) return entry.name;
  return "unknown";
}

template <class Enum, std::size_t count>
std::optional<Enum> value_of(const Name<Enum> (&names)[count], std::string_view name) {
  for (const auto& entry : names)
    if (entry.name == name) return entry.value;
  return std::nullopt;
}

/// One of the given words.
template <class Enum, std::size_t count>
Result<Enum> choice(const TomlReader& reader, std::string_view key, const Name<Enum> (&names)[count],
                    std::optional<std::string> fallback = {}) {
  std::string expected = "one of";
  for (const auto& entry : names)
    expected += fmt::format("{} \"{}\"", &entry == names ? "" : ",", entry.name);
  if (!reader.has(key) && !fallback.has_value()) return reader.refuse(key, "missing", expected);
  MOTE_TRY(const std::string word, reader.text(key, std::move(fallback)));
  const auto value = value_of(names, word);
  if (!value.has_value()) return reader.refuse(key, reader.found(key), expected);
  return *value;
}

/// A number of whole thousandths, as the device's contract holds it.
Result<std::int64_t> thousandths(const TomlReader& reader, std::string_view key, double low, double high) {
  MOTE_TRY(const double value, reader.number(key, low, high));
  const double scaled = value * 1000.0;
  if (std::abs(scaled - std::round(scaled)) > 1e-6 * std::max(1.0, scaled * 1e-3))
    return reader.refuse(key, reader.found(key), "at most three decimals");
  return std::llround(scaled);
}

Result<std::int32_t> integer32(const TomlReader& reader, std::string_view key, std::int32_t low,
                               std::int32_t high, std::optional<std::int64_t> fallback = {}) {
  MOTE_TRY(const std::int64_t value, reader.integer(key, low, high, fallback));
  return static_cast<std::int32_t>(value);
}

bool is_version(std::string_view text) {
  const auto parts = split(text, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           std::uint32_t number = 0;
           const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), number);
           return code == std::errc() && end == part.data() + part.size() && number <= 65535 &&
                  part == std::to_string(number);
         });
}

Result<SensorGroup> read_group(const TomlReader& reader) {
  MOTE_CHECK(reader.allow_only({"kind", "axes", "unit", "range"}));
  SensorGroup group;
  MOTE_TRY(group.kind, choice(reader, "kind", kSensorKinds));
  MOTE_TRY(group.axes, reader.plain_names("axes", 1, 16));
  for (const auto& axis : group.axes)
    for (const std::string_view reserved : {"timestamp", "time", "time_ms", "t"})
      if (axis == reserved)
        return reader.refuse("axes", fmt::format("using \"{}\"", axis),
                             "names that no time stamp column has (timestamp, time, time_ms, t)");
  MOTE_TRY(group.unit, choice(reader, "unit", kUnits));
  MOTE_TRY(const std::int64_t range_milli, thousandths(reader, "range", 0.001, 1e6));
  group.range = static_cast<double>(range_milli) / 1000.0;
  return group;
}

Result<SensorDescription> read_sensor(const TomlReader& reader) {
  MOTE_CHECK(reader.allow_only({"name", "rate_hz", "mounting", "group"}));
  SensorDescription sensor;
  MOTE_TRY(sensor.name, reader.text("name", ""));
  MOTE_TRY(sensor.rate_millihertz, thousandths(reader, "rate_hz", 0.001, 100000));
  MOTE_TRY(sensor.mounting, reader.text("mounting", ""));
  MOTE_TRY(const auto groups, reader.tables("group"));
  for (const auto& group_reader : groups) {
    MOTE_TRY(SensorGroup group, read_group(group_reader));
    const auto known = sensor.axis_names();
    for (const auto& axis : group.axes)
      if (std::find(known.begin(), known.end(), axis) != known.end())
        return group_reader.refuse("axes", fmt::format("using \"{}\" again", axis), "different names");
    sensor.groups.push_back(std::move(group));
  }
  if (sensor.axis_count() > 16)
    return reader.refuse("group", fmt::format("{} axes in all", sensor.axis_count()), "at most 16");
  return sensor;
}

Result<void> read_model(const TomlReader& reader, Project& project) {
  MOTE_CHECK(reader.allow_only({"window", "hop", "labels", "background", "threshold"}));
  MOTE_TRY(project.window_samples, integer32(reader, "window", 4, 65536));
  MOTE_TRY(project.hop_samples, integer32(reader, "hop", 1, project.window_samples));
  MOTE_TRY(project.labels, reader.plain_names("labels", 2, 64));
  if (std::find(project.labels.begin(), project.labels.end(), "uncertain") != project.labels.end())
    return reader.refuse("labels", "using \"uncertain\"",
                         "another name: that is the device's answer below the threshold");
  if (reader.has("background")) {
    MOTE_TRY(const std::string background, reader.text("background"));
    if (std::find(project.labels.begin(), project.labels.end(), background) == project.labels.end())
      return reader.refuse("background", reader.found("background"),
                           fmt::format("one of the labels {}", fmt::join(project.labels, ", ")));
    project.background = background;
  }
  MOTE_TRY(project.confidence_threshold, reader.number("threshold", 0.01, 0.99, 0.70));
  return {};
}

Result<std::vector<FeatureBlock>> read_features(const TomlReader& root) {
  std::vector<FeatureBlock> blocks;
  if (!root.has("features")) return blocks;
  MOTE_TRY(const auto readers, root.tables("features"));
  for (const TomlReader& reader : readers) {
    FeatureBlock block;
    MOTE_TRY(block.block, reader.plain_name("block"));
    MOTE_TRY(block.settings, reader.plain_values({"block"}));
    block.where = reader.where();
    blocks.push_back(std::move(block));
  }
  return blocks;
}

Result<DecisionSettings> read_decision(const TomlReader& reader) {
  MOTE_CHECK(reader.allow_only({"average", "votes", "of", "refractory_seconds"}));
  DecisionSettings decision;
  MOTE_TRY(decision.average_windows, integer32(reader, "average", 1, 64, 1));
  MOTE_TRY(decision.voting_windows, integer32(reader, "of", 1, 64, 1));
  MOTE_TRY(decision.votes, integer32(reader, "votes", 1, 64, 1));
  if (decision.votes > decision.voting_windows)
    return reader.refuse("votes", reader.found("votes"),
                         fmt::format("at most `of`, which is {}", decision.voting_windows));
  MOTE_TRY(decision.refractory_seconds, reader.number("refractory_seconds", 0, 3600, 0));
  return decision;
}

Result<CascadeSettings> read_cascade(const TomlReader& reader, const std::vector<std::string>& labels) {
  MOTE_CHECK(reader.allow_only({"label", "model"}));
  CascadeSettings cascade;
  MOTE_TRY(cascade.label, reader.plain_name("label"));
  if (std::ranges::find(labels, cascade.label) == labels.end())
    return reader.refuse("label", reader.found("label"),
                         fmt::format("one of the labels {}", fmt::join(labels, ", ")));
  MOTE_TRY(const std::string model, reader.text("model"));
  if (model.empty() || model.find('\0') != std::string::npos)
    return reader.refuse("model", reader.found("model"), "a folder with a project, or a .tflite file");
  cascade.model = model;
  return cascade;
}

Result<WatchSettings> read_watch(const TomlReader& reader, const SensorDescription& sensor) {
  MOTE_CHECK(reader.allow_only({"up_at_rest", "lost_samples_per_minute", "constant_is_fault"}));
  WatchSettings watch;
  if (reader.has("up_at_rest")) {
    MOTE_TRY(const std::string up, reader.text("up_at_rest"));
    const std::string axis = up.starts_with('-') ? up.substr(1) : up;
    const auto group = std::ranges::find_if(sensor.groups, [&](const SensorGroup& candidate) {
      return candidate.kind == SensorKind::kAccelerometer && candidate.axes.size() == 3 &&
             (candidate.unit == Unit::kG || candidate.unit == Unit::kMetersPerSecondSquared) &&
             std::ranges::find(candidate.axes, axis) != candidate.axes.end();
    });
    if (group == sensor.groups.end())
      return reader.refuse(
          "up_at_rest", reader.found("up_at_rest"),
          "an axis of an accelerometer with three axes in g or m/s2, with '-' in front if it "
          "points down");
    watch.up_at_rest = up;
  }
  if (reader.has("lost_samples_per_minute")) {
    MOTE_TRY(watch.lost_samples_per_minute, integer32(reader, "lost_samples_per_minute", 0, 1000000));
  }
  MOTE_TRY(watch.constant_is_fault, reader.boolean("constant_is_fault", true));
  return watch;
}

Result<void> refuse_unused(const TomlReader& reader, std::initializer_list<std::string_view> keys,
                           SplitSettings::By by) {
  for (const auto key : keys)
    if (reader.has(key))
      return fail(
          ErrorKind::kInput,
          fmt::format("{} has no meaning with split.by = \"{}\"", reader.path(key), name_of(kSplits, by)),
          reader.where(key), "remove it");
  return {};
}

Result<SplitSettings> read_split(const TomlReader& reader) {
  MOTE_CHECK(reader.allow_only({"by", "test", "validation", "test_persons", "validation_persons",
                                "test_fraction", "validation_fraction"}));
  SplitSettings split;
  MOTE_TRY(split.by, choice(reader, "by", kSplits, "session"));
  using By = SplitSettings::By;
  if (split.by == By::kCapture || split.by == By::kGiven)
    MOTE_CHECK(refuse_unused(reader, {"test", "validation"}, split.by));
  if (split.by != By::kPerson)
    MOTE_CHECK(refuse_unused(reader, {"test_persons", "validation_persons"}, split.by));
  if (split.by != By::kCapture)
    MOTE_CHECK(refuse_unused(reader, {"test_fraction", "validation_fraction"}, split.by));
  MOTE_TRY(split.test_count, integer32(reader, "test", 1, 1000, 1));
  MOTE_TRY(split.validation_count, integer32(reader, "validation", 1, 1000, 1));
  MOTE_TRY(split.test_persons, reader.plain_names("test_persons", 0, 1000, std::vector<std::string>{}));
  MOTE_TRY(split.validation_persons,
           reader.plain_names("validation_persons", 0, 1000, std::vector<std::string>{}));
  for (const auto& person : split.validation_persons)
    if (std::find(split.test_persons.begin(), split.test_persons.end(), person) != split.test_persons.end())
      return reader.refuse("validation_persons", fmt::format("using \"{}\", who is in test_persons", person),
                           "persons of one part only");
  MOTE_TRY(split.test_fraction, reader.number("test_fraction", 0.01, 0.8, 0.2));
  MOTE_TRY(split.validation_fraction, reader.number("validation_fraction", 0.01, 0.8, 0.2));
  if (split.test_fraction + split.validation_fraction > 0.9)
    return reader.refuse(
        "test_fraction",
        fmt::format("{} in sum with validation_fraction", split.test_fraction + split.validation_fraction),
        "at most 0.9, so that something is left to train on");
  return split;
}

Result<TrainingSettings> read_training(const TomlReader& reader) {
  MOTE_CHECK(reader.allow_only({"architecture", "epochs", "batch", "learning_rate", "patience", "seed"}));
  TrainingSettings training;
  MOTE_TRY(const bool conv, choice(reader, "architecture", kArchitectures, training.architecture));
  training.architecture = std::string(name_of(kArchitectures, conv));
  MOTE_TRY(training.epochs, integer32(reader, "epochs", 1, 100000, training.epochs));
  MOTE_TRY(training.batch, integer32(reader, "batch", 1, 65536, training.batch));
  MOTE_TRY(training.learning_rate, reader.number("learning_rate", 1e-7, 10, training.learning_rate));
  MOTE_TRY(training.patience, integer32(reader, "patience", 1, 100000, training.patience));
  MOTE_TRY(const std::int64_t seed, reader.integer("seed", 0, INT64_MAX, 1));
  training.seed = static_cast<std::uint64_t>(seed);
  return training;
}

Result<ProductTargets> read_targets(const TomlReader& reader) {
  MOTE_CHECK(reader.allow_only(
      {"false_positives_per_hour", "false_negative_rate", "latency_ms", "battery_life_hours"}));
  ProductTargets targets;
  MOTE_TRY(targets.false_positives_per_hour,
           reader.number("false_positives_per_hour", 0, 1e6, targets.false_positives_per_hour));
  MOTE_TRY(targets.false_negative_rate,
           reader.number("false_negative_rate", 0, 1, targets.false_negative_rate));
  MOTE_TRY(targets.latency_ms, reader.number("latency_ms", 1, 1e6, targets.latency_ms));
  MOTE_TRY(targets.battery_life_hours,
           reader.number("battery_life_hours", 0, 1e6, targets.battery_life_hours));
  return targets;
}

}  // namespace

std::string_view to_string(SensorKind kind) {
  return name_of(kSensorKinds, kind);
}
std::string_view to_string(Unit unit) {
  return name_of(kUnits, unit);
}
std::optional<SensorKind> sensor_kind_from(std::string_view name) {
  return value_of(kSensorKinds, name);
}
std::optional<Unit> unit_from(std::string_view name) {
  return value_of(kUnits, name);
}

std::int32_t SensorDescription::axis_count() const {
  std::size_t count = 0;
  for (const auto& group : groups) count += group.axes.size();
  return static_cast<std::int32_t>(count);
}

std::vector<std::string> SensorDescription::axis_names() const {
  std::vector<std::string> names;
  for (const auto& group : groups) names.insert(names.end(), group.axes.begin(), group.axes.end());
  return names;
}

double SensorDescription::counts_per_unit(std::int32_t axis) const {
  for (const auto& group : groups) {
    if (axis < static_cast<std::int32_t>(group.axes.size())) return 32768.0 / group.range;
    axis -= static_cast<std::int32_t>(group.axes.size());
  }
  return 0;
}

std::filesystem::path Project::woken_model_int8() const {
  if (!cascade) return {};
  const std::filesystem::path named = root / cascade->model;
  if (named.extension() == ".tflite") return named;
  Project other;
  other.root = named;
  return other.model_int8();
}

std::uint8_t threshold_q8(double confidence_threshold) {
  return static_cast<std::uint8_t>(std::clamp(std::ceil(confidence_threshold * 256.0), 1.0, 255.0));
}

Result<Project> parse(std::string_view toml, std::string_view where) {
  MOTE_TRY(const auto tree, parse_toml(toml, where));
  const TomlReader root(tree, "", where);
  MOTE_CHECK(root.allow_only({"name", "version", "board", "sensor", "features", "model", "decision",
                              "cascade", "watch", "split", "training", "targets"}));
  Project project;
  MOTE_TRY(project.name, root.plain_name("name"));
  MOTE_TRY(project.version, root.text("version", "1.0.0"));
  if (!is_version(project.version))
    return root.refuse("version", root.found("version"), "three numbers like \"1.0.0\"");
  MOTE_TRY(project.board, root.plain_name("board", "qemu-mps2-an386"));
  MOTE_TRY(const auto sensor, root.table("sensor", true));
  MOTE_TRY(project.sensor, read_sensor(sensor));
  MOTE_TRY(project.features, read_features(root));
  MOTE_TRY(const auto model, root.table("model", true));
  MOTE_CHECK(read_model(model, project));
  MOTE_TRY(const auto decision, root.table("decision", false));
  MOTE_TRY(project.decision, read_decision(decision));
  if (root.has("cascade")) {
    MOTE_TRY(const auto cascade, root.table("cascade", true));
    MOTE_TRY(project.cascade, read_cascade(cascade, project.labels));
  }
  MOTE_TRY(const auto watch, root.table("watch", false));
  MOTE_TRY(project.watch, read_watch(watch, project.sensor));
  MOTE_TRY(const auto split, root.table("split", false));
  MOTE_TRY(project.split, read_split(split));
  MOTE_TRY(const auto training, root.table("training", false));
  MOTE_TRY(project.training, read_training(training));
  MOTE_TRY(const auto targets, root.table("targets", false));
  MOTE_TRY(project.targets, read_targets(targets));
  return project;
}

Result<Project> load(const std::filesystem::path& folder) {
  const auto file = folder / "mote.toml";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return fail(ErrorKind::kUsage, "no project here: mote.toml not found", folder.string(),
                "run `mote new gesture <folder>`, or name a project folder");
  MOTE_TRY(const std::string text, read_text(file, std::uintmax_t{1} << 20));
  MOTE_TRY(Project project, parse(text, file.string()));
  project.root = std::filesystem::absolute(folder, ignored).lexically_normal();
  return project;
}

Project gesture_template(const std::string& name) {
  Project project;
  project.name = name;
  project.version = "1.0.0";
  project.board = "qemu-mps2-an386";
  project.sensor = {.name = "BMI270",
                    .rate_millihertz = 100000,
                    .mounting = "back of the right hand, x to the fingers, z away from the skin",
                    .groups = {{SensorKind::kAccelerometer, {"ax", "ay", "az"}, Unit::kG, 4.0}}};
  project.window_samples = 100;
  project.hop_samples = 20;
  project.labels = {"punch", "flex", "idle"};
  project.background = "idle";
  project.decision.refractory_seconds = 0.8;
  return project;
}

}  // namespace mote::project
