// SPDX-License-Identifier: Apache-2.0
#pragma once

// ADD_N: the sum of any number of operands of one shape, which have one scale if they are int8. Bit-exact to
// TFLite Micro's reference kernel, down to its sum of int8 that starts at minus the zero point instead of 0.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

struct AddNFloatShape {
  int32_t count;
};

struct AddNInt8Shape {
  int32_t count;
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t output_multiplier;  ///< Q31, twice the inputs' scale over 2^20 times the output's
  int32_t output_shift;       ///< -31..0
  Rounding rounding;
};

/// `Operand`: as many times float as there are operands. The sum goes from the first to the last.
template <class... Operand>
struct AddNFloat {
  static constexpr const char* kName = "float";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const AddNFloatShape& shape, Limits) { return shape.count >= 0; }
  static constexpr int32_t scratch_bytes(const AddNFloatShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const AddNFloatShape&, int32_t) { return 0; }
  static constexpr int64_t macs(const AddNFloatShape&) { return 0; }

  MOTE_INLINE static void run(const AddNFloatShape& shape, const Operand*... in, float* out,
                              void* /*scratch*/) {
    const float* const operands[] = {in...};
    for (int32_t index = 0; index < shape.count; ++index) {
      float sum = 0.0f;
      for (const float* const operand : operands) sum += operand[index];
      out[index] = sum;
    }
  }
};

/// `Operand`: as many times int8_t as there are operands, at most 8.
template <class... Operand>
struct AddNInt8 {
  static constexpr const char* kName = "reference";
  static constexpr bool available(Isa) { return true; }

  /// Exact: at most 8 differences of 8 bits and the zero point, with 19 bits more, are below 2^31.
  static constexpr bool supports(const AddNInt8Shape& shape, Limits) {
    return sizeof...(Operand) <= 8 && shape.count >= 0 && shape.input_zero_point >= -128 &&
           shape.input_zero_point <= 127 && shape.output_zero_point >= -128 &&
           shape.output_zero_point <= 127 && shape.output_multiplier >= 0 && shape.output_shift >= -31 &&
           shape.output_shift <= 0;
  }
  static constexpr int32_t scratch_bytes(const AddNInt8Shape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const AddNInt8Shape&, int32_t) { return 0; }
  static constexpr int64_t macs(const AddNInt8Shape&) { return 0; }

  MOTE_INLINE static void run(const AddNInt8Shape& shape, const Operand*... in, int8_t* out,
                              void* /*scratch*/) {
    const int8_t* const operands[] = {in...};
    for (int32_t index = 0; index < shape.count; ++index) {
      int32_t sum = -shape.input_zero_point;
      for (const int8_t* const operand : operands) sum += operand[index] - shape.input_zero_point;
      // 20 bits more, and half of that: the common scale is twice that of the operands.
      const int32_t scaled = requantize(wrapping_shift_left(sum, 19),
                                        {shape.output_multiplier, shape.output_shift}, shape.rounding);
      out[index] = saturate<int8_t>(scaled + shape.output_zero_point);
    }
  }
};

}  // namespace kernels
}  // namespace mote
