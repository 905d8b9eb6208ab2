// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/decimate.h"

#include "features/block.h"
#include "features/design/decimation.h"

namespace mote::features {

std::unique_ptr<Block> decimate_block(DecimationDesign design, const Signal& input) {
  BlockWriter writer("mote/dsp/decimate.h", "mote::dsp::Decimate");
  dsp::Decimate device = design.block(input.columns);
  writer.member(device.channels);
  writer.member(device.factor);
  writer.member(device.taps);
  device.weights = writer.table(std::move(design.weights));
  auto block = make_block(device, std::move(writer), input);
  block->name = "decimate";
  return block;
}

}  // namespace mote::features

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"factor"}));
  MOTE_CHECK(require_samples(settings, input));
  MOTE_TRY(const std::int32_t factor, settings.integer("factor", 2, kMaxDecimation));
  MOTE_TRY(DecimationDesign design, design_decimation(factor));
  Blocks blocks;
  blocks.push_back(decimate_block(std::move(design), input));
  return blocks;
}

}  // namespace

extern const BlockKind decimate = {"decimate", "one of every `factor` samples, behind a low pass of 60 dB",
                                   make};

}  // namespace mote::features::kinds
