// SPDX-License-Identifier: Apache-2.0
// Runs a sketch on a computer. Usage: PROGRAM RECORDING RATE_HZ SILENT_MS [DEFECT]
//
// RECORDING: counts of three axes, int16, which come RATE_HZ times a second from the start of sampling on;
// afterwards the sensor is silent, and the program ends SILENT_MS later. DEFECT: `missing`, the sensor does
// not answer; `busy`, loop() takes 30 ms; `late`, the bus is held up once, for 25 ms. Prints what the sketch
// sends, and on standard error `led LEVEL MICROSECONDS` for each change.
//
// Time passes only where a thread waits or sends. The thread that may go on first runs, alone, until it
// waits: two runs are identical.
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "Arduino.h"
#include "mbed.h"
#include "stand_in_imu.h"
#include STAND_IN_LIBRARY

namespace {

constexpr int kMain = 0, kOther = 1;
constexpr std::uint64_t kMicrosecondsPerCharacter = 87;  // at 115200 baud

struct World {
  std::vector<std::int16_t> recording;
  double rate_hz = 0;
  std::uint64_t silent_us = 0;
  bool is_missing = false, is_busy = false, is_late = false;

  std::mutex mutex;
  std::condition_variable turn;
  int running = kMain;
  bool has_other = false;
  std::uint64_t wake_us[2] = {0, 0};
  std::uint64_t now_us = 0;

  std::uint64_t start_us = 0;  ///< of sampling
  std::int64_t taken = -1;     ///< the latest sample that was read
  int led = LOW;
};
World world;
thread_local int self = kMain;

std::int64_t samples() {
  return static_cast<std::int64_t>(world.recording.size() / 3);
}

/// Samples that have come, without end.
std::int64_t due() {
  return static_cast<std::int64_t>(static_cast<double>(world.now_us - world.start_us) * world.rate_hz / 1e6);
}

/// Lets time pass for this thread, and the other one run meanwhile.
void pass(std::uint64_t microseconds) {
  std::unique_lock<std::mutex> lock(world.mutex);
  world.wake_us[self] = world.now_us + microseconds;
  const bool other = world.has_other && world.wake_us[kOther] <= world.wake_us[kMain];
  world.running = other ? kOther : kMain;
  if (world.wake_us[world.running] > world.now_us) world.now_us = world.wake_us[world.running];
  const double end_us = static_cast<double>(world.start_us) +
                        static_cast<double>(samples()) * 1e6 / world.rate_hz +
                        static_cast<double>(world.silent_us);
  if (static_cast<double>(world.now_us) > end_us) {
    std::fflush(nullptr);
    std::_Exit(0);
  }
  world.turn.notify_all();
  world.turn.wait(lock, [] { return world.running == self; });
}

}  // namespace

SerialPort Serial;
StandInImu IMU({STAND_IN_RATE_HZ, 32768.0f / 4.0f, 32768.0f / 2000.0f});

void pinMode(uint8_t, uint8_t) {}
void digitalWrite(uint8_t, uint8_t level) {
  if (level == world.led) return;
  world.led = level;
  std::fprintf(stderr, "led %d %llu\n", level, static_cast<unsigned long long>(world.now_us));
}
void delay(unsigned long milliseconds) {
  pass(std::uint64_t{milliseconds} * 1000);
}
void delayMicroseconds(unsigned int microseconds) {
  pass(microseconds);
}
unsigned long micros() {
  return static_cast<std::uint32_t>(world.now_us);
}
void noInterrupts() {}
void interrupts() {}

void SerialPort::begin(unsigned long) {}
size_t SerialPort::write(const uint8_t* bytes, size_t count) {
  std::fwrite(bytes, 1, count, stdout);
  pass(count * kMicrosecondsPerCharacter);
  return count;
}

int rtos::Thread::start(void (*function)()) {
  world.start_us = world.now_us;
  world.wake_us[kOther] = world.now_us;
  world.has_other = true;
  std::thread([function] {
    self = kOther;
    {
      std::unique_lock<std::mutex> lock(world.mutex);
      world.turn.wait(lock, [] { return world.running == kOther; });
    }
    function();
  }).detach();
  return 0;
}

int StandInImu::begin() {
  return world.is_missing ? 0 : 1;
}
int StandInImu::available() {
  if (world.is_late && due() == samples() / 2) {
    world.is_late = false;
    pass(25000);
  }
  const std::int64_t came = due() < samples() ? due() : samples();
  return came - 1 > world.taken ? 1 : 0;
}
int StandInImu::read(float counts_per_unit, int32_t first_axis, float& x, float& y, float& z) {
  world.taken = (due() < samples() ? due() : samples()) - 1;
  const auto value = [&](int axis) {
    return static_cast<float>(
               world.recording[static_cast<std::size_t>(world.taken * 3 + (first_axis + axis) % 3)]) /
           counts_per_unit;
  };
  x = value(0);
  y = value(1);
  z = value(2);
  return 1;
}

int main(int count, char** arguments) {
  if (count < 4) return 2;
  std::FILE* const file = std::fopen(arguments[1], "rb");
  if (file == nullptr) return 2;
  for (std::int16_t value; std::fread(&value, sizeof(value), 1, file) == 1;) world.recording.push_back(value);
  std::fclose(file);
  world.rate_hz = std::atof(arguments[2]);
  world.silent_us = std::strtoull(arguments[3], nullptr, 10) * 1000;
  world.is_missing = count > 4 && std::strcmp(arguments[4], "missing") == 0;
  world.is_busy = count > 4 && std::strcmp(arguments[4], "busy") == 0;
  world.is_late = count > 4 && std::strcmp(arguments[4], "late") == 0;
  setup();
  for (;;) {
    loop();
    if (world.is_busy) pass(30000);
  }
}
