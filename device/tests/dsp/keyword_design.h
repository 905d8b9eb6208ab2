// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstdint>

#include "features/design/dct.h"
#include "features/design/filter_bank.h"
#include "features/design/logarithm.h"
#include "features/design/spectrum.h"
#include "keyword_front_end.h"

namespace mote::test {

/// The tables of a KeywordFrontEnd from the units of the training script.
struct KeywordDesign {
  using FrontEnd = KeywordFrontEnd;

  std::vector<std::uint32_t> window =
      features::window_factors(features::WindowShape::kHann, features::WindowPeriod::kPeriodic,
                               FrontEnd::kLength)
          .value();
  std::vector<std::uint32_t> twiddles = features::fft_twiddles(FrontEnd::kFftSize).value();
  std::vector<std::uint16_t> roots = features::square_roots();
  features::MelFilters mel = features::mel_filters({.sample_rate_hz = 16000,
                                                    .fft_size = FrontEnd::kFftSize,
                                                    .first_bin = FrontEnd::kFirstBin,
                                                    .bins = FrontEnd::kBins,
                                                    .bands = FrontEnd::kBands,
                                                    .low_hz = 20,
                                                    .high_hz = 4000,
                                                    .scale = features::MelScale::kHtk,
                                                    .slope = features::MelSlope::kMel,
                                                    .equal_area = false})
                                 .value();
  features::LogParameters logarithm =
      features::log_parameters({features::LogBase::kNatural, kMagnitudeFractionBits, 1.0, 1e-6}).value();
  features::DctWeights cosines =
      features::dct_weights(features::DctScaling::kHtk, FrontEnd::kBands, FrontEnd::kCoefficients).value();

  /// Its tables are this object's.
  KeywordFrontEnd front_end() const& {
    const std::int32_t level_bits = features::log_fraction_bits(features::LogBase::kNatural);
    return {{1, FrontEnd::kLength, FrontEnd::kFftSize, twiddles.data(), window.data(), FrontEnd::kFirstBin,
             FrontEnd::kBins, dsp::PowerSpectrum::Measure::kMagnitude, 0, roots.data()},
            {1, FrontEnd::kBins, FrontEnd::kBands, mel.edges.data(), mel.weights.data(), nullptr, 0},
            {FrontEnd::kBands, logarithm.table.data(), logarithm.offset, logarithm.factor, logarithm.bias,
             logarithm.shift, logarithm.at_zero},
            {1, FrontEnd::kBands, FrontEnd::kCoefficients, cosines.weights.data(),
             static_cast<std::int8_t>(level_bits + cosines.fraction_bits - FrontEnd::kCepstrumFractionBits)}};
  }

  static KeywordFrontEnd::Quantization quantization(double scale, std::int32_t zero_point) {
    return {static_cast<std::int32_t>(std::lround(std::exp2(16 - FrontEnd::kCepstrumFractionBits) / scale)),
            zero_point};
  }

 private:
  static constexpr std::int32_t kMagnitudeFractionBits = 6;  ///< 15 - log2(512)
};

}  // namespace mote::test
