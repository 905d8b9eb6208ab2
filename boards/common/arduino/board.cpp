// SPDX-License-Identifier: Apache-2.0
#include "board.h"

#include "sensor.h"

#if defined(__AVR__)
#include <avr/sleep.h>

extern "C" uint8_t __heap_start;  // from the linker: the end of the variables
#endif

using mote::runtime::SampleStatus;
using mote::runtime::SensorCheck;

namespace {

constexpr uint32_t kBaud = 115200;
constexpr int32_t kSerialPatienceMs = 2000;  // for a computer that opens a USB port

#if defined(__AVR__)
constexpr uint8_t kPaint = 0x4D;
constexpr int32_t kCanaryBytes = 16;
constexpr int32_t kOwnBytes = 64;  // of the stack, beneath whoever asks for its address

/// Between variables and stack; no heap grows there. Volatile: nobody seems to write it.
volatile uint8_t* free_memory() {
  return &__heap_start;
}

const volatile uint8_t* stack_now() {
  return static_cast<const uint8_t*>(__builtin_frame_address(0));
}
#endif

}  // namespace

void Board::init() {
#if defined(__AVR__)
  const volatile uint8_t* const end = stack_now() - kOwnBytes;
  for (volatile uint8_t* byte = free_memory(); byte < end; ++byte) *byte = kPaint;
#endif
  pinMode(LED_BUILTIN, OUTPUT);
  Serial.begin(kBaud);
  for (int32_t waited = 0; !Serial && waited < kSerialPatienceMs; ++waited) delay(1);
}

SensorCheck Board::check_sensor() {
  return BoardSensor::check();
}

void Board::start_sampling(void (*on_tick)(void* context), void* context) {
  BoardSensor::start(on_tick, context);
}

void Board::stop_sampling() {
  BoardSensor::stop();
}

SampleStatus Board::read_sample(int16_t* axes) {
  return BoardSensor::read(axes);
}

uint32_t Board::ticks() {
  return BoardSensor::ticks();
}

void Board::write_serial(const char* characters, int32_t count) {
  Serial.write(reinterpret_cast<const uint8_t*>(characters), static_cast<size_t>(count));
}

void Board::finish() {
  for (;;) delay_ms(1000);
}

#if defined(__AVR__)

bool Board::stack_intact() {
  const volatile uint8_t* const canary = free_memory();
  for (int32_t byte = 0; byte < kCanaryBytes; ++byte)
    if (canary[byte] != kPaint) return false;
  return true;
}

int32_t Board::stack_unused_bytes() {
  int32_t unused = 0;
  for (const volatile uint8_t* byte = free_memory(); byte < stack_now() && *byte == kPaint; ++byte) ++unused;
  return unused;
}

// delay() would wait for an interrupt.
void Board::delay_ms(int32_t milliseconds) {
  for (int32_t passed = 0; passed < milliseconds; ++passed) delayMicroseconds(1000);
}

void Board::wait_for_interrupt() {
  set_sleep_mode(SLEEP_MODE_IDLE);
  sleep_enable();
  interrupts();
  sleep_cpu();  // the instruction behind sei comes before any interrupt
  sleep_disable();
}

#else

// Stacks are the operating system's: it guards them, and does not tell how deep they got.
bool Board::stack_intact() {
  return true;
}

int32_t Board::stack_unused_bytes() {
  return 0;
}

// Lets other threads run: without that of USB no new sketch could be uploaded while the LED blinks.
void Board::delay_ms(int32_t milliseconds) {
  delay(static_cast<uint32_t>(milliseconds));
}

// Samples come in another thread.
void Board::wait_for_interrupt() {
  interrupts();
  delay(1);
}

#endif
