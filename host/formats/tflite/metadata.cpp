// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "tflite/tflite.h"

namespace mote::tflite {
namespace {

using graph::AxisNormalization;
using project::SensorDescription;
using project::SensorGroup;

constexpr std::string_view kForm = "mote.model/1";

Json contract_to_json(const SensorDescription& sensor) {
  Json groups = Json::array();
  for (const SensorGroup& group : sensor.groups)
    groups.push_back({{"kind", project::to_string(group.kind)},
                      {"axes", group.axes},
                      {"unit", project::to_string(group.unit)},
                      {"range", group.range}});
  return {{"name", sensor.name},
          {"rate_millihertz", sensor.rate_millihertz},
          {"mounting", sensor.mounting},
          {"groups", groups}};
}

Json normalization_to_json(const AxisNormalization& axis) {
  return {{"mean", axis.mean},
          {"standard_deviation", axis.standard_deviation},
          {"multiplier", axis.multiplier},
          {"bias", axis.bias},
          {"shift", axis.shift}};
}

std::unexpected<Error> refuse(std::string_view field, std::string_view where) {
  return fail(ErrorKind::kInput, fmt::format("metadata field '{}' has no sense", field), std::string(where));
}

Result<SensorGroup> group_from_json(const Json& json, std::string_view where) {
  SensorGroup group;
  MOTE_TRY(const std::string kind, json_field<std::string>(json, "kind", where));
  MOTE_TRY(const std::string unit, json_field<std::string>(json, "unit", where));
  MOTE_TRY(group.axes, json_field<std::vector<std::string>>(json, "axes", where));
  MOTE_TRY(group.range, json_field<double>(json, "range", where));
  const auto known_kind = project::sensor_kind_from(kind);
  const auto known_unit = project::unit_from(unit);
  if (!known_kind) return refuse("kind", where);
  if (!known_unit) return refuse("unit", where);
  if (!(group.range > 0)) return refuse("range", where);
  if (group.axes.empty()) return refuse("axes", where);
  group.kind = *known_kind;
  group.unit = *known_unit;
  return group;
}

Result<SensorDescription> contract_from_json(const Json& json, std::string_view where) {
  SensorDescription sensor;
  MOTE_TRY(sensor.name, json_field<std::string>(json, "name", where));
  MOTE_TRY(sensor.rate_millihertz, json_field<std::int64_t>(json, "rate_millihertz", where));
  MOTE_TRY(sensor.mounting, json_field<std::string>(json, "mounting", where));
  MOTE_TRY(const Json groups, json_field<Json>(json, "groups", where));
  if (sensor.rate_millihertz <= 0) return refuse("rate_millihertz", where);
  if (!groups.is_array() || groups.empty()) return refuse("groups", where);
  for (const Json& item : groups) {
    MOTE_TRY(SensorGroup group, group_from_json(item, where));
    sensor.groups.push_back(std::move(group));
  }
  return sensor;
}

Result<AxisNormalization> normalization_from_json(const Json& json, std::string_view where) {
  AxisNormalization axis;
  MOTE_TRY(axis.mean, json_field<double>(json, "mean", where));
  MOTE_TRY(axis.standard_deviation, json_field<double>(json, "standard_deviation", where));
  MOTE_TRY(axis.multiplier, json_field<std::int32_t>(json, "multiplier", where));
  MOTE_TRY(axis.bias, json_field<std::int32_t>(json, "bias", where));
  MOTE_TRY(axis.shift, json_field<std::int32_t>(json, "shift", where));
  if (!(axis.standard_deviation > 0)) return refuse("standard_deviation", where);
  return axis;
}

Json feature_to_json(const project::FeatureBlock& block) {
  return {{"block", block.block}, {"settings", block.settings}};
}

/// What the blocks mean is checked where the pipeline is made.
Result<std::vector<project::FeatureBlock>> features_from_json(const Json& json, std::string_view where) {
  constexpr std::size_t kMostBlocks = 64;
  if (!json.is_array() || json.size() > kMostBlocks) return refuse("features", where);
  std::vector<project::FeatureBlock> blocks;
  for (const Json& item : json) {
    project::FeatureBlock block;
    MOTE_TRY(block.block, json_field<std::string>(item, "block", where));
    MOTE_TRY(block.settings, json_field<Json>(item, "settings", where));
    if (!block.settings.is_object()) return refuse("features", where);
    block.where = fmt::format("{}, block {}", where, blocks.size() + 1);
    blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace

Json metadata_to_json(const graph::Graph& graph) {
  const graph::ModelMetadata& metadata = graph.metadata;
  Json normalization = Json::array();
  for (const AxisNormalization& axis : metadata.normalization)
    normalization.push_back(normalization_to_json(axis));
  Json json = {{"form", kForm},
               {"content_hash", graph::content_hash(graph)},
               {"version", metadata.version},
               {"date", metadata.date},
               {"labels", metadata.labels},
               {"window_samples", metadata.window_samples},
               {"hop_samples", metadata.hop_samples},
               {"normalization", normalization},
               {"confidence_threshold", metadata.confidence_threshold}};
  for (const project::FeatureBlock& block : metadata.features)
    json["features"].push_back(feature_to_json(block));
  if (metadata.background) json["background"] = *metadata.background;
  if (metadata.sensor) json["contract"] = contract_to_json(*metadata.sensor);
  return json;
}

Result<graph::ModelMetadata> metadata_from_json(const Json& json, std::string_view where) {
  graph::ModelMetadata metadata;
  MOTE_TRY(const std::string form, json_field<std::string>(json, "form", where));
  if (form != kForm)
    return fail(ErrorKind::kInput, fmt::format("metadata have the form '{}', expected '{}'", form, kForm),
                std::string(where), "use the version of Mote that wrote the file, or a newer one");
  MOTE_TRY(metadata.version, json_field<std::string>(json, "version", where));
  MOTE_TRY(metadata.date, json_field<std::string>(json, "date", where));
  MOTE_TRY(metadata.labels, json_field<std::vector<std::string>>(json, "labels", where));
  MOTE_TRY(metadata.window_samples, json_field<std::int32_t>(json, "window_samples", where));
  MOTE_TRY(metadata.hop_samples, json_field<std::int32_t>(json, "hop_samples", where));
  MOTE_TRY(metadata.confidence_threshold, json_field<double>(json, "confidence_threshold", where));
  if (json.contains("background")) {
    MOTE_TRY(metadata.background, json_field<std::string>(json, "background", where));
  }
  if (json.contains("features")) {
    MOTE_TRY(metadata.features, features_from_json(json["features"], where));
  }
  if (json.contains("contract")) {
    MOTE_TRY(metadata.sensor, contract_from_json(json["contract"], where));
  }
  MOTE_TRY(const Json normalization, json_field<Json>(json, "normalization", where));
  if (!normalization.is_array()) return refuse("normalization", where);
  for (const Json& item : normalization) {
    MOTE_TRY(const AxisNormalization axis, normalization_from_json(item, where));
    metadata.normalization.push_back(axis);
  }
  if (metadata.window_samples < 0) return refuse("window_samples", where);
  if (metadata.hop_samples < 0) return refuse("hop_samples", where);
  if (!(metadata.confidence_threshold >= 0 && metadata.confidence_threshold <= 1))
    return refuse("confidence_threshold", where);
  return metadata;
}

}  // namespace mote::tflite
