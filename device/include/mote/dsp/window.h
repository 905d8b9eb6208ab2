// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which samples form which window: window k holds the samples k * hop ... k * hop + window - 1 of a stream.

#include <stdint.h>

namespace mote {
namespace dsp {

/// Complete windows in a stream of `samples`; 0 if it is shorter than a window.
constexpr int64_t window_count(int64_t samples, int32_t window_samples, int32_t hop_samples) {
  return samples < window_samples ? 0 : 1 + (samples - window_samples) / hop_samples;
}

/// First sample of window `index`.
constexpr int64_t window_start(int64_t index, int32_t hop_samples) {
  return index * hop_samples;
}

/// Holds the latest samples of a stream and tells when a window is complete.
///
/// kWindow, kHop: samples, 1 <= kHop <= kWindow. kAxes: values of one sample. Costs kWindow * kAxes elements
/// and 8 bytes; a sample is copied in once and once out for each window that it belongs to.
template <class T, int32_t kWindow, int32_t kHop, int32_t kAxes>
class SlidingWindow {
  static_assert(kHop >= 1 && kHop <= kWindow && kAxes >= 1, "needs 1 <= hop <= window and an axis");

 public:
  /// Forgets everything: the next window starts with the next sample.
  void restart() {
    oldest_ = 0;
    present_ = 0;
  }

  /// Where the next sample is to be written, [axis]; push() then takes it.
  T* next() { return samples_ + oldest_ * kAxes; }

  /// Takes the sample written to next(); returns whether it completes a window.
  bool push() {
    oldest_ = oldest_ + 1 == kWindow ? 0 : oldest_ + 1;
    if (++present_ < kWindow) return false;
    present_ = kWindow - kHop;
    return true;
  }

  /// The window that push() has just completed, oldest sample first.
  ///
  /// `window` [out]: [sample][axis], kWindow * kAxes elements, outside this object.
  void copy_to(T* window) const {
    const int32_t split = oldest_ * kAxes;
    const int32_t total = kWindow * kAxes;
    for (int32_t index = split; index < total; ++index) *window++ = samples_[index];
    for (int32_t index = 0; index < split; ++index) *window++ = samples_[index];
  }

 private:
  T samples_[kWindow * kAxes] = {};
  int32_t oldest_ = 0;   ///< sample position that is written next
  int32_t present_ = 0;  ///< samples of the next window that are there already
};

}  // namespace dsp
}  // namespace mote
