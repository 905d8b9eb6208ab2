// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "simulate/observation.h"
#include "simulate/simulate.h"

namespace mote::simulate {

/// What came out of an emulator, whichever it is.
struct EmulatedRun {
  std::string serial;  ///< what the firmware wrote
  Observation seen;
};

/// A recording as the playback sensor reads it: see boards/common/playback.h.
std::vector<std::uint8_t> playback_file(const SimulateRequest& request, const Recording& recording);

/// Long enough for an emulator that runs at a tenth of real time.
std::chrono::milliseconds time_limit(const SimulateRequest& request, const Recording& recording);

}  // namespace mote::simulate
