// SPDX-License-Identifier: Apache-2.0
#pragma once

// Logarithms of amplitudes: the last step of an audio front end.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point_functions.h"
#include "mote/core/flash.h"
#include "mote/dsp/block.h"

namespace mote {
namespace dsp {
namespace detail {

/// 2^16 (log2(1 + n / 128) - n / 128), rounded, for n = 0 ... 128. A member of a template, so that an image
/// holds it once.
template <class Unused>
struct LogTable {
  static const uint16_t kEntries[129];
};
template <class Unused>
const uint16_t LogTable<Unused>::kEntries[129] MOTE_FLASH_DATA = {
    0,    224,  442,  654,  861,  1063, 1259, 1450, 1636, 1817, 1992, 2163, 2329, 2490, 2646, 2797, 2944,
    3087, 3224, 3358, 3487, 3611, 3732, 3848, 3960, 4068, 4172, 4272, 4368, 4460, 4549, 4633, 4714, 4791,
    4864, 4934, 5001, 5063, 5123, 5178, 5231, 5280, 5326, 5368, 5408, 5444, 5477, 5507, 5533, 5557, 5578,
    5595, 5610, 5622, 5631, 5637, 5640, 5641, 5638, 5633, 5626, 5615, 5602, 5586, 5568, 5547, 5524, 5498,
    5470, 5439, 5406, 5370, 5332, 5291, 5249, 5203, 5156, 5106, 5054, 5000, 4944, 4885, 4825, 4762, 4697,
    4630, 4561, 4490, 4416, 4341, 4264, 4184, 4103, 4020, 3935, 3848, 3759, 3668, 3575, 3481, 3384, 3286,
    3186, 3084, 2981, 2875, 2768, 2659, 2549, 2437, 2323, 2207, 2090, 1971, 1851, 1729, 1605, 1480, 1353,
    1224, 1094, 963,  830,  695,  559,  421,  282,  142,  0,
};

}  // namespace detail

/// scale * ln(value), rounded, modulo 2^16 / scale of its 16 fraction bits; `value` is not 0.
///
/// Bit for bit TensorFlow Lite Micro's Log32. The logarithm of one of 128 places of an octave and a straight
/// line from there: off by at most scale / 400 + 1.
MOTE_INLINE uint32_t scaled_log(uint32_t value, uint32_t scale) {
  const int32_t zeros = leading_zeros(value);
  const uint32_t fraction_q16 = (value << zeros << 1) >> 16;
  const auto place = static_cast<int32_t>(fraction_q16 >> 9);
  const Flash<uint16_t> table = detail::LogTable<void>::kEntries;
  const int32_t low = table[place], high = table[place + 1];
  const int32_t between = ((high - low) * static_cast<int32_t>(fraction_q16 & 0x1FFu)) >> 16;
  const auto integer = static_cast<uint32_t>(31 - zeros);
  const uint32_t log2_q16 = (integer << 16) + fraction_q16 + static_cast<uint32_t>(low + between);
  const uint32_t ln2_q16 = 45426;
  const auto log_q16 = static_cast<uint32_t>((uint64_t{log2_q16} * ln2_q16 + 0x8000u) >> 16);
  return (scale * log_q16 + 0x8000u) >> 16;
}

/// output[c] = min(scale * ln(input[c] * 2^left), 32767), 0 where the product, modulo 2^32, is below 2.
///
/// `output` [out]: may be the memory of `input`, from its start. `left` 0 ... 31. As scaled_log().
MOTE_INLINE void log_scale(const uint32_t* input, int32_t channels, uint32_t scale, int32_t left,
                           int16_t* output) {
  for (int32_t channel = 0; channel < channels; ++channel) {
    const uint32_t value = input[channel] << left;
    const uint32_t log = value > 1 ? scaled_log(value, scale) : 0;
    output[channel] = static_cast<int16_t>(log < INT16_MAX ? log : uint32_t{INT16_MAX});
  }
}

/// log_scale() over frames: amplitudes in, units of 1 / scale nepers out.
///
/// Bit for bit TensorFlow Lite Micro's SignalFilterBankLog. Costs 22 instructions on a Cortex-M4 a channel.
struct LogScale {
  using Input = uint32_t;
  using Output = int16_t;

  int32_t channels;
  uint32_t scale;  ///< 1 ... 2^11
  int32_t left;    ///< 0 ... 31

  constexpr int32_t inputs() const { return channels; }
  constexpr int32_t outputs() const { return channels; }
  constexpr int32_t frame() const { return 1; }
  constexpr int32_t hop() const { return 1; }
  constexpr int32_t state_bytes() const { return 0; }
  constexpr int32_t scratch_bytes() const { return 0; }
  static constexpr bool kInPlace = true;

  /// Whether scale * ln(2^32) fits its 16 integer bits.
  constexpr bool valid() const {
    return channels >= 1 && scale >= 1 && scale <= 2048 && left >= 0 && left <= 31;
  }

  void restart(void*) const {}

  bool push(const uint32_t* input, int16_t* output, void*, void*) const {
    log_scale(input, channels, scale, left, output);
    return true;
  }
};

}  // namespace dsp
}  // namespace mote
