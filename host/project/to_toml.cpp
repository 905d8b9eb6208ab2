// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "project/project.h"

namespace mote::project {
namespace {

/// `text` as a TOML basic string.
std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string array(const std::vector<std::string>& names) {
  std::string result = "[";
  for (const auto& name : names) result += (result.size() == 1 ? "" : ", ") + toml_string(name);
  return result + "]";
}

/// One entry with its comment at a fixed column.
std::string entry(std::string_view key, const std::string& value, std::string_view comment) {
  return fmt::format("{:<42}  # {}\n", fmt::format("{} = {}", key, value), comment);
}
std::string entry(std::string_view key, double value, std::string_view comment) {
  return entry(key, fmt::format("{}", value), comment);
}

std::string sensor_text(const SensorDescription& sensor) {
  std::string text = "\n[sensor]\n";
  text += entry("name", toml_string(sensor.name), "part or board, for people");
  text += entry("rate_hz", sensor.rate_hz(), "samples per second of every axis");
  text += entry("mounting", toml_string(sensor.mounting), "for people: where and how it is worn");
  for (const auto& group : sensor.groups) {
    text += "\n[[sensor.group]]\n";
    text += entry("kind", toml_string(to_string(group.kind)),
                  "accelerometer, gyroscope, magnetometer, microphone, other");
    text += entry("axes", array(group.axes), "column names in file and channel order");
    text += entry("unit", toml_string(to_string(group.unit)), "g, m/s2, dps, rad/s, uT, full-scale, counts");
    text += entry("range", group.range, "largest magnitude in this unit (full scale of the sensor)");
  }
  return text;
}

/// A setting as TOML has it.
std::string toml_value(const Json& value) {
  if (value.is_string()) return toml_string(value.get<std::string>());
  if (!value.is_array()) return value.dump();
  std::string text = "[";
  for (const Json& item : value) text += (text.size() == 1 ? "" : ", ") + toml_value(item);
  return text + "]";
}

std::string features_text(const std::vector<FeatureBlock>& blocks) {
  std::string text;
  for (const FeatureBlock& block : blocks) {
    text += fmt::format("\n[[features]]\nblock = {}\n", toml_string(block.block));
    for (const auto& [key, value] : block.settings.items())
      text += fmt::format("{} = {}\n", key, toml_value(value));
  }
  return text;
}

std::string model_text(const Project& project) {
  std::string text = "\n[model]\n";
  text += entry("window", project.window_samples,
                fmt::format("samples the model looks at ({:.4g} s)", project.window_seconds()));
  text += entry(
      "hop", project.hop_samples,
      fmt::format("samples between two looks ({:.4g} s)", project.hop_samples / project.sensor.rate_hz()));
  text += entry("labels", array(project.labels), "the classes, in this order");
  if (project.background.has_value())
    text += entry("background", toml_string(*project.background), "the label that means nothing of interest");
  else
    text += "# background = \"idle\"   # name the label that means nothing of interest, and record it\n";
  return text + entry("threshold", project.confidence_threshold, "below this confidence: `uncertain`");
}

std::string decision_text(const DecisionSettings& decision) {
  std::string text = "\n[decision]\n";
  text += entry("average", decision.average_windows, "windows whose probabilities are averaged");
  text += entry("votes", decision.votes, "windows that must decide for a class ...");
  text += entry("of", decision.voting_windows, "... among the latest so many");
  return text + entry("refractory_seconds", decision.refractory_seconds, "after an event, before the next");
}

std::string cascade_text(const std::optional<CascadeSettings>& cascade) {
  if (!cascade) return "";
  return "\n[cascade]\n" +
         entry("label", toml_string(cascade->label), "a decision for it wakes a second model") +
         entry("model", toml_string(cascade->model.string()), "a folder with its project, or its .tflite");
}

std::string watch_text(const WatchSettings& watch) {
  std::string text = "\n[watch]\n";
  if (watch.up_at_rest.has_value())
    text += entry("up_at_rest", toml_string(*watch.up_at_rest), "axis that reads +1 g at rest ('-': -1 g)");
  else
    text += "# up_at_rest = \"az\"   # axis that reads +1 g at rest; if set, another mounting is a fault\n";
  if (watch.lost_samples_per_minute.has_value())
    text += entry("lost_samples_per_minute", *watch.lost_samples_per_minute, "that are tolerated");
  else
    text += "# lost_samples_per_minute = 20   # that are tolerated; else one hop\n";
  return text + entry("constant_is_fault", watch.constant_is_fault ? "true" : "false",
                      "an axis that never changes is a broken sensor");
}

std::string split_text(const SplitSettings& split) {
  std::string text = "\n[split]\n";
  using By = SplitSettings::By;
  if (split.by == By::kCapture) {
    text += entry("by", toml_string("capture"), "the last captures of each label are held out (weak)");
    text += entry("test_fraction", split.test_fraction, "share of each label held out for the final test");
    return text + entry("validation_fraction", split.validation_fraction, "share that steers training");
  }
  if (split.by == By::kGiven)
    return text + entry("by", toml_string("given"), "as the data set itself divides its files");
  const bool by_person = split.by == By::kPerson;
  text += entry("by", toml_string(by_person ? "person" : "session"),
                by_person ? "whole persons are held out" : "the latest sessions are held out");
  text += entry("test", split.test_count, "how many are held out for the final test");
  text += entry("validation", split.validation_count, "how many steer training");
  if (!split.test_persons.empty())
    text += entry("test_persons", array(split.test_persons), "exactly these persons instead of a number");
  if (!split.validation_persons.empty())
    text += entry("validation_persons", array(split.validation_persons), "likewise");
  return text;
}

std::string training_text(const TrainingSettings& training) {
  std::string text = "\n[training]\n";
  text += entry("architecture", toml_string(training.architecture), "dense or conv");
  text += entry("epochs", training.epochs, "passes over the training windows, at most");
  text += entry("batch", training.batch, "windows per step");
  text += entry("learning_rate", training.learning_rate, "of Adam");
  text += entry("patience", training.patience, "epochs without improvement before stopping");
  return text + entry("seed", fmt::format("{}", training.seed), "same seed, same model");
}

std::string targets_text(const ProductTargets& targets) {
  std::string text = "\n[targets]\n";
  text += entry("false_positives_per_hour", targets.false_positives_per_hour, "on everyday motion, at most");
  text += entry("false_negative_rate", targets.false_negative_rate, "share of missed gestures, at most");
  text += entry("latency_ms", targets.latency_ms, "from the gesture's end to the decision, at most");
  return text + entry("battery_life_hours", targets.battery_life_hours, "at least; 0: no target");
}

}  // namespace

std::string to_toml(const Project& project) {
  std::string text =
      "# A Mote project: what is recognised, with which sensor, on which board. `mote --help` lists the "
      "commands.\n";
  text += entry("name", toml_string(project.name), "names the model and its generated code");
  text += entry("version", toml_string(project.version), "of the model; raise it for every release");
  text += entry("board", toml_string(project.board), "what the firmware is built for");
  return text + sensor_text(project.sensor) + features_text(project.features) + model_text(project) +
         decision_text(project.decision) + cascade_text(project.cascade) + watch_text(project.watch) +
         split_text(project.split) + training_text(project.training) + targets_text(project.targets);
}

}  // namespace mote::project
