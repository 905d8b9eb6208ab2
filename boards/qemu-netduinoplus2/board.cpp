// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include "cortex_m.h"
#include "playback_file.h"
#include "stack.h"

using cortex_m::at;
using mote::runtime::SampleStatus;
using mote::runtime::SensorCheck;

extern "C" {
void mote_reset();
void mote_timer_interrupt();
}

namespace {

// ---- registers (RM0090; the section is named) ----

constexpr uint32_t kClockOfPorts = 0x40023830;   // 7.3.10
constexpr uint32_t kClockOfTimers = 0x40023840;  // 7.3.13
constexpr uint32_t kClockOfSerial = 0x40023844;  // 7.3.14

constexpr uint32_t kPinModes = 0x40020000;  // 8.4, port A
constexpr uint32_t kPins = 0x40020014;
constexpr uint32_t kHighPinFunctions = 0x40020024;

constexpr uint32_t kTimerControl = 0x40000000;  // 18.4, timer 2
constexpr uint32_t kTimerCount = 0x40000024;
constexpr uint32_t kTimerDivider = 0x40000028;
constexpr uint32_t kTimerLimit = 0x4000002C;

constexpr uint32_t kSerialState = 0x40011000;  // 30.6, serial port 1
constexpr uint32_t kSerialData = 0x40011004;
constexpr uint32_t kSerialBaud = 0x40011008;
constexpr uint32_t kSerialControl = 0x4001100C;
constexpr uint32_t kSerialFree = 1u << 7;

constexpr uint32_t kLed = 1u << 10, kBusy = 1u << 8;
constexpr int64_t kClockHz = board_config::kClockHz;
constexpr uint32_t kMostTicks = 1u << 24;  // of SysTick

PlaybackFile<Board::Sensor> playback;
uint32_t pins;
volatile bool interrupted;
uint32_t interrupts_per_tick;  // more than one where SysTick is too short for the period
uint32_t interrupts;
void (*tick)(void* context);
void* tick_context;

/// The time is read beside each change because an emulator's trace carries none of its own.
void set_pins(uint32_t mask, bool on) {
  pins = on ? pins | mask : pins & ~mask;
  const uint32_t time = at(kTimerCount);
  static_cast<void>(time);
  at(kPins) = pins;
}

}  // namespace

// ---- what the application asks for ----

// The emulator has no clock control and no pins; it takes what is written there and does nothing.
void Board::init() {
  at(kClockOfPorts) = 1;
  at(kClockOfTimers) = 1;
  at(kClockOfSerial) = 1u << 4;
  at(kTimerDivider) = 10 - 1;
  at(kTimerLimit) = UINT32_MAX;
  at(kTimerControl) = 1;
  at(kPins) = 0;
  // PA8 and PA10 outputs, PA9 of the serial port (function 7); PA13 to PA15 stay the debugger's.
  at(kHighPinFunctions) = 7u << 4;
  at(kPinModes) = 0xA8000000 | 1u << 16 | 2u << 18 | 1u << 20;
  at(kSerialBaud) = static_cast<uint32_t>(kClockHz / 2 / 115200);
  at(kSerialControl) = 1u << 13 | 1u << 3;
}

SensorCheck Board::check_sensor() {
  return playback.open();
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  const uint32_t period = playback.period(kClockHz);
  tick = on_tick;
  tick_context = context;
  interrupts_per_tick = (period - 1) / kMostTicks + 1;
  at(cortex_m::kSysTickReload) = period / interrupts_per_tick - 1;
  at(cortex_m::kSysTickValue) = 0;
  at(cortex_m::kSysTickControl) = 1 | 2 | 4;  // enable, with interrupt, processor's clock
}

void Board::stop_sampling() {
  at(cortex_m::kSysTickControl) = 0;
}

SampleStatus Board::read_sample(int16_t* axes) {
  return playback.read(axes);
}

uint32_t Board::ticks() {
  return at(kTimerCount);
}

void Board::set_led(bool on) {
  set_pins(kLed, on);
}

void Board::set_busy(bool busy) {
  set_pins(kBusy, busy);
}

void Board::write_serial(const char* characters, int32_t count) {
  for (int32_t position = 0; position < count; ++position) {
    while ((at(kSerialState) & kSerialFree) == 0) {
    }
    at(kSerialData) = static_cast<uint8_t>(characters[position]);
  }
}

void Board::delay_ms(int32_t milliseconds) {
  const uint32_t start = at(kTimerCount);
  const uint32_t length = static_cast<uint32_t>(milliseconds) * static_cast<uint32_t>(kTicksPerSecond / 1000);
  // Looking only now and then spares the emulator most of the work.
  while (at(kTimerCount) - start < length)
    for (int32_t turn = 0; turn < 32; ++turn) cortex_m::pass_time();
}

// Waits awake, as boards/README.md says of qemu-mps2-an386. On silicon this is `wfi; cpsie i`.
void Board::wait_for_interrupt() {
  interrupted = false;
  enable_interrupts();
  while (!interrupted) cortex_m::pass_time();
}

void Board::finish() {
  cortex_m::end_emulator();
}

// ---- start-up ----

extern "C" {

void mote_timer_interrupt() {
  if (++interrupts < interrupts_per_tick) return;
  interrupts = 0;
  interrupted = true;
  tick(tick_context);
}

void mote_reset() {
  cortex_m::start_program();
}

extern const cortex_m::Exceptions mote_vectors;
__attribute__((section(".vectors"), used)) const cortex_m::Exceptions mote_vectors =
    cortex_m::exceptions(mote_reset, mote_timer_interrupt);

}  // extern "C"
