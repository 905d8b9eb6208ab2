// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why the processor started, for the boot line.

#include <stdint.h>

namespace mote {
namespace runtime {

enum class ResetCause : uint8_t {
  kUnknown,  ///< the processor does not tell
  kPowerOn,
  kPin,
  kBrownOut,
  kWatchdog,
  kSoftware
};

inline const char* name_of(ResetCause cause) {
  switch (cause) {
    case ResetCause::kPowerOn:
      return "power_on";
    case ResetCause::kPin:
      return "pin";
    case ResetCause::kBrownOut:
      return "brown_out";
    case ResetCause::kWatchdog:
      return "watchdog";
    case ResetCause::kSoftware:
      return "software";
    case ResetCause::kUnknown:
      break;
  }
  return "unknown";
}

}  // namespace runtime
}  // namespace mote
