// SPDX-License-Identifier: Apache-2.0
// The CSV reader: whatever it accepts is whole and finite, and reads the same after it was stored.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "recordings/csv.h"
#include "recordings/recording.h"

namespace {

using namespace mote;

project::SensorDescription sensor() {
  project::SensorDescription description;
  description.rate_millihertz = 100'000;
  description.groups = {{project::SensorKind::kAccelerometer, {"ax", "ay"}, project::Unit::kG, 4.0}};
  return description;
}

void require(bool condition) {
  if (!condition) std::abort();
}

void check_block(const recordings::Capture& block, const project::SensorDescription& description) {
  require(block.samples > 0 && block.values.size() == static_cast<std::size_t>(2 * block.samples));
  require(block.time.empty() || block.time.size() == static_cast<std::size_t>(block.samples));
  require(!block.runs.empty() && block.runs.front().first_sample == 0);
  for (const double value : block.values) require(std::abs(value) <= 6.0);
  recordings::Recording recording;
  recording.description.sensor = description;
  recording.values = block.values;
  recording.time_ms = block.time;
  recordings::CsvOptions options;
  options.heading = true;
  const auto again = recordings::parse_csv(recordings::to_csv(recording), "again", description, options);
  require(again.has_value() && again->size() == 1);
  require(again->front().values == block.values && again->front().time == block.time);
}

}  // namespace

/// The first byte chooses the options, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  recordings::CsvOptions options;
  if ((data[0] & 1) != 0) options.columns = {"2", "3"};
  if ((data[0] & 2) != 0) options.label_column = (data[0] & 4) != 0 ? "label" : "1";
  if ((data[0] & 8) != 0) options.time_column = "4";
  if ((data[0] & 16) != 0) options.heading = (data[0] & 32) != 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto description = sensor();
  const auto blocks = recordings::parse_csv(text, "fuzz.csv", description, options);
  if (!blocks.has_value()) return 0;
  for (const auto& block : *blocks) check_block(block, description);
  return 0;
}
