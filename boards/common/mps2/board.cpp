// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include "cortex_m.h"
#include "machine.h"
#include "playback_file.h"
#include "stack.h"

using mote::runtime::SampleStatus;
using mote::runtime::SensorCheck;

extern "C" {
void mote_reset();
void mote_timer_interrupt();
}

namespace {

// ---- registers ----

using machine::at;

constexpr uint32_t kUartData = machine::kUart;  // CMSDK technical reference manual, chapter 4
constexpr uint32_t kUartState = machine::kUart + 4;
constexpr uint32_t kUartControl = machine::kUart + 8;
constexpr uint32_t kUartBaudDivider = machine::kUart + 16;

constexpr uint32_t kLeds = machine::kFpgaIo;
constexpr uint32_t kCounter = machine::kFpgaIo + 24;
constexpr uint32_t kPrescaler = machine::kFpgaIo + 28;

constexpr int64_t kClockHz = board_config::kClockHz;

PlaybackFile<Board::Sensor> playback;
uint32_t leds;
volatile bool interrupted;
uint32_t interrupts_per_tick;  // more than one where the timer is too short for the period
uint32_t interrupts;
void (*tick)(void* context);
void* tick_context;

/// LEDs as the FPGA shows them. The counter is read beside each change because an emulator's trace carries no
/// time of its own: the value read is the time of the edge.
void set_leds(uint32_t mask, bool on) {
  leds = on ? leds | mask : leds & ~mask;
  const uint32_t time = at(kCounter);
  static_cast<void>(time);
  at(kLeds) = leds;
}

}  // namespace

// ---- what the application asks for ----

void Board::init() {
  at(kUartBaudDivider) = static_cast<uint32_t>(kClockHz / 115200);
  at(kUartControl) = 1;
  at(kPrescaler) = 0;
  at(kLeds) = 0;
}

SensorCheck Board::check_sensor() {
  return playback.open();
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  const uint32_t period = playback.period(kClockHz);
  tick = on_tick;
  tick_context = context;
  interrupts_per_tick = (period - 1) / machine::kMostTicks + 1;
  machine::start_timer(period / interrupts_per_tick);
}

void Board::stop_sampling() {
  machine::stop_timer();
}

SampleStatus Board::read_sample(int16_t* axes) {
  return playback.read(axes);
}

uint32_t Board::ticks() {
  return at(kCounter);
}

void Board::set_led(bool on) {
  set_leds(1, on);
}

void Board::set_busy(bool busy) {
  set_leds(2, busy);
}

void Board::write_serial(const char* characters, int32_t count) {
  for (int32_t position = 0; position < count; ++position) {
    while ((at(kUartState) & 1) != 0) {
    }
    at(kUartData) = static_cast<uint8_t>(characters[position]);
  }
}

void Board::delay_ms(int32_t milliseconds) {
  const uint32_t ticks =
      static_cast<uint32_t>(milliseconds) * static_cast<uint32_t>(machine::kCounterHz / 1000);
  const uint32_t start = machine::start_delay(ticks);
  // Looking only now and then spares the emulator most of the work.
  while (machine::is_delayed(start, ticks))
    for (int32_t turn = 0; turn < 32; ++turn) cortex_m::pass_time();
}

// Waits awake: with deterministic time (-icount sleep=off) QEMU 7.2 advances its clock by twice the time to
// the next timer when the processor sleeps, and every second tick is lost. On silicon this is `wfi; cpsie i`.
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
  machine::acknowledge_timer();
  if (++interrupts < interrupts_per_tick) return;
  interrupts = 0;
  interrupted = true;
  tick(tick_context);
}

void mote_reset() {
  machine::start_core();
  cortex_m::start_program();
}

struct VectorTable {
  cortex_m::Exceptions exceptions;
  cortex_m::Handler interrupts[9];  // up to that of CMSDK timer 0
};

extern const VectorTable mote_vectors;
__attribute__((section(".vectors"), used)) const VectorTable mote_vectors = {
    cortex_m::exceptions(mote_reset,
                         machine::kTimerIsSysTick ? mote_timer_interrupt : mote_processor_exception),
    {mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_timer_interrupt}};

}  // extern "C"
