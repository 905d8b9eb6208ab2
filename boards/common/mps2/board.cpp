// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include "machine.h"
#include "mote/runtime/fault.h"
#include "playback.h"
#include "semihosting.h"
#include "stack.h"

using mote::runtime::Fault;
using mote::runtime::SampleStatus;
using mote::runtime::SensorCheck;

// From memory.ld.
extern "C" {
extern const uint32_t mote_data_source[];
extern uint32_t mote_data_start[];
extern uint32_t mote_data_end[];
extern uint32_t mote_bss_start[];
extern uint32_t mote_bss_end[];
int main();
void mote_reset();
void mote_processor_exception();
void mote_report_exception();
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
constexpr uint32_t kCounter = machine::kFpgaIo + 24;  // counts the board's clock
constexpr uint32_t kPrescaler = machine::kFpgaIo + 28;

constexpr uint32_t kInterruptStatus = 0xE000ED04;

constexpr int64_t kClockHz = board_config::kClockHz;

constexpr uint32_t kPlaybackLimitBytes = 16 * 1024 * 1024;

Playback<Board::Sensor> playback;
uint32_t leds;
volatile bool interrupted;
uint32_t interrupts_per_tick;  // more than one where the timer is too short for the period
uint32_t interrupts;
void (*tick)(void* context);
void* tick_context;

/// Lets four microseconds go by. The emulator counts every one of these instructions, which is what makes
/// time exact, and hardly works for them: waiting in a loop of three instructions took it ten times as long.
/// Not inlined: the compiler underrates its length.
__attribute__((noinline)) void pass_time() {
  __asm__ volatile(".rept 240\n\tnop\n\t.endr");
}

/// LEDs as the FPGA shows them. The counter is read beside each change because an emulator's trace carries no
/// time of its own: the value read is the time of the edge.
void set_leds(uint32_t mask, bool on) {
  leds = on ? leds | mask : leds & ~mask;
  const uint32_t time = at(kCounter);
  static_cast<void>(time);
  at(kLeds) = leds;
}

}  // namespace

int32_t semihosting::call(int32_t operation, const void* argument) {
  register int32_t code __asm__("r0") = operation;
  register const void* block __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(code) : "r"(block) : "memory");
  return code;
}

// ---- what the application asks for ----

void Board::init() {
  at(kUartBaudDivider) = static_cast<uint32_t>(kClockHz / 115200);
  at(kUartControl) = 1;
  at(kPrescaler) = 0;
  at(kLeds) = 0;
}

SensorCheck Board::check_sensor() {
  const int32_t bytes = semihosting::read_named_file(machine::kPlayback, kPlaybackLimitBytes);
  return playback.open(reinterpret_cast<const void*>(machine::kPlayback), bytes);
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

bool Board::stack_intact() {
  return stack::is_intact();
}

int32_t Board::stack_unused_bytes() {
  return stack::unused_bytes();
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
  const uint32_t ticks = static_cast<uint32_t>(milliseconds) * static_cast<uint32_t>(kClockHz / 1000);
  const uint32_t start = machine::start_delay(ticks);
  // Looking only now and then spares the emulator most of the work.
  while (machine::is_delayed(start, ticks))
    for (int32_t turn = 0; turn < 4; ++turn) pass_time();
}

// Waits awake: with deterministic time (-icount sleep=off) QEMU 7.2 advances its clock by twice the time to
// the next timer when the processor sleeps, and every second tick is lost. On silicon this is `wfi; cpsie i`.
void Board::wait_for_interrupt() {
  interrupted = false;
  enable_interrupts();
  while (!interrupted) pass_time();
}

void Board::finish() {
  const uint32_t arguments[2] = {0x20026, 0};  // ADP_Stopped_ApplicationExit
  semihosting::call(semihosting::kExitExtended, arguments);
  for (;;) {
  }
}

// ---- start-up ----

extern "C" {

__attribute__((naked, noreturn)) void mote_processor_exception() {
  // The stack may be what failed: begin a new one before anything is called.
  __asm__ volatile(
      "cpsid i\n\t"
      "ldr r0, =mote_stack_end\n\t"
      "mov sp, r0\n\t"
      "b mote_report_exception");
}

void mote_report_exception() {
  if (!Board::stack_intact())
    mote::runtime::halt<Board>(Fault::kStackOverflow, Board::kStackBytes);
  else
    mote::runtime::halt<Board>(Fault::kProcessorFault, static_cast<int32_t>(at(kInterruptStatus) & 0x1FF));
  Board::finish();
}

void mote_timer_interrupt() {
  machine::acknowledge_timer();
  if (++interrupts < interrupts_per_tick) return;
  interrupts = 0;
  interrupted = true;
  tick(tick_context);
}

void mote_reset() {
  machine::start_core();
  const uint32_t* source = mote_data_source;
  for (uint32_t* word = mote_data_start; word < mote_data_end; ++word) *word = *source++;
  for (uint32_t* word = mote_bss_start; word < mote_bss_end; ++word) *word = 0;
  stack::paint();
  main();
  for (;;) {
  }
}

using Handler = void (*)();

struct VectorTable {
  uint32_t* stack;
  Handler reset;
  Handler exceptions[14];
  Handler interrupts[9];  // up to that of CMSDK timer 0
};

extern const VectorTable mote_vectors;
__attribute__((section(".vectors"), used)) const VectorTable mote_vectors = {
    mote_stack_end,
    mote_reset,
    {mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_processor_exception, machine::kTimerIsSysTick ? mote_timer_interrupt : mote_processor_exception},
    {mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
     mote_timer_interrupt}};

}  // extern "C"
