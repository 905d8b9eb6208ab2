// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include "mote/core/flash.h"
#include "mote/runtime/fault.h"
#include "playback.h"
#include "stack.h"

using mote::runtime::Fault;
using mote::runtime::ResetCause;
using mote::runtime::SampleStatus;
using mote::runtime::SensorCheck;

// From memory.ld.
extern "C" {
extern const uint8_t mote_data_source[];
extern uint8_t mote_data_start[];
extern uint8_t mote_data_end[];
extern uint8_t mote_bss_start[];
extern uint8_t mote_bss_end[];
int main();
void mote_vectors();
void mote_reset();
void mote_unexpected_interrupt();
void mote_report_exception();
void mote_start();
void __vector_11();  // the compiler knows interrupts by these names
void __vector_16();
}

namespace {

// ---- registers (Microchip DS40002061B, chapter 30) ----

volatile uint8_t& at(uint16_t address) {
  return *reinterpret_cast<volatile uint8_t*>(address);
}

constexpr uint16_t kPortDirection = 0x24;  // DDRB
constexpr uint16_t kPort = 0x25;           // PORTB
constexpr uint8_t kLed = 1 << 5, kBusy = 1 << 4;

constexpr uint16_t kClockFlags = 0x35;      // TIFR0
constexpr uint16_t kClockControl = 0x45;    // TCCR0B
constexpr uint16_t kClockCount = 0x46;      // TCNT0
constexpr uint16_t kClockInterrupt = 0x6E;  // TIMSK0
constexpr uint8_t kClockOverflow = 1;
constexpr uint8_t kClockBy256 = 4;

constexpr uint16_t kSamplingInterrupt = 0x6F;  // TIMSK1
constexpr uint16_t kSamplingControl = 0x81;    // TCCR1B
constexpr uint16_t kSamplingCountLow = 0x84, kSamplingCountHigh = 0x85;
constexpr uint16_t kSamplingLastLow = 0x88, kSamplingLastHigh = 0x89;  // OCR1A
constexpr uint8_t kSamplingMatch = 1 << 1;
constexpr uint8_t kSamplingStartsOver = 1 << 3;  // at OCR1A

constexpr uint16_t kSleepControl = 0x53;  // SMCR
constexpr uint8_t kSleepIdle = 0x01, kSleepPowerDown = 0x05;

constexpr uint16_t kResetFlags = 0x54;  // MCUSR
constexpr uint8_t kPowerOnFlag = 1 << 0, kPinFlag = 1 << 1, kBrownOutFlag = 1 << 2, kWatchdogFlag = 1 << 3;

constexpr uint16_t kWatchdog = 0x60;         // WDTCSR
constexpr uint8_t kWatchdogChange = 1 << 4;  // within the next four cycles
constexpr uint8_t kWatchdogReset = 1 << 3;
constexpr uint8_t kWatchdogTwoSeconds = 0x07;

constexpr uint16_t kSerialStatus = 0xC0;   // UCSR0A
constexpr uint16_t kSerialControl = 0xC1;  // UCSR0B
constexpr uint16_t kSerialRate = 0xC4;     // UBRR0L
constexpr uint16_t kSerialData = 0xC6;     // UDR0
constexpr uint8_t kSerialSent = 1 << 6, kSerialFree = 1 << 5, kSerialDoubleSpeed = 1 << 1;
constexpr uint8_t kSerialTransmitter = 1 << 3;

// General purpose registers, behind which the emulator keeps the recording: reading the first gives its next
// byte, writing it starts again; the second is not 0 while there is one. On silicon both are 0: no recording.
constexpr uint16_t kPlaybackByte = 0x3E;   // GPIOR0
constexpr uint16_t kPlaybackThere = 0x4A;  // GPIOR1

constexpr int64_t kClockHz = board_config::kClockHz;
constexpr int32_t kBaud = 115200;

uint8_t reset_flags;
uint32_t overflows;  // of the clock
PlaybackHeader playback;
int32_t next_sample;
void (*tick)(void* context);
void* tick_context;

/// The next byte of the recording into `byte`; false if there is none.
bool read_playback(uint8_t* byte) {
  if (at(kPlaybackThere) == 0) return false;
  *byte = at(kPlaybackByte);
  return true;
}

/// Both writes within four cycles, as the watchdog wants them.
void set_watchdog(uint8_t value) {
  __asm__ volatile(
      "wdr\n\t"
      "sts %0, %1\n\t"
      "sts %0, %2"
      :
      : "n"(kWatchdog), "r"(static_cast<uint8_t>(kWatchdogChange | kWatchdogReset)), "r"(value)
      : "memory");
}

/// Of the timer with the smallest prescaler with which a period of `cycles` fits its 16 bits.
struct SamplingClock {
  uint8_t select;
  uint16_t last;
};
SamplingClock sampling_clock(uint32_t cycles) {
  constexpr uint8_t kShifts[] = {0, 3, 6, 8, 10};
  for (uint8_t select = 0; select < 5; ++select) {
    const uint8_t shift = kShifts[select];
    const uint32_t counts = shift == 0 ? cycles : (cycles + (UINT32_C(1) << (shift - 1))) >> shift;
    if (counts <= 0x10000)
      return {static_cast<uint8_t>(select + 1), static_cast<uint16_t>(counts == 0 ? 0 : counts - 1)};
  }
  return {5, UINT16_MAX};
}

}  // namespace

// ---- what the application asks for ----

void Board::init() {
  at(kPortDirection) = kLed | kBusy;
  at(kSerialStatus) = kSerialDoubleSpeed;  // first: the emulator looks at it when the rate is written
  at(kSerialRate) = static_cast<uint8_t>((kClockHz / 8 + kBaud / 2) / kBaud - 1);
  at(kSerialControl) = kSerialTransmitter;
  at(kClockInterrupt) = kClockOverflow;
  at(kClockControl) = kClockBy256;
  enable_interrupts();
}

SensorCheck Board::check_sensor() {
  at(kPlaybackByte) = 0;
  uint8_t* const bytes = reinterpret_cast<uint8_t*>(&playback);
  int32_t count = 0;
  while (count < static_cast<int32_t>(sizeof(playback)) && read_playback(bytes + count)) ++count;
  return check_playback<Sensor>(playback, count);
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  tick = on_tick;
  tick_context = context;
  const SamplingClock clock = sampling_clock(playback_period(playback, kClockHz));
  at(kSamplingLastHigh) = static_cast<uint8_t>(clock.last >> 8);  // before the low byte
  at(kSamplingLastLow) = static_cast<uint8_t>(clock.last);
  at(kSamplingCountHigh) = 0;
  at(kSamplingCountLow) = 0;
  at(kSamplingInterrupt) = kSamplingMatch;
  at(kSamplingControl) = static_cast<uint8_t>(kSamplingStartsOver | clock.select);
}

void Board::stop_sampling() {
  at(kSamplingInterrupt) = 0;
}

// A recording that ends before the samples it announces is a sensor that has fallen silent.
SampleStatus Board::read_sample(int16_t* axes) {
  if (next_sample >= playback.samples) return SampleStatus::kEnd;
  uint8_t* const bytes = reinterpret_cast<uint8_t*>(axes);
  for (uint8_t byte = 0; byte < Sensor::kAxes * sizeof(int16_t); ++byte)
    if (!read_playback(bytes + byte)) return SampleStatus::kMissing;
  ++next_sample;
  return SampleStatus::kSample;
}

ResetCause Board::reset_cause() {
  if ((reset_flags & kPowerOnFlag) != 0) return ResetCause::kPowerOn;
  if ((reset_flags & kBrownOutFlag) != 0) return ResetCause::kBrownOut;
  if ((reset_flags & kWatchdogFlag) != 0) return ResetCause::kWatchdog;
  return (reset_flags & kPinFlag) != 0 ? ResetCause::kPin : ResetCause::kUnknown;
}

void Board::feed_watchdog() {
  if ((at(kWatchdog) & kWatchdogReset) != 0) {
    __asm__ volatile("wdr");
    return;
  }
  const uint8_t status = at(0x5F);  // SREG
  disable_interrupts();
  set_watchdog(kWatchdogReset | kWatchdogTwoSeconds);
  at(0x5F) = status;
}

uint32_t Board::ticks() {
  const uint8_t status = at(0x5F);
  disable_interrupts();
  const uint8_t count = at(kClockCount);
  uint32_t turns = overflows;
  // An overflow that its interrupt has not counted yet; behind 255 it came after the count was read.
  if ((at(kClockFlags) & kClockOverflow) != 0 && count != UINT8_MAX) ++turns;
  at(0x5F) = status;
  return turns << 8 | count;
}

void Board::set_led(bool on) {
  if (on)
    at(kPort) |= kLed;
  else
    at(kPort) &= static_cast<uint8_t>(~kLed);
}

void Board::set_busy(bool busy) {
  if (busy)
    at(kPort) |= kBusy;
  else
    at(kPort) &= static_cast<uint8_t>(~kBusy);
}

void Board::write_serial(const char* characters, int32_t count) {
  for (int32_t position = 0; position < count; ++position) {
    while ((at(kSerialStatus) & kSerialFree) == 0) {
    }
    at(kSerialStatus) = kSerialSent | kSerialDoubleSpeed;  // a one clears "sent"
    at(kSerialData) = static_cast<uint8_t>(characters[position]);
  }
}

void Board::delay_ms(int32_t milliseconds) {
  const uint32_t counts =
      static_cast<uint32_t>(milliseconds) * static_cast<uint32_t>(kTicksPerSecond / 100) / 10;
  uint8_t last = at(kClockCount);
  for (uint32_t passed = 0; passed < counts;) {
    const uint8_t now = at(kClockCount);
    passed += static_cast<uint8_t>(now - last);
    last = now;
  }
}

void Board::wait_for_interrupt() {
  at(kSleepControl) = kSleepIdle;
  __asm__ volatile("sei\n\tsleep" ::: "memory");  // the instruction behind sei comes before any interrupt
  at(kSleepControl) = 0;
}

void Board::finish() {
  while ((at(kSerialStatus) & kSerialSent) == 0) {
  }
  disable_interrupts();
  at(kSleepControl) = kSleepPowerDown;
  for (;;) __asm__ volatile("sleep");  // nothing can wake it: the emulator ends
}

// ---- start-up ----

extern "C" {

__attribute__((naked, used, section(".vectors"))) void mote_vectors() {
  __asm__ volatile(
      "jmp mote_reset\n\t"
      ".rept 10\n\tjmp mote_unexpected_interrupt\n\t.endr\n\t"
      "jmp __vector_11\n\t"  // TIMER1_COMPA
      ".rept 4\n\tjmp mote_unexpected_interrupt\n\t.endr\n\t"
      "jmp __vector_16\n\t"  // TIMER0_OVF
      ".rept 9\n\tjmp mote_unexpected_interrupt\n\t.endr");
}

__attribute__((naked, used)) void mote_reset() {
  __asm__ volatile(
      "clr r1\n\t"  // as compiled code expects
      "out 0x3f, r1\n\t"
      "ldi r28, lo8(mote_stack_end - 1)\n\t"
      "ldi r29, hi8(mote_stack_end - 1)\n\t"
      "out 0x3e, r29\n\t"
      "out 0x3d, r28\n\t"
      "jmp mote_start");
}

// The only exception there is: an interrupt that nobody enabled.
__attribute__((naked, used)) void mote_unexpected_interrupt() {
  __asm__ volatile(
      "clr r1\n\t"
      "ldi r28, lo8(mote_stack_end - 1)\n\t"
      "ldi r29, hi8(mote_stack_end - 1)\n\t"
      "out 0x3e, r29\n\t"
      "out 0x3d, r28\n\t"
      "jmp mote_report_exception");
}

__attribute__((used)) void mote_report_exception() {
  if (!Board::stack_intact())
    mote::runtime::halt<Board>(Fault::kStackOverflow, Board::kStackBytes);
  else
    mote::runtime::halt<Board>(Fault::kProcessorFault, 0);
  Board::finish();
}

// Below the stack lie the variables, `tick` among them: they are believed only while it has not grown over
// them.
__attribute__((signal, used)) void __vector_11() {
  if (!Board::stack_intact()) mote_report_exception();
  tick(tick_context);
}

__attribute__((signal, used)) void __vector_16() {
  ++overflows;
}

__attribute__((used)) void mote_start() {
  const uint8_t flags = at(kResetFlags);
  at(kResetFlags) = 0;  // while it says that the watchdog did it, that cannot be stopped
  set_watchdog(0);
  const mote::Flash<uint8_t> source(mote_data_source);
  int32_t offset = 0;
  for (uint8_t* byte = mote_data_start; byte < mote_data_end; ++byte) *byte = source[offset++];
  for (uint8_t* byte = mote_bss_start; byte < mote_bss_end; ++byte) *byte = 0;
  reset_flags = flags;
  stack::paint();
  main();
  for (;;) {
  }
}

}  // extern "C"
