// SPDX-License-Identifier: Apache-2.0
#pragma once

// The logistic function and tanh of 16-bit activations, by interpolation in one table, as TensorFlow Lite
// computes them.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"

namespace mote {

/// 2^16 / (1 + e^(-n / 24)); TensorFlow Lite's entries, of which 44 are rounded up by one more than to
/// nearest.
///
/// Data for whoever makes a model's tables; kernels read it through the Flash<uint16_t> that they are given.
constexpr uint16_t kSigmoidTable[256] = {
    32768, 33451, 34133, 34813, 35493, 36169, 36843, 37513, 38180, 38841, 39498, 40149, 40794, 41432, 42064,
    42688, 43304, 43912, 44511, 45102, 45683, 46255, 46817, 47369, 47911, 48443, 48964, 49475, 49975, 50464,
    50942, 51409, 51865, 52311, 52745, 53169, 53581, 53983, 54374, 54755, 55125, 55485, 55834, 56174, 56503,
    56823, 57133, 57433, 57724, 58007, 58280, 58544, 58800, 59048, 59288, 59519, 59743, 59959, 60168, 60370,
    60565, 60753, 60935, 61110, 61279, 61441, 61599, 61750, 61896, 62036, 62172, 62302, 62428, 62549, 62666,
    62778, 62886, 62990, 63090, 63186, 63279, 63368, 63454, 63536, 63615, 63691, 63765, 63835, 63903, 63968,
    64030, 64090, 64148, 64204, 64257, 64308, 64357, 64405, 64450, 64494, 64536, 64576, 64614, 64652, 64687,
    64721, 64754, 64786, 64816, 64845, 64873, 64900, 64926, 64950, 64974, 64997, 65019, 65039, 65060, 65079,
    65097, 65115, 65132, 65149, 65164, 65179, 65194, 65208, 65221, 65234, 65246, 65258, 65269, 65280, 65291,
    65301, 65310, 65319, 65328, 65337, 65345, 65352, 65360, 65367, 65374, 65381, 65387, 65393, 65399, 65404,
    65410, 65415, 65420, 65425, 65429, 65433, 65438, 65442, 65445, 65449, 65453, 65456, 65459, 65462, 65465,
    65468, 65471, 65474, 65476, 65479, 65481, 65483, 65485, 65488, 65489, 65491, 65493, 65495, 65497, 65498,
    65500, 65501, 65503, 65504, 65505, 65507, 65508, 65509, 65510, 65511, 65512, 65513, 65514, 65515, 65516,
    65517, 65517, 65518, 65519, 65520, 65520, 65521, 65522, 65522, 65523, 65523, 65524, 65524, 65525, 65525,
    65526, 65526, 65526, 65527, 65527, 65528, 65528, 65528, 65529, 65529, 65529, 65529, 65530, 65530, 65530,
    65530, 65531, 65531, 65531, 65531, 65531, 65532, 65532, 65532, 65532, 65532, 65532, 65533, 65533, 65533,
    65533, 65533, 65533, 65533, 65533, 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534, 65534,
    65535,
};

namespace detail {

/// table[n] * 2^bits for distance n * 2^bits, and straight lines between; from n = 255 on `top`.
MOTE_INLINE uint32_t interpolate_sigmoid(Flash<uint16_t> table, uint32_t distance, int32_t bits,
                                         uint32_t top) {
  const int32_t index = static_cast<int32_t>(distance >> bits);
  if (index >= 255) return top;
  const uint32_t low = table[index];
  const uint32_t high = table[index + 1];
  return (low << bits) + (distance & ((uint32_t{1} << bits) - 1u)) * (high - low);
}

MOTE_INLINE uint32_t magnitude(int32_t x) {
  return x < 0 ? 0u - static_cast<uint32_t>(x) : static_cast<uint32_t>(x);
}

}  // namespace detail

/// 1 / (1 + e^-x), Q0.15; `x` in units of 1/12288 (a 24th is 512), `table` [in] kSigmoidTable.
MOTE_INLINE int16_t logistic_q15(int32_t x, Flash<uint16_t> table) {
  const uint32_t value = detail::interpolate_sigmoid(table, detail::magnitude(x), 9, uint32_t{0x7FFF} << 10);
  const uint32_t half = uint32_t{1} << 9;
  return static_cast<int16_t>((x >= 0 ? value + half : (uint32_t{1} << 25) - value + half - 1u) >> 10);
}

/// tanh(x), Q0.15, from tanh(x) = 2 / (1 + e^-2x) - 1; `x` in units of 1/12288, `table` [in] kSigmoidTable.
MOTE_INLINE int16_t tanh_q15(int32_t x, Flash<uint16_t> table) {
  const int32_t value = static_cast<int32_t>(
      detail::interpolate_sigmoid(table, detail::magnitude(x), 8, uint32_t{0xFFFF} << 8));
  const int32_t one = int32_t{1} << 23;
  const int32_t half = int32_t{1} << 7;
  return static_cast<int16_t>((x >= 0 ? value - one + half : one - value + half - 1) >> 8);
}

}  // namespace mote
