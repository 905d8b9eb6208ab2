// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why the processor started, for the boot line.

#include <stdint.h>

#include "mote/core/text.h"

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

inline Flash<char> name_of(ResetCause cause) {
  switch (cause) {
    case ResetCause::kPowerOn:
      return MOTE_TEXT("power_on");
    case ResetCause::kPin:
      return MOTE_TEXT("pin");
    case ResetCause::kBrownOut:
      return MOTE_TEXT("brown_out");
    case ResetCause::kWatchdog:
      return MOTE_TEXT("watchdog");
    case ResetCause::kSoftware:
      return MOTE_TEXT("software");
    case ResetCause::kUnknown:
      break;
  }
  return MOTE_TEXT("unknown");
}

}  // namespace runtime
}  // namespace mote
