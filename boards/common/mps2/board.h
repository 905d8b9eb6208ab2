// SPDX-License-Identifier: Apache-2.0
#pragma once

// Arm MPS2 with FPGA images AN385 (Cortex-M3), AN386 (Cortex-M4) and AN500 (Cortex-M7), and MPS3 with AN547
// (Cortex-M55), as QEMU emulates them. The sensor reads each sample out of a file of the
// host, by semihosting, when the timer says that it is due.

#include <stdint.h>

#include "cortex_m_board.h"
#include "machine.h"

/// Static functions only; see boards/README.md for what each must do.
struct Board : CortexMBoard {
  static constexpr int64_t kTicksPerSecond = machine::kCounterHz;

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
