// SPDX-License-Identifier: Apache-2.0
#pragma once

// SELECT_V2: out = condition ? x : y, with broadcasting of all three. Exact; it copies elements.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/kernels/broadcast.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// `repeats`: of condition, x and y.
struct SelectShape {
  int32_t size[kBroadcastAxes];
  int32_t repeats[3];
};

constexpr bool valid(const SelectShape& shape) {
  return detail::valid_broadcast(shape);
}

/// T is any element type; quantised x, y and output share scale and zero point. A condition is a byte, false
/// where it is 0.
template <class T>
struct Select {
  static constexpr const char* kName = "reference";

  /// A copy with its shape folded in is hardly larger than the shape is alone.
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {150, 2000, 0}; }
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const SelectShape& shape, Limits) { return valid(shape); }
  static constexpr int32_t scratch_bytes(const SelectShape&) { return 0; }

  /// In place where the operand does not repeat and its elements are as large as the output's.
  static constexpr int32_t input_ahead_bytes(const SelectShape& shape, int32_t input) {
    return detail::broadcast_input_ahead(shape, input, static_cast<int32_t>(input == 0 ? 1 : sizeof(T)),
                                         static_cast<int32_t>(sizeof(T)));
  }
  static constexpr int64_t macs(const SelectShape&) { return 0; }

  MOTE_INLINE static void run(const SelectShape& shape, const uint8_t* condition, const T* x, const T* y,
                              T* out, void* /*scratch*/) {
    const int32_t last = kBroadcastAxes - 1;
    const int32_t count = shape.size[last];
    const bool condition_repeats = detail::repeats(shape, 0, last);
    const bool x_repeats = detail::repeats(shape, 1, last);
    const bool y_repeats = detail::repeats(shape, 2, last);
    detail::for_each_row<3>(shape, [&](const int32_t* offset) {
      const uint8_t* condition_row = condition + offset[0];
      const T* x_row = x + offset[1];
      const T* y_row = y + offset[2];
      const uint8_t first_condition = condition_row[0];
      const T first_x = x_row[0];
      const T first_y = y_row[0];
      for (int32_t index = 0; index < count; ++index) {
        const T x_value = x_repeats ? first_x : x_row[index];
        const T y_value = y_repeats ? first_y : y_row[index];
        out[index] = (condition_repeats ? first_condition : condition_row[index]) != 0 ? x_value : y_value;
      }
      out += count;
    });
  }
};

}  // namespace kernels
}  // namespace mote
