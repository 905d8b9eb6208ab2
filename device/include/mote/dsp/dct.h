// SPDX-License-Identifier: Apache-2.0
#pragma once

// The cosine transform that turns a log spectrum into a few nearly independent numbers.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// output[c] = saturate(round(sum over t of input[t] * weights[c][t] / 2^shift)): the first coefficients of
/// the DCT-II, weights cos(pi c (t + 1/2) / terms) scaled as the caller wants them.
///
/// Input: [channels][terms]; output: [channels][coefficients]. With weights of w fraction bits the output has
/// those of the input + w - shift. Exact sums of 64 bits; the error is that of the weights, 2^-(w + 1) of the
/// sum of |input|, and half a step.
///
/// No state, no scratch; about 2 instructions a product on Cortex-M4.
struct Dct {
  using Input = int16_t;
  using Output = int16_t;

  int32_t channels;        ///< 1 ... 2^10
  int32_t terms;           ///< 1 ... 2^10
  int32_t coefficients;    ///< 1 ... terms
  Flash<int16_t> weights;  ///< [coefficients][terms], from mote::features::dct_weights()
  int8_t shift;            ///< 1 ... 32

  constexpr int32_t inputs() const { return channels * terms; }
  constexpr int32_t outputs() const { return channels * coefficients; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = false;

  /// Whether the numbers are in the ranges above; sums are at most 2^40 then.
  constexpr bool valid() const {
    return channels >= 1 && channels <= 1024 && terms >= 1 && terms <= 1024 && coefficients >= 1 &&
           coefficients <= terms && shift >= 1 && shift <= 32;
  }

  void restart(void*) const {}

  bool push(const int16_t* input, int16_t* output, void*, void*) const {
    for (int32_t channel = 0; channel < channels; ++channel) {
      Flash<int16_t> row = weights;
      for (int32_t coefficient = 0; coefficient < coefficients; ++coefficient) {
        *output++ = rounded(product(input, row));
        row = row + terms;
      }
      input += terms;
    }
    return true;
  }

 private:
  MOTE_INLINE int64_t product(const int16_t* input, Flash<int16_t> row) const {
    int64_t sum = 0;
    int32_t term = 0;
    for (; term < terms - 1; term += 2)
      sum = simd32::smlald(pair_of(input + term), simd32::load_halfword_pair(row + term), sum);
    if (term < terms) sum += int32_t{input[term]} * row[term];
    return sum;
  }

  /// Any alignment: a channel of an odd number of terms begins at an odd one.
  MOTE_INLINE static uint32_t pair_of(const int16_t* from) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__ARM_FEATURE_UNALIGNED)
    uint32_t pair;
    __builtin_memcpy(&pair, from, sizeof(pair));
    return pair;
#else
    return simd32::detail::halfword_pair(from[0], from[1]);
#endif
  }

  MOTE_INLINE int16_t rounded(int64_t sum) const {
    const int64_t value = (sum + (int64_t{1} << (shift - 1))) >> shift;
    return static_cast<int16_t>(value > INT16_MAX ? INT16_MAX : (value < INT16_MIN ? INT16_MIN : value));
  }
};

}  // namespace dsp
}  // namespace mote
