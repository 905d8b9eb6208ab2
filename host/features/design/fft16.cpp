// SPDX-License-Identifier: Apache-2.0
#include "features/design/fft16.h"

#include <cmath>
#include <numbers>

#include "core/portable_math.h"
#include "mote/dsp/fft16.h"

namespace mote::features {

std::vector<std::int16_t> fft16_twiddles(std::int32_t length) {
  std::vector<std::int16_t> result;
  for (std::int32_t k = 0; k < dsp::fft16_twiddles(length); ++k) {
    const double phase = -2 * std::numbers::pi * k / length;
    result.push_back(static_cast<std::int16_t>(std::floor(0.5 + 32767 * portable_cos(phase))));
    result.push_back(static_cast<std::int16_t>(std::floor(0.5 + 32767 * portable_sin(phase))));
  }
  return result;
}

}  // namespace mote::features
