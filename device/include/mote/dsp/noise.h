// SPDX-License-Identifier: Apache-2.0
#pragma once

// Noise that host and device make alike: for a self-test whose window would be too large to store, and to
// compare blocks.

#include <stdint.h>

namespace mote {
namespace dsp {

/// Raw count `index` of the noise: white, uniform within a quarter of the range, the same on every machine.
constexpr int16_t noise_count(int32_t index) {
  uint32_t mixed = static_cast<uint32_t>(index) * UINT32_C(0x9E3779B1);
  mixed = (mixed ^ mixed >> 15) * UINT32_C(0x85EBCA77);
  return static_cast<int16_t>(static_cast<int32_t>(mixed >> 18) - 8192);
}

}  // namespace dsp
}  // namespace mote
