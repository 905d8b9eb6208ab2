// SPDX-License-Identifier: Apache-2.0
#include "features/design/mel_amplitude.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/portable_math.h"
#include "mote/dsp/fft16.h"
#include "mote/dsp/pcan.h"

namespace mote::features {
namespace {

constexpr double kPi = 3.141592653589793;
constexpr std::int32_t kMostChannels = 256;
constexpr float kOne = 4096;  ///< 12 fraction bits

std::int16_t to_i16(double whole) {
  return static_cast<std::int16_t>(whole);
}

std::unexpected<Error> refuse(std::string_view parameter, std::string found, std::string expected) {
  return fail(ErrorKind::kInput, fmt::format("{} is {}, expected {}", parameter, found, expected));
}

bool is_fraction(double value) {
  return value >= 0 && value <= 1;
}

/// ln(1 + x), rounded to float; |x| is not below 2^-20 unless it is 0.
float log1p_of(float x) {
  return static_cast<float>(portable_log(1.0 + double{x}));
}

float mel_of(double hz) {
  return 1127.0F * log1p_of(static_cast<float>(hz) / 700.0F);
}

std::int16_t to_weight(float weight, FrontEnd front_end) {
  return to_i16(front_end == FrontEnd::kSignalLibrary ? std::trunc(weight * kOne)
                                                      : std::floor(weight * kOne + 0.5F));
}

/// 0.5 - 0.5 cos(2 pi (n + 1/2) / samples) of 12 fraction bits in float.
float hann_in_float(std::int32_t n, std::int32_t samples) {
  const float step = static_cast<float>(kPi) * 2.0F / static_cast<float>(samples);
  const float phase = step * (static_cast<float>(n) + 0.5F);
  return (0.5F - 0.5F * static_cast<float>(portable_cos(double{phase}))) * kOne;
}

/// The corners above the lowest one, in mel.
std::vector<float> corners(const MelBankSettings& settings) {
  const float low = mel_of(settings.lower_hz);
  const float span = mel_of(settings.upper_hz) - low;
  const float spacing = span / static_cast<float>(settings.channels + 1);
  std::vector<float> result;
  result.reserve(static_cast<std::size_t>(settings.channels) + 1);
  for (std::int32_t slope = 0; slope <= settings.channels; ++slope)
    result.push_back(low + spacing * static_cast<float>(slope + 1));
  return result;
}

Result<void> check(const MelBankSettings& settings) {
  if (!dsp::valid_fft16(settings.fft_length))
    return refuse("fft length", std::to_string(settings.fft_length),
                  fmt::format("a power of two from {} to {}", dsp::kLeastFft16, dsp::kMostFft16));
  if (settings.channels < 1 || settings.channels > kMostChannels)
    return refuse("number of channels", std::to_string(settings.channels),
                  fmt::format("1 to {}", kMostChannels));
  if (!(settings.sample_rate_hz > 0))
    return refuse("sample rate", fmt::format("{} Hz", settings.sample_rate_hz), "more than 0 Hz");
  const bool is_range = settings.lower_hz >= 0 && settings.lower_hz < settings.upper_hz &&
                        settings.upper_hz <= settings.sample_rate_hz / 2;
  if (!is_range)
    return refuse(
        "frequency range", fmt::format("{} to {} Hz", settings.lower_hz, settings.upper_hz),
        fmt::format("a range within 0 to {} Hz, half the sample rate", settings.sample_rate_hz / 2));
  return {};
}

}  // namespace

std::vector<std::int16_t> hann_window_q12(std::int32_t samples, FrontEnd front_end) {
  std::vector<std::int16_t> result;
  for (std::int32_t n = 0; n < samples; ++n)
    result.push_back(to_i16(
        front_end == FrontEnd::kMicrofrontend
            ? std::floor(hann_in_float(n, samples) + 0.5F)
            : std::nearbyint((0.5 - 0.5 * portable_cos(2 * kPi / samples * (n + 0.5))) * double{kOne})));
  return result;
}

Result<MelBank> mel_bank(const MelBankSettings& settings) {
  MOTE_CHECK(check(settings));
  const std::vector<float> corner = corners(settings);
  const std::int32_t bins = settings.fft_length / 2 + 1;
  const double hz_per_bin = settings.sample_rate_hz / 2 / (bins - 1);
  MelBank bank;
  bank.first_bin = static_cast<std::int32_t>(1.5 + settings.lower_hz / hz_per_bin);
  std::int32_t bin = bank.first_bin;
  for (std::int32_t slope = 0; slope <= settings.channels; ++slope) {
    const float end = corner[static_cast<std::size_t>(slope)];
    const float begin = slope == 0 ? mel_of(settings.lower_hz) : corner[static_cast<std::size_t>(slope - 1)];
    const std::int32_t first = bin;
    for (; mel_of(bin * hz_per_bin) <= end; ++bin) {
      if (bin >= bins - 1)
        return refuse(
            "upper limit", fmt::format("{} Hz", settings.upper_hz),
            fmt::format("less than {} Hz, the highest bin of the spectrum", hz_per_bin * (bins - 1)));
      const float weight = (end - mel_of(bin * hz_per_bin)) / (end - begin);
      bank.weights.push_back(to_weight(weight, settings.front_end));
      bank.unweights.push_back(to_weight(1.0F - weight, settings.front_end));
    }
    bank.widths.push_back(to_i16(bin - first));
  }
  return bank;
}

PaddedMelBank padded(const MelBank& bank, std::int32_t alignment, std::int32_t block) {
  PaddedMelBank result;
  const bool has_empty = std::ranges::count(bank.widths, 0) > 0;
  const auto pad = [&](std::size_t size) {
    result.weights.resize(size);
    result.unweights.resize(size);
  };
  if (has_empty) pad(static_cast<std::size_t>(block));
  std::int32_t bin = bank.first_bin;
  for (const std::int16_t width : bank.widths) {
    if (width == 0) {
      result.starts.push_back(0);
      result.weight_starts.push_back(0);
      result.widths.push_back(to_i16(block));
      continue;
    }
    const std::int32_t start = bin / alignment * alignment;
    const std::int32_t padded_width = (bin - start + width + block - 1) / block * block;
    const std::size_t weight_start = result.weights.size();
    result.starts.push_back(to_i16(start));
    result.weight_starts.push_back(static_cast<std::int16_t>(weight_start));
    result.widths.push_back(to_i16(padded_width));
    pad(weight_start + static_cast<std::size_t>(padded_width));
    const auto to = static_cast<std::ptrdiff_t>(weight_start) + bin - start;
    const std::ptrdiff_t from = bin - bank.first_bin;
    std::copy_n(bank.weights.begin() + from, width, result.weights.begin() + to);
    std::copy_n(bank.unweights.begin() + from, width, result.unweights.begin() + to);
    bin += width;
  }
  return result;
}

std::int32_t amplitude_correction_bits(std::int32_t fft_length) {
  return std::countr_zero(static_cast<std::uint32_t>(fft_length)) - 6;
}

Result<PcanGains> pcan_gains(const PcanSettings& settings) {
  if (!is_fraction(settings.strength))
    return refuse("strength", fmt::format("{}", settings.strength), "0 to 1");
  if (!(settings.offset > 0)) return refuse("offset", fmt::format("{}", settings.offset), "more than 0");
  const std::int32_t ratio_shift =
      settings.gain_bits - settings.correction_bits - dsp::detail::kPcanRatioBits;
  const std::int32_t input_bits = settings.smoothing_bits - settings.correction_bits;
  if (settings.gain_bits > 31 || ratio_shift < 1 || ratio_shift > 63)
    return refuse("number of gain bits", std::to_string(settings.gain_bits),
                  fmt::format("{} to 31", settings.correction_bits + dsp::detail::kPcanRatioBits + 1));
  if (input_bits < 0 || input_bits > 31)
    return refuse("number of smoothing bits", std::to_string(settings.smoothing_bits),
                  fmt::format("{} to {}", settings.correction_bits, settings.correction_bits + 31));
  const auto gain = [&](std::uint32_t estimate) {
    const float x = static_cast<float>(estimate) / static_cast<float>(std::uint32_t{1} << input_bits);
    const double base = x + static_cast<float>(settings.offset);
    const auto power =
        static_cast<float>(portable_exp(-double{static_cast<float>(settings.strength)} * portable_log(base)));
    const float value = static_cast<float>(std::uint32_t{1} << settings.gain_bits) * power;
    constexpr std::int16_t kMost = std::numeric_limits<std::int16_t>::max();
    return value > kMost ? kMost : static_cast<std::int16_t>(std::floor(value + 0.5F));
  };
  PcanGains result{ratio_shift, {gain(0), gain(1)}};
  for (std::int32_t bits = 2; bits <= 32; ++bits) {
    const std::uint32_t first = std::uint32_t{1} << (bits - 1);
    const std::int32_t y0 = gain(first), y1 = gain(first + first / 2);
    const std::int32_t y2 = gain(bits == 32 ? first + (first - 1) : 2 * first);
    const std::int32_t slope = 4 * (y1 - y0) - (y2 - y0);
    result.gains.push_back(static_cast<std::int16_t>(y0));
    result.gains.push_back(static_cast<std::int16_t>(slope));
    result.gains.push_back(static_cast<std::int16_t>(y2 - y0 - slope));
    if (bits < 32) result.gains.push_back(0);
  }
  return result;
}

Result<std::uint32_t> noise_weight(double fraction, std::int32_t bits) {
  if (!is_fraction(fraction)) return refuse("fraction", fmt::format("{}", fraction), "0 to 1");
  return static_cast<std::uint32_t>(fraction * static_cast<double>(std::uint64_t{1} << bits));
}

}  // namespace mote::features
