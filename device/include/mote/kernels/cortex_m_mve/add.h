// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addition of two int8 tensors of one shape with vectors (Cortex-M55), four elements at a time.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/mve.h"
#include "mote/kernels/binary_quantized.h"
#include "mote/kernels/broadcast.h"
#include "mote/kernels/cortex_m_mve/output.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Binary<functions::AddQuantized<int8_t>>'s result where no operand repeats.
struct AddMve : Binary<functions::AddQuantized<int8_t>> {
  using Reference = Binary<functions::AddQuantized<int8_t>>;

  static constexpr const char* kName = "cortex_m_mve";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {250, 350, 0}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMMve; }

  /// An operand minus its zero point is below 2^28 in the common scale, and the sum of two below 2^29; the
  /// rest is mve_can_scale()'s argument. Where there is no shift nothing may be taken from negative products.
  static constexpr bool supports(const Shape& shape, Limits limits) {
    return Reference::supports(shape, limits) && shape.rounding == Rounding::kDouble &&
           shape.repeats[0] == 0 && shape.repeats[1] == 0 && detail::fits<int8_t>(shape.a_zero_point) &&
           detail::fits<int8_t>(shape.b_zero_point) && shape.output_shift <= -1;
  }

  MOTE_INLINE static void run(const Shape& shape, const int8_t* a, const int8_t* b, int8_t* out,
                              void* /*scratch*/) {
    const Factor a_factor = factor(shape.a_multiplier, shape.a_shift, shape.a_zero_point);
    const Factor b_factor = factor(shape.b_multiplier, shape.b_shift, shape.b_zero_point);
    const detail::MveOutputs outputs = {shape.output_zero_point, shape.activation_min, shape.activation_max};
    const mve::Words multiplier = mve::all_words(shape.output_multiplier);
    const mve::Words shift = mve::all_words(shape.output_shift);
    int32_t rest = static_cast<int32_t>(detail::broadcast_count(shape));
    for (; rest > 0; rest -= kLanes, a += kLanes, b += kLanes, out += kLanes) {
      const mve::Words sum = mve::add(in_common_scale(a_factor, mve::load_byte_words(a, rest)),
                                      in_common_scale(b_factor, mve::load_byte_words(b, rest)));
      mve::store_byte_words(
          out, detail::mve_clamped(outputs, detail::mve_scaled<true>(sum, multiplier, shift)), rest);
    }
  }

 private:
  static constexpr int32_t kLanes = 4;
  static constexpr int32_t kExtraBits = functions::AddQuantized<int8_t>::kExtraBits;

  /// From an operand to the common scale.
  struct Factor {
    mve::Words offset;  ///< of the operand with its extra bits
    mve::Words multiplier;
    mve::Words shift;
    mve::Words sign;  ///< mask of what is added to negative products
  };
  MOTE_INLINE static Factor factor(int32_t multiplier, int32_t shift, int32_t zero_point) {
    return {mve::all_words(wrapping_shift_left(-zero_point, kExtraBits)), mve::all_words(multiplier),
            mve::all_words(shift), mve::all_words(shift < 0 ? -1 : 0)};
  }

  MOTE_INLINE static mve::Words in_common_scale(const Factor& factor, mve::Words value) {
    const mve::Words extended = mve::add(mve::shift_left<kExtraBits>(value), factor.offset);
    const mve::Words product = mve::high_product(extended, factor.multiplier);
    const mve::Words taken = mve::bits_of_both(mve::sign(product), factor.sign);
    return mve::rounding_shift(mve::add(product, taken), factor.shift);
  }
};

}  // namespace kernels
}  // namespace mote
