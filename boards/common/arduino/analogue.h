// SPDX-License-Identifier: Apache-2.0
#pragma once

// An accelerometer with three analogue outputs, on boards with an AVR processor: pins A0, A1, A2 are x, y, z,
// and AREF is wired to the sensor's supply, so that the supply's voltage does not matter. Timer 1 samples
// (pins 9 and 10 have no PWM then).

#include <Arduino.h>
#include <stdint.h>

#include "mote/runtime/application.h"

namespace analogue {

/// The 10 bits of the converter, the sensor's middle at 0, as a count of 16 bits: 5 g are 32768, as 1 g is a
/// tenth of the supply.
inline int16_t count_of(int conversion) {
  return static_cast<int16_t>((static_cast<int16_t>(conversion) - 512) * 64);
}

/// What the tick calls; a member of a template could not be named in the interrupt.
struct Tick {
  void (*call)(void* context);
  void* context;
};
inline Tick& tick() {
  static Tick tick = {nullptr, nullptr};
  return tick;
}

/// kClockHz: of the processor.
template <class Contract, int64_t kClockHz>
class Accelerometer {
  static constexpr uint8_t kAxes = 3;
  static_assert(Contract::kAxes == kAxes, "x, y, z");
  /// Of the timer, at a 64th of the processor's clock.
  static constexpr int64_t kCounts =
      (kClockHz * 1000 + 32 * Contract::kRateMillihertz) / (64 * Contract::kRateMillihertz);
  static_assert(kCounts >= 250 && kCounts <= 65536,
                "4 Hz to 1 kHz at 16 MHz; three conversions take 0.34 ms");

  static uint8_t pin(uint8_t axis) { return static_cast<uint8_t>(A0 + axis); }

 public:
  /// A connected output is never nearer to either end than 4 g: the part itself ends at 3.6 g.
  static mote::runtime::SensorCheck check() {
    using mote::runtime::Fault;
    constexpr int kFarthest = 410;
    analogReference(EXTERNAL);
    for (uint8_t axis = 0; axis < kAxes; ++axis) {
      const int conversion = analogRead(pin(axis));
      if (conversion < 512 - kFarthest || conversion > 512 + kFarthest) return {Fault::kSensorMissing, axis};
    }
    return {Fault::kNone, 0};
  }

  static void start(void (*on_tick)(void* context), void* context) {
    tick() = {on_tick, context};
    TCCR1A = 0;
    TCCR1B = 0;
    TCNT1 = 0;
    OCR1A = static_cast<uint16_t>(kCounts - 1);
    TIFR1 = _BV(OCF1A);
    TIMSK1 = _BV(OCIE1A);
    TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10);
  }

  static void stop() { TIMSK1 = 0; }

  static uint32_t ticks() { return micros(); }

  static mote::runtime::SampleStatus read(int16_t* axes) {
    for (uint8_t axis = 0; axis < kAxes; ++axis) axes[axis] = count_of(analogRead(pin(axis)));
    return mote::runtime::SampleStatus::kSample;
  }
};

}  // namespace analogue

ISR(TIMER1_COMPA_vect) {
  analogue::tick().call(analogue::tick().context);
}
