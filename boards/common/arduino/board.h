// SPDX-License-Identifier: Apache-2.0
#pragma once

// A board behind the Arduino API. What is its own lies in the board's folder: sensor.h.

#include <Arduino.h>
#include <stdint.h>

#include "board_config.h"
#include "mote/runtime/application.h"

/// Static functions only; see boards/README.md for what each must do.
struct Board {
  using Sensor = board_config::Sensor;
  static constexpr int32_t kFlashBytes = board_config::kFlashBytes;
  static constexpr int32_t kRamBytes = board_config::kRamBytes;
  static constexpr int32_t kStackBytes = board_config::kStackBytes;
  static constexpr int64_t kTicksPerSecond = 1000000;  // micros()

  static mote::Flash<char> name() { return board_config::name(); }
  static void init();
  static mote::runtime::SensorCheck check_sensor();
  static void start_sampling(void (*on_tick)(void* context), void* context);
  static void stop_sampling();
  static mote::runtime::SampleStatus read_sample(int16_t* axes);
  static bool stack_intact();
  static int32_t stack_unused_bytes();
  /// Boot loaders clear the flags.
  static mote::runtime::ResetCause reset_cause() { return mote::runtime::ResetCause::kUnknown; }
  /// None: not every boot loader survives one that is running.
  static void feed_watchdog() {}
  /// In a tick, when it was due.
  static uint32_t ticks();
  static void set_led(bool on) { digitalWrite(LED_BUILTIN, on ? HIGH : LOW); }
  static void set_busy(bool) {}
  static void write_serial(const char* characters, int32_t count);
  static void delay_ms(int32_t milliseconds);
  static void disable_interrupts() { noInterrupts(); }
  static void enable_interrupts() { interrupts(); }
  static void wait_for_interrupt();
  static bool keep_blinking(int32_t) { return true; }
  static void finish();
};
