// SPDX-License-Identifier: Apache-2.0
#pragma once
// Types in which files store constants and no kernel computes.
#include <cstdint>
#include <vector>

namespace mote::tflite {

/// IEEE half-precision numbers, little endian, as float32; exact for every one, not-a-number included.
std::vector<std::uint8_t> widen_float16(const std::vector<std::uint8_t>& halves);

/// Two's complement numbers of 4 bits, the lower half of a byte first, as int8: as many as `shape` says, or
/// as many as there are.
std::vector<std::uint8_t> unpack_int4(const std::vector<std::uint8_t>& packed,
                                      const std::vector<std::int32_t>& shape);

}  // namespace mote::tflite
