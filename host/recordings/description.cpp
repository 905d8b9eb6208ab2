// SPDX-License-Identifier: Apache-2.0
// The description of a recording as JSON.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "recordings/iso_time.h"
#include "recordings/recording.h"

namespace mote::recordings {
namespace {

constexpr std::string_view kSchema = "mote.recording/1";

/// Whether `text` can be part of a file name and of every output: as a plain name, but longer.
bool is_id(std::string_view text) {
  return text.size() <= 96 && is_plain_name(text.substr(0, 1)) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '-' || c == '_' || is_plain_name(std::string{'a', c}); });
}

std::unexpected<Error> refuse(std::string_view key, std::string_view value, std::string_view where) {
  return fail(
      ErrorKind::kInput,
      fmt::format("field '{}' has '{}', which import never writes", key, escape_comment(value.substr(0, 40))),
      std::string(where), "restore the file, or delete the recording and import it again");
}

Result<std::string> plain(const Json& json, std::string_view key, bool may_be_empty, std::string_view where) {
  MOTE_TRY(std::string name, json_field<std::string>(json, key, where));
  if (!is_plain_name(name) && !(may_be_empty && name.empty())) return refuse(key, name, where);
  return name;
}

Result<std::string> digest(const Json& json, std::string_view key, std::string_view where) {
  MOTE_TRY(std::string hex, json_field<std::string>(json, key, where));
  if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
    return refuse(key, hex, where);
  return hex;
}

std::string digest_key(Storage storage) {
  return storage == Storage::kWav ? "wav_sha256" : "csv_sha256";
}

Result<project::SensorGroup> group_from(const Json& json, std::string_view where) {
  project::SensorGroup group;
  MOTE_TRY(const auto kind, json_field<std::string>(json, "kind", where));
  MOTE_TRY(const auto unit, json_field<std::string>(json, "unit", where));
  if (!project::sensor_kind_from(kind).has_value()) return refuse("kind", kind, where);
  if (!project::unit_from(unit).has_value()) return refuse("unit", unit, where);
  group.kind = *project::sensor_kind_from(kind);
  group.unit = *project::unit_from(unit);
  MOTE_TRY(group.axes, json_field<std::vector<std::string>>(json, "axes", where));
  for (const auto& axis : group.axes)
    if (!is_plain_name(axis)) return refuse("axes", axis, where);
  MOTE_TRY(group.range, json_field<double>(json, "range", where));
  if (!(group.range > 0 && group.range <= 1e6)) return refuse("range", fmt::format("{}", group.range), where);
  return group;
}

}  // namespace

Json to_json(const project::SensorDescription& sensor) {
  Json groups = Json::array();
  for (const auto& group : sensor.groups)
    groups.push_back({{"kind", project::to_string(group.kind)},
                      {"axes", group.axes},
                      {"unit", project::to_string(group.unit)},
                      {"range", group.range}});
  return {{"name", sensor.name},
          {"rate_millihertz", sensor.rate_millihertz},
          {"mounting", sensor.mounting},
          {"groups", groups}};
}

Result<project::SensorDescription> sensor_from(const Json& json, std::string_view where) {
  project::SensorDescription sensor;
  MOTE_TRY(sensor.name, json_field<std::string>(json, "name", where));
  MOTE_TRY(sensor.rate_millihertz, json_field<std::int64_t>(json, "rate_millihertz", where));
  if (sensor.rate_millihertz < 1 || sensor.rate_millihertz > 100'000'000)
    return refuse("rate_millihertz", fmt::format("{}", sensor.rate_millihertz), where);
  MOTE_TRY(sensor.mounting, json_field<std::string>(json, "mounting", where));
  MOTE_TRY(const auto groups, json_field<Json>(json, "groups", where));
  for (const auto& entry : groups) {
    MOTE_TRY(auto group, group_from(entry, where));
    sensor.groups.push_back(std::move(group));
  }
  if (sensor.axis_count() < 1 || sensor.axis_count() > 16)
    return refuse("groups", fmt::format("{} axes", sensor.axis_count()), where);
  return sensor;
}

Json to_json(const Description& description) {
  Json json = {{"schema", kSchema},
               {"id", description.id},
               {"label", description.label},
               {"session", description.session},
               {"person", description.person},
               {"device", description.device},
               {"recorded", description.recorded},
               {"sensor", to_json(description.sensor)},
               {"conditions", description.conditions},
               {"source",
                {{"file", description.source_file},
                 {"line", description.source_line},
                 {"capture", description.capture}}},
               {"samples", description.samples},
               {digest_key(description.storage), description.file_sha256},
               {"content_sha256", description.content_sha256}};
  if (!description.part.empty()) json["part"] = description.part;
  return json;
}

Result<Description> description_from(const Json& json, std::string_view where) {
  MOTE_TRY(const auto schema, json_field<std::string>(json, "schema", where));
  if (schema != kSchema) return refuse("schema", schema, where);
  Description description;
  MOTE_TRY(description.id, json_field<std::string>(json, "id", where));
  if (!is_id(description.id)) return refuse("id", description.id, where);
  MOTE_TRY(description.label, plain(json, "label", false, where));
  MOTE_TRY(description.session, plain(json, "session", false, where));
  MOTE_TRY(description.person, plain(json, "person", true, where));
  MOTE_TRY(description.device, plain(json, "device", true, where));
  MOTE_TRY(description.recorded, json_field<std::string>(json, "recorded", where));
  if (!description.recorded.empty()) {
    const auto time = parse_time(description.recorded);
    if (!time.has_value()) return refuse("recorded", description.recorded, where);
    description.recorded = format_time(*time);  // one form, so that times sort as text
  }
  MOTE_TRY(const auto sensor, json_field<Json>(json, "sensor", where));
  MOTE_TRY(description.sensor, sensor_from(sensor, where));
  using Conditions = std::map<std::string, std::string>;
  MOTE_TRY(description.conditions, json_field<Conditions>(json, "conditions", where));
  MOTE_TRY(const auto source, json_field<Json>(json, "source", where));
  MOTE_TRY(description.source_file, json_field<std::string>(source, "file", where));
  MOTE_TRY(description.source_line, json_field<std::int64_t>(source, "line", where));
  MOTE_TRY(description.capture, json_field<std::int64_t>(source, "capture", where));
  MOTE_TRY(description.samples, json_field<std::int64_t>(json, "samples", where));
  if (json.contains(digest_key(Storage::kWav))) description.storage = Storage::kWav;
  MOTE_TRY(description.file_sha256, digest(json, digest_key(description.storage), where));
  if (json.contains("part")) {
    MOTE_TRY(description.part, json_field<std::string>(json, "part", where));
    if (description.part != "train" && description.part != "validation" && description.part != "test")
      return refuse("part", description.part, where);
  }
  MOTE_TRY(description.content_sha256, digest(json, "content_sha256", where));
  return description;
}

}  // namespace mote::recordings
