// SPDX-License-Identifier: Apache-2.0
#pragma once

// A second model in the same firmware, which a decision of the first one wakes: the first is small and runs
// on every window, the second runs only where it is worth it.

#include <stdint.h>

#include "mote/core/crc.h"
#include "mote/core/text.h"
#include "mote/runtime/contract.h"
#include "mote/runtime/decision.h"
#include "mote/runtime/model_window.h"
#include "mote/runtime/record.h"

namespace mote {
namespace runtime {

/// The firmware has one model.
struct NoSecondModel {};

/// `SecondModel` runs on each window for which the first model decides for its class `wake_class`.
///
/// Both take the same samples (each contract must be the board's), with windows of the same length at the
/// first one's hop; each normalises them for itself. They share the working memory, one after the other, and
/// no state. The second one's decision is that of the one window, by its own threshold: it runs now and then,
/// so there is nothing to average.
template <class SecondModel, int32_t wake_class>
struct WakeSecond {};

/// Does not compile where no class of the first model can wake the second.
template <int32_t wake_class, int32_t classes>
struct RequireClass {
  static_assert(wake_class >= 0 && wake_class < classes,
                "the class that wakes the second model is none of the first one's: class, classes");
  static constexpr bool kHolds = true;
};

/// Does not compile where a hop of the first model is no whole number of the second one's rows of features.
template <int32_t hop_samples, int32_t row_samples>
struct RequireRows {
  static_assert(hop_samples % row_samples == 0,
                "the first model's hop is no whole number of the second one's rows; in samples: hop, row");
  static constexpr bool kHolds = true;
};

/// What an application does about `Second`, NoSecondModel or WakeSecond.
template <class First, class Second, class Board, class Settings>
class SecondStage;

template <class First, class Board, class Settings>
class SecondStage<First, NoSecondModel, Board, Settings> {
 protected:
  static constexpr int32_t kSecondMemoryBytes = 0;
  static constexpr int32_t kSecondConstantBytes = 0;
  void report_second_boot() {}
  bool second_constants_intact(uint32_t*) { return true; }
  void restart_second() {}
  void add_to_second(const int16_t*) {}
  void wake_second(int32_t, int32_t) {}
  bool second_is_awake() const { return false; }
  void compute_second(uint8_t*) {}
  void report_second(const uint8_t*) {}
};

template <class First, class Model, int32_t wake_class, class Board, class Settings>
class SecondStage<First, WakeSecond<Model, wake_class>, Board, Settings> {
  static_assert(RequireMatch<typename Model::Contract, typename Board::Sensor>::kHolds, "");
  static_assert(RequireWindow<Model::kWindowSamples, First::kWindowSamples>::kHolds, "");
  static_assert(RequireWindow<Model::kInputBytes, Model::kWindowRows * Model::kColumns>::kHolds, "");
  static constexpr int32_t kRowSamples = Model::kHopSamples / Model::kHopRows;
  static_assert(RequireRows<First::kHopSamples, kRowSamples>::kHolds, "");
  static_assert(RequireClass<wake_class, First::kClasses>::kHolds, "");
  static_assert(Model::kOutputBytes == Model::kClasses, "the model's output is not one value a class");

 protected:
  static constexpr int32_t kSecondMemoryBytes = Model::kMemoryBytes;
  static constexpr int32_t kSecondConstantBytes = Model::kConstantBytes;

  void report_second_boot() {
    RecordWriter<Board> record(MOTE_TEXT("mote-model"));
    record.text(MOTE_TEXT("model"), Model::name());
    record.text(MOTE_TEXT("version"), Model::version());
    record.text(MOTE_TEXT("date"), Model::date());
    record.text(MOTE_TEXT("hash"), Model::content_hash(), 16);
    record.text(MOTE_TEXT("woken_by"), First::label(wake_class));
    record.number(MOTE_TEXT("memory"), Model::kMemoryBytes);
    record.end();
  }

  /// `crc` [out]: what the constants add up to.
  bool second_constants_intact(uint32_t* crc) {
    *crc = Model::weights_crc32();
    return *crc == Model::kWeightsCrc32;
  }

  void restart_second() {
    window_.restart();
    is_awake_ = false;
  }

  void add_to_second(const int16_t* counts) { window_.add(counts); }

  /// The first model has decided, `decision`, on the window of this number, which is the latest.
  void wake_second(int32_t decision, int32_t window) {
    is_awake_ = decision == wake_class;
    number_ = window;
  }

  /// Whether a window waits for the second model. No sample may be added meanwhile.
  bool second_is_awake() const { return is_awake_; }

  void compute_second(uint8_t* memory) {
    is_awake_ = false;
    window_crc_ = window_.copy_to(memory);
    Model::run(memory);
  }

  void report_second(const uint8_t* memory) {
    const int8_t* const output = Model::output(memory);
    const Decision decision = decide(output, Model::kClasses, Model::kThresholdQ8);
    const bool is_certain = decision.decision != kUncertain;
    if (is_certain && decision.decision != Model::kBackgroundClass)
      Settings::on_woken(decision.class_index, decision.confidence);
    RecordWriter<Board> record(MOTE_TEXT("mote-woken"));
    record.text(MOTE_TEXT("model"), Model::name());
    record.number(MOTE_TEXT("window"), number_);
    record.number(MOTE_TEXT("class"), decision.class_index);
    record.number(MOTE_TEXT("confidence"), decision.confidence);
    record.text(MOTE_TEXT("decision"),
                is_certain ? Model::label(decision.class_index) : MOTE_TEXT("uncertain"));
    record.hexadecimal(MOTE_TEXT("window_crc"), window_crc_);
    record.hexadecimal(MOTE_TEXT("output_crc"), crc16_update(kCrc16Initial, output, Model::kOutputBytes));
    record.end();
  }

 private:
  ModelWindow<Model, First::kHopSamples / kRowSamples> window_;
  int32_t number_ = 0;
  uint16_t window_crc_ = 0;
  bool is_awake_ = false;
};

}  // namespace runtime
}  // namespace mote
