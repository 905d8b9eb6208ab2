// SPDX-License-Identifier: Apache-2.0
#include "simulate/emulated_run.h"

#include <cmath>

namespace mote::simulate {
namespace {

void append(std::vector<std::uint8_t>& bytes, std::uint32_t value, int count) {
  for (int byte = 0; byte < count; ++byte) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * byte)));
}

}  // namespace

std::vector<std::uint8_t> playback_file(const SimulateRequest& request, const Recording& recording) {
  const SensorDefects& defects = request.defects;
  if (defects.is_missing) return {};
  const std::int64_t samples = std::ssize(recording.counts) / request.axes + defects.silent_samples;
  const std::int64_t pace = defects.pace_millihertz != 0 ? defects.pace_millihertz : request.rate_millihertz;
  std::vector<std::uint8_t> bytes = {'M', 'O', 'T', 'E'};
  for (const std::int64_t field : {std::int64_t{request.axes}, request.rate_millihertz, samples, pace})
    append(bytes, static_cast<std::uint32_t>(field), 4);
  for (const std::int16_t count : recording.counts) append(bytes, static_cast<std::uint16_t>(count), 2);
  return bytes;
}

std::chrono::milliseconds time_limit(const SimulateRequest& request, const Recording& recording) {
  const auto samples = static_cast<double>(recording.counts.size()) / request.axes;
  return std::chrono::milliseconds(
      std::llround(60000 + samples * 1e7 / static_cast<double>(request.rate_millihertz)));
}

}  // namespace mote::simulate
