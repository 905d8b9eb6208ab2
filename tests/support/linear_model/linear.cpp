// SPDX-License-Identifier: Apache-2.0
#include "linear.h"

#include "mote/core/crc.h"

#ifndef SLOW_LOOPS
#define SLOW_LOOPS 0
#endif
#ifndef EAT_STACK_BYTES
#define EAT_STACK_BYTES 0
#endif
#ifndef RESTART_IN_RUN
#define RESTART_IN_RUN -1
#endif
#ifndef HANG_IN_RUN
#define HANG_IN_RUN -1
#endif

namespace mote_models {
namespace linear {
namespace {

const int8_t kWeights[180] MOTE_FLASH_DATA = {
    5,   5,   -2,  -7,  15,  -6,  0,   7,  -15, -18, 13,  -19, -20, -7, -16, -1, 14,  -19, 11,  17,
    12,  3,   -1,  14,  19,  -20, -14, -7, -17, 2,   -2,  18,  -1,  -5, 10,  11, 6,   18,  -10, 7,
    9,   -3,  19,  11,  -6,  -8,  10,  14, -6,  -1,  -13, -12, -9,  17, 8,   3,  11,  15,  11,  -7,
    7,   1,   -4,  20,  17,  10,  8,   15, -5,  2,   -5,  -19, 3,   18, -17, 16, 15,  -1,  2,   18,
    -6,  2,   -20, -8,  -9,  10,  -12, -6, -13, 14,  12,  -7,  19,  16, -12, 3,  10,  -13, -9,  4,
    -16, 19,  6,   -8,  13,  -7,  0,   0,  0,   4,   -11, 2,   -8,  0,  8,   0,  7,   17,  -7,  14,
    -10, -10, -10, 12,  7,   -13, 16,  3,  -7,  -7,  16,  -15, 5,   -6, 3,   4,  -20, 12,  12,  1,
    -19, -19, -5,  8,   -11, 13,  7,   -9, 12,  17,  17,  5,   18,  11, 2,   8,  10,  -18, 3,   -17,
    -15, -9,  9,   -18, 14,  20,  -12, 14, -8,  -7,  11,  -14, -18, 18, 8,   8,  -9,  -20, 15,  -8,
};

#if EAT_STACK_BYTES > 0
/// Fills the bytes below the stack's end, as a function would that the compiler knows nothing of.
__attribute__((always_inline)) inline void eat_stack() {
#if defined(__AVR__)
  uint8_t* end = reinterpret_cast<uint8_t*>(*reinterpret_cast<volatile uint16_t*>(0x5D));
#elif defined(__riscv)
  uint8_t* end;
  __asm__ volatile("mv %0, sp" : "=r"(end));
#else
  uint8_t* end;
  __asm__ volatile("mov %0, sp" : "=r"(end));
#endif
  for (int32_t count = 0; count < EAT_STACK_BYTES; ++count) *const_cast<volatile uint8_t*>(--end) = 0x55;
}
#else
void eat_stack() {}
#endif

#if RESTART_IN_RUN >= 0
/// Power fails for a moment, once: a Cortex-M starts anew, with whatever was in RAM. Where nothing else lies,
/// a word remembers that it did.
void restart_once() {
  static int32_t runs = 0;
  volatile uint32_t* const done = reinterpret_cast<volatile uint32_t*>(0x20300000);
  if (runs++ != RESTART_IN_RUN || *done == 0x646F6E65) return;
  *done = 0x646F6E65;
  *reinterpret_cast<volatile uint32_t*>(0xE000ED0C) = 0x05FA0004;  // AIRCR: SYSRESETREQ
  for (;;) {
  }
}
#else
void restart_once() {}
#endif

#if HANG_IN_RUN >= 0
/// Whether this is asked for the first time since the emulator was started, over all resets.
bool is_first_life() {
#if defined(__AVR__)
  // A byte of EEPROM (Microchip DS40002061B, 8.6): 0xFF until it is written.
  volatile uint8_t& control = *reinterpret_cast<volatile uint8_t*>(0x3F);
  volatile uint8_t& data = *reinterpret_cast<volatile uint8_t*>(0x40);
  control = 1;  // reads
  const bool is_first = data == 0xFF;
  data = 0;
  control = 1 << 2;           // allows to write ...
  control = 1 << 2 | 1 << 1;  // ... and does, within four cycles
  return is_first;
#else
  return *reinterpret_cast<volatile uint32_t*>(0x40058008) == 0;  // RP2040: why the watchdog last reset it
#endif
}

/// The main loop stands still, once, and no interrupt comes any more that could see it.
void hang_once() {
  static int32_t runs = 0;
  if (runs++ != HANG_IN_RUN || !is_first_life()) return;
#if defined(__AVR__)
  __asm__ volatile("cli");
#else
  __asm__ volatile("cpsid i");
#endif
  for (;;) __asm__ volatile("");
}
#else
void hang_once() {}
#endif

}  // namespace

void Model::run(uint8_t* memory) {
  restart_once();
  hang_once();
  const int8_t* const in = input(memory);
  int8_t* const out = input(memory) + 60;
  const mote::Flash<int8_t> weights(kWeights);
  eat_stack();
  for (int32_t turn = 0; turn < SLOW_LOOPS; ++turn) __asm__ volatile("");
  for (int32_t row = 0; row < 3; ++row) {
    int32_t sum = 0;
    for (int32_t column = 0; column < 60; ++column) sum += in[column] * weights[row * 60 + column];
    sum >>= 6;
    out[row] = static_cast<int8_t>(sum > 127 ? 127 : (sum < -128 ? -128 : sum));
  }
}

uint32_t Model::weights_crc32() {
  return mote::crc32_finish(mote::crc32_update(mote::kCrc32Initial, mote::Flash<int8_t>(kWeights), 180));
}

}  // namespace linear
}  // namespace mote_models
