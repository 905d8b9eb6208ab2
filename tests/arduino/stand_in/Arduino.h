// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stand-in for the part of the Arduino API that Mote's boards use, with time of its own; stand_in.cpp says
// how it runs on a computer.

#include <stddef.h>
#include <stdint.h>

// Names that a core defines as macros: code that uses one of them otherwise does not compile.
#define LOW 0x0
#define HIGH 0x1
#define OUTPUT 0x1
#define LED_BUILTIN 13
#define PI 3.1415926535897932384626433832795
#define F(text) (text)
#define bit(position) (1UL << (position))
#define constrain(value, low, high) ((value) < (low) ? (low) : ((value) > (high) ? (high) : (value)))
#define sq(value) ((value) * (value))

void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t level);
void delay(unsigned long milliseconds);
void delayMicroseconds(unsigned int microseconds);
unsigned long micros();
void noInterrupts();
void interrupts();

class SerialPort {
 public:
  void begin(unsigned long baud);
  explicit operator bool() const { return true; }
  size_t write(const uint8_t* bytes, size_t count);
};
extern SerialPort Serial;

void setup();
void loop();
