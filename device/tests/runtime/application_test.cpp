// SPDX-License-Identifier: Apache-2.0
// The whole firmware loop on the host: a board that is all in memory, and a hand-written linear model. Time
// passes when the firmware sleeps (one sample period) and during inference (kBusyTicks sample periods).
#include "mote/runtime/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "linear_model/linear.h"

namespace mote::runtime {
namespace {

using mote_models::linear::Model;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

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
World world;

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

struct CorruptedModel : Model {
  static std::uint32_t weights_crc32() { return kWeightsCrc32 ^ 0x10; }
};

struct Settings : DefaultSettings {
  static constexpr std::int32_t kRingSamples = 16;
  static constexpr std::int32_t kLostBudgetSamples = 10;
};

struct DebugSettings : Settings {
  static constexpr bool kDebugLog = true;
};

std::vector<std::int16_t> motion(int samples) {
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
std::vector<std::string> expected_results(const std::vector<std::int16_t>& counts) {
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

TEST(Application, reports_every_window_as_a_plain_loop_computes_it) {
  World setup;
  setup.counts = motion(203);
  auto expected = expected_results(setup.counts);
  ASSERT_GT(expected.size(), 37u);
  expected.insert(expected.begin(),
                  "mote-boot model=linear version=1.2.3 date=2026-01-02 hash=0123456789abcdef board=memory "
                  "reset=power_on sensor=- up_at_rest=- "
                  "rate_millihertz=100000 window=20 hop=5 axes=3 memory=64");
  expected.push_back("mote-end windows=37 samples=203 lost=0 rate_millihertz=100000 stack_unused=100");
  EXPECT_EQ(run(setup), expected);
  EXPECT_TRUE(world.finished);
  EXPECT_EQ(world.led.size(), 37u);
}

TEST(Application, loses_nothing_while_inference_is_faster_than_the_ring_fills) {
  World setup;
  setup.counts = motion(203);
  auto expected = expected_results(setup.counts);
  setup.busy_ticks = 4;
  const auto lines = run(setup);
  EXPECT_EQ(std::vector<std::string>(lines.begin() + 1, lines.end() - 1), expected);
}

TEST(Application, counts_lost_samples_and_stops_above_the_budget) {
  World setup;
  setup.counts = motion(2000);
  setup.busy_ticks = 6;  // against a hop of 5
  const auto lines = run(setup);
  int with_loss = 0;
  for (const auto& line : lines) with_loss += line.starts_with("mote-result") && !line.ends_with("lost=0");
  EXPECT_GT(with_loss, 0);
  EXPECT_THAT(lines.back(), HasSubstr("mote-fault code=4 name=samples_lost blinks=5 detail="));
  EXPECT_THAT(world.blinks, ElementsAre(5, 5));
  EXPECT_FALSE(world.sampling);
}

TEST(Application, classifies_no_window_with_a_gap) {
  World setup;
  setup.counts = motion(2000);
  setup.busy_ticks = 6;
  const auto clean = expected_results(setup.counts);
  for (const auto& line : run(setup)) {
    if (!line.starts_with("mote-result")) continue;
    // A window start may be anywhere behind a gap; its check sum must be that of some contiguous stretch.
    const std::string crc = line.substr(line.find("window_crc="), 15);
    bool contiguous = false;
    for (std::size_t start = 0; start + 20 <= 2000 && !contiguous; ++start) {
      const std::vector<std::int16_t> stretch(
          setup.counts.begin() + static_cast<std::ptrdiff_t>(start * 3),
          setup.counts.begin() + static_cast<std::ptrdiff_t>(start * 3 + 60));
      contiguous = expected_results(stretch).front().find(crc) != std::string::npos;
    }
    EXPECT_TRUE(contiguous) << line;
  }
}

TEST(Application, stops_when_the_sensor_falls_silent) {
  World setup;
  setup.counts = motion(500);
  setup.stall_at = 150;
  const auto lines = run(setup);
  EXPECT_EQ(lines.back(), "mote-fault code=6 name=sensor_stalled blinks=6 detail=150");
  EXPECT_THAT(world.blinks, ElementsAre(6, 6));
}

TEST(Application, stops_before_sampling_when_the_constants_are_damaged) {
  World setup;
  setup.counts = motion(100);
  const auto lines = run<CorruptedModel>(setup);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("mote-boot"));
  EXPECT_THAT(lines[1], HasSubstr("mote-fault code=7 name=constants_corrupted blinks=7"));
  EXPECT_EQ(world.next, 0u);
}

TEST(Application, stops_before_sampling_when_the_sensor_is_missing) {
  World setup;
  setup.check = {Fault::kSensorMissing, 3};
  const auto lines = run(setup);
  EXPECT_EQ(lines.back(), "mote-fault code=5 name=sensor_missing blinks=6 detail=3");
}

TEST(Application, reports_nothing_computed_beside_an_overrun) {
  World setup;
  setup.counts = motion(100);
  setup.overrun = true;
  const auto lines = run(setup);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1], "mote-fault code=2 name=memory_overrun blinks=3 detail=64");
}

TEST(Application, stops_when_the_stack_has_overflowed) {
  World setup;
  setup.counts = motion(100);
  setup.stack_intact = false;
  EXPECT_EQ(run(setup).back(), "mote-fault code=1 name=stack_overflow blinks=3 detail=512");
}

TEST(Application, logs_only_behind_the_debug_switch) {
  World setup;
  setup.counts = motion(20);
  run(setup);
  EXPECT_THAT(world.serial, Not(HasSubstr("mote-log")));
  run<HazardousModel, DebugSettings>(setup);
  EXPECT_THAT(world.serial, HasSubstr("mote-log label=flex confidence="));
}

TEST(Application, stops_when_samples_come_at_half_the_rate) {
  World setup;
  setup.counts = motion(500);
  setup.tick_us = 20000;
  EXPECT_EQ(run(setup).back(), "mote-fault code=9 name=sample_rate blinks=4 detail=50000");
  EXPECT_LT(world.next * 20, 1000u);
}

TEST(Application, stops_when_the_rate_is_three_percent_off_for_a_second_and_not_at_one_percent) {
  World setup;
  setup.counts = motion(500);
  setup.tick_us = 9700;
  EXPECT_EQ(run(setup).back(), "mote-fault code=9 name=sample_rate blinks=4 detail=103092");
  EXPECT_LE(world.next, 102u);
  setup.tick_us = 9900;
  EXPECT_THAT(run(setup).back(), HasSubstr("mote-end windows=97 samples=500 lost=0 rate_millihertz=101010"));
}

TEST(Application, stops_when_an_axis_never_changes) {
  World setup;
  setup.counts = motion(500);
  for (std::size_t sample = 120; sample < 500; ++sample) setup.counts[sample * 3 + 1] = 77;
  EXPECT_EQ(run(setup).back(), "mote-fault code=11 name=sensor_stuck blinks=6 detail=1");
  EXPECT_LE(world.next, 120u + 100u);
}

TEST(Application, stops_when_an_axis_stays_at_the_end_of_its_range) {
  World setup;
  setup.counts = motion(500);
  for (std::size_t sample = 120; sample < 500; ++sample)
    setup.counts[sample * 3 + 2] = static_cast<std::int16_t>(sample % 2 == 0 ? -32768 : -32767);
  EXPECT_EQ(run(setup).back(), "mote-fault code=12 name=sensor_saturated blinks=6 detail=2");
  EXPECT_LE(world.next, 120u + 26u);
}

struct MountedSettings : Settings {
  static constexpr RestGravity rest_gravity() { return {2, 1, 0, 8192}; }
};

/// A device at rest: gravity on one axis, and a little noise.
std::vector<std::int16_t> at_rest(int samples, int axis, int gravity) {
  std::vector<std::int16_t> counts;
  for (int index = 0; index < samples * 3; ++index)
    counts.push_back(
        static_cast<std::int16_t>((index % 3 == axis ? gravity : 0) + index % 7 * 10 + index % 2));
  return counts;
}

TEST(Application, stops_when_gravity_is_not_where_the_mounting_says) {
  World setup;
  setup.counts = at_rest(300, 2, 8192);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()), HasSubstr("mote-end"));
  setup.counts = at_rest(300, 0, 8192);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()),
              HasSubstr("mote-fault code=10 name=orientation blinks=9 detail=3"));
  EXPECT_LE(world.next, 51u);
  setup.counts = at_rest(300, 2, -8192);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()),
              HasSubstr("name=orientation blinks=9 detail=-99"));
  EXPECT_THAT(run(setup).back(), HasSubstr("mote-end"));  // not declared, not checked
}

TEST(Application, says_nothing_of_the_mounting_while_there_is_motion) {
  World setup;
  setup.counts = motion(500);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()), HasSubstr("mote-end"));
}

TEST(Application, stops_when_gravity_has_the_wrong_size) {
  World setup;
  setup.counts = at_rest(300, 2, 8192 / 4);
  EXPECT_THAT((run<HazardousModel, MountedSettings>(setup).back()),
              HasSubstr("mote-fault code=3 name=contract_mismatch blinks=4 detail=25"));
}

TEST(Application, stops_from_the_interrupt_when_the_main_loop_does_not_come_round) {
  World setup;
  setup.counts = motion(500);
  setup.busy_ticks = 100;
  const auto lines = run(setup);
  ASSERT_EQ(lines.size(), 2u);  // nothing is reported as a result
  EXPECT_EQ(lines.back(), "mote-fault code=13 name=main_loop_hung blinks=5 detail=50");
  EXPECT_TRUE(world.finished);
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
struct WrongInput : StoredWindow {
  static std::int16_t count(std::int32_t index) {
    return static_cast<std::int16_t>(StoredWindow::count(index) + (index == 33 ? 300 : 0));
  }
};
struct WrongInputSettings : Settings {
  using SelfTest = WrongInput;
};
/// A core that adds wrongly.
struct DefectiveModel : Model {
  static void run(std::uint8_t* memory) {
    Model::run(memory);
    memory[kInputBytes + 1] = static_cast<std::uint8_t>(memory[kInputBytes + 1] ^ 1);
  }
};

TEST(Application, computes_the_stored_window_before_anything_else) {
  World setup;
  setup.counts = motion(203);
  const auto untested = run(setup);
  EXPECT_EQ((run<HazardousModel, TestedSettings>(setup)), untested);
  EXPECT_EQ((run<HazardousModel, WrongInputSettings>(setup).back()),
            "mote-fault code=14 name=self_test blinks=7 detail=-1");
  EXPECT_EQ(world.next, 0u);
  EXPECT_EQ((run<DefectiveModel, TestedSettings>(setup).back()),
            "mote-fault code=14 name=self_test blinks=7 detail=1");
}

TEST(Application, reports_its_health_once_a_minute) {
  World setup;
  setup.counts = motion(12100);
  int reports = 0;
  for (const auto& line : run(setup))
    reports += line.starts_with("mote-health samples=") &&
               line.ends_with("lost=0 rate_millihertz=100000 stack_unused=100");
  EXPECT_EQ(reports, 2);
}

/// Another model of the same samples: other axes, larger memory with the input elsewhere. It trusts nothing
/// of the memory but its input and leaves nothing there but its output.
struct OtherModel : Model {
  static constexpr std::int32_t kMemoryBytes = 200;
  static constexpr std::int32_t kConstantBytes = 10;
  static Flash<char> name() { return MOTE_TEXT("other"); }
  static dsp::AxisNormalization normalization(std::int32_t axis) { return Model::normalization(2 - axis); }
  static std::int8_t* input(std::uint8_t* memory) { return reinterpret_cast<std::int8_t*>(memory) + 130; }
  static const std::int8_t* output(const std::uint8_t* memory) {
    return reinterpret_cast<const std::int8_t*>(memory) + 2;
  }
  static void run(std::uint8_t* memory) {
    ++runs;
    alignas(16) std::uint8_t own[Model::kMemoryBytes];
    for (int index = 0; index < kInputBytes; ++index)
      own[index] = static_cast<std::uint8_t>(input(memory)[index]);
    for (int index = 0; index < kMemoryBytes; ++index) memory[index] = 0xA5;
    Model::run(own);
    for (int index = 0; index < kClasses; ++index)
      memory[2 + index] = static_cast<std::uint8_t>(Model::output(own)[index]);
  }
  static std::uint32_t weights_crc32() { return kWeightsCrc32 ^ damage; }
  inline static int runs = 0;
  inline static std::uint32_t damage = 0;
};

/// What OtherModel makes of a window by itself.
std::string expected_woken(const std::vector<std::int16_t>& counts, std::int64_t window) {
  std::int16_t features[60];
  for (int element = 0; element < 60; ++element)
    features[element] =
        dsp::normalize(counts[static_cast<std::size_t>(dsp::window_start(window, 5) * 3 + element)],
                       Model::normalization(2 - element % 3));
  alignas(16) std::uint8_t memory[Model::kMemoryBytes];
  kernels::Requantize<int16_t, int8_t>::run(Model::input_quantization(), features, Model::input(memory),
                                            nullptr);
  const int window_crc = crc16_update(kCrc16Initial, Model::input(memory), 60);
  Model::run(memory);
  const Decision decision = decide(Model::output(memory), 3, Model::kThresholdQ8);
  char line[160];
  std::snprintf(line, sizeof line,
                "mote-woken model=other window=%d class=%d confidence=%d decision=%s window_crc=%04x "
                "output_crc=%04x",
                static_cast<int>(window), decision.class_index, decision.confidence,
                decision.decision == kUncertain ? "uncertain" : Model::label(decision.class_index).data(),
                window_crc, crc16_update(kCrc16Initial, Model::output(memory), 3));
  return line;
}

std::vector<std::string> starting_with(const std::vector<std::string>& lines, const std::string& start) {
  std::vector<std::string> found;
  for (const auto& line : lines)
    if (line.starts_with(start)) found.push_back(line);
  return found;
}

struct WokenSettings : Settings {
  static void on_woken(std::int32_t class_index, std::int32_t) { ++calls[class_index]; }
  inline static int calls[Model::kClasses] = {};
};

TEST(SecondModel, runs_on_exactly_the_windows_that_wake_it_and_changes_nothing_for_the_first) {
  World setup;
  setup.counts = motion(1003);
  const auto alone = run(setup);
  OtherModel::runs = 0;
  const auto lines = run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup);
  std::vector<std::string> expected;
  const auto results = expected_results(setup.counts);
  std::int64_t window = 0;
  for (std::size_t index = 0; index < results.size(); ++index) {
    expected.push_back(results[index]);
    if (!results[index].starts_with("mote-result")) continue;
    if (index + 1 < results.size() && results[index + 1].starts_with("mote-event"))
      expected.push_back(results[++index]);
    const bool wakes = results[index].find("decision=flex") != std::string::npos ||
                       results[index].find("label=flex") != std::string::npos;
    if (wakes) expected.push_back(expected_woken(setup.counts, window));
    ++window;
  }
  const auto woken = starting_with(expected, "mote-woken");
  ASSERT_GT(woken.size(), 5u);
  ASSERT_LT(woken.size(), static_cast<std::size_t>(window) - 5);
  ASSERT_GT(lines.size(), 3u);
  EXPECT_EQ(std::vector<std::string>(lines.begin() + 2, lines.end() - 1), expected);
  EXPECT_EQ(OtherModel::runs, std::ssize(woken));
  EXPECT_EQ(starting_with(lines, "mote-result"), starting_with(alone, "mote-result"));
  EXPECT_EQ(lines.back(), alone.back());
}

TEST(SecondModel, shares_the_working_memory_which_is_that_of_the_larger) {
  World setup;
  setup.counts = motion(20);
  auto lines = run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup);
  EXPECT_THAT(lines[0], HasSubstr("mote-boot model=linear "));
  EXPECT_THAT(lines[0], HasSubstr(" memory=200"));
  EXPECT_EQ(lines[1],
            "mote-model model=other version=1.2.3 date=2026-01-02 hash=0123456789abcdef woken_by=flex "
            "memory=200");
  lines = run<HazardousModel, Settings, WakeSecond<Model, 1>>(setup);
  EXPECT_THAT(lines[0], HasSubstr(" memory=64"));
  // Besides the working memory, a window of its own and some words.
  using One = Application<Model, MemoryBoard, Settings>;
  using Two = Application<Model, MemoryBoard, Settings, WakeSecond<Model, 1>>;
  EXPECT_LE(sizeof(Two), sizeof(One) + Model::kInputBytes + 24);
}

TEST(SecondModel, may_be_the_first_one_again) {
  World setup;
  setup.counts = motion(503);
  setup.busy_ticks = 4;  // samples of the next window wait while the second runs
  const auto lines = run<HazardousModel, Settings, WakeSecond<Model, 1>>(setup);
  int woken = 0;
  std::string result;
  for (const auto& line : lines) {
    if (line.starts_with("mote-result")) result = line;
    if (!line.starts_with("mote-woken")) continue;
    ++woken;
    const std::string crcs = line.substr(line.find("window_crc="));
    EXPECT_THAT(result, HasSubstr(crcs)) << line;
  }
  EXPECT_GT(woken, 3);
}

TEST(SecondModel, sees_no_window_with_a_gap) {
  World setup;
  setup.counts = motion(2000);
  setup.busy_ticks = 6;  // against a hop of 5: samples are lost
  std::string result;
  int woken_behind_a_gap = 0;
  for (const auto& line : run<HazardousModel, Settings, WakeSecond<Model, 1>>(setup)) {
    if (line.starts_with("mote-result")) result = line;
    if (!line.starts_with("mote-woken")) continue;
    woken_behind_a_gap += !result.ends_with("lost=0");
    EXPECT_THAT(result, HasSubstr(line.substr(line.find("window_crc="), 15)));
  }
  EXPECT_GT(woken_behind_a_gap, 0);
}

TEST(SecondModel, calls_the_hook_for_a_certain_class_that_is_not_the_background) {
  World setup;
  setup.counts = motion(1003);
  const auto lines = run<HazardousModel, WokenSettings, WakeSecond<OtherModel, 1>>(setup);
  int punches = 0, flexes = 0;
  for (const auto& line : starting_with(lines, "mote-woken")) {
    punches += line.find("decision=punch") != std::string::npos;
    flexes += line.find("decision=flex") != std::string::npos;
  }
  EXPECT_GT(punches + flexes, 0);
  EXPECT_THAT(WokenSettings::calls, ElementsAre(punches, flexes, 0));
}

TEST(SecondModel, stops_before_sampling_when_its_constants_are_damaged) {
  World setup;
  setup.counts = motion(100);
  OtherModel::damage = 0x10;
  const auto lines = run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup);
  OtherModel::damage = 0;
  EXPECT_THAT(lines.back(), HasSubstr("name=constants_corrupted"));
  EXPECT_EQ(world.next, 0u);
}

TEST(SecondModel, is_not_woken_by_the_stored_window) {
  World setup;
  setup.counts = motion(203);
  const auto lines = run<HazardousModel, TestedSettings, WakeSecond<OtherModel, 1>>(setup);
  EXPECT_EQ(lines, (run<HazardousModel, Settings, WakeSecond<OtherModel, 1>>(setup)));
}

}  // namespace
}  // namespace mote::runtime
