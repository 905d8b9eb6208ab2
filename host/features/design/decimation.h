// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "mote/dsp/decimate.h"

namespace mote::features {

/// A low-pass for 1 of `factor` samples as the device runs it.
struct DecimationDesign {
  std::int32_t factor = 1;
  std::vector<std::int16_t> weights;  ///< Q15, odd number, symmetric; they add up to 32768: gain 1 at 0 Hz

  /// The block; it points into this design's weights.
  dsp::Decimate block(std::int32_t channels) const {
    return {channels, factor, static_cast<std::int32_t>(weights.size()), weights.data()};
  }
};

/// The share of half the new rate that passes unchanged.
inline constexpr double kDecimationPassShare = 0.8;
/// What gain is left where frequencies would be mirrored into that share.
inline constexpr double kDecimationStopGain = 0.001;
inline constexpr int kMaxDecimation = 16;

/// A sinc of half the new rate under a Kaiser window, about 20 taps for each of `factor`: gain within 0.1 %
/// of 1 up to kDecimationPassShare of half the new rate, below 0.001 (60 dB) where that share is mirrored,
/// from 2 - kDecimationPassShare on. Only +, -, *, /, square roots and portable_math.h: the same bits on
/// every machine. Factor 1 is one weight, no filter. Source of the window and its length: J. F. Kaiser,
/// "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974. Errors (kInput): a
/// factor outside 1 ... kMaxDecimation.
Result<DecimationDesign> design_decimation(int factor);

}  // namespace mote::features
