// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"

/// Tables of mote/dsp/filter_bank.h from frequencies.
namespace mote::features {

/// How a frequency becomes a pitch.
enum class MelScale : std::uint8_t {
  kHtk,     ///< 1127 ln(1 + f / 700 Hz), as in HTK and TensorFlow
  kSlaney,  ///< f * 3 / 200 Hz below 1 kHz, 15 + 27 ln(f / 1 kHz) / ln 6.4 above, as in Slaney's Auditory
            ///< Toolbox
};

/// In what the sides of the triangles are straight.
enum class MelSlope : std::uint8_t {
  kMel,    ///< as in HTK and TensorFlow
  kHertz,  ///< as in Slaney's Auditory Toolbox and librosa
};

/// What a mel filter bank is to be.
struct MelDesign {
  double sample_rate_hz = 0;
  std::int32_t fft_size = 0;
  std::int32_t first_bin = 0;  ///< of the transform, that the block's first input is
  std::int32_t bins = 0;       ///< of the block's input
  std::int32_t bands = 0;
  double low_hz = 0;   ///< where the first triangle begins
  double high_hz = 0;  ///< where the last triangle ends
  MelScale scale = MelScale::kHtk;
  MelSlope slope = MelSlope::kMel;
  bool equal_area = false;  ///< each triangle times 2 / (its width in Hz), as in librosa's norm="slaney"
};

/// The tables of a dsp::FilterBank; band energies in the input's unit are its outputs times `unit`.
struct MelFilters {
  std::vector<std::int16_t> edges;
  std::vector<std::uint16_t> weights;
  std::vector<std::uint16_t> gains;  ///< empty unless equal_area
  std::int8_t gain_shift = 0;
  double unit = 1.0;
};

/// Triangles whose corners lie at equal distances in pitch. Error of a weight: 2^-16.
/// Errors (kInput): a number out of range (sample rate, bands, frequencies beyond half the sample rate or
/// beyond the input's bins), or a triangle narrower than the distance of two bins, which no bin falls into.
Result<MelFilters> mel_filters(const MelDesign& design);

/// A range of frequencies, both ends inclusive.
struct Band {
  double low_hz = 0;
  double high_hz = 0;
};

/// The limits of a dsp::BandEnergies: the bins whose middle lies in each band.
/// Errors (kInput): a band without any bin of the input in it, or with its ends exchanged.
Result<std::vector<std::int16_t>> band_limits(std::span<const Band> bands, double sample_rate_hz,
                                              std::int32_t fft_size, std::int32_t first_bin,
                                              std::int32_t bins);

}  // namespace mote::features
