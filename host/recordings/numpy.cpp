// SPDX-License-Identifier: Apache-2.0
#include "recordings/numpy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstring>

#include "core/archive.h"
#include "core/text.h"

namespace mote::recordings {
namespace {

Result<void> check_shape(const NpyArray& array, std::int32_t axes, const std::string& where) {
  const auto& shape = array.shape;
  const bool fits = shape.size() == 1 ? axes == 1 : shape.size() == 2 && shape[1] == axes;
  if (!fits)
    return fail(ErrorKind::kInput,
                fmt::format("has shape ({}), expected (samples, {}){}", fmt::join(shape, ", "), axes,
                            axes == 1 ? " or (samples,)" : ""),
                where, shape.size() == 2 && shape[0] == axes ? "save it transposed: array.T" : "");
  if (shape[0] == 0) return fail(ErrorKind::kInput, "holds no samples", where);
  if (array.element_count() > kMaxFileValues)
    return fail(ErrorKind::kInput,
                fmt::format("holds {} values, at most {} are read", array.element_count(), kMaxFileValues),
                where, "cut it into several files");
  if (array.kind == 'b') return fail(ErrorKind::kInput, "holds booleans, expected integers or floats", where);
  return {};
}

/// The largest magnitude that is accepted on an axis, in its unit.
double limit_of(const project::SensorDescription& sensor, std::int32_t axis) {
  return kWrongUnitFactor * 32768 / sensor.counts_per_unit(axis);
}

Result<Capture> capture_from(const NpyArray& array, const std::string& where,
                             const project::SensorDescription& sensor) {
  const std::int32_t axes = sensor.axis_count();
  MOTE_CHECK(check_shape(array, axes, where));
  const bool raw = array.kind != 'f';
  Capture capture;
  capture.samples = array.shape[0];
  capture.runs = {Run{}};
  capture.values = npy_doubles(array);
  for (std::size_t index = 0; index < capture.values.size(); ++index) {
    double& value = capture.values[index];
    const auto axis = static_cast<std::int32_t>(index % static_cast<std::size_t>(axes));
    const auto here = [&] {
      return fmt::format("{}[{}][{}]", where, index / static_cast<std::size_t>(axes), axis);
    };
    if (!std::isfinite(value)) return fail(ErrorKind::kInput, "is not a finite number", here());
    if (raw && (value < -32768 || value > 32767))
      return fail(ErrorKind::kInput, fmt::format("raw count {} does not fit into 16 bits", value), here(),
                  "save physical units as float, or raw counts as int16");
    if (raw) value /= sensor.counts_per_unit(axis);
    if (std::abs(value) > limit_of(sensor, axis))
      return fail(ErrorKind::kInput,
                  fmt::format("{} is far outside the range of {}: wrong unit or range?", value,
                              limit_of(sensor, axis) / kWrongUnitFactor),
                  here(), "correct unit or range in mote.toml; raw counts are saved as integers");
  }
  return capture;
}

}  // namespace

Result<FileContent> read_npy(std::span<const std::uint8_t> bytes, std::string_view where,
                             const project::SensorDescription& sensor) {
  MOTE_TRY(const NpyArray array, parse_npy(bytes, where));
  FileContent content;
  MOTE_TRY(Capture capture, capture_from(array, std::string(where), sensor));
  content.captures.push_back(std::move(capture));
  return content;
}

Result<FileContent> read_npz(std::span<const std::uint8_t> bytes, std::string_view where,
                             const project::SensorDescription& sensor) {
  MOTE_TRY(const auto files, unzip(bytes, where));
  FileContent content;
  std::int64_t values = 0;
  for (const auto& file : files) {
    std::string name = escape_comment(file.name.substr(0, 60));
    const std::string here = fmt::format("{}:{}", where, name);
    MOTE_TRY(const NpyArray array, parse_npy(file.content, here));
    MOTE_TRY(Capture capture, capture_from(array, here, sensor));
    values += array.element_count();
    if (values > kMaxFileValues)
      return fail(ErrorKind::kInput, fmt::format("the file holds more than {} values", kMaxFileValues), here,
                  "cut it into several files");
    capture.name = std::move(name);
    content.captures.push_back(std::move(capture));
  }
  if (content.captures.empty()) return fail(ErrorKind::kInput, "holds no array", std::string(where));
  return content;
}

NpyArray to_array(const Recording& recording) {
  const auto counts = to_counts(recording.values, recording.description.sensor);
  const std::int64_t axes = recording.description.sensor.axis_count();
  NpyArray array{'i', 2, {static_cast<std::int64_t>(counts.size()) / axes}, {}};
  if (axes > 1) array.shape.push_back(axes);
  array.data.resize(2 * counts.size());
  std::memcpy(array.data.data(), counts.data(), array.data.size());
  return array;
}

}  // namespace mote::recordings
