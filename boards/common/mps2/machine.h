// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where the two generations of boards differ: MPS2 with Cortex-M3, M4 and M7 has CMSDK timers, MPS3 with
// Cortex-M55 (AN547) none, and its core must be allowed to use vectors first.

#include <stdint.h>

#include "board_config.h"

namespace machine {

inline volatile uint32_t& at(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(address);
}

#if defined(__ARM_FEATURE_MVE)

// AN547 as QEMU 7.2's hw/arm/mps2-tz.c has it, secure addresses; SysTick of the Armv8-M manual.
constexpr uint32_t kUart = 0x59303000;
constexpr uint32_t kFpgaIo = 0x59302000;
constexpr uint32_t kSysTickControl = 0xE000E010;
constexpr uint32_t kSysTickReload = 0xE000E014;
constexpr uint32_t kSysTickValue = 0xE000E018;
constexpr uint32_t kCoprocessorAccess = 0xE000ED88;
constexpr uint32_t kMostTicks = 1u << 24;
constexpr int64_t kCounterHz = 20000000;  // of the free counter: QEMU 7.2 hw/misc/mps2-fpgaio.c, prescale-clk
constexpr bool kTimerIsSysTick = true;

inline void start_core() {
  at(kCoprocessorAccess) = at(kCoprocessorAccess) | 0xFu << 20;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
}
inline void start_timer(uint32_t period) {
  at(kSysTickReload) = period - 1;
  at(kSysTickValue) = 0;
  at(kSysTickControl) = 1 | 2 | 4;  // enable, with interrupt, processor's clock
}
inline void stop_timer() {
  at(kSysTickControl) = 0;
}
inline void acknowledge_timer() {}

// Waits by the free counter of FPGAIO.
inline uint32_t start_delay(uint32_t /*ticks*/) {
  return at(kFpgaIo + 24);
}
inline bool is_delayed(uint32_t start, uint32_t ticks) {
  return at(kFpgaIo + 24) - start < ticks;
}

#else

// AN386, table 3-1, the same in the others; CMSDK technical reference manual, chapter 4.
constexpr uint32_t kUart = 0x40004000;
constexpr uint32_t kFpgaIo = 0x40028000;
constexpr uint32_t kTimer = 0x40000000;  // CMSDK timer 0, interrupt 8
constexpr uint32_t kTimerControl = kTimer;
constexpr uint32_t kTimerValue = kTimer + 4;
constexpr uint32_t kTimerReload = kTimer + 8;
constexpr uint32_t kTimerInterruptClear = kTimer + 12;
constexpr uint32_t kDelayTimer = 0x40001000;  // CMSDK timer 1, without interrupt
constexpr uint32_t kDelayTimerControl = kDelayTimer;
constexpr uint32_t kDelayTimerValue = kDelayTimer + 4;
constexpr uint32_t kDelayTimerReload = kDelayTimer + 8;
constexpr uint32_t kInterruptEnable = 0xE000E100;
constexpr uint32_t kMostTicks = UINT32_MAX;
constexpr int64_t kCounterHz = board_config::kClockHz;
constexpr bool kTimerIsSysTick = false;

inline void start_core() {}
inline void start_timer(uint32_t period) {
  at(kTimerReload) = period - 1;
  at(kTimerValue) = period - 1;
  at(kInterruptEnable) = 1u << 8;
  at(kTimerControl) = 1 | 8;  // enable, with interrupt
}
inline void stop_timer() {
  at(kTimerControl) = 0;
}
inline void acknowledge_timer() {
  at(kTimerInterruptClear) = 1;
}

// Runs down to 0 and on from the top.
inline uint32_t start_delay(uint32_t ticks) {
  at(kDelayTimerControl) = 0;
  at(kDelayTimerReload) = UINT32_MAX;
  at(kDelayTimerValue) = ticks;
  at(kDelayTimerControl) = 1;
  return 0;
}
inline bool is_delayed(uint32_t /*start*/, uint32_t ticks) {
  return at(kDelayTimerValue) - 1 < ticks;
}

#endif

}  // namespace machine
