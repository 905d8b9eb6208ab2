// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/detrend.h"

#include "features/block.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"trend"}));
  MOTE_TRY(const std::size_t trend, settings.choice("trend", {"mean", "line"}, "line"));
  MOTE_CHECK(require_frames(settings, input));
  BlockWriter writer("mote/dsp/detrend.h", "mote::dsp::Detrend");
  const dsp::Detrend device = {writer.member(input.rows), writer.member(input.columns),
                               trend == 0 ? dsp::Trend::kMean : dsp::Trend::kLine};
  writer.member_text(trend == 0 ? "mote::dsp::Trend::kMean" : "mote::dsp::Trend::kLine");
  if (!device.valid())
    return settings.refuse_block("takes frames of 2 to 16384 samples of at most 256 channels");
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  return blocks;
}

}  // namespace

extern const BlockKind detrend = {"detrend", "a frame without its mean, or without its straight line", make};

}  // namespace mote::features::kinds
