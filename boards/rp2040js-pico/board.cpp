// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include "cortex_m.h"
#include "playback.h"
#include "stack.h"

using cortex_m::at;
using mote::runtime::ResetCause;
using mote::runtime::SampleStatus;
using mote::runtime::SensorCheck;

extern "C" {
void mote_reset();
void mote_timer_interrupt();
}

namespace {

// ---- registers (RP2040 datasheet; the section is named) ----

constexpr uint32_t kClear = 0x3000;  // 2.1.2: added to an address, clears the bits written

constexpr uint32_t kResets = 0x4000C000;  // 2.14
constexpr uint32_t kResetsDone = kResets + 8;
constexpr uint32_t kUsedBlocks = 1u << 5 | 1u << 8 | 1u << 21 | 1u << 22;  // pins, pads, timer, serial port 0

constexpr uint32_t kPins = 0x40014000;  // 2.19.6
constexpr uint32_t kPinIsSerial = 2;
constexpr uint32_t kPinIsOutput = 5;
constexpr uint32_t kOutputSet = 0xD0000014;  // 2.3.1
constexpr uint32_t kOutputClear = 0xD0000018;
constexpr uint32_t kOutputEnableSet = 0xD0000024;

constexpr uint32_t kSerial = 0x40034000;  // 4.2.8
constexpr uint32_t kSerialState = kSerial + 0x18;
constexpr uint32_t kSerialBaudWhole = kSerial + 0x24;
constexpr uint32_t kSerialBaudFraction = kSerial + 0x28;
constexpr uint32_t kSerialFormat = kSerial + 0x2C;
constexpr uint32_t kSerialControl = kSerial + 0x30;
constexpr uint32_t kSerialFull = 1u << 5;

constexpr uint32_t kAlarm = 0x40054010;       // 4.6.5, of alarm 0: sampling
constexpr uint32_t kDelayAlarm = 0x40054014;  // alarm 1
constexpr uint32_t kArmed = 0x40054020;
constexpr uint32_t kTime = 0x40054028;  // microseconds
constexpr uint32_t kAlarmFlags = 0x40054034;
constexpr uint32_t kAlarmEnable = 0x40054038;
constexpr uint32_t kSampling = 1;  // bit of alarm 0 in the registers above, and of its interrupt
constexpr uint32_t kDelay = 2;

constexpr uint32_t kWatchdogControl = 0x40058000;  // 4.7.6
constexpr uint32_t kWatchdogLoad = 0x40058004;
constexpr uint32_t kWatchdogReason = 0x40058008;
constexpr uint32_t kWatchdogTick = 0x4005802C;
constexpr uint32_t kWatchdogResets = 0x40010008;  // 2.13.5
constexpr uint32_t kChipReset = 0x40064008;       // 2.12.8

constexpr uint32_t kSerialPin = 0, kBusyPin = 15, kLedPin = 25;

// The emulator writes the recording's size into flash, and the recording behind it: 0xFFFFFFFF, that is -1,
// where there is none.
constexpr uint32_t kPlaybackBytes = 0x10100000;
constexpr uint32_t kPlayback = 0x10100010;

constexpr int32_t kFraction = 256;  // parts of a microsecond that the period is kept in, lest it drift

Playback<Board::Sensor> playback;
uint32_t period;     // 1/256 us
uint64_t next_tick;  // 1/256 us
bool watched;
void (*tick)(void* context);
void* tick_context;

void set_function(uint32_t pin, uint32_t function) {
  at(kPins + 8 * pin + 4) = function;
}

void set_pin(uint32_t pin, bool on) {
  at(on ? kOutputSet : kOutputClear) = 1u << pin;
}

void set_alarm() {
  at(kAlarm) = static_cast<uint32_t>(next_tick / kFraction);
}

/// Whether the alarm was set too late and waits for the clock to start over.
bool alarm_is_over() {
  return (at(kArmed) & kSampling) != 0 && static_cast<int32_t>(at(kTime) - at(kAlarm)) >= 0;
}

}  // namespace

// ---- what the application asks for ----

void Board::init() {
  at(kResets + kClear) = kUsedBlocks;
  while ((at(kResetsDone) & kUsedBlocks) != kUsedBlocks) {
  }
  at(kWatchdogTick) = 1u << 9 | 12;  // a microsecond is 12 of the crystal's cycles; the timer counts them too
  at(kOutputClear) = 1u << kLedPin | 1u << kBusyPin;
  at(kOutputEnableSet) = 1u << kLedPin | 1u << kBusyPin;
  set_function(kLedPin, kPinIsOutput);
  set_function(kBusyPin, kPinIsOutput);
  set_function(kSerialPin, kPinIsSerial);
  constexpr uint32_t kDivider =
      static_cast<uint32_t>((board_config::kClockHz * 4 + 115200 / 2) / 115200);  // 1/64
  at(kSerialBaudWhole) = kDivider / 64;
  at(kSerialBaudFraction) = kDivider % 64;
  at(kSerialFormat) = 3u << 5 | 1u << 4;  // eight bits, with queue
  at(kSerialControl) = 1u << 8 | 1;       // sends
  at(kAlarmEnable) = kSampling | kDelay;
  at(cortex_m::kSystemControl) = 1u << 4;  // an interrupt that becomes pending is an event, enabled or not
}

SensorCheck Board::check_sensor() {
  return playback.open(reinterpret_cast<const void*>(kPlayback), static_cast<int32_t>(at(kPlaybackBytes)));
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  tick = on_tick;
  tick_context = context;
  period = playback.period(kTicksPerSecond * kFraction);
  next_tick = static_cast<uint64_t>(at(kTime)) * kFraction + period;
  set_alarm();
  at(cortex_m::kInterruptEnable) = kSampling;
}

void Board::stop_sampling() {
  at(cortex_m::kInterruptDisable) = kSampling;
  at(kArmed) = kSampling;
  at(kAlarmFlags) = kSampling;
}

SampleStatus Board::read_sample(int16_t* axes) {
  return playback.read(axes);
}

ResetCause Board::reset_cause() {
  const uint32_t reason = at(kWatchdogReason);
  if ((reason & 1) != 0) return ResetCause::kWatchdog;
  if ((reason & 2) != 0) return ResetCause::kSoftware;
  const uint32_t chip = at(kChipReset);
  if ((chip & 1u << 8) != 0) return ResetCause::kPowerOn;  // brown-out too
  if ((chip & 1u << 16) != 0) return ResetCause::kPin;
  return ResetCause::kUnknown;
}

void Board::feed_watchdog() {
  // Longer than the two seconds from a group's last blink to the next one's first; it counts two in a
  // microsecond (erratum RP2040-E1).
  at(kWatchdogLoad) = 2 * 2500000;
  if (watched) return;
  watched = true;
  at(kWatchdogResets) = 0x0001FFFC;  // everything but the oscillators
  at(kWatchdogControl) = 1u << 30;
}

uint32_t Board::ticks() {
  return at(kTime);
}

void Board::set_led(bool on) {
  set_pin(kLedPin, on);
}

void Board::set_busy(bool busy) {
  set_pin(kBusyPin, busy);
}

void Board::write_serial(const char* characters, int32_t count) {
  for (int32_t position = 0; position < count; ++position) {
    while ((at(kSerialState) & kSerialFull) != 0) {
    }
    at(kSerial) = static_cast<uint8_t>(characters[position]);
  }
}

// Sleeps until an event, which the alarm's interrupt is though it is not enabled; that costs the emulator
// nothing and works inside an exception.
void Board::delay_ms(int32_t milliseconds) {
  const uint32_t start = at(kTime);
  const uint32_t length = static_cast<uint32_t>(milliseconds) * 1000;
  at(kAlarmFlags) = kDelay;
  at(cortex_m::kInterruptForget) = kDelay;
  at(kDelayAlarm) = start + length;
  while (at(kTime) - start < length && (at(kArmed) & kDelay) != 0) __asm__ volatile("wfe" ::: "memory");
}

void Board::finish() {
  cortex_m::end_emulator();
}

// ---- start-up ----

extern "C" {

void mote_timer_interrupt() {
  at(kAlarmFlags) = kSampling;
  do {
    next_tick += period;
    set_alarm();
    tick(tick_context);
  } while (alarm_is_over());
}

void mote_reset() {
  cortex_m::start_program();
}

struct VectorTable {
  cortex_m::Exceptions exceptions;
  cortex_m::Handler interrupts[1];
};

extern const VectorTable mote_vectors;
__attribute__((section(".vectors"), used)) const VectorTable mote_vectors = {
    cortex_m::exceptions(mote_reset, mote_processor_exception), {mote_timer_interrupt}};

}  // extern "C"
