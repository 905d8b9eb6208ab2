// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addition of two int8 tensors of one shape for Cortex-M cores with the DSP extension (M4, M7, M33, ...).
//
// SMMLAR multiplies, rounds and adds half of the divisor in one instruction; see FullyConnectedDsp.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/simd32.h"
#include "mote/kernels/binary_quantized.h"
#include "mote/kernels/broadcast.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Binary<functions::AddQuantized<int8_t>>'s result where no operand repeats.
struct AddDsp : Binary<functions::AddQuantized<int8_t>> {
  using Reference = Binary<functions::AddQuantized<int8_t>>;

  static constexpr const char* kName = "cortex_m_dsp";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {350, 450, 0}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// An operand is below 2^28 in the common scale before its factor, so that twice that fits SMMLAR, and
  /// below 2^28 after it, so that twice the sum does. The output's zero point is added before the shift: 2^7
  /// * 2^22 and a product below 2^29 fit. A factor without shift must round once only.
  static constexpr bool supports(const Shape& shape, Limits limits) {
    return Reference::supports(shape, limits) && shape.rounding == Rounding::kDouble &&
           shape.repeats[0] == 0 && shape.repeats[1] == 0 && detail::fits<int8_t>(shape.a_zero_point) &&
           detail::fits<int8_t>(shape.b_zero_point) && detail::fits<int8_t>(shape.output_zero_point) &&
           halves(shape.a_multiplier, shape.a_shift) && halves(shape.b_multiplier, shape.b_shift) &&
           shape.output_shift <= -1 && shape.output_shift >= -22;
  }

  MOTE_INLINE static void run(const Shape& shape, const int8_t* a, const int8_t* b, int8_t* out,
                              void* /*scratch*/) {
    const Factor a_factor = factor(shape.a_multiplier, shape.a_shift, shape.a_zero_point);
    const Factor b_factor = factor(shape.b_multiplier, shape.b_shift, shape.b_zero_point);
    if (b_factor.is_half())
      run_all<true>(shape, a_factor, b_factor, a, b, out);
    else if (a_factor.is_half())
      run_all<true>(shape, b_factor, a_factor, b, a, out);
    else
      run_all<false>(shape, a_factor, b_factor, a, b, out);
  }

 private:
  static constexpr int32_t kDoubledBits = functions::AddQuantized<int8_t>::kExtraBits + 1;

  /// From an operand to the common scale.
  struct Factor {
    int32_t multiplier;
    int32_t exponent;
    int32_t half;    ///< of 2^exponent
    int32_t offset;  ///< of the doubled operand
    int32_t sign;    ///< mask of what is subtracted from negative products: none without a shift

    /// Whether nothing is rounded: so it is for the operand of the larger scale.
    MOTE_INLINE bool is_half() const { return multiplier == (int32_t{1} << 30) && exponent == 0; }
  };
  MOTE_INLINE static Factor factor(int32_t multiplier, int32_t shift, int32_t zero_point) {
    return {multiplier, -shift, shift < 0 ? wrapping_shift_left(1, -shift - 1) : 0,
            wrapping_shift_left(-zero_point, kDoubledBits), shift < 0 ? -1 : 0};
  }

  /// Whether the factor is at most one half.
  static constexpr bool halves(int32_t multiplier, int32_t shift) {
    return shift >= -30 && (shift <= -1 || multiplier <= (int32_t{1} << 30));
  }

  template <int32_t kIndex>
  MOTE_INLINE static int32_t byte(int32_t word) {
    return static_cast<int8_t>(static_cast<uint32_t>(word) >> (8 * kIndex));
  }
  MOTE_INLINE static int32_t in_common_scale(const Factor& factor, int32_t value) {
    const int32_t doubled = wrapping_shift_left(value, kDoubledBits) + factor.offset;
    const int32_t product = simd32::smmlar(doubled, factor.multiplier, factor.half);
    return (product + ((doubled >> 31) & factor.sign)) >> factor.exponent;
  }
  /// All elements. `kHalf`: b's factor is one half.
  template <bool kHalf>
  MOTE_INLINE static void run_all(const Shape& shape, const Factor& a_factor, const Factor& b_factor,
                                  const int8_t* a, const int8_t* b, int8_t* out) {
    int32_t rest = static_cast<int32_t>(detail::broadcast_count(shape));
    for (; rest >= 4; rest -= 4, a += 4, b += 4, out += 4) {
      const int32_t a_word = static_cast<int32_t>(simd32::load_word(a));
      const int32_t b_word = static_cast<int32_t>(simd32::load_word(b));
      out[0] = add<kHalf>(shape, a_factor, b_factor, byte<0>(a_word), byte<0>(b_word));
      out[1] = add<kHalf>(shape, a_factor, b_factor, byte<1>(a_word), byte<1>(b_word));
      out[2] = add<kHalf>(shape, a_factor, b_factor, byte<2>(a_word), byte<2>(b_word));
      out[3] = add<kHalf>(shape, a_factor, b_factor, byte<3>(a_word), byte<3>(b_word));
    }
    for (; rest > 0; --rest, ++a, ++b, ++out) *out = add<kHalf>(shape, a_factor, b_factor, *a, *b);
  }
  template <bool kHalf>
  MOTE_INLINE static int8_t add(const Shape& shape, const Factor& a_factor, const Factor& b_factor, int32_t a,
                                int32_t b) {
    const int32_t first = in_common_scale(a_factor, a);
    const int32_t doubled = kHalf ? wrapping_shift_left(b, kDoubledBits - 1) + b_factor.offset / 2 + first * 2
                                  : (first + in_common_scale(b_factor, b)) * 2;
    const int32_t exponent = -shape.output_shift;
    const int32_t rounding = wrapping_shift_left(2 * shape.output_zero_point + 1, exponent - 1);
    int32_t rounded = simd32::smmlar(doubled, shape.output_multiplier, rounding);
    // After a ReLU what is negative is clamped anyway: no rounding away from zero.
    if (shape.activation_min != shape.output_zero_point) rounded += doubled >> 31;
    const int32_t value = simd32::ssat8(rounded >> exponent);
    if (shape.activation_min == -128 && shape.activation_max == 127) return static_cast<int8_t>(value);
    return static_cast<int8_t>(clamp(value, shape.activation_min, shape.activation_max));
  }
};

}  // namespace kernels
}  // namespace mote
