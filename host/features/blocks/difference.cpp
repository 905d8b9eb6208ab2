// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/difference.h"

#include "features/block.h"

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({}));
  if (input.element != Element::kInt16 || input.values() > 32768) return settings.refuse_block("takes int16");
  BlockWriter writer("mote/dsp/difference.h", "mote::dsp::Difference");
  const dsp::Difference device = {writer.member(input.values())};
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  return blocks;
}

}  // namespace

extern const BlockKind difference = {"difference", "each frame minus the one before it", make};

}  // namespace mote::features::kinds
