// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an application can be set to besides model and board. A firmware's `struct Settings` derives from
// DefaultSettings and replaces what it wants otherwise.

#include <stdint.h>

#include "mote/core/text.h"
#include "mote/runtime/sensor_watch.h"

namespace mote {
namespace runtime {

/// An application without a stored window to test itself with.
///
/// With one, kPresent is true, `count(index)` gives its kValues raw counts [sample][axis], `output(index)`
/// the model's outputs for it, and kInputCrc the CRC-16 of the model's int8 input.
struct NoSelfTest {
  static constexpr bool kPresent = false;
  static constexpr int32_t kValues = 0;
  static constexpr uint16_t kInputCrc = 0;
  static int16_t count(int32_t) { return 0; }
  static int8_t output(int32_t) { return 0; }
};

struct DefaultSettings {
  static constexpr bool kDebugLog = false;     ///< prints every class's confidence after each window
  static constexpr int32_t kRingSamples = 32;  ///< that wait while the main loop is busy, a power of two
  static constexpr int32_t kLostBudgetSamples = 20;  ///< lost samples within a minute that are tolerated
  static constexpr int32_t kAveragedWindows = 1;     ///< see DecisionRules
  static constexpr int32_t kVotes = 1;
  static constexpr int32_t kVotingWindows = 1;
  static constexpr int32_t kRefractoryWindows = 0;
  static constexpr bool kConstantIsFault = true;  ///< whether an axis that never changes is a broken sensor
  static constexpr RestGravity rest_gravity() { return {-1, 1, 0, 1}; }
  using SelfTest = NoSelfTest;
  /// For the boot line: kind, axes, unit and range of each sensor, and the axis that points up at rest.
  static Flash<char> sensor() { return MOTE_TEXT(""); }
  static Flash<char> up_at_rest() { return MOTE_TEXT(""); }

  /// Called from the main loop when an event begins, before it is reported: for an actuator or a radio. Takes
  /// less than a hop.
  static void on_event(int32_t /*class_index*/, int32_t /*confidence*/) {}

  /// The same where the second model has run and decides for a class other than its background.
  static void on_woken(int32_t /*class_index*/, int32_t /*confidence*/) {}
};

}  // namespace runtime
}  // namespace mote
