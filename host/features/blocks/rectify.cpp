// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/rectify.h"

#include "features/block.h"

namespace mote::features {

std::unique_ptr<Block> rectify_block(const Signal& input) {
  BlockWriter writer("mote/dsp/rectify.h", "mote::dsp::Rectify");
  const dsp::Rectify device = {writer.member(input.values())};
  auto block = make_block(device, std::move(writer), input);
  block->name = "rectify";
  return block;
}

}  // namespace mote::features

namespace mote::features::kinds {
namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({}));
  if (input.element != Element::kInt16) return settings.refuse_block("takes int16");
  Blocks blocks;
  blocks.push_back(rectify_block(input));
  return blocks;
}

}  // namespace

extern const BlockKind rectify = {"rectify", "magnitudes of the values", make};

}  // namespace mote::features::kinds
