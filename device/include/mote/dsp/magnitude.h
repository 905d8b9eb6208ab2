// SPDX-License-Identifier: Apache-2.0
#pragma once

// The length of a vector, whichever way it points: motion that does not depend on how the sensor is mounted.

#include <stdint.h>

#include "mote/core/square_root.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// output = sqrt(sum of input[axis]^2), rounded to nearest, saturated to 32767. int16 in and out, same unit;
/// within 1/2 of the exact root unless saturated. An input has its axes side by side; all must share one
/// range and unit.
///
/// Neither state nor scratch; 105 instructions for three axes on Cortex-M4.
struct Magnitude {
  using Input = int16_t;
  using Output = int16_t;

  int32_t axes;  ///< 1 ... 3

  constexpr bool valid() const { return axes >= 1 && axes <= 3; }
  constexpr int32_t inputs() const { return axes; }
  constexpr int32_t outputs() const { return 1; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  void restart(void*) const {}

  bool push(const Input* input, Output* output, void*, void*) const {
    uint32_t sum = 0;  // at most 3 * 2^30
    for (int32_t axis = 0; axis < axes; ++axis) {
      const int32_t value = input[axis];
      sum += static_cast<uint32_t>(value * value);
    }
    const uint32_t root = rounded_root_u32(sum);
    output[0] = static_cast<int16_t>(root > INT16_MAX ? INT16_MAX : root);
    return true;
  }
};

}  // namespace dsp
}  // namespace mote
