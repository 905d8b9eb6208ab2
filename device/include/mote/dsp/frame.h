// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames of consecutive samples: what everything that looks at more than one sample at a time starts from.

#include <stdint.h>

#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// The latest `length` input frames side by side, every `step` of them: output k holds the inputs k * step
/// ... k * step + length - 1, oldest first. Values, unit and range as they come in.
///
/// Costs length * channels elements and 8 bytes of state; an input is copied in once and once out for each
/// output that it belongs to.
template <class T>
struct Frame {
  using Input = T;
  using Output = T;

  int32_t channels;  ///< values of an input frame
  int32_t length;    ///< 1 ... 2^15
  int32_t step;      ///< 1 ... length

  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return length * channels; }
  constexpr int32_t frame() const { return length; }
  constexpr int32_t hop() const { return step; }
  constexpr int32_t state_bytes() const {
    return kHeaderBytes + (length * channels * static_cast<int32_t>(sizeof(T)) + 7) / 8 * 8;
  }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  void restart(void* state) const {
    part_of<int32_t>(state)[kOldest] = 0;
    part_of<int32_t>(state)[kPresent] = 0;
  }

  bool push(const T* input, T* output, void* state, void*) const {
    int32_t* const header = part_of<int32_t>(state);
    T* const ring = part_of<T>(state, kHeaderBytes);
    for (int32_t channel = 0; channel < channels; ++channel)
      ring[header[kOldest] * channels + channel] = input[channel];
    header[kOldest] = header[kOldest] + 1 == length ? 0 : header[kOldest] + 1;
    if (++header[kPresent] < length) return false;
    header[kPresent] = length - step;
    const int32_t split = header[kOldest] * channels;
    for (int32_t index = split; index < length * channels; ++index) *output++ = ring[index];
    for (int32_t index = 0; index < split; ++index) *output++ = ring[index];
    return true;
  }

 private:
  static constexpr int32_t kHeaderBytes = 8;
  static constexpr int32_t kOldest = 0;   ///< input frame of the ring that is written next
  static constexpr int32_t kPresent = 1;  ///< input frames of the next output that are there already
};

}  // namespace dsp
}  // namespace mote
