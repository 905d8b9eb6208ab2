// SPDX-License-Identifier: Apache-2.0
// The readers of NumPy's files, archives too: whatever they accept is whole, finite and within the range; its
// raw counts read the same after they were written.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "recordings/numpy.h"

namespace {

using namespace mote;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  recordings::Recording recording;
  project::SensorDescription& sensor = recording.description.sensor;
  sensor.rate_millihertz = 100'000;
  sensor.groups = {{project::SensorKind::kAccelerometer, {"x", "y"}, project::Unit::kG, 4}};
  const bool archive = size >= 2 && data[0] == 'P' && data[1] == 'K';
  const auto content = archive ? recordings::read_npz({data, size}, "fuzz.npz", sensor)
                               : recordings::read_npy({data, size}, "fuzz.npy", sensor);
  if (!content.has_value()) return 0;
  require(!content->captures.empty());
  for (const auto& capture : content->captures) {
    require(capture.samples > 0 && capture.values.size() == static_cast<std::size_t>(2 * capture.samples));
    for (const double value : capture.values) require(std::abs(value) <= 6);
    recording.values = capture.values;
    const auto again = recordings::read_npy(to_npy(recordings::to_array(recording)), "again", sensor);
    require(again.has_value() && recordings::to_counts(again->captures.at(0).values, sensor) ==
                                     recordings::to_counts(capture.values, sensor));
  }
  return 0;
}
