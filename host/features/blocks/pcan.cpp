// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/pcan.h"

#include <cmath>

#include "features/block.h"
#include "features/design/mel_amplitude.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"strength", "offset", "gain_bits", "smoothing_bits"}));
  if (input.element != Element::kUint32 || input.rows != 2)
    return settings.refuse_block("takes amplitudes with estimates of their noise",
                                 "put a block \"noise_reduction\" with estimates = true in front of it");
  PcanSettings pcan;
  MOTE_TRY(pcan.strength, settings.number("strength", 0, 1, 0.95));
  MOTE_TRY(pcan.offset, settings.number("offset", 0.001, 1e6, 80));
  MOTE_TRY(pcan.gain_bits, settings.integer("gain_bits", 13, 31, 21));
  MOTE_TRY(pcan.smoothing_bits, settings.integer("smoothing_bits", 0, 12, 10));
  pcan.correction_bits = std::ilogb(input.step);
  auto gains = pcan_gains(pcan);
  if (!gains) return settings.refuse_design(gains.error());
  BlockWriter writer("mote/dsp/pcan.h", "mote::dsp::Pcan");
  dsp::Pcan device = {};
  device.channels = writer.member(input.columns);
  device.ratio_shift = writer.member(gains->ratio_shift);
  device.gains = writer.table(std::move(gains->gains));
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  blocks.back()->output.rows = 1;
  return blocks;
}

}  // namespace

extern const BlockKind pcan = {"pcan", "makes loud and quiet surroundings alike, band by band", make};

}  // namespace mote::features::kinds
