// SPDX-License-Identifier: Apache-2.0
#pragma once

// The whole firmware: sampling in the interrupt, windows and inference in the main loop, reporting last. Made
// of a model (generated) and a board (boards/<name>/board.h); boards/README.md lists what a board provides.

#include <stdint.h>

#include "mote/core/crc.h"
#include "mote/runtime/contract.h"
#include "mote/runtime/decision.h"
#include "mote/runtime/fault.h"
#include "mote/runtime/model_window.h"
#include "mote/runtime/record.h"
#include "mote/runtime/reset_cause.h"
#include "mote/runtime/ring.h"
#include "mote/runtime/second_model.h"
#include "mote/runtime/sensor_watch.h"
#include "mote/runtime/settings.h"

namespace mote {
namespace runtime {

/// What came of asking the sensor for a sample.
enum class SampleStatus : uint8_t {
  kSample,   ///< here it is
  kMissing,  ///< it was due and did not come
  kEnd       ///< there will be none any more: the end of a recording in an emulator
};

/// What a board's check of its sensor found at boot.
struct SensorCheck {
  Fault fault;  ///< kNone: ready to sample
  int32_t detail;
};

/// Samples the board's sensor, runs the model on every window, reports a record for each, and stops visibly
/// when something is wrong.
///
/// Settings: as DefaultSettings. Second: NoSecondModel or WakeSecond. A window that a lost sample falls into
/// is never classified: windows start over behind the gap. Put the one object into static memory.
template <class Model, class Board, class Settings, class Second = NoSecondModel>
class Application : SecondStage<Model, Second, Board, Settings> {
  using Stage = SecondStage<Model, Second, Board, Settings>;
  static_assert(RequireMatch<typename Model::Contract, typename Board::Sensor>::kHolds, "");
  static_assert(Model::kAxes == Model::Contract::kAxes, "the model's axes are not those of its contract");
  static_assert(RequireWindow<Model::kInputBytes, Model::kWindowRows * Model::kColumns>::kHolds, "");
  static constexpr int32_t kSelfTestValues =
      Settings::SelfTest::kPresent ? Settings::SelfTest::kValues : Model::kWindowSamples * Model::kAxes;
  static_assert(RequireWindow<Model::kWindowSamples * Model::kAxes, kSelfTestValues>::kHolds, "");
  static_assert(Model::kOutputBytes == Model::kClasses, "the model's output is not one value a class");
  static_assert(
      RequireMemory<int64_t{Model::kConstantBytes} + Stage::kSecondConstantBytes, Board::kFlashBytes>::kHolds,
      "");

 public:
  /// Runs for ever; returns at the end of a played recording, or after a fault in an emulator.
  void run() {
    start();
    while (!stopped_) poll();
    Board::finish();
  }

  /// Boots: prints the boot line, checks constants, computation and sensor, starts sampling.
  void start() {
    static_assert(RequireMemory<static_cast<int64_t>(sizeof(Application)) + Board::kStackBytes,
                                Board::kRamBytes>::kHolds,
                  "");
    guard_ = kGuard;
    restart_windows();
    Board::init();
    report_boot();
    uint32_t crc = Model::weights_crc32();
    if (crc != Model::kWeightsCrc32 || !Stage::second_constants_intact(&crc))
      return stop(Fault::kConstantsCorrupted, static_cast<int32_t>(crc & UINT32_C(0xFFFF)));
    if (Settings::SelfTest::kPresent && !test_itself()) return;
    const SensorCheck sensor = Board::check_sensor();
    if (sensor.fault != Fault::kNone) return stop(sensor.fault, sensor.detail);
    Board::start_sampling(&Application::on_tick, this);
  }

  /// One turn of the main loop: takes samples up to a complete window and classifies it, or sleeps.
  void poll() {
    unattended_ticks_ = 0;
    Board::feed_watchdog();
    check_health();
    if (stopped_) return;
    if (Stage::second_is_awake()) return infer_second();
    if (take_samples_of_a_window()) infer();
    if (stopped_) return;
    if (result_ready_) return report_result();
    if (health_due_) return report_health();
    sleep_or_end();
  }

  /// The sampling interrupt: stores raw counts, and sees whether time and main loop go on.
  void on_sample() {
    unattended_ticks_ = unattended_ticks_ + 1;
    if (unattended_ticks_ >= static_cast<uint32_t>(kHangTicks))
      return stop_in_interrupt(Fault::kMainLoopHung, kHangTicks);
    if (rate_.is_due() && !rate_.next(Board::ticks())) rate_off_ = true;
    int16_t counts[Model::kAxes];
    const SampleStatus status = Board::read_sample(counts);
    if (status == SampleStatus::kSample) {
      const int32_t lost = ring_.push(counts) ? missing_ : missing_ + 1;
      missing_ = 0;
      if (lost != 0) count_lost(lost);
      return count_tick();
    }
    if (status == SampleStatus::kEnd) {
      ended_ = true;
      return;
    }
    ring_.lose();
    count_tick();
    if (++missing_ >= kStallTicks) stalled_ = true;
  }

 private:
  static constexpr uint32_t kGuard = 0x4D6F7465;
  /// The models' plans lie on top of each other: one runs after the other.
  static constexpr int32_t kMemoryBytes =
      Model::kMemoryBytes > Stage::kSecondMemoryBytes ? Model::kMemoryBytes : Stage::kSecondMemoryBytes;
  static constexpr int32_t kSamplesPerMinute =
      static_cast<int32_t>((Model::Contract::kRateMillihertz * 60 + 999) / 1000);
  /// Half a second without a sample.
  static constexpr int32_t kStallTicks = kSamplesPerMinute >= 240 ? kSamplesPerMinute / 120 : 2;
  /// Where ring and budget of lost samples are exceeded whatever the main loop does, but not before half a
  /// second: a loop that comes round sooner reports the loss itself.
  static constexpr int32_t kBorneTicks = Settings::kRingSamples + Settings::kLostBudgetSamples + 1;
  static constexpr int32_t kHangTicks = kStallTicks > kBorneTicks ? kStallTicks : kBorneTicks;

  static void on_tick(void* application) { static_cast<Application*>(application)->on_sample(); }

  void stop(Fault fault, int32_t detail) {
    if (!stopped_) stop_whatever_the_state(fault, detail);
  }
  /// Where members may have been overwritten.
  void stop_whatever_the_state(Fault fault, int32_t detail) {
    stopped_ = true;
    result_ready_ = false;
    halt<Board>(fault, detail);
  }

  /// In the interrupt, which knows first.
  void count_lost(int32_t lost) {
    all_lost_ = all_lost_ > INT32_MAX - lost ? INT32_MAX : all_lost_ + lost;
    lost_this_minute_ += lost;
    if (lost_this_minute_ > Settings::kLostBudgetSamples) overloaded_ = true;
  }
  void count_tick() {
    if (++ticks_this_minute_ < kSamplesPerMinute) return;
    ticks_this_minute_ = 0;
    lost_this_minute_ = 0;
  }

  /// Not even the main loop can be relied on.
  void stop_in_interrupt(Fault fault, int32_t detail) {
    stop(fault, detail);
    Board::finish();
  }

  void check_health() {
    if (!Board::stack_intact()) return stop_whatever_the_state(Fault::kStackOverflow, Board::kStackBytes);
    if (guard_ != kGuard) return stop_whatever_the_state(Fault::kMemoryOverrun, kMemoryBytes);
    if (stalled_) return stop(Fault::kSensorStalled, samples_);
    if (overloaded_) return stop(Fault::kSamplesLost, all_lost_);
    if (rate_off_) return stop(Fault::kSampleRate, rate_.millihertz());
  }

  /// Sends the stored window the way that samples go; returns whether all of it came out as on the host.
  bool test_itself() {
    using SelfTest = typename Settings::SelfTest;
    int16_t counts[Model::kAxes];
    for (int32_t sample = 0; sample < Model::kWindowSamples; ++sample) {
      for (int32_t axis = 0; axis < Model::kAxes; ++axis)
        counts[axis] = SelfTest::count(sample * Model::kAxes + axis);
      add_to_window(counts);
    }
    compute();
    restart_windows();
    int32_t wrong = result_.window_crc == SelfTest::kInputCrc ? Model::kClasses : -1;
    for (int32_t index = Model::kClasses - 1; wrong >= 0 && index >= 0; --index)
      if (Model::output(memory_)[index] != SelfTest::output(index)) wrong = index;
    if (wrong != Model::kClasses) stop(Fault::kSelfTest, wrong);
    return !stopped_;
  }

  /// Takes samples until a window is complete (true) or none is left.
  bool take_samples_of_a_window() {
    int16_t counts[Model::kAxes];
    uint16_t lost_before = 0;
    while (ring_.pop(counts, &lost_before)) {
      if (lost_before != 0) {
        lost_ = lost_ > INT32_MAX - lost_before ? INT32_MAX : lost_ + lost_before;
        restart_windows();
        watch_.restart();
        filter_.restart();
      }
      if (take_sample(counts)) return true;
      if (stopped_) return false;
    }
    return false;
  }

  /// The number after `number`; firmware runs for ever.
  static int32_t following(int32_t number) { return number == INT32_MAX ? 0 : number + 1; }

  /// Judges one sample and takes it; returns whether that completes the window.
  bool take_sample(const int16_t* counts) {
    int32_t detail = 0;
    const Fault fault = watch_.next(counts, Settings::rest_gravity(), Settings::kConstantIsFault, &detail);
    if (fault != Fault::kNone) {
      stop(fault, detail);
      return false;
    }
    samples_ = following(samples_);
    if (++samples_this_minute_ >= kSamplesPerMinute) {
      samples_this_minute_ = 0;
      health_due_ = true;
    }
    return add_to_window(counts);
  }

  /// Adds one sample to each model's window; returns whether that completes it.
  bool add_to_window(const int16_t* counts) {
    Stage::add_to_second(counts);
    return window_.add(counts);
  }

  void restart_windows() {
    window_.restart();
    Stage::restart_second();
  }

  /// Runs the model on the complete window.
  void compute() {
    result_.window_crc = window_.copy_to(memory_);
    Board::set_busy(true);
    Model::run(memory_);
    Board::set_busy(false);
    check_health();  // a result computed beside an overrun is none
  }

  /// Classifies the complete window and sets the result flag.
  void infer() {
    compute();
    if (stopped_) return;
    const int8_t* const output = Model::output(memory_);
    result_.output_crc = crc16_update(kCrc16Initial, output, Model::kOutputBytes);
    constexpr DecisionRules kRules = {Model::kThresholdQ8,        Model::kBackgroundClass,
                                      Settings::kAveragedWindows, Settings::kVotes,
                                      Settings::kVotingWindows,   Settings::kRefractoryWindows};
    result_.window = decide(output, Model::kClasses, Model::kThresholdQ8);
    result_.decision = filter_.next(kRules, output, &result_.is_event);
    result_.lost = lost_;
    result_ready_ = true;
    Stage::wake_second(result_.decision.decision, windows_);
  }

  /// Runs the second model on the window that woke it, after the first one's result was reported.
  void infer_second() {
    Stage::compute_second(memory_);
    check_health();
    if (!stopped_) Stage::report_second(memory_);
  }

  void sleep_or_end() {
    Board::disable_interrupts();
    if (ring_.empty() && !ended_) return Board::wait_for_interrupt();
    Board::enable_interrupts();
    if (ended_ && ring_.empty()) end();
  }

  void end() {
    Board::stop_sampling();
    RecordWriter<Board> record(MOTE_TEXT("mote-end"));
    record.number(MOTE_TEXT("windows"), windows_);
    record.number(MOTE_TEXT("samples"), samples_);
    record.number(MOTE_TEXT("lost"), all_lost_ + missing_);
    number_health(record);
    stopped_ = true;
  }

  /// What a person wants to know of a device in operation; once a minute.
  void report_health() {
    health_due_ = false;
    RecordWriter<Board> record(MOTE_TEXT("mote-health"));
    record.number(MOTE_TEXT("samples"), samples_);
    record.number(MOTE_TEXT("lost"), lost_);
    number_health(record);
  }

  void number_health(RecordWriter<Board>& record) {
    Board::disable_interrupts();
    const int32_t rate = rate_.millihertz();
    Board::enable_interrupts();
    record.number(MOTE_TEXT("rate_millihertz"), rate);
    record.number(MOTE_TEXT("stack_unused"), Board::stack_unused_bytes());
    record.end();
  }

  void report_boot() {
    RecordWriter<Board> record(MOTE_TEXT("mote-boot"));
    record.text(MOTE_TEXT("model"), Model::name());
    record.text(MOTE_TEXT("version"), Model::version());
    record.text(MOTE_TEXT("date"), Model::date());
    record.text(MOTE_TEXT("hash"), Model::content_hash(), 16);
    record.text(MOTE_TEXT("board"), Board::name());
    record.text(MOTE_TEXT("reset"), name_of(Board::reset_cause()));
    record.text(MOTE_TEXT("sensor"), Settings::sensor());
    record.text(MOTE_TEXT("up_at_rest"), Settings::up_at_rest());
    record.number(MOTE_TEXT("rate_millihertz"), static_cast<int32_t>(Board::Sensor::kRateMillihertz));
    record.number(MOTE_TEXT("window"), Model::kWindowSamples);
    record.number(MOTE_TEXT("hop"), Model::kHopSamples);
    record.number(MOTE_TEXT("axes"), Model::kAxes);
    record.number(MOTE_TEXT("memory"), kMemoryBytes);
    record.end();
    Stage::report_second_boot();
  }

  void report_result() {
    result_ready_ = false;
    const Decision& decision = result_.decision;
    if (result_.is_event) Settings::on_event(decision.class_index, decision.confidence);
    Board::set_led(decision.decision != kUncertain && decision.decision != Model::kBackgroundClass);
    RecordWriter<Board> record(MOTE_TEXT("mote-result"));
    record.number(MOTE_TEXT("window"), windows_);
    windows_ = following(windows_);
    record.number(MOTE_TEXT("class"), result_.window.class_index);
    record.number(MOTE_TEXT("confidence"), result_.window.confidence);
    record.text(MOTE_TEXT("decision"), decision.decision == kUncertain ? MOTE_TEXT("uncertain")
                                                                       : Model::label(decision.class_index));
    record.hexadecimal(MOTE_TEXT("window_crc"), result_.window_crc);
    record.hexadecimal(MOTE_TEXT("output_crc"), result_.output_crc);
    record.number(MOTE_TEXT("lost"), result_.lost);
    record.end();
    if (result_.is_event) report_event();
    if (Settings::kDebugLog) log_probabilities();
  }

  void report_event() {
    RecordWriter<Board> record(MOTE_TEXT("mote-event"));
    record.number(MOTE_TEXT("event"), events_);
    events_ = following(events_);
    record.number(MOTE_TEXT("class"), result_.decision.class_index);
    record.text(MOTE_TEXT("label"), Model::label(result_.decision.class_index));
    record.number(MOTE_TEXT("confidence"), result_.decision.confidence);
    record.end();
  }

  void log_probabilities() {
    const int8_t* const output = Model::output(memory_);
    for (int32_t index = 0; index < Model::kClasses; ++index) {
      RecordWriter<Board> record(MOTE_TEXT("mote-log"));
      record.text(MOTE_TEXT("label"), Model::label(index));
      record.number(MOTE_TEXT("confidence"), output[index] + 128);
      record.end();
    }
  }

  struct Result {
    Decision window;    ///< from this window alone, as the host can compute it
    Decision decision;  ///< from the windows that are averaged
    int32_t lost;
    uint16_t window_crc;
    uint16_t output_crc;
    bool is_event;
  };

  alignas(8) uint8_t memory_[kMemoryBytes] = {};
  volatile uint32_t guard_ = 0;  ///< all members start as zero, so that the object takes no flash
  ModelWindow<Model, Model::kHopRows> window_;
  SampleRing<Model::kAxes, Settings::kRingSamples> ring_;
  DecisionFilter<Model::kClasses, Settings::kAveragedWindows, Settings::kVotingWindows> filter_;
  SensorWatch<Model::kAxes, (kSamplesPerMinute + 59) / 60> watch_;
  RateWatch<Model::Contract::kRateMillihertz, Board::kTicksPerSecond> rate_;  ///< the interrupt's own
  Result result_ = {};
  int32_t windows_ = 0;  ///< starts again at 0 after 2^31, as samples_ does
  int32_t events_ = 0;
  int32_t samples_ = 0;
  int32_t lost_ = 0;  ///< before the samples taken so far; stays at 2^31 - 1
  int32_t samples_this_minute_ = 0;
  int32_t all_lost_ = 0;          ///< since boot; the interrupt's own, as the next two
  int32_t lost_this_minute_ = 0;  ///< in the current sixty seconds' worth of ticks
  int32_t ticks_this_minute_ = 0;
  int32_t missing_ = 0;  ///< samples in a row that did not come; the interrupt's own
  bool result_ready_ = false;
  bool health_due_ = false;
  bool stopped_ = false;
  volatile uint32_t unattended_ticks_ = 0;  ///< since the main loop came round
  volatile bool rate_off_ = false;          ///< set by the interrupt
  volatile bool overloaded_ = false;        ///< set by the interrupt
  volatile bool stalled_ = false;           ///< set by the interrupt
  volatile bool ended_ = false;             ///< set by the interrupt
};

}  // namespace runtime
}  // namespace mote
