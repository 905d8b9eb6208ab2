// SPDX-License-Identifier: Apache-2.0
#include "board.h"

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
void mote_report_exception(const uint32_t* stack);
void mote_timer_interrupt();
void mote_start();
}

namespace {

// ---- registers (QEMU 7.2 hw/riscv/virt.c; hw/intc/riscv_aclint.c; the serial port is a 16550) ----

volatile uint32_t& at(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(address);
}
volatile uint8_t& byte_at(uint32_t address) {
  return *reinterpret_cast<volatile uint8_t*>(address);
}

constexpr uint32_t kTimeCompare = 0x02004000;  // of hart 0, 64 bits
constexpr uint32_t kTime = 0x0200BFF8;         // 64 bits, 10 MHz

constexpr uint32_t kSerialData = 0x10000000;
constexpr uint32_t kSerialState = kSerialData + 5;
constexpr uint32_t kSerialScratch = kSerialData + 7;
constexpr uint8_t kSerialFree = 1 << 5;

constexpr uint32_t kFinisher = 0x00100000;
constexpr uint32_t kFinisherPass = 0x5555;

static_assert(board_config::kFlashBytes == 4 << 20, "start-up protects 4 MB");
constexpr int64_t kClockHz = board_config::kClockHz;

constexpr uint32_t kPlayback = 0x81000000;  // RAM that the firmware itself does not use
constexpr uint32_t kPlaybackLimitBytes = 16 * 1024 * 1024;

Playback<Board::Sensor> playback;
uint8_t leds;
uint64_t period, next_tick;  // of the timer
volatile bool interrupted;
void (*tick)(void* context);
void* tick_context;

/// Lets four microseconds go by. The emulator counts every one of these instructions, which is what makes
/// time exact, and hardly works for them: waiting in a loop of three instructions took it ten times as long.
/// Not inlined: the compiler underrates its length.
__attribute__((noinline)) void pass_time() {
  __asm__ volatile(".rept 240\n\tnop\n\t.endr");
}

/// There are no LEDs: the serial port's scratch register holds what they would show. The time is read beside
/// each change because an emulator's trace carries none of its own.
void set_leds(uint8_t mask, bool on) {
  leds = static_cast<uint8_t>(on ? leds | mask : leds & ~mask);
  const uint32_t time = at(kTime);
  static_cast<void>(time);
  byte_at(kSerialScratch) = leds;
}

uint64_t time_now() {
  for (;;) {
    const uint32_t high = at(kTime + 4), low = at(kTime);
    if (at(kTime + 4) == high) return (uint64_t{high} << 32) | low;
  }
}

/// The next interrupt, in an order in which none comes too early.
void set_alarm(uint64_t time) {
  at(kTimeCompare + 4) = UINT32_MAX;
  at(kTimeCompare) = static_cast<uint32_t>(time);
  at(kTimeCompare + 4) = static_cast<uint32_t>(time >> 32);
}

uint32_t processor_cause() {
  uint32_t cause;
  __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrr %0, mcause\n\t.option pop" : "=r"(cause));
  return cause;
}

}  // namespace

/// Aligned because the three instructions may not lie on two pages.
__attribute__((naked, noinline, aligned(16))) int32_t semihosting::call(int32_t /*operation*/,
                                                                        const void* /*argument*/) {
  __asm__ volatile(
      ".option push\n\t"
      ".option norvc\n\t"
      "slli zero, zero, 0x1f\n\t"
      "ebreak\n\t"
      "srai zero, zero, 7\n\t"
      ".option pop\n\t"
      "ret");
}

// ---- what the application asks for ----

void Board::init() {
  set_leds(3, false);
}

SensorCheck Board::check_sensor() {
  const int32_t bytes = semihosting::read_named_file(kPlayback, kPlaybackLimitBytes);
  return playback.open(reinterpret_cast<const void*>(kPlayback), bytes);
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  tick = on_tick;
  tick_context = context;
  period = playback.period(kClockHz);
  next_tick = time_now() + period;
  set_alarm(next_tick);
  // The timer's bit of mie.
  __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrs mie, %0\n\t.option pop" : : "r"(1 << 7));
}

void Board::stop_sampling() {
  set_alarm(UINT64_MAX);
}

SampleStatus Board::read_sample(int16_t* axes) {
  return playback.read(axes);
}

uint32_t Board::ticks() {
  return at(kTime);
}

void Board::set_led(bool on) {
  set_leds(1, on);
}

void Board::set_busy(bool busy) {
  set_leds(2, busy);
}

void Board::write_serial(const char* characters, int32_t count) {
  for (int32_t position = 0; position < count; ++position) {
    while ((byte_at(kSerialState) & kSerialFree) == 0) {
    }
    byte_at(kSerialData) = static_cast<uint8_t>(characters[position]);
  }
}

void Board::delay_ms(int32_t milliseconds) {
  const uint32_t start = at(kTime);
  const uint32_t ticks = static_cast<uint32_t>(milliseconds) * static_cast<uint32_t>(kClockHz / 1000);
  // Looking only now and then spares the emulator most of the work.
  while (at(kTime) - start < ticks)
    for (int32_t turn = 0; turn < 32; ++turn) pass_time();
}

// Waits awake: with deterministic time (-icount sleep=off) QEMU 7.2 advances its clock by twice the time to
// the next timer when the processor sleeps, and every second tick is lost. On silicon this is `wfi; csrsi
// mstatus, 8`.
void Board::wait_for_interrupt() {
  interrupted = false;
  enable_interrupts();
  while (!interrupted) pass_time();
}

void Board::finish() {
  at(kFinisher) = kFinisherPass;
  for (;;) {
  }
}

// ---- start-up ----

extern "C" {

__attribute__((naked, noreturn, used, section(".reset"))) void mote_reset() {
  __asm__ volatile(
      ".option push\n\t"
      ".option arch, +zicsr\n\t"
      "la sp, mote_stack_end\n\t"
      // Flash can be read and executed: 4 MB at 0x80000000, locked for machine mode too.
      "li t0, 0x2007FFFF\n\t"
      "csrw pmpaddr0, t0\n\t"
      "li t0, 0x9D\n\t"
      "csrw pmpcfg0, t0\n\t"
      "la t0, mote_vectors + 1\n\t"  // 1: each interrupt has a place of its own
      "csrw mtvec, t0\n\t"
      "j mote_start\n\t"
      ".balign 64\n\t"
      ".option norvc\n"
      "mote_vectors:\n\t"
      "j mote_processor_exception\n\t"
      ".rept 6\n\tj mote_processor_exception\n\t.endr\n\t"
      "j mote_timer_interrupt\n\t"  // 7
      ".rept 8\n\tj mote_processor_exception\n\t.endr\n\t"
      ".option pop");
}

__attribute__((naked, noreturn, used)) void mote_processor_exception() {
  // The stack may be what failed: begin a new one before anything is called. The processor has disabled
  // interrupts.
  __asm__ volatile(
      "mv a0, sp\n\t"
      "la sp, mote_stack_end\n\t"
      "j mote_report_exception");
}

__attribute__((used)) void mote_report_exception(const uint32_t* stack) {
  if (stack < mote_stack_start || !Board::stack_intact())
    mote::runtime::halt<Board>(Fault::kStackOverflow, Board::kStackBytes);
  else
    mote::runtime::halt<Board>(Fault::kProcessorFault, static_cast<int32_t>(processor_cause() & 0x3F));
  Board::finish();
}

__attribute__((interrupt("machine"), used)) void mote_timer_interrupt() {
  next_tick += period;
  set_alarm(next_tick);
  interrupted = true;
  tick(tick_context);
}

__attribute__((used)) void mote_start() {
  const uint32_t* source = mote_data_source;
  for (uint32_t* word = mote_data_start; word < mote_data_end; ++word) *word = *source++;
  for (uint32_t* word = mote_bss_start; word < mote_bss_end; ++word) *word = 0;
  stack::paint();
  main();
  for (;;) {
  }
}

}  // extern "C"
