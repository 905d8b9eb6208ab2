// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>

#include "features/block.h"
#include "mote/dsp/spectral_peaks.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"peaks"}));
  MOTE_CHECK(require_spectrum(settings, input));
  MOTE_TRY(const std::int32_t peaks, settings.integer("peaks", 1, 32, 3));
  const double rate_hz = input.bin_hz * input.fft_size;
  BlockWriter writer("mote/dsp/spectral_peaks.h", "mote::dsp::SpectralPeaks");
  dsp::SpectralPeaks device = {};
  device.channels = writer.member(input.rows);
  device.bins = writer.member(input.columns);
  device.first_bin = writer.member(input.first_bin);
  device.peaks = writer.member(peaks);
  device.sample_rate_millihertz = writer.member(static_cast<std::uint32_t>(std::lround(rate_hz * 1000)));
  device.fft_bits =
      writer.member(static_cast<std::int8_t>(std::countr_zero(static_cast<std::uint32_t>(input.fft_size))));
  if (!device.valid()) return settings.refuse_block("takes a spectrum of at least three bins");
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  Signal& wide = blocks.back()->output;
  wide.columns = 2 * peaks;
  wide.bin_hz = 0;
  // Half the rate in millihertz, and the largest magnitude there is (2^31), in 15 bits.
  const auto frequency_shift =
      static_cast<std::int8_t>(std::max(0.0, std::ceil(std::log2(rate_hz * 500.0 / 32767.0))));
  std::vector<std::int8_t> shifts;
  std::vector<std::string> names, units;
  std::vector<double> steps;
  for (std::int32_t channel = 0; channel < input.rows; ++channel) {
    for (std::int32_t peak = 0; peak < peaks; ++peak) {
      const auto place = static_cast<std::size_t>(channel);
      const std::string name = place < input.channels.size() ? input.channels[place] : "";
      for (const bool is_frequency : {true, false}) {
        shifts.push_back(is_frequency ? frequency_shift : std::int8_t{16});
        names.push_back(fmt::format("{} peak {} {}", name, peak + 1, is_frequency ? "frequency" : "height"));
        steps.push_back(is_frequency ? std::ldexp(0.001, frequency_shift) : std::ldexp(input.step, 16));
        units.push_back(is_frequency ? "Hz" : input.unit);
      }
    }
  }
  blocks.push_back(narrow_block(std::move(shifts), wide));
  blocks.back()->column_names = std::move(names);
  blocks.back()->column_steps = std::move(steps);
  blocks.back()->column_units = std::move(units);
  return blocks;
}

}  // namespace

extern const BlockKind peaks = {"peaks", "frequency and height of the largest peaks of a spectrum", make};

}  // namespace mote::features::kinds
