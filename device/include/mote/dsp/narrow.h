// SPDX-License-Identifier: Apache-2.0
#pragma once

// From wide values to the 16 bits that a model's features have.

#include <stdint.h>

#include "mote/core/flash.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// output = input / 2^shift of its place in the frame, rounded to nearest, ties upward, and saturated to
/// int16.
///
/// T: int32_t or uint32_t. Error at most half a step of the output where it does not saturate. Neither state
/// nor scratch.
template <class T>
struct Narrow {
  using Input = T;
  using Output = int16_t;

  int32_t values;        ///< of a frame, 1 ... 2^15
  Flash<int8_t> shifts;  ///< [values], 0 ... 30

  constexpr int32_t inputs() const { return values; }
  constexpr int32_t outputs() const { return values; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  void restart(void*) const {}

  bool push(const T* input, int16_t* output, void*, void*) const {
    for (int32_t index = 0; index < values; ++index) {
      const int8_t shift = shifts[index];
      // The bit below the cut decides, so that nothing can overflow.
      const T carry = shift == 0 ? static_cast<T>(0) : static_cast<T>((input[index] >> (shift - 1)) & 1);
      const T value = static_cast<T>((input[index] >> shift) + carry);
      output[index] = static_cast<int16_t>(is_above(value)   ? INT16_MAX
                                           : is_below(value) ? INT16_MIN
                                                             : static_cast<int32_t>(value));
    }
    return true;
  }

 private:
  static constexpr bool is_above(T value) { return value > static_cast<T>(INT16_MAX); }
  static constexpr bool is_below(int32_t value) { return value < INT16_MIN; }
  static constexpr bool is_below(uint32_t) { return false; }
};

}  // namespace dsp
}  // namespace mote
