// SPDX-License-Identifier: Apache-2.0
#pragma once

// From probabilities to a decision and to events, in integers: the same on the host and on the device.

#include <stdint.h>

namespace mote {
namespace runtime {

/// The decision when no class is likely enough.
constexpr int32_t kUncertain = 255;

/// The likeliest class of one window, and what follows from it.
struct Decision {
  int32_t class_index;  ///< 0 ... classes - 1; the first of equals
  int32_t confidence;   ///< probability in 1/256, 0 ... 255
  int32_t decision;     ///< class_index, or kUncertain if the confidence is below the threshold
};

/// How decisions are smoothed and when one becomes an event.
struct DecisionRules {
  uint8_t threshold_q8;        ///< in 1/256; a confidence equal to it is enough
  int32_t background_class;    ///< never an event; -1: there is none
  int32_t averaged_windows;    ///< whose probabilities are averaged; 1: none but the latest
  int32_t votes;               ///< windows that must decide for a class ...
  int32_t voting_windows;      ///< ... among the latest so many; 1 of 1: each decision counts
  int32_t refractory_windows;  ///< after an event in which there is no other
};

/// `probabilities` [in]: [class], int8 with scale 1/256 and zero point -128. `classes`: 1 ... 255.
/// `threshold_q8`: in 1/256; a confidence equal to it is enough. Exact.
inline Decision decide(const int8_t* probabilities, int32_t classes, uint8_t threshold_q8) {
  int32_t best = 0;
  for (int32_t candidate = 1; candidate < classes; ++candidate)
    if (probabilities[candidate] > probabilities[best]) best = candidate;
  const int32_t confidence = probabilities[best] + 128;
  return {best, confidence, confidence >= threshold_q8 ? best : kUncertain};
}

/// Decides window by window: averages probabilities, applies the threshold, lets windows vote, and tells
/// where an event begins.
///
/// One gesture is one event: an event of a class begins when the vote goes to it and did not before, and not
/// within the refractory time of the event before. kMostAveraged, kMostVoting: the largest numbers that the
/// rules may ask for; they cost kMostAveraged * kClasses + kMostVoting bytes.
template <int32_t kClasses, int32_t kMostAveraged, int32_t kMostVoting>
class DecisionFilter {
  static_assert(kClasses >= 1 && kClasses < kUncertain, "a class has a number below 255");
  static_assert(kMostAveraged >= 1 && kMostAveraged <= 64, "averages 1 to 64 windows");
  static_assert(kMostVoting >= 1 && kMostVoting <= 64, "1 to 64 windows vote");

 public:
  /// Forgets the windows seen, not the time since the last event: behind a gap nothing may be averaged over
  /// it.
  void restart() {
    averaged_ = 0;
    voting_ = 0;
    is_voted_ = false;
  }

  /// The next window; `probabilities` as for decide(). `is_event` [out]: whether an event of the decided
  /// class begins. With an average, confidence is the mean over the windows that there are, rounded down.
  Decision next(const DecisionRules& rules, const int8_t* probabilities, bool* is_event) {
    int8_t mean[kClasses];
    average(rules, probabilities, mean);
    const Decision decision = decide(mean, kClasses, rules.threshold_q8);
    const int32_t voted = vote(rules, decision.decision);
    if (quiet_windows_ > 0) --quiet_windows_;
    const bool is_new = !is_voted_ || voted != voted_;
    const bool begins = is_new && voted != kUncertain && voted != rules.background_class;
    *is_event = begins && quiet_windows_ == 0;
    if (*is_event) quiet_windows_ = rules.refractory_windows + 1;
    is_voted_ = true;
    voted_ = voted;
    return decision;
  }

 private:
  void average(const DecisionRules& rules, const int8_t* probabilities, int8_t* mean) {
    if (averaged_ == rules.averaged_windows) {
      // The second condition always holds; without it GCC warns of what lies behind the array, here and in
      // vote().
      for (int32_t window = 1; window < averaged_ && window < kMostAveraged; ++window)
        for (int32_t index = 0; index < kClasses; ++index)
          history_[window - 1][index] = history_[window][index];
      --averaged_;
    }
    for (int32_t index = 0; index < kClasses; ++index) history_[averaged_][index] = probabilities[index];
    ++averaged_;
    for (int32_t index = 0; index < kClasses; ++index) {
      int32_t sum = 0;
      for (int32_t window = 0; window < averaged_; ++window) sum += history_[window][index] + 128;
      mean[index] = static_cast<int8_t>(sum / averaged_ - 128);
    }
  }

  /// The class that enough of the latest decisions are for, else kUncertain.
  int32_t vote(const DecisionRules& rules, int32_t decision) {
    if (voting_ == rules.voting_windows) {
      for (int32_t window = 1; window < voting_ && window < kMostVoting; ++window)
        decisions_[window - 1] = decisions_[window];
      --voting_;
    }
    decisions_[voting_++] = static_cast<uint8_t>(decision);
    int32_t votes = 0;
    for (int32_t window = 0; window < voting_; ++window) votes += decisions_[window] == decision ? 1 : 0;
    return votes >= rules.votes ? decision : kUncertain;
  }

  int8_t history_[kMostAveraged][kClasses] = {};  ///< oldest first
  uint8_t decisions_[kMostVoting] = {};           ///< oldest first
  int32_t averaged_ = 0;
  int32_t voting_ = 0;
  bool is_voted_ = false;  ///< whether there was a vote before
  int32_t voted_ = 0;
  int32_t quiet_windows_ = 0;
};

}  // namespace runtime
}  // namespace mote
