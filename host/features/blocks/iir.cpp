// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/iir.h"

#include "features/block.h"
#include "features/design/iir.h"

namespace mote::features::kinds {
namespace {

Result<IirDesign> design(const Settings& settings, double rate_hz) {
  MOTE_TRY(const std::size_t band, settings.choice("band", {"low", "high", "band"}));
  MOTE_TRY(const std::int32_t order, settings.integer("order", 1, kMaxIirOrder, 2));
  if (band == 2) {
    MOTE_CHECK(settings.allow_only({"band", "order", "low_hz", "high_hz"}));
    MOTE_TRY(const double low_hz, settings.number("low_hz", 0, rate_hz / 2));
    MOTE_TRY(const double high_hz, settings.number("high_hz", 0, rate_hz / 2));
    return design_band_pass(order, low_hz, high_hz, rate_hz);
  }
  MOTE_CHECK(settings.allow_only({"band", "order", "edge_hz"}));
  MOTE_TRY(const double edge_hz, settings.number("edge_hz", 0, rate_hz / 2));
  return band == 0 ? design_low_pass(order, edge_hz, rate_hz) : design_high_pass(order, edge_hz, rate_hz);
}

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(require_samples(settings, input));
  auto filter = design(settings, input.frames_hz);
  if (!filter) return settings.refuse_design(filter.error());
  Blocks blocks;
  blocks.push_back(iir_block(std::move(*filter), input));
  return blocks;
}

}  // namespace

extern const BlockKind iir = {"iir", "low, high or band pass (Butterworth); high pass removes gravity", make};

}  // namespace mote::features::kinds

namespace mote::features {

std::unique_ptr<Block> iir_block(IirDesign design, const Signal& input) {
  BlockWriter writer("mote/dsp/iir.h", "mote::dsp::Iir");
  constexpr const char* kBands[] = {"kLowPass", "kHighPass", "kBandPass"};
  dsp::Iir device = design.block(input.columns);
  writer.member(device.channels);
  writer.member(device.sections);
  writer.member_text(fmt::format("mote::dsp::IirBand::{}", kBands[static_cast<std::size_t>(device.band)]));
  writer.member(device.fraction_bits);
  writer.member(device.mix_shift);
  device.table = writer.table(std::move(design.table));
  auto block = make_block(device, std::move(writer), input);
  block->name = "iir";
  return block;
}

}  // namespace mote::features
