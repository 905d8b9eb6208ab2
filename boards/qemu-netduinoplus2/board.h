// SPDX-License-Identifier: Apache-2.0
#pragma once

// Netduino Plus 2 (STM32F405, Cortex-M4) as QEMU emulates it. The sensor reads each sample out of a file of
// the host, by semihosting, when SysTick says that it is due.

#include <stdint.h>

#include "cortex_m_board.h"

/// Static functions only; see boards/README.md for what each must do.
struct Board : CortexMBoard {
  static constexpr int64_t kTicksPerSecond = 100000000;  ///< of timer 2, in the emulator

  static void init();
  static mote::runtime::SensorCheck check_sensor();
  static void start_sampling(void (*on_tick)(void* context), void* context);
  static void stop_sampling();
  static mote::runtime::SampleStatus read_sample(int16_t* axes);
  static uint32_t ticks();
  static void set_led(bool on);
  static void set_busy(bool busy);
  static void write_serial(const char* characters, int32_t count);
  static void delay_ms(int32_t milliseconds);
  static void wait_for_interrupt();
  static void finish();
};
