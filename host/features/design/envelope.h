// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "core/error.h"
#include "features/design/decimation.h"
#include "features/design/iir.h"

namespace mote::features {

/// How strongly a band rings, over time: dsp::Iir, then dsp::Rectify, then dsp::Decimate. A damaged bearing
/// strikes its housing at a low, regular rate; each blow is too weak for the spectrum, but rings in a
/// resonance far above, and the spectrum of the envelope shows the rate of the blows.
struct EnvelopeDesign {
  IirDesign band;
  DecimationDesign decimation;  ///< low-pass of the rectified band, and the lower rate
  double rate_hz = 0;           ///< of the envelope
};

/// `low_hz`, `high_hz`: the band (a Butterworth of 2 pole pairs) that holds the resonance; `top_hz`: highest
/// frequency of interest in the envelope. The envelope of a tone of magnitude a is 2 a / pi (the mean of a
/// rectified sine). Even harmonics of a rectified tone fold back at half the rate, of magnitude 13 % of the
/// mean for the fourth and 1.4 % for the twelfth: a lasting tone of which one comes to lie near a multiple of
/// the rate beats in its envelope. Errors (kInput), parameter, found and expected: as design_band_pass();
/// `top_hz` not between 0 and half the width of the band, which no envelope can exceed, or above 0.4 * rate.
Result<EnvelopeDesign> design_envelope(double low_hz, double high_hz, double top_hz, double rate_hz);

}  // namespace mote::features
