// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

namespace mote::features {

/// e^(-2 pi i k / length) for k = 0 ... 3/4 length - 1 as dsp::fft16() wants it: cosine, sine, ... of 15
/// fraction bits, at most 32767. `length`: dsp::valid_fft16() holds.
std::vector<std::int16_t> fft16_twiddles(std::int32_t length);

}  // namespace mote::features
