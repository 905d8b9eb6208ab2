// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"

namespace mote::features {

/// Whose tables are computed, to the last unit: both front ends are TensorFlow's and do the same arithmetic
/// on tables that differ here and there by one.
enum class FrontEnd : std::uint8_t {
  kSignalLibrary,  ///< TensorFlow Lite Micro's operators and audio preprocessor: weights are rounded down
  kMicrofrontend,  ///< the older one in C, of microWakeWord and ESPHome: floats, weights are rounded to
                   ///< nearest
};

/// Hann window of whole periods sampled in their middles: 0.5 - 0.5 cos(2 pi (n + 1/2) / samples), rounded to
/// 12 fraction bits. `samples` > 0.
std::vector<std::int16_t> hann_window_q12(std::int32_t samples,
                                          FrontEnd front_end = FrontEnd::kSignalLibrary);

/// What a bank of mel triangles is made for.
struct MelBankSettings {
  double sample_rate_hz = 16000;
  std::int32_t fft_length = 512;
  std::int32_t channels = 40;
  double lower_hz = 125;
  double upper_hz = 7500;
  FrontEnd front_end = FrontEnd::kSignalLibrary;
};

/// The tables of dsp::MelAmplitude: channels + 1 slopes one behind the other.
struct MelBank {
  std::int32_t first_bin = 0;
  std::vector<std::int16_t> widths;     ///< per slope
  std::vector<std::int16_t> weights;    ///< per bin from first_bin on
  std::vector<std::int16_t> unweights;  ///< per bin from first_bin on

  std::int32_t end_bin() const { return first_bin + static_cast<std::int32_t>(weights.size()); }
};

/// Triangles whose corners are equally far apart on the mel scale 1127 ln(1 + f / 700 Hz), from `lower_hz` to
/// `upper_hz`; the constant part belongs to none. Computed in float, step by step as by those who train
/// models behind this front end: a step in double would move weights by one. Logarithms are rounded
/// correctly, which not every C library's are: theirs may differ by one in a few weights, depending on where
/// they were computed.
///
/// Errors (kInput): an odd FFT length, no channels, or limits that are not 0 <= lower < upper <= half the
/// sample rate; slopes that reach the highest bin; more than 256 channels.
Result<MelBank> mel_bank(const MelBankSettings& settings);

/// The tables of such a bank as models carry them (dsp::TriangleBank): every slope begins at a multiple of
/// `alignment` bins and takes a multiple of `block` bins, filled up with weights of 0; a slope without bins
/// takes `block` zeros, which then stand first.
struct PaddedMelBank {
  std::vector<std::int16_t> starts, weight_starts, widths, weights, unweights;
};
PaddedMelBank padded(const MelBank& bank, std::int32_t alignment, std::int32_t block);

/// The fraction bits that amplitudes lack, so that FFTs of all lengths give the same: log2(fft_length) - 6.
/// What dsp::LogScale shifts by, and what the gains of dsp::Pcan are designed for.
std::int32_t amplitude_correction_bits(std::int32_t fft_length);

/// What per-channel amplitude normalisation is made for.
struct PcanSettings {
  double strength = 0.95;  ///< 0: the gain is constant, 1: the output does not depend on the loudness
  double offset = 80.0;    ///< amplitude below which the gain does not rise much further
  std::int32_t gain_bits = 21;
  std::int32_t smoothing_bits = 10;  ///< of dsp::NoiseFilter
  std::int32_t correction_bits = 3;  ///< amplitude_correction_bits()
};

/// The tables of dsp::Pcan.
struct PcanGains {
  std::int32_t ratio_shift = 0;
  std::vector<std::int16_t> gains;  ///< dsp::kPcanGains
};

/// Parabolas through 2^gain_bits (x + offset)^-strength at both ends and in the middle of every power of two,
/// x = estimate / 2^(smoothing_bits - correction_bits); in float as mel_bank(), at most 32767.
///
/// Errors (kInput): a strength outside 0 ... 1, an offset that is not above 0, bits that leave no ratio or do
/// not fit.
Result<PcanGains> pcan_gains(const PcanSettings& settings);

/// Weights of dsp::NoiseFilter: a fraction of 0 ... 1 in `bits` fraction bits, rounded down. Errors (kInput):
/// outside.
Result<std::uint32_t> noise_weight(double fraction, std::int32_t bits);

}  // namespace mote::features
