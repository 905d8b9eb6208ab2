// SPDX-License-Identifier: Apache-2.0
#pragma once

// Recursive filters: low-pass, high-pass and band-pass (Butterworth, as host/features/design/iir.h designs
// them).

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {

/// What every section of an Iir passes on.
enum class IirBand : uint8_t {
  kLowPass,   ///< gain 1 at 0 Hz, exactly
  kHighPass,  ///< gain 0 at 0 Hz, exactly
  kBandPass,  ///< gain 0 at 0 Hz, exactly
};

/// Each channel through a cascade of second-order sections; int16 in and out, same unit. The output is
/// rounded to nearest and saturated to int16; nothing else saturates or overflows, for any input, with a
/// designed table.
///
/// A section is a state-variable filter with trapezoidal integrators (the bilinear transform), two states s1,
/// s2:
///
///   v1 = s1 - damping s1 + coupling (x - s2)      band-pass
///   v2 = s2 + coupling s1 + direct (x - s2)       low-pass
///   s1' = 2 v1 - s1,  s2' = 2 v2 - s2
///   y = v2 | x - mix v1 - v2 | mix v1             low-pass | high-pass | band-pass
///
/// with damping = g (g + k) d, coupling = g d, direct = g^2 d, d = 1 / (1 + g (g + k)), g = tan(pi f / rate)
/// and k = 1 / Q. Coefficients shrink with f instead of crowding towards 1 and 2, as those of a direct form
/// do, so that 0.5 Hz at 100 Hz and 10 Hz at 16 kHz need no 64-bit state; and a constant input is reproduced
/// (low-pass) or removed (the others) exactly, whatever the coefficients were rounded to. coupling = 0 makes
/// a first-order section.
///
/// It starts in the steady state of the first sample, as if that had been the input for ever: a low-pass
/// gives the first sample itself, the others 0. Gravity or an offset therefore makes no step.
///
/// Values inside carry `fraction_bits` more than the input. Each of the products (four a section, one more
/// with mix) is rounded to nearest; the design adds up what that, the rounded coefficients and the last
/// rounding can do at most: IirDesign::error_counts is the bound of the difference from the same filter in
/// floating point, for any input. It is 0.52 counts for second order and 0.5 Hz at 100 Hz, 0.71 for eighth
/// order there, 0.7 for third and 2.9 for seventh order and 10 Hz at 16 kHz; what is found is below half of
/// what exceeds 0.5. There is no limit cycle beyond one count: silence comes to rest at -1, 0 or 1.
///
/// State: 8 + 8 * sections * channels bytes; no scratch. With constants, measured: 29 instructions a sample
/// for one low-pass section and 22 for each more on Cortex-M4, 91 for three channels; 175 and 137 on
/// Cortex-M0. Source of the structure: A. Simper, "Linear trapezoidal integrated state variable filter",
/// Cytomic, 2013.
struct Iir {
  using Input = int16_t;
  using Output = int16_t;

  int32_t channels;  ///< 1 ... 256
  int32_t sections;  ///< 1 ... 8
  IirBand band;
  int8_t fraction_bits;  ///< 1 ... 15
  int8_t mix_shift;      ///< 0 ... 15; mix of the table times 2^mix_shift is that of the formula
  Flash<int32_t> table;  ///< [section][-damping, coupling, direct, mix], Q31

  constexpr bool valid() const {
    return channels >= 1 && channels <= 256 && sections >= 1 && sections <= 8 && fraction_bits >= 1 &&
           fraction_bits <= 15 && mix_shift >= 0 && mix_shift <= 15;
  }
  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return kHeaderBytes + 8 * sections * channels; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  void restart(void* state) const { *part_of<int32_t>(state) = 0; }

  MOTE_INLINE bool push(const Input* input, Output* output, void* state, void*) const {
    if (*part_of<int32_t>(state) == 0) settle(input, state);
    int32_t* memory = part_of<int32_t>(state, kHeaderBytes);
    const int32_t half = int32_t{1} << (fraction_bits - 1);
    for (int32_t channel = 0; channel < channels; ++channel) {
      int32_t value = scaled(input[channel]);
      Flash<int32_t> coefficients = table;
      for (int32_t section = 0; section < sections; ++section) {
        value = filtered(value, memory, coefficients);
        memory += 2;
        coefficients = coefficients + kPerSection;
      }
      output[channel] = saturate<int16_t>((value + half) >> fraction_bits);
    }
    return true;
  }

  static constexpr int32_t kPerSection = 4;  ///< values of the table

 private:
  static constexpr int32_t kHeaderBytes = 8;

  MOTE_INLINE int32_t scaled(int16_t value) const { return value * (int32_t{1} << fraction_bits); }

  /// States as if `input` had been there for ever; the first section of a high-pass or band-pass takes it
  /// all.
  void settle(const Input* input, void* state) const {
    *part_of<int32_t>(state) = 1;
    int32_t* memory = part_of<int32_t>(state, kHeaderBytes);
    for (int32_t channel = 0; channel < channels; ++channel)
      for (int32_t section = 0; section < sections; ++section) {
        *memory++ = 0;
        *memory++ = section == 0 || band == IirBand::kLowPass ? scaled(input[channel]) : 0;
      }
  }

  MOTE_INLINE int32_t filtered(int32_t x, int32_t* memory, Flash<int32_t> coefficients) const {
    const int32_t s1 = memory[0], s2 = memory[1];
    const int32_t twice_s1 = 2 * s1,
                  twice_rest = 2 * (x - s2);  // Q31 in a product that keeps Q32's high half
    const int32_t coupling = coefficients[1];
    const int32_t v1 = simd32::smmlar(twice_rest, coupling, simd32::smmlar(twice_s1, coefficients[0], s1));
    const int32_t v2 = simd32::smmlar(twice_rest, coefficients[2], simd32::smmlar(twice_s1, coupling, s2));
    memory[0] = 2 * v1 - s1;
    memory[1] = 2 * v2 - s2;
    if (band == IirBand::kLowPass) return v2;
    const int32_t mixed = simd32::smmlar(2 * v1, coefficients[3], 0) * (int32_t{1} << mix_shift);
    return band == IirBand::kBandPass ? mixed : x - mixed - v2;
  }
};

}  // namespace dsp
}  // namespace mote
