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

// ---- registers (nRF51 Series Reference Manual 3.0.1; the chapter is named) ----

constexpr uint32_t kPins = 0x50000504;  // 14: what the pins should be
constexpr uint32_t kPinsAreOutputs = 0x50000518;

constexpr uint32_t kSerialStart = 0x40002008;  // 29
constexpr uint32_t kSerialSent = 0x4000211C;
constexpr uint32_t kSerialEnable = 0x40002500;
constexpr uint32_t kSerialPin = 0x4000250C;
constexpr uint32_t kSerialData = 0x4000251C;
constexpr uint32_t kSerialBaud = 0x40002524;
constexpr uint32_t kBaud115200 = 0x01D7E000;

constexpr uint32_t kTimerStart = 0x40008000;  // 18, timer 0: 16 MHz, runs freely
constexpr uint32_t kTimerCapture = 0x40008044;
constexpr uint32_t kTimerIsDue = 0x40008140;
constexpr uint32_t kTimerEnable = 0x40008304;
constexpr uint32_t kTimerDisable = 0x40008308;
constexpr uint32_t kTimerWidth = 0x40008508;
constexpr uint32_t kTimerDivider = 0x40008510;
constexpr uint32_t kTimerDue = 0x40008540;
constexpr uint32_t kTimerCaptured = 0x40008544;
constexpr uint32_t kDueInterrupt = 1u << 16;
constexpr uint32_t kTimerInterrupt = 8;

// micro:bit schematic 1.3: row 1 of the LEDs is driven high, column 1 low; pin 0 of the edge connector.
constexpr uint32_t kRow = 1u << 13, kColumn = 1u << 4, kBusy = 1u << 3;
constexpr uint32_t kSerialOut = 24;

PlaybackFile<Board::Sensor> playback;
uint32_t pins;
uint32_t period;  // of the timer
uint32_t next_tick;
volatile bool interrupted;
void (*tick)(void* context);
void* tick_context;

uint32_t time_now() {
  at(kTimerCapture) = 1;
  return at(kTimerCaptured);
}

/// The time is read beside each change because an emulator's trace carries none of its own.
void set_pins(uint32_t mask, bool on) {
  pins = on ? pins | mask : pins & ~mask;
  static_cast<void>(time_now());
  at(kPins) = pins;
}

/// Whether the next tick was set too late and waits for the timer to start over.
bool tick_is_over() {
  return at(kTimerIsDue) == 0 && static_cast<int32_t>(time_now() - next_tick) >= 0;
}

}  // namespace

// ---- what the application asks for ----

void Board::init() {
  at(kTimerWidth) = 3;  // 32 bits
  at(kTimerDivider) = 0;
  at(kTimerStart) = 1;
  at(kPins) = 0;
  at(kPinsAreOutputs) = kRow | kColumn | kBusy;
  at(kSerialPin) = kSerialOut;
  at(kSerialBaud) = kBaud115200;
  at(kSerialEnable) = 4;
  at(kSerialStart) = 1;
}

SensorCheck Board::check_sensor() {
  return playback.open();
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  tick = on_tick;
  tick_context = context;
  period = playback.period(board_config::kClockHz);
  next_tick = time_now() + period;
  at(kTimerDue) = next_tick;
  at(kTimerIsDue) = 0;
  at(kTimerEnable) = kDueInterrupt;
  at(cortex_m::kInterruptEnable) = 1u << kTimerInterrupt;
}

void Board::stop_sampling() {
  at(cortex_m::kInterruptDisable) = 1u << kTimerInterrupt;
  at(kTimerDisable) = kDueInterrupt;
}

SampleStatus Board::read_sample(int16_t* axes) {
  return playback.read(axes);
}

uint32_t Board::ticks() {
  return time_now();
}

void Board::set_led(bool on) {
  set_pins(kRow, on);
}

void Board::set_busy(bool busy) {
  set_pins(kBusy, busy);
}

void Board::write_serial(const char* characters, int32_t count) {
  for (int32_t position = 0; position < count; ++position) {
    at(kSerialSent) = 0;
    at(kSerialData) = static_cast<uint8_t>(characters[position]);
    while (at(kSerialSent) == 0) {
    }
  }
}

void Board::delay_ms(int32_t milliseconds) {
  const uint32_t start = time_now();
  const uint32_t length =
      static_cast<uint32_t>(milliseconds) * static_cast<uint32_t>(board_config::kClockHz / 1000);
  // Looking only now and then spares the emulator most of the work.
  while (time_now() - start < length)
    for (int32_t turn = 0; turn < 16; ++turn) cortex_m::pass_time();
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
  do {
    next_tick += period;
    at(kTimerDue) = next_tick;
    at(kTimerIsDue) = 0;  // behind the line above: before it, QEMU 7.2 takes the old time for due once more
    tick(tick_context);
  } while (tick_is_over());
  interrupted = true;
}

void mote_reset() {
  cortex_m::start_program();
}

struct VectorTable {
  cortex_m::Exceptions exceptions;
  cortex_m::Handler interrupts[kTimerInterrupt + 1];
};

extern const VectorTable mote_vectors;
__attribute__((section(".vectors"), used)) const VectorTable mote_vectors = {
    cortex_m::exceptions(mote_reset, mote_processor_exception),
    {mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_timer_interrupt}};

}  // extern "C"
