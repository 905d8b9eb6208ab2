// SPDX-License-Identifier: Apache-2.0
#pragma once

// Netduino Plus 2 (STM32F405, Cortex-M4) as QEMU emulates it. The sensor reads each sample out of a file of
// the host, by semihosting, when SysTick says that it is due.

#include <stdint.h>

#include "board_config.h"
#include "mote/runtime/application.h"

/// Static functions only; see boards/README.md for what each must do.
struct Board {
  using Sensor = board_config::Sensor;
  static constexpr int32_t kFlashBytes = board_config::kFlashBytes;
  static constexpr int32_t kRamBytes = board_config::kRamBytes;
  static constexpr int32_t kStackBytes = board_config::kStackBytes;
  static constexpr int64_t kTicksPerSecond = 100000000;  ///< of timer 2, in the emulator

  static mote::Flash<char> name() { return board_config::name(); }
  static void init();
  static mote::runtime::SensorCheck check_sensor();
  static void start_sampling(void (*on_tick)(void* context), void* context);
  static void stop_sampling();
  static mote::runtime::SampleStatus read_sample(int16_t* axes);
  static bool stack_intact();
  static int32_t stack_unused_bytes();
  static mote::runtime::ResetCause reset_cause() { return mote::runtime::ResetCause::kUnknown; }
  static void feed_watchdog() {}
  static uint32_t ticks();
  static void set_led(bool on);
  static void set_busy(bool busy);
  static void write_serial(const char* characters, int32_t count);
  static void delay_ms(int32_t milliseconds);
  static void disable_interrupts() { __asm__ volatile("cpsid i" ::: "memory"); }
  static void enable_interrupts() { __asm__ volatile("cpsie i" ::: "memory"); }
  static void wait_for_interrupt();
  static bool keep_blinking(int32_t groups) { return groups < 2; }
  static void finish();
};
