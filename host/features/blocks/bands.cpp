// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>

#include "features/block.h"
#include "features/design/filter_bank.h"
#include "mote/dsp/filter_bank.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"edges_hz"}));
  MOTE_CHECK(require_spectrum(settings, input));
  const double rate_hz = input.bin_hz * input.fft_size;
  MOTE_TRY(const std::vector<double> edges, settings.numbers("edges_hz", 0, rate_hz / 2));
  if (edges.size() < 2 || !std::ranges::is_sorted(edges))
    return settings.refuse("edges_hz", "two or more frequencies, ascending");
  std::vector<Band> bands;
  // A bin at an edge belongs to the band above it; the last band has both its ends.
  for (std::size_t band = 0; band + 1 < edges.size(); ++band)
    bands.push_back({edges[band], edges[band + 1] - (band + 2 < edges.size() ? 1e-6 * input.bin_hz : 0)});
  auto limits = band_limits(bands, rate_hz, input.fft_size, input.first_bin, input.columns);
  if (!limits) return settings.refuse_design(limits.error());
  std::uint32_t widest = 1;
  for (std::size_t band = 0; band < bands.size(); ++band)
    widest = std::max(widest, static_cast<std::uint32_t>((*limits)[2 * band + 1] - (*limits)[2 * band]));
  BlockWriter writer("mote/dsp/filter_bank.h", "mote::dsp::BandEnergies");
  dsp::BandEnergies device = {};
  device.channels = writer.member(input.rows);
  device.bins = writer.member(input.columns);
  device.bands = writer.member(static_cast<std::int32_t>(bands.size()));
  device.limits = writer.table(std::move(*limits));
  device.shift = writer.member(static_cast<std::int8_t>(std::bit_width(widest - 1)));
  if (!device.valid()) return settings.refuse_block("has more channels than the device can do");
  Blocks blocks;
  const int shift = device.shift;
  blocks.push_back(make_block(device, std::move(writer), input));
  Signal& output = blocks.back()->output;
  output.columns = static_cast<std::int32_t>(bands.size());
  output.bin_hz = 0;
  output.step = std::ldexp(input.step, shift);
  return blocks;
}

}  // namespace

extern const BlockKind bands = {"bands", "sums of a spectrum between frequencies", make};

}  // namespace mote::features::kinds
