// SPDX-License-Identifier: Apache-2.0
// The reader of Edge Impulse's data acquisition format: whatever it accepts is whole, finite and within the
// range; its raw counts read the same after they were written, signed too.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "recordings/edge_impulse.h"

namespace {

using namespace mote;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

/// The first byte chooses form, key and columns, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  recordings::Recording recording;
  project::SensorDescription& sensor = recording.description.sensor;
  sensor.rate_millihertz = 100'000;
  sensor.groups = {{project::SensorKind::kAccelerometer, {"x"}, project::Unit::kG, 4}};
  if ((data[0] & 8) != 0)
    sensor.groups = {{project::SensorKind::kMicrophone, {"x"}, project::Unit::kFullScale, 1}};
  if ((data[0] & 16) != 0) sensor.groups[0].axes = {"x", "y"};
  const auto form =
      (data[0] & 1) != 0 ? recordings::AcquisitionForm::kCbor : recordings::AcquisitionForm::kJson;
  const std::string key = (data[0] & 2) != 0 ? "key" : "";
  std::vector<std::string> columns;
  if ((data[0] & 4) != 0) columns.assign(sensor.groups[0].axes.size(), "1");
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto content = recordings::read_acquisition(text, form, "fuzz", sensor, columns, key);
  if (!content.has_value()) return 0;
  require(content->rate_hz > 0 && content->captures.size() == 1 &&
          (key.empty() || content->signature == "verified"));
  const auto& capture = content->captures[0];
  require(capture.samples > 0 &&
          capture.values.size() == static_cast<std::size_t>(capture.samples * sensor.axis_count()));
  for (const double value : capture.values) require(std::abs(value) <= 6);
  recording.values = capture.values;
  recording.description.samples = capture.samples;
  const std::string written = recordings::to_acquisition(recording, form, "key");
  const auto again = recordings::read_acquisition(written, form, "again", sensor, {}, "key");
  require(again.has_value() && recordings::to_counts(again->captures.at(0).values, sensor) ==
                                   recordings::to_counts(capture.values, sensor));
  return 0;
}
