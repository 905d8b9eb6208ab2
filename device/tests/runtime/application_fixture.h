// SPDX-License-Identifier: Apache-2.0
#pragma once

// An application on a board that is made of memory: what happens to it, and what it says.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "linear_model/linear.h"
#include "mote/runtime/application.h"

namespace mote::runtime::test {

using mote_models::linear::Model;

/// What the world does to the board, and what the board did.
struct World {
  std::vector<std::int16_t> counts;  ///< [sample][axis]
  std::size_t stall_at = SIZE_MAX;   ///< from this sample on the sensor is silent
  int busy_ticks = 0;                ///< sample periods that an inference takes
  SensorCheck check = {Fault::kNone, 0};
  bool stack_intact = true;
  bool overrun = false;                         ///< inference writes behind its working memory
  std::uint32_t tick_us = 10000;                ///< between samples
  std::uint32_t time_us = UINT32_MAX - 300000;  ///< starts over soon

  std::string serial;
  std::vector<bool> led;
  std::vector<int> blinks;  ///< blinks of each group
  std::size_t next = 0;
  bool sampling = false;
  bool finished = false;
  void (*tick)(void*) = nullptr;
  void* context = nullptr;

  void pass(int ticks) {
    for (int tick_number = 0; tick_number < ticks && sampling; ++tick_number) {
      time_us += tick_us;
      tick(context);
    }
  }
};
inline World world;

struct MemoryBoard {
  using Sensor = Model::Contract;
  static constexpr std::int32_t kRamBytes = 2048;
  static constexpr std::int32_t kFlashBytes = 4096;
  static constexpr std::int32_t kStackBytes = 512;
  static Flash<char> name() { return MOTE_TEXT("memory"); }
  static void init() {}
  static SensorCheck check_sensor() { return world.check; }
  static void start_sampling(void (*on_tick)(void*), void* context) {
    world.tick = on_tick;
    world.context = context;
    world.sampling = true;
  }
  static void stop_sampling() { world.sampling = false; }
  static SampleStatus read_sample(std::int16_t* axes) {
    if (world.next >= world.stall_at) return SampleStatus::kMissing;
    if (world.next * 3 >= world.counts.size()) return SampleStatus::kEnd;
    for (std::size_t axis = 0; axis < 3; ++axis) axes[axis] = world.counts[world.next * 3 + axis];
    ++world.next;
    return SampleStatus::kSample;
  }
  static constexpr std::int64_t kTicksPerSecond = 1'000'000;
  static std::uint32_t ticks() { return world.time_us; }
  static ResetCause reset_cause() { return ResetCause::kPowerOn; }
  static void feed_watchdog() {}
  static std::int32_t stack_unused_bytes() { return 100; }
  static bool stack_intact() { return world.stack_intact; }
  static void set_led(bool on) { world.led.push_back(on); }
  static void set_busy(bool busy) {
    if (busy) world.pass(world.busy_ticks);
  }
  static void write_serial(const char* text, std::int32_t length) {
    world.serial.append(text, static_cast<std::size_t>(length));
  }
  static void delay_ms(std::int32_t ms) {
    if (ms == kBlinkPauseMs || ms == kFirstPauseMs) world.blinks.push_back(0);
    if (ms == kBlinkOnMs) ++world.blinks.back();
  }
  static void disable_interrupts() {}
  static void enable_interrupts() {}
  static void wait_for_interrupt() { world.pass(1); }
  static bool keep_blinking(std::int32_t groups) { return groups < 2; }
  static void finish() { world.finished = true; }
};

/// The linear model with an overrun on demand.
struct HazardousModel : Model {
  static void run(std::uint8_t* memory) {
    Model::run(memory);
    if (world.overrun) memory[kMemoryBytes] = static_cast<std::uint8_t>(memory[kMemoryBytes] ^ 1);
  }
};

struct Settings : DefaultSettings {
  static constexpr std::int32_t kRingSamples = 16;
  static constexpr std::int32_t kLostBudgetSamples = 10;
};

inline std::vector<std::int16_t> motion(int samples) {
  std::vector<std::int16_t> counts;
  std::uint32_t state = 1;
  for (int index = 0; index < samples * 3; ++index) {
    state = state * 1664525u + 1013904223u;
    counts.push_back(static_cast<std::int16_t>(static_cast<std::int32_t>(state >> 18) - 8192 +
                                               (index % 3 == 2 ? 8192 : 0)));
  }
  return counts;
}

template <class UsedModel = HazardousModel, class UsedSettings = Settings, class Second = NoSecondModel>
std::vector<std::string> run(World setup) {
  world = std::move(setup);
  Application<UsedModel, MemoryBoard, UsedSettings, Second> application;
  application.run();
  std::vector<std::string> lines(1);
  for (const char character : world.serial)
    if (character == '\n')
      lines.emplace_back();
    else
      lines.back() += character;
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  return lines;
}

/// The records that a plain loop over the recording gives; an event is a decision for another class than
/// before.
inline std::vector<std::string> expected_results(const std::vector<std::int16_t>& counts) {
  std::vector<std::string> lines;
  int before = -1, events = 0;
  const auto samples = static_cast<std::int64_t>(counts.size() / 3);
  for (std::int64_t index = 0; index < dsp::window_count(samples, 20, 5); ++index) {
    std::int16_t features[60];
    for (int element = 0; element < 60; ++element)
      features[element] =
          dsp::normalize(counts[static_cast<std::size_t>(dsp::window_start(index, 5) * 3 + element)],
                         Model::normalization(element % 3));
    alignas(16) std::uint8_t memory[Model::kMemoryBytes];
    kernels::Requantize<int16_t, int8_t>::run(Model::input_quantization(), features, Model::input(memory),
                                              nullptr);
    const int window_crc = crc16_update(kCrc16Initial, Model::input(memory), 60);
    Model::run(memory);
    const Decision decision = decide(Model::output(memory), 3, Model::kThresholdQ8);
    char line[160];
    std::snprintf(
        line, sizeof line,
        "mote-result window=%d class=%d confidence=%d decision=%s window_crc=%04x output_crc=%04x lost=0",
        static_cast<int>(index), decision.class_index, decision.confidence,
        decision.decision == kUncertain ? "uncertain" : Model::label(decision.class_index).data(), window_crc,
        crc16_update(kCrc16Initial, Model::output(memory), 3));
    lines.emplace_back(line);
    if (decision.decision != before && decision.decision < Model::kBackgroundClass) {
      std::snprintf(line, sizeof line, "mote-event event=%d class=%d label=%s confidence=%d", events++,
                    decision.decision, Model::label(decision.decision).data(), decision.confidence);
      lines.emplace_back(line);
    }
    before = decision.decision;
  }
  return lines;
}

/// The window that `motion` begins with, and what the model makes of it.
struct StoredWindow {
  static constexpr bool kPresent = true;
  static constexpr std::int32_t kValues = 60;
  static constexpr std::uint16_t kInputCrc = 0x7C0E;
  static std::int16_t count(std::int32_t index) { return motion(20)[static_cast<std::size_t>(index)]; }
  static std::int8_t output(std::int32_t index) {
    std::int16_t features[60];
    for (int element = 0; element < 60; ++element)
      features[element] = dsp::normalize(count(element), Model::normalization(element % 3));
    alignas(16) std::uint8_t memory[Model::kMemoryBytes];
    kernels::Requantize<int16_t, int8_t>::run(Model::input_quantization(), features, Model::input(memory),
                                              nullptr);
    Model::run(memory);
    return Model::output(memory)[index];
  }
};
struct TestedSettings : Settings {
  using SelfTest = StoredWindow;
};

}  // namespace mote::runtime::test
