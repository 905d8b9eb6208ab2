// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdint.h>

namespace mote {
namespace runtime {

/// What a sensor measures.
enum class SensorKind : uint8_t { kAccelerometer, kGyroscope, kMagnetometer, kMicrophone, kOther };

/// Unit of one sensor value.
enum class Unit : uint8_t {
  kG,  ///< standard gravity, 9.80665 m/s2
  kMetersPerSecondSquared,
  kDegreesPerSecond,
  kRadiansPerSecond,
  kMicrotesla,
  kFullScale,  ///< fraction of the largest value, -1 ... 1
  kCounts      ///< raw converter counts
};

}  // namespace runtime
}  // namespace mote
