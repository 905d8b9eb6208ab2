// SPDX-License-Identifier: Apache-2.0
#pragma once

// An ATmega328P in simavr. The sensor is a recording that the emulator hands over byte by byte and that the
// timer interrupt turns into samples.

#include <stdint.h>

#include "emulated_board.h"

/// Static functions only; see boards/README.md for what each must do.
struct Board : EmulatedBoard {
  static constexpr int64_t kTicksPerSecond = board_config::kClockHz / 256;

  static void init();
  static mote::runtime::SensorCheck check_sensor();
  static void start_sampling(void (*on_tick)(void* context), void* context);
  static void stop_sampling();
  static mote::runtime::SampleStatus read_sample(int16_t* axes);
  static mote::runtime::ResetCause reset_cause();
  static void feed_watchdog();
  static uint32_t ticks();
  static void set_led(bool on);
  static void set_busy(bool busy);
  static void write_serial(const char* characters, int32_t count);
  static void delay_ms(int32_t milliseconds);
  static void disable_interrupts() { __asm__ volatile("cli" ::: "memory"); }
  static void enable_interrupts() { __asm__ volatile("sei" ::: "memory"); }
  static void wait_for_interrupt();
  static void finish();
};
