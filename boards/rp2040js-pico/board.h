// SPDX-License-Identifier: Apache-2.0
#pragma once

// Raspberry Pi Pico as rp2040js emulates it: no boot ROM, the image starts at the beginning of flash, and the
// clocks run. The sensor is a recording in flash behind the image, handed out sample by sample by an alarm.

#include <stdint.h>

#include "cortex_m_board.h"

/// Static functions only; see boards/README.md for what each must do.
struct Board : CortexMBoard {
  static constexpr int64_t kTicksPerSecond = 1000000;

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
  static void wait_for_interrupt() { __asm__ volatile("wfi\n\tcpsie i" ::: "memory"); }
  static void finish();
};
