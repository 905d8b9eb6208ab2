// SPDX-License-Identifier: Apache-2.0
#include "features/design/spectrum.h"

#include <bit>
#include <cmath>

#include "features/block.h"
#include "mote/dsp/power_spectrum.h"

namespace mote::features::kinds {
namespace {

constexpr std::int32_t kLeastSize = 16, kMostSize = 2048;

/// By how much a power must be shifted to the right so that the largest there can be stays below 2^31.
std::int8_t power_shift(std::int32_t length, std::int32_t fraction_bits) {
  const double bits = 2 * (15 + std::log2(length) + fraction_bits) - 31;
  return static_cast<std::int8_t>(std::max(0.0, std::ceil(bits)));
}

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"window", "measure", "size", "low_hz", "high_hz"}));
  MOTE_CHECK(require_frames(settings, input));
  if (input.rows < 2 || input.rows > kMostSize || input.rows % 2 != 0)
    return settings.refuse_block(
        fmt::format("takes an even number of samples, 2 to {}, and gets {}", kMostSize, input.rows));
  const auto least =
      static_cast<std::int32_t>(std::bit_ceil(static_cast<std::uint32_t>(std::max(input.rows, kLeastSize))));
  MOTE_TRY(const std::int32_t size, settings.integer("size", least, kMostSize, least));
  if (!std::has_single_bit(static_cast<std::uint32_t>(size)))
    return settings.refuse("size", fmt::format("a power of two from {} to {}", least, kMostSize));
  MOTE_TRY(const std::size_t window, settings.choice("window", {"hann", "hamming", "none"}, "hann"));
  MOTE_TRY(const std::size_t measure, settings.choice("measure", {"magnitude", "power"}, "magnitude"));
  const double bin_hz = input.sample_hz / size, half_hz = input.sample_hz / 2;
  MOTE_TRY(const double low_hz, settings.number("low_hz", 0, half_hz, 0));
  MOTE_TRY(const double high_hz, settings.number("high_hz", low_hz, half_hz, half_hz));
  const auto first_bin = static_cast<std::int32_t>(std::ceil(low_hz / bin_hz - 1e-9));
  const std::int32_t bins = static_cast<std::int32_t>(std::floor(high_hz / bin_hz + 1e-9)) - first_bin + 1;
  if (bins < 1)
    return settings.refuse("high_hz", fmt::format("at least one bin of {:.6g} Hz above low_hz", bin_hz));

  BlockWriter writer("mote/dsp/power_spectrum.h", "mote::dsp::PowerSpectrum");
  dsp::PowerSpectrum device = {};
  device.channels = writer.member(input.columns);
  device.length = writer.member(input.rows);
  device.size = writer.member(size);
  MOTE_TRY(auto twiddles, fft_twiddles(size));
  device.twiddles = writer.table(std::move(twiddles));
  if (window == 2) {
    writer.member_text("{}");
  } else {
    MOTE_TRY(auto factors, window_factors(window == 0 ? WindowShape::kHann : WindowShape::kHamming,
                                          WindowPeriod::kPeriodic, input.rows));
    device.window = writer.table(std::move(factors));
  }
  device.first_bin = writer.member(first_bin);
  device.bins = writer.member(bins);
  using Measure = dsp::PowerSpectrum::Measure;
  device.measure = measure == 0 ? Measure::kMagnitude : Measure::kPower;
  writer.member_text(
      fmt::format("mote::dsp::PowerSpectrum::Measure::{}", measure == 0 ? "kMagnitude" : "kPower"));
  device.power_shift = writer.member(
      measure == 0 ? std::int8_t{0}
                   : power_shift(input.rows, 15 - std::countr_zero(static_cast<std::uint32_t>(size))));
  device.roots = writer.table(square_roots());
  if (!device.valid()) return settings.refuse_block("has more channels or bins than the device can do");
  Blocks blocks;
  const std::int32_t fraction_bits = device.fraction_bits();
  blocks.push_back(make_block(device, std::move(writer), input));
  Signal& output = blocks.back()->output;
  output.rows = input.columns;
  output.columns = bins;
  output.sample_hz = 0;
  output.bin_hz = bin_hz;
  output.first_bin = first_bin;
  output.fft_size = size;
  output.step = std::ldexp(measure == 0 ? input.step : input.step * input.step, -fraction_bits);
  if (measure == 1 && !input.unit.empty()) output.unit = input.unit + "^2";
  return blocks;
}

}  // namespace

extern const BlockKind spectrum = {"spectrum",
                                   "magnitude or power of the frequencies in each channel of a frame", make};

}  // namespace mote::features::kinds
