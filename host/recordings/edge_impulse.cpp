// SPDX-License-Identifier: Apache-2.0
#include "recordings/edge_impulse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "core/hash.h"
#include "core/json.h"
#include "core/text.h"
#include "recordings/iso_time.h"

namespace mote::recordings {
namespace {

using project::Unit;

constexpr std::string_view kRawCounts = "wav";
constexpr std::size_t kMaxSensors = 256;
const std::string kNoSignature(64, '0');  // NOLINT(cert-err58-cpp): 64 characters, what is signed over

std::string shown(std::string_view text) {
  return fmt::format("'{}{}'", escape_comment(text.substr(0, 32)), text.size() > 32 ? "..." : "");
}

std::unexpected<Error> refuse(std::string what, const std::string& where, std::string hint = {}) {
  return fail(ErrorKind::kInput, std::move(what), where, std::move(hint));
}

/// The unit that a file's spelling means, if it is one of ours.
std::optional<Unit> unit_meant(std::string_view text) {
  const std::string spelling = lower_case(text);
  static constexpr std::pair<std::string_view, Unit> kSpellings[] = {
      {"m/s2", Unit::kMetersPerSecondSquared},
      {"m/s^2", Unit::kMetersPerSecondSquared},
      {"m/s\xC2\xB2", Unit::kMetersPerSecondSquared},
      {"ms2", Unit::kMetersPerSecondSquared},
      {"g", Unit::kG},
      {"dps", Unit::kDegreesPerSecond},
      {"deg/s", Unit::kDegreesPerSecond},
      {"\xC2\xB0/s", Unit::kDegreesPerSecond},
      {"rad/s", Unit::kRadiansPerSecond},
      {"ut", Unit::kMicrotesla},
      {"full-scale", Unit::kFullScale},
      {"counts", Unit::kCounts}};
  for (const auto& [known, unit] : kSpellings)
    if (known == spelling) return unit;
  return std::nullopt;
}

/// What to multiply by; none if the two measure different quantities.
std::optional<double> factor_between(Unit from, Unit to) {
  constexpr double kStandardGravity = 9.80665, kDegree = std::numbers::pi / 180;
  if (from == to) return 1.0;
  if (from == Unit::kG && to == Unit::kMetersPerSecondSquared) return kStandardGravity;
  if (from == Unit::kMetersPerSecondSquared && to == Unit::kG) return 1 / kStandardGravity;
  if (from == Unit::kDegreesPerSecond && to == Unit::kRadiansPerSecond) return kDegree;
  if (from == Unit::kRadiansPerSecond && to == Unit::kDegreesPerSecond) return 1 / kDegree;
  return std::nullopt;
}

/// Where the values of an axis come from.
struct Axis {
  std::size_t sensor = 0;  ///< index in the file
  double factor = 1;       ///< from the file's unit to the project's
  double limit = 0;
};

struct FileSensor {
  std::string name;
  std::string units;
};

class AcquisitionReader {
 public:
  AcquisitionReader(std::string_view bytes, std::string_view where, const project::SensorDescription& sensor)
      : bytes_(bytes), where_(where), sensor_(sensor), axis_names_(sensor.axis_names()) {}

  Result<FileContent> read(const Json& json, const std::vector<std::string>& columns,
                           const std::string& hmac_key);

 private:
  Result<void> check_signature(const Json& json, const std::string& hmac_key);
  Result<void> read_sensors(const Json& payload);
  Result<void> find_axes(const std::vector<std::string>& columns);
  Result<std::size_t> sensor_named(const std::string& reference) const;
  Result<void> find_unit(std::size_t index, Axis& axis);
  Result<void> read_values(const Json& payload);
  Result<void> read_row(const Json& row, std::size_t number);

  std::string_view bytes_;
  std::string where_;
  const project::SensorDescription& sensor_;
  std::vector<std::string> axis_names_;
  std::vector<FileSensor> sensors_;
  std::vector<Axis> axes_;
  FileContent content_;
};

Result<void> AcquisitionReader::check_signature(const Json& json, const std::string& hmac_key) {
  MOTE_TRY(const auto header, json_field<Json>(json, "protected", where_));
  MOTE_TRY(const auto algorithm, json_field<std::string>(header, "alg", where_ + ":protected"));
  MOTE_TRY(const auto signature, json_field<std::string>(json, "signature", where_));
  if (algorithm != "none" && algorithm != "HS256")
    return refuse(fmt::format("alg is {}, expected HS256 or none", shown(algorithm)), where_ + ":protected");
  const bool is_signed = algorithm == "HS256" && signature != kNoSignature && !signature.empty();
  content_.signature = is_signed ? "not verified" : "unsigned";
  if (hmac_key.empty()) return {};
  if (!is_signed)
    return refuse("is not signed, but --hmac-key asks for a signature", where_,
                  "leave --hmac-key away to accept it as it is");
  const std::size_t at = bytes_.find(signature);
  if (signature.size() != kNoSignature.size() || at == std::string_view::npos)
    return refuse(fmt::format("signature is {}, expected 64 hexadecimal digits", shown(signature)),
                  where_ + ":signature");
  std::string blank(bytes_);
  blank.replace(at, signature.size(), kNoSignature);
  if (hmac_sha256(hmac_key, blank) != lower_case(signature))
    return refuse("signature does not fit: the file was changed, or signed with another key",
                  where_ + ":signature", "check --hmac-key, or get the file again");
  content_.signature = "verified";
  return {};
}

Result<void> AcquisitionReader::read_sensors(const Json& payload) {
  const auto entries = payload.find("sensors");
  if (entries == payload.end() || !entries->is_array() || entries->empty() || entries->size() > kMaxSensors)
    return refuse(fmt::format("'sensors' is no list of 1 to {}", kMaxSensors), where_ + ":payload");
  for (const auto& entry : *entries) {
    const std::string here = fmt::format("{}:payload.sensors[{}]", where_, sensors_.size());
    FileSensor sensor;
    MOTE_TRY(sensor.name, json_field<std::string>(entry, "name", here));
    MOTE_TRY(sensor.units, json_field<std::string>(entry, "units", here));
    sensors_.push_back(std::move(sensor));
  }
  return {};
}

Result<std::size_t> AcquisitionReader::sensor_named(const std::string& reference) const {
  std::vector<std::string> names;
  for (std::size_t index = 0; index < sensors_.size(); ++index) {
    if (sensors_[index].name == reference) return index;
    names.push_back(sensors_[index].name);
  }
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(reference.data(), reference.data() + reference.size(), number);
  if (code == std::errc() && end == reference.data() + reference.size() && number >= 1 &&
      number <= names.size())
    return number - 1;
  return refuse(fmt::format("no sensor {} among {}", shown(reference),
                            escape_comment(fmt::format("{}", fmt::join(names, ", ")).substr(0, 200))),
                where_ + ":payload.sensors",
                fmt::format("tell those of {} with --columns", fmt::join(axis_names_, ", ")));
}

Result<void> AcquisitionReader::find_axes(const std::vector<std::string>& columns) {
  if (!columns.empty() && columns.size() != axis_names_.size())
    return fail(ErrorKind::kUsage,
                fmt::format("--columns names {} columns, the sensor has {} axes ({})", columns.size(),
                            axis_names_.size(), fmt::join(axis_names_, ", ")));
  const bool only_one = sensors_.size() == 1 && axis_names_.size() == 1 && columns.empty();
  for (std::size_t index = 0; index < axis_names_.size(); ++index) {
    Axis axis;
    if (!only_one) {
      MOTE_TRY(axis.sensor, sensor_named(columns.empty() ? axis_names_[index] : columns[index]));
    }
    MOTE_CHECK(find_unit(index, axis));
    axes_.push_back(axis);
  }
  return {};
}

Result<void> AcquisitionReader::find_unit(std::size_t index, Axis& axis) {
  const project::SensorGroup* group = nullptr;
  std::size_t first = 0;
  for (const auto& candidate : sensor_.groups) {
    if (index >= first) group = &candidate;
    first += candidate.axes.size();
  }
  const FileSensor& source = sensors_[axis.sensor];
  axis.limit = kWrongUnitFactor * group->range;
  if (source.units == kRawCounts) {
    axis.factor = group->range / 32768;
    return {};
  }
  const auto unit = unit_meant(source.units);
  if (!unit.has_value()) {
    content_.notes.push_back(fmt::format("unit {} of {} is taken for {}", shown(source.units),
                                         shown(source.name), project::to_string(group->unit)));
    return {};
  }
  const auto factor = factor_between(*unit, group->unit);
  if (!factor.has_value())
    return refuse(fmt::format("{} is in {}, the project's {} in {}", shown(source.name), shown(source.units),
                              axis_names_[index], project::to_string(group->unit)),
                  where_ + ":payload.sensors", "name the right sensors with --columns, or correct mote.toml");
  axis.factor = *factor;
  if (axis.factor != 1)
    content_.notes.push_back(fmt::format("{} converted from {} to {}", shown(source.name),
                                         shown(source.units), project::to_string(group->unit)));
  return {};
}

Result<void> AcquisitionReader::read_row(const Json& row, std::size_t number) {
  const auto here = [&] { return fmt::format("{}:payload.values[{}]", where_, number); };
  const bool flat = sensors_.size() == 1 && !row.is_array();
  if (!flat && (!row.is_array() || row.size() != sensors_.size()))
    return refuse(fmt::format("is no list of {} values, one of each sensor", sensors_.size()), here());
  for (std::size_t index = 0; index < axes_.size(); ++index) {
    const Json& item = flat ? row : row[axes_[index].sensor];
    const double value = item.is_number() ? item.get<double>() * axes_[index].factor : NAN;
    if (!std::isfinite(value))
      return refuse(fmt::format("{} is no finite number", sensors_[axes_[index].sensor].name.empty()
                                                              ? "value"
                                                              : shown(sensors_[axes_[index].sensor].name)),
                    here());
    if (std::abs(value) > axes_[index].limit)
      return refuse(fmt::format("{} of {} is far outside the range of {}: wrong unit or range?", value,
                                axis_names_[index], axes_[index].limit / kWrongUnitFactor),
                    here(), "correct unit or range in mote.toml, or convert the file");
    content_.captures.front().values.push_back(value);
  }
  return {};
}

Result<void> AcquisitionReader::read_values(const Json& payload) {
  const auto rows = payload.find("values");
  if (rows == payload.end() || !rows->is_array() || rows->empty())
    return refuse("'values' is no list of samples", where_ + ":payload",
                  "check that the recording was saved");
  Capture& capture = content_.captures.emplace_back();
  capture.runs = {Run{}};
  capture.samples = static_cast<std::int64_t>(rows->size());
  std::size_t number = 0;
  for (const auto& row : *rows) MOTE_CHECK(read_row(row, number++));
  return {};
}

Result<FileContent> AcquisitionReader::read(const Json& json, const std::vector<std::string>& columns,
                                            const std::string& hmac_key) {
  MOTE_CHECK(check_signature(json, hmac_key));
  const auto payload = json.find("payload");
  if (payload == json.end() || !payload->is_object()) return refuse("has no object 'payload'", where_);
  MOTE_TRY(const auto interval_ms, json_field<double>(*payload, "interval_ms", where_ + ":payload"));
  if (!(interval_ms >= 1e-3 && interval_ms <= 1e7))
    return refuse(fmt::format("interval_ms is {}, expected 0.001 to 10000000", interval_ms),
                  where_ + ":payload");
  content_.rate_hz = 1000 / interval_ms;
  content_.rate_place = "interval_ms";
  if (const auto device = payload->find("device_name"); device != payload->end() && device->is_string())
    if (is_plain_name(device->get_ref<const std::string&>())) content_.device = device->get<std::string>();
  MOTE_CHECK(read_sensors(*payload));
  MOTE_CHECK(find_axes(columns));
  MOTE_CHECK(read_values(*payload));
  return std::move(content_);
}

/// How our unit is spelled there.
std::string_view units_of(const project::SensorGroup& group, bool audio) {
  return audio ? kRawCounts : project::to_string(group.unit);
}

Json values_of(const Recording& recording, bool audio) {
  Json rows = Json::array();
  if (audio) {
    for (const std::int16_t count : to_counts(recording.values, recording.description.sensor))
      rows.push_back(count);
    return rows;
  }
  const auto axes = static_cast<std::ptrdiff_t>(recording.description.sensor.axis_count());
  if (axes == 1) return recording.values;
  for (auto row = recording.values.begin(); row != recording.values.end(); row += axes)
    rows.push_back(std::vector<double>(row, row + axes));
  return rows;
}

}  // namespace

Result<FileContent> read_acquisition(std::string_view bytes, AcquisitionForm form, std::string_view where,
                                     const project::SensorDescription& sensor,
                                     const std::vector<std::string>& columns, const std::string& hmac_key) {
  MOTE_TRY(const Json json,
           form == AcquisitionForm::kJson ? parse_json(bytes, where) : parse_cbor(bytes, where));
  if (!json.is_object())
    return fail(ErrorKind::kInput, "is no object with protected, signature and payload", std::string(where));
  return AcquisitionReader(bytes, where, sensor).read(json, columns, hmac_key);
}

std::string to_acquisition(const Recording& recording, AcquisitionForm form, const std::string& hmac_key) {
  const Description& description = recording.description;
  const bool audio = is_audio(description.sensor);
  Json sensors = Json::array();
  for (const auto& group : description.sensor.groups)
    for (const auto& axis : group.axes)
      sensors.push_back({{"name", axis}, {"units", units_of(group, audio)}});
  const std::int64_t started_ms = parse_time(description.recorded).value_or(0);
  const Json json = {
      {"protected",
       {{"ver", "v1"}, {"alg", hmac_key.empty() ? "none" : "HS256"}, {"iat", started_ms / 1000}}},
      {"signature", hmac_key.empty() ? "" : kNoSignature},
      {"payload",
       {{"device_name", description.device},
        {"device_type", description.sensor.name},
        {"interval_ms", 1000 / description.sensor.rate_hz()},
        {"sensors", std::move(sensors)},
        {"values", values_of(recording, audio)}}}};
  std::string bytes;
  if (form == AcquisitionForm::kJson)
    bytes = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  else
    Json::to_cbor(json, bytes);
  if (!hmac_key.empty())
    bytes.replace(bytes.rfind(kNoSignature), kNoSignature.size(), hmac_sha256(hmac_key, bytes));
  return bytes;
}

}  // namespace mote::recordings
