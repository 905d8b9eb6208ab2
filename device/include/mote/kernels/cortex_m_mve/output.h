// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last step of the vector kernels: from sums to outputs.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/mve.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {
namespace detail {

/// Whether mve_scaled() equals requantize() for the layer's sums.
///
/// VQRDMULH is the high multiplication; it cannot saturate, because the multiplier is not negative. VRSHL
/// rounds ties upward; for negative numbers, from which 1 is taken first, that is away from zero while the
/// shift is at least one to the right. 1 can be taken, because no product is INT32_MIN when no sum is.
constexpr bool mve_can_scale(Limits limits, Rounding rounding) {
  return accumulators_fit_int32(limits) && rounding == Rounding::kDouble && limits.max_shift <= -1;
}

/// Sums times their factors. Without `kRounded` ties of negative numbers are rounded upward, to 0 at most:
/// enough where a ReLU follows.
template <bool kRounded>
MOTE_INLINE mve::Words mve_scaled(mve::Words sums, mve::Words multiplier, mve::Words shift) {
  const mve::Words product = mve::high_product(sums, multiplier);
  return mve::rounding_shift(kRounded ? mve::add(product, mve::sign(product)) : product, shift);
}

/// Reorders [channels][inputs] into blocks of four channels, in each the inputs in sixteens, within those the
/// channels; what is missing becomes 0.
inline void mve_pack_rows(int32_t channels, int32_t inputs, const int8_t* weights, int8_t* packed) {
  for (int32_t first = 0; first < channels; first += 4)
    for (int32_t k = 0; k < inputs; k += 16)
      for (int32_t ch = first; ch < first + 4; ++ch)
        for (int32_t input = k; input < k + 16; ++input)
          *packed++ = ch < channels && input < inputs ? weights[ch * inputs + input] : int8_t{0};
}

/// What all outputs of a layer have in common.
struct MveOutputs {
  int32_t zero_point, activation_min, activation_max;
};

/// Scaled sums plus the zero point, clamped. No overflow: after a shift of one they are below 2^30.
MOTE_INLINE mve::Words mve_clamped(const MveOutputs& outputs, mve::Words scaled) {
  return mve::clamp(mve::add(scaled, mve::all_words(outputs.zero_point)),
                    mve::all_words(outputs.activation_min), mve::all_words(outputs.activation_max));
}

}  // namespace detail
}  // namespace kernels
}  // namespace mote
