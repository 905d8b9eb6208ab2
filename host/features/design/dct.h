// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"

/// Tables of mote/dsp/dct.h.
namespace mote::features {

enum class DctScaling : std::uint8_t {
  kOrthonormal,  ///< sqrt(1 / terms) for the first row, sqrt(2 / terms) for the others (SciPy's norm="ortho")
  kHtk,          ///< sqrt(2 / terms) for every row (HTK; TensorFlow's mfccs_from_log_mel_spectrograms)
};

/// A matrix of a dsp::Dct.
struct DctWeights {
  std::vector<std::int16_t> weights;  ///< [coefficients][terms]
  std::int32_t fraction_bits = 0;
};

/// scale * cos(pi c (t + 1/2) / terms) of coefficient c and term t, with the most fraction bits that fit
/// int16. Errors (kInput): terms beyond 1 ... 1024, or coefficients beyond 1 ... terms.
Result<DctWeights> dct_weights(DctScaling scaling, std::int32_t terms, std::int32_t coefficients);

}  // namespace mote::features
