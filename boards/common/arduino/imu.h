// SPDX-License-Identifier: Apache-2.0
#pragma once

// Accelerometer and gyroscope behind the object `IMU` of an Arduino library, on boards with Mbed OS. The
// board's sensor.h includes the library's header first.
//
// The sensor is asked over I2C, which no interrupt may wait for. So a thread of high priority stands for the
// interrupt: every two milliseconds it asks whether there is a new sample, and it goes on while the main loop
// computes or prints. The sensor's own clock decides when samples come; one that was overwritten before it
// was read shows in the time between two, and counts as missing.

#include <Arduino.h>
#include <mbed.h>
#include <stdint.h>

#include "mote/runtime/application.h"

namespace imu {

constexpr uint32_t kPollMs = 2;
constexpr uint32_t kThreadStackBytes = 4096;

/// The raw count that the library made `value` of: it divides counts by `counts_per_unit`, a float holds the
/// quotient closely enough for each of the 65536 counts to come back. Exact, but for -32768 on an axis that
/// the library turns round, which becomes 32767.
inline int16_t count_of(float value, float counts_per_unit) {
  const float count = value * counts_per_unit;
  if (count >= 32767.0f) return INT16_MAX;
  if (count <= -32768.0f) return INT16_MIN;
  return static_cast<int16_t>(count < 0 ? count - 0.5f : count + 0.5f);
}

/// Asks the library for one quantity.
template <mote::runtime::SensorKind kind>
struct Quantity;

template <>
struct Quantity<mote::runtime::SensorKind::kAccelerometer> {
  static bool read(float* axes) { return IMU.readAcceleration(axes[0], axes[1], axes[2]) != 0; }
  static bool available() { return IMU.accelerationAvailable() != 0; }
  static float rate_hz() { return IMU.accelerationSampleRate(); }
};

template <>
struct Quantity<mote::runtime::SensorKind::kGyroscope> {
  static bool read(float* axes) { return IMU.readGyroscope(axes[0], axes[1], axes[2]) != 0; }
  static bool available() { return IMU.gyroscopeAvailable() != 0; }
  static float rate_hz() { return IMU.gyroscopeSampleRate(); }
};

/// The groups of a contract one after another.
template <class... Groups>
struct Reader {
  static bool read(int16_t*) { return true; }
};

template <mote::runtime::SensorKind kind, mote::runtime::Unit unit, int64_t range_milli, class... Rest>
struct Reader<mote::runtime::SensorGroup<kind, 3, unit, range_milli>, Rest...> {
  using First = Quantity<kind>;

  static bool read(int16_t* axes) {
    constexpr float kCountsPerUnit = 32768.0f * 1000.0f / static_cast<float>(range_milli);
    float values[3];
    if (!First::read(values)) return false;
    for (int32_t axis = 0; axis < 3; ++axis) axes[axis] = count_of(values[axis], kCountsPerUnit);
    return Reader<Rest...>::read(axes + 3);
  }
};

template <class Contract>
class Sensor;

/// The sensor of a board; `BoardSensor` in sensor.h. All quantities come with the first one's samples: both
/// parts of the chip run at one rate.
template <int64_t rate_millihertz, class... Groups>
class Sensor<mote::runtime::SensorContract<rate_millihertz, Groups...>> {
  using All = Reader<Groups...>;
  static constexpr uint32_t kPeriodUs = static_cast<uint32_t>(INT64_C(1000000000) / rate_millihertz);
  static_assert(kPeriodUs > 2 * kPollMs * 1000, "the thread asks at least twice a sample");

  struct State {
    void (*tick)(void* context);
    void* context;
    uint32_t latest_us;  // when the latest sample was due
    volatile bool is_running;
    bool is_ready;  // what the tick finds: a sample, or that one is missing
  };
  static State& state() {
    static State state = {};
    return state;
  }

 public:
  static mote::runtime::SensorCheck check() {
    using mote::runtime::Fault;
    if (IMU.begin() == 0) return {Fault::kSensorMissing, 0};
    const int32_t found_millihertz = static_cast<int32_t>(All::First::rate_hz() * 1000.0f + 0.5f);
    if (!mote::runtime::same_rate(rate_millihertz, found_millihertz))
      return {Fault::kContractMismatch, found_millihertz};
    return {Fault::kNone, 0};
  }

  static void start(void (*on_tick)(void* context), void* context) {
    state().tick = on_tick;
    state().context = context;
    state().latest_us = micros();
    state().is_running = true;
    static rtos::Thread thread(osPriorityHigh, kThreadStackBytes, nullptr, "mote");
    thread.start(run);
  }

  static void stop() { state().is_running = false; }

  /// In the tick, when it was due: what is missing is only found later.
  static uint32_t ticks() { return state().latest_us; }

  /// In the tick.
  static mote::runtime::SampleStatus read(int16_t* axes) {
    using mote::runtime::SampleStatus;
    return state().is_ready && All::read(axes) ? SampleStatus::kSample : SampleStatus::kMissing;
  }

 private:
  static void run() {
    for (;;) {
      if (state().is_running) poll();
      delay(kPollMs);
    }
  }

  static void poll() {
    State& own = state();
    const bool is_available = All::First::available();
    const uint32_t now_us = micros();
    // Without a new sample, one is missing when the next is due as well; before a new one, what does not fit
    // between.
    const uint32_t patience_us = is_available ? kPeriodUs + kPeriodUs / 2 : 2 * kPeriodUs;
    while (own.is_running && now_us - own.latest_us >= patience_us) {
      own.latest_us += kPeriodUs;
      own.is_ready = false;
      own.tick(own.context);
    }
    if (!is_available || !own.is_running) return;
    own.latest_us = now_us;
    own.is_ready = true;
    own.tick(own.context);
  }
};

}  // namespace imu
