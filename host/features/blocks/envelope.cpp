// SPDX-License-Identifier: Apache-2.0
#include "features/design/envelope.h"

#include "features/block.h"
#include "mote/dsp/rectify.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"low_hz", "high_hz", "top_hz"}));
  MOTE_CHECK(require_samples(settings, input));
  MOTE_TRY(const double low_hz, settings.number("low_hz", 0, input.frames_hz / 2));
  MOTE_TRY(const double high_hz, settings.number("high_hz", 0, input.frames_hz / 2));
  MOTE_TRY(const double top_hz, settings.number("top_hz", 0, input.frames_hz / 2));
  auto design = design_envelope(low_hz, high_hz, top_hz, input.frames_hz);
  if (!design) return settings.refuse_design(design.error());
  Blocks blocks;
  blocks.push_back(iir_block(std::move(design->band), input));
  blocks.push_back(rectify_block(blocks.back()->output));
  if (design->decimation.factor > 1)
    blocks.push_back(decimate_block(std::move(design->decimation), blocks.back()->output));
  return blocks;
}

}  // namespace

extern const BlockKind envelope = {
    "envelope", "how strongly a band rings, over time: for bearings (iir, rectify, decimate)", make};

}  // namespace mote::features::kinds
