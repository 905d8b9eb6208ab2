// SPDX-License-Identifier: Apache-2.0
#include "features/design/envelope.h"

#include <fmt/format.h>

#include <algorithm>

namespace mote::features {

Result<EnvelopeDesign> design_envelope(double low_hz, double high_hz, double top_hz, double rate_hz) {
  EnvelopeDesign result;
  MOTE_TRY(result.band, design_band_pass(2, low_hz, high_hz, rate_hz));
  const double highest = std::min((high_hz - low_hz) / 2, kDecimationPassShare / 2 * rate_hz);
  if (!(top_hz > 0 && top_hz <= highest))
    return fail(
        ErrorKind::kInput,
        fmt::format("top of the envelope is {} Hz, expected more than 0 and at most {} Hz", top_hz, highest),
        {}, "an envelope varies no faster than half the width of its band");
  const double factor = std::min<double>(kDecimationPassShare / 2 * rate_hz / top_hz, kMaxDecimation);
  MOTE_TRY(result.decimation, design_decimation(static_cast<int>(factor)));
  result.rate_hz = rate_hz / result.decimation.factor;
  return result;
}

}  // namespace mote::features
