// SPDX-License-Identifier: Apache-2.0
#include "features/block.h"
#include "features/design/filter_bank.h"
#include "mote/dsp/filter_bank.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"bands", "low_hz", "high_hz", "scale", "slope", "equal_area"}));
  MOTE_CHECK(require_spectrum(settings, input));
  MelDesign design;
  design.sample_rate_hz = input.bin_hz * input.fft_size;
  design.fft_size = input.fft_size;
  design.first_bin = input.first_bin;
  design.bins = input.columns;
  const double half_hz = design.sample_rate_hz / 2;
  MOTE_TRY(design.bands, settings.integer("bands", 1, 1024, 40));
  MOTE_TRY(design.low_hz, settings.number("low_hz", 0, half_hz, 20));
  MOTE_TRY(design.high_hz, settings.number("high_hz", 0, half_hz, half_hz));
  MOTE_TRY(const std::size_t scale, settings.choice("scale", {"htk", "slaney"}, "htk"));
  MOTE_TRY(const std::size_t slope, settings.choice("slope", {"mel", "hertz"}, scale == 0 ? "mel" : "hertz"));
  MOTE_TRY(design.equal_area, settings.boolean("equal_area", false));
  design.scale = scale == 0 ? MelScale::kHtk : MelScale::kSlaney;
  design.slope = slope == 0 ? MelSlope::kMel : MelSlope::kHertz;
  auto filters = mel_filters(design);
  if (!filters) return settings.refuse_design(filters.error());
  BlockWriter writer("mote/dsp/filter_bank.h", "mote::dsp::FilterBank");
  dsp::FilterBank device = {};
  device.channels = writer.member(input.rows);
  device.bins = writer.member(input.columns);
  device.bands = writer.member(design.bands);
  device.edges = writer.table(std::move(filters->edges));
  device.weights = writer.table(std::move(filters->weights));
  if (filters->gains.empty())
    writer.member_text("{}");
  else
    device.gains = writer.table(std::move(filters->gains));
  device.gain_shift = writer.member(filters->gain_shift);
  if (!device.valid()) return settings.refuse_block("has more bands than the device can do");
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  Signal& output = blocks.back()->output;
  output.columns = design.bands;
  output.bin_hz = 0;
  output.step = input.step * filters->unit;
  return blocks;
}

}  // namespace

extern const BlockKind mel = {"mel", "a spectrum in bands as wide as hearing tells apart", make};

}  // namespace mote::features::kinds
