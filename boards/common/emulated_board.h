// SPDX-License-Identifier: Apache-2.0
#pragma once

// What boards in an emulator have in common; one that knows better has a function of its own.

#include <stdint.h>

#include "board_config.h"
#include "mote/runtime/application.h"
#include "stack.h"

struct EmulatedBoard {
  using Sensor = board_config::Sensor;
  static constexpr int32_t kFlashBytes = board_config::kFlashBytes;
  static constexpr int32_t kRamBytes = board_config::kRamBytes;
  static constexpr int32_t kStackBytes = board_config::kStackBytes;

  static mote::Flash<char> name() { return board_config::name(); }
  static bool stack_intact() { return stack::is_intact(); }
  static int32_t stack_unused_bytes() { return stack::unused_bytes(); }
  static mote::runtime::ResetCause reset_cause() { return mote::runtime::ResetCause::kUnknown; }
  static void feed_watchdog() {}
  static bool keep_blinking(int32_t groups) { return groups < 2; }
};
